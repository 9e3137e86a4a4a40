"""The derivation rules: SPARQL CONSTRUCT queries with a header that names and explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import cast

from pyoxigraph import QueryTriples
from pyoxigraph import Store

from kg.build.read import TextFile
from kg.engine.evaluation import syntax_error
from kg.errors import SourceSyntaxError

KINDS = ("closure", "shortcut")
SCOPES = ("graph", "report")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``closure`` rules run to a fixpoint before ``shortcut`` rules see the graph.

    What a rule of the ``scope`` report derives follows from one statement, or from what is said of
    one thing and of what it names: it is found in the part of a report (:mod:`kg.build.parts`). A
    rule of the scope graph, which is any that does not say so, runs on the whole graph.
    """

    name: str
    title: str
    description: str
    kind: OneOf["closure", "shortcut"]
    text: str
    file: str
    scope: OneOf["graph", "report"] = "graph"


def read_rules(files: Sequence[TextFile]) -> list[Rule]:
    """Return the rules in the order of their names.

    Raises :class:`~kg.errors.SourceSyntaxError` for a header without title, description or kind,
    or of an unknown kind or scope, and for a query that does not parse or is no CONSTRUCT.
    """
    return sorted((_rule(file) for file in files), key=lambda rule: rule.name)


def _rule(file: TextFile) -> Rule:
    header = _header(file.text)
    for key in ("title", "description", "kind"):
        if not header.get(key):
            raise SourceSyntaxError(
                f"The rule's header has no {key}",
                where=file.name,
                remedy=f"Add a line `# {key}: ...` at the top.",
            )
    if header["kind"] not in KINDS:
        raise SourceSyntaxError(
            f"The rule's kind {header['kind']!r} is unknown",
            where=file.name,
            remedy=f"Write `# kind: {KINDS[0]}` or `# kind: {KINDS[1]}`.",
        )
    if header.get("scope", SCOPES[0]) not in SCOPES:
        raise SourceSyntaxError(
            f"The rule's scope {header['scope']!r} is unknown",
            where=file.name,
            remedy=f"Write `# scope: {SCOPES[1]}`, or leave the line out.",
        )
    _parse(file)
    name = file.name.rsplit("/", 1)[-1].removesuffix(".rq")
    kind = cast(OneOf["closure", "shortcut"], header["kind"])
    scope = cast(OneOf["graph", "report"], header.get("scope", SCOPES[0]))
    return Rule(name, header["title"], header["description"], kind, file.text, file.name, scope)


def _header(text: str) -> dict[str, str]:
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.removeprefix("#").strip().partition(": ")
        if colon:
            header[key] = value.strip()
    return header


def _parse(file: TextFile) -> None:
    try:
        results = Store().query(file.text)
    except SyntaxError as error:
        fault = syntax_error(str(error))
        place = f"{file.name}:{fault.line}:{fault.column}" if fault.line else file.name
        detail = fault.detail.replace("The query", "The rule", 1)
        raise SourceSyntaxError(detail, where=place, remedy="Correct this place.") from None
    if not isinstance(results, QueryTriples):
        raise SourceSyntaxError(
            "The rule is no CONSTRUCT query", where=file.name, remedy="Begin it with CONSTRUCT."
        )
