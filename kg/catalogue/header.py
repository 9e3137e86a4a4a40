"""Reading the header of a query file: the comment lines with which it begins.

# title: What a question asks?
# description: What the answer holds.
# question: What a question asks of {name}? (each parameter once; can be left out)
# family: Under what it stands in the catalogue (can be left out: the first tag)
# tags: one, two
# param name: kind; label=..; example=..; choices=prefix:Class; description=..
# column name: kind; what it holds
"""

import re
from dataclasses import dataclass
from dataclasses import field

from pyoxigraph import NamedNode

from kg.catalogue.model import KINDS
from kg.catalogue.model import Column
from kg.catalogue.model import Parameter
from kg.catalogue.model import split_question
from kg.catalogue.values import unfit
from kg.errors import SourceSyntaxError
from kg.namespaces import expand

_LINE = re.compile(
    r"#\s*(title|description|question|family|tags|param|column)(?:\s+(\S+?))?\s*:\s*(.*?)\s*"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_KEYS = ("label", "example", "choices", "description")


@dataclass(slots=True)
class Header:
    """What a header says, the line of each name, and the faults that were found on the way."""

    file: str
    title: str = ""
    description: str = ""
    question: str = ""
    family: str = ""
    tags: tuple[str, ...] = ()
    parameters: list[Parameter] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[SourceSyntaxError] = field(default_factory=list)

    def fault(self, line: int, detail: str, remedy: str) -> None:
        """Note a fault in ``line``."""
        self.faults.append(SourceSyntaxError(detail, where=f"{self.file}:{line}", remedy=remedy))


def read_header(file: str, text: str) -> Header:
    """Return the header of ``text``; what is wrong with it stands in ``faults``."""
    header = Header(file)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        match = _LINE.fullmatch(line)
        if match and bool(match[2]) == (match[1] in ("param", "column")) and match[3]:
            _take(header, number, match[1], match[2], match[3])
        else:
            header.fault(
                number,
                "The line of the header cannot be read",
                "Write `# title: ..`, `# description: ..`, `# question: ..`, `# family: ..`,"
                " `# tags: ..`, `# param NAME: ..` or"
                " `# column NAME: ..`; other comments go below the header.",
            )
    for key in ("title", "description"):
        if not getattr(header, key):
            header.fault(1, f"The header has no {key}", f"Add a line `# {key}: ..`.")
    if not header.columns:
        header.fault(1, "The header has no column", "Add `# column NAME: KIND; ..` lines.")
    _check_question(header)
    return header


def _check_question(header: Header) -> None:
    """Note where the sentence does not hold each parameter once."""
    if not header.question:
        return
    line = header.lines["# question"]
    named = [name for _, name in split_question(header.question) if name]
    declared = [parameter.name for parameter in header.parameters]
    for name in dict.fromkeys((*named, *declared)):
        if name not in declared:
            header.fault(
                line, f"The question names {name}, which is no parameter", "Declare it as one."
            )
        elif named.count(name) != 1:
            header.fault(
                line,
                f"The question holds the parameter {name} {named.count(name)} times",
                f"Write {{{name}}} in it once.",
            )


def _take(header: Header, number: int, key: str, name: str, value: str) -> None:
    # A column may be called title, but not like a parameter: what is bound is no answer.
    known = name or f"# {key}"
    if known in header.lines:
        header.fault(
            number,
            f"{name or f'The {key}'} is declared twice",
            f"Keep one of the two; the other stands in line {header.lines[known]}.",
        )
    elif name and not _NAME.fullmatch(name):
        header.fault(number, f"{name} is no name", "Use letters and digits, a letter first.")
    else:
        header.lines[known] = number
        if key == "param":
            _parameter(header, number, name, value)
        elif key == "column":
            _column(header, number, name, value)
        elif key == "tags":
            header.tags = tuple(tag.strip() for tag in value.split(",") if tag.strip())
        else:  # title, description, question or family
            setattr(header, key, value)


def _kind(header: Header, number: int, kind: str) -> bool:
    if kind not in KINDS:
        header.fault(number, f"The kind {kind!r} is unknown", f"Use one of {', '.join(KINDS)}.")
    return kind in KINDS


def _column(header: Header, number: int, name: str, value: str) -> None:
    kind, _, description = (part.strip() for part in value.partition(";"))
    if not description:
        header.fault(number, f"The column {name} is not explained", "Add `; ` and what it holds.")
    _kind(header, number, kind)
    header.columns.append(Column(name, kind, description))


def _parameter(header: Header, number: int, name: str, value: str) -> None:
    kind, *parts = (part.strip() for part in value.split(";"))
    values: dict[str, str] = {}
    for part in parts:
        key, equals, text = (piece.strip() for piece in part.partition("="))
        if not equals or not text or key not in _KEYS or key in values:
            header.fault(
                number,
                f"The part {part!r} of the parameter {name} cannot be read",
                f"Write KEY=VALUE once for each of {', '.join(_KEYS)}; no value holds a semicolon.",
            )
        values[key] = text
    for key in ("label", "example", "description"):
        if not values.get(key):
            header.fault(number, f"The parameter {name} has no {key}", f"Add `; {key}=..`.")
    if _kind(header, number, kind) and values.get("example"):
        wrong = unfit(kind, values["example"])
        if wrong:
            header.fault(number, f"The example of the parameter {name} {wrong}", "Give another.")
    header.parameters.append(
        Parameter(
            name,
            kind,
            values.get("label", ""),
            values.get("example", ""),
            values.get("description", ""),
            _choices(header, number, name, values.get("choices")),
        )
    )


def _choices(header: Header, number: int, name: str, written: str | None) -> str | None:
    if written is None:
        return None
    try:
        return NamedNode(expand(written)).value
    except (KeyError, ValueError):
        header.fault(
            number,
            f"The choices {written!r} of the parameter {name} are no class",
            "Write the class as a prefixed name such as pol:Policy, or as <IRI>.",
        )
        return None
