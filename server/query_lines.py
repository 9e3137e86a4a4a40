"""What a line of a query does, in the words of the vocabulary."""

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final
from typing import TypeAlias

from kg.namespaces import expand

# Label and definition of terms, by IRI.
Names: TypeAlias = Mapping[str, tuple[str, str]]

_TERM: Final = re.compile(r"<[^<>\s]+>|[A-Za-z][\w-]*:[\w-]+|[?$]\w+|\"[^\"]*\"(?:@[\w-]+)?|\S+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ENGLISH: Final = re.compile(r'FILTER \(LANG\(\?(\w+)\) = "en"\)')
_AS: Final = re.compile(r"\((.+?) AS \?(\w+)\)")
_LISTED: Final = re.compile(
    r"(?:<[^<>\s]+>|[A-Za-z][\w-]*:[\w-]+)(?:\s+(?:<[^<>\s]+>|[A-Za-z][\w-]*:[\w-]+))*"
)
_END: Final = re.compile(r"\s*[.;,]?\s*(\}*)\s*$")


def say(line: str, subject: str, names: Names) -> tuple[str, str]:
    """Return what ``line`` does, and the subject of which the next line may go on to speak."""
    for start, say in _CLAUSES:
        match = start.match(line)
        if match:
            rest = line[match.end() :]
            return say(rest, line, names), subject
    if not re.search(r"\w", line):
        return "", subject
    return _triples(line, subject, names)


def _triples(line: str, subject: str, names: Names) -> tuple[str, str]:
    """Return the patterns in ``line`` in words; a clause without a subject is of the last one."""
    said = []
    if _LISTED.fullmatch(line):
        return _listed(line, names), subject
    union = re.split(r"\}\s*UNION\s*\{", line)
    if len(union) > 1:
        return " – or – ".join(_triples(part, "", names)[0] for part in union), subject
    line, _, condition = line.strip("{} ").partition("FILTER ")
    for clause in re.split(r"\s+[;.]\s+(?=[?<\w])", line.strip()):
        if clause.startswith("BIND"):
            said.append(_bind("", clause, names))
            continue
        ended = _END.sub("", clause)
        parts = _TERM.findall(ended)
        if len(parts) >= 3 and "," not in parts[2]:
            subject = parts.pop(0)
        if len(parts) < 2:
            said.append(_words(" ".join(parts), names))
            continue
        prop, objects = parts[0], " ".join(parts[1:])
        about = _words(subject, names) or "it"
        if prop == "a":
            said.append(f"{about} is of the class ‘{_words(objects, names)}’")
        else:
            said.append(f"{about} – ‘{_path(prop, names)}’ – {_words(objects, names)}")
    if condition:
        said.append(_filter(condition, f"FILTER {condition}", names).lower())
    return "; ".join(said), subject


def _path(path: str, names: Names) -> str:
    told = re.sub(r"<[^<>\s]+>|[\w-]+:[\w-]+|[?$]\w+", lambda match: _words(match[0], names), path)
    told = told.replace("^", "backwards ").replace("|", " or ").replace("/", ", then ")
    told = re.sub(r"([\w)])[*+]", r"\1 (any number of steps)", told)
    return re.sub(r"([\w)])\?", r"\1 (or the thing itself)", told)


def _words(text: str, names: Names) -> str:
    """Return the terms of ``text`` by their names."""
    return " ".join(_word(part, names) for part in _TERM.findall(text))


def _word(part: str, names: Names) -> str:
    if part[0] in "?$":
        return _variable(part[1:])
    if re.fullmatch(r"<[^<>\s]+>|[A-Za-z][\w-]*:[\w-]+", part):
        iri = iri_of(part)
        label = names.get(iri, ("", ""))[0]
        return label or _variable(re.split(r"[/#]", iri)[-1]).replace("-", " ")
    return part


def iri_of(name: str) -> str:
    try:
        return expand(name)
    except KeyError:
        return name


def _variables(text: str) -> str:
    named = [match[1] for match in re.finditer(r"[?$](\w+)", _AS.sub(r"?\2", text))]
    return ", ".join(_variable(name) for name in dict.fromkeys(named))


def _variable(name: str) -> str:
    """Return the words of a name; by a custom of the catalogue, ``xLabel`` is the name of x."""
    words = _CAMEL.sub(" ", name).lower()
    return f"name of {words.removesuffix(' label')}" if words.endswith(" label") else words


def _listed(text: str, names: Names) -> str:
    return ", ".join(_words(part, names) for part in _TERM.findall(text.strip(" {}")))


def _prefix(rest: str, line: str, names: Names) -> str:
    prefix, _, iri = rest.partition(":")
    return f"{prefix}: stands for {iri.strip(' <>')}"


def _select(rest: str, line: str, names: Names) -> str:
    once = ", each row once" if re.search(r"SELECT\s+DISTINCT\b", line) else ""
    counted = ", ".join(_variable(match[2]) for match in _AS.finditer(line))
    more = f" ({counted}: computed)" if counted else ""
    return f"Gives {_variables(rest)}{once}{more}"


def _filter(rest: str, line: str, names: Names) -> str:
    english = _ENGLISH.match(line)
    if english:
        return f"Only the English {_variable(english[1])}"
    # A list of terms in brackets: each is said by its name.
    apart = re.sub(r"\((?=[a-z]\w*:)", "( ", _END.sub("", rest))
    condition = _words(apart, names).replace("( ", "(").replace(" ,", ",").replace(" )", ")")
    if condition.startswith("NOT EXISTS"):
        return f"Leaves out what has: {condition.removeprefix('NOT EXISTS').strip(' {}')}".strip()
    if condition.startswith("EXISTS"):
        return f"Keeps only what has: {condition.removeprefix('EXISTS').strip(' {}')}".strip()
    return f"Keeps only rows where {condition.strip()}" if condition else "Keeps only rows where"


def _values(rest: str, line: str, names: Names) -> str:
    variable, _, listed = rest.partition("{")
    found = _listed(listed, names)
    return f"{_variables(variable)} is one of: {found}" if found else f"{_variables(variable)}:"


def _optional(rest: str, line: str, names: Names) -> str:
    inside = rest.strip("{} ")
    if not inside:
        return "If there is such a thing, also:"
    told, _ = _triples(inside, "", names)
    return f"If there is such a thing, also: {told}"


def _bind(rest: str, line: str, names: Names) -> str:
    match = re.search(r"\((.+) AS \?(\w+)\)", line)
    if not match:
        return "Computes a value"
    return f"Calls {_words(match[1], names)} the {_variable(match[2])}"


def _order(rest: str, line: str, names: Names) -> str:
    parts = re.findall(r"DESC\(\?\w+\)|\?\w+", rest)
    told = [_variables(part) + (", highest first" if "DESC" in part else "") for part in parts]
    return f"Sorted by {', then by '.join(told)}" if told else "Sorted"


def _graph(rest: str, line: str, names: Names) -> str:
    return "In one named graph: " + _words(_END.sub("", rest).strip("{} "), names)


_CLAUSES: Final[Sequence[tuple[re.Pattern[str], Callable[[str, str, Names], str]]]] = (
    (re.compile(r"PREFIX\s+"), _prefix),
    (re.compile(r"\{?\s*SELECT\s+(DISTINCT\s+)?"), _select),
    (re.compile(r"WHERE\b"), lambda *_: "Where all of this holds:"),
    (re.compile(r"\}?\s*UNION\b"), lambda *_: "Or else:"),
    (re.compile(r"OPTIONAL\b"), _optional),
    (re.compile(r"FILTER\s*"), _filter),
    (re.compile(r"VALUES\s+"), _values),
    (re.compile(r"BIND\b"), _bind),
    (re.compile(r"GRAPH\s+"), _graph),
    (re.compile(r"MINUS\b"), lambda *_: "Leaves out what has:"),
    (re.compile(r"\}?\s*ORDER BY\s+"), _order),
    (
        re.compile(r"\}?\s*GROUP BY\s+"),
        lambda rest, *_: f"One row for each {_variables(rest)}",
    ),
    (re.compile(r"HAVING\b"), lambda rest, *_: f"Keeps only groups where {rest.strip()}"),
    (re.compile(r"LIMIT\s+"), lambda rest, *_: f"No more than {rest.strip()} rows"),
    (re.compile(r"\|\||&&"), lambda _, line, names: f"{_words(line, names)}"),
)
