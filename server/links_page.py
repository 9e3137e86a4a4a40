"""The page on links: how many there are and whither, what is covered, what is in conflict, and how
good the suggester is.
"""

from collections import Counter
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response
from flask import render_template
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.build.findings import Finding
from kg.engine.interface import Term
from kg.linking.conflicts import conflicts
from kg.linking.coverage import coverage
from kg.linking.sssom import Mapping
from kg.namespaces import POL
from server.bounded_query import bounded_query
from server.bounded_query import shown_query
from server.cells import Cell
from server.cells import cell
from server.mapping_rows import mapping_rows
from server.mapping_rows import read_back
from server.page_response import page_response
from server.service import Service
from server.service import service
from server.view_page import only

ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """A place that is linked to, with the number of links by relation, and of refused pairs."""

    name: str
    relations: Sequence[tuple[Cell, int]]
    links: int
    refused: int
    sought: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What the suggester was found to do in a dataset: the share, and of what."""

    dataset: Cell
    metric: Cell
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A dataset beside the graph, as it says of itself."""

    dataset: Cell
    publisher: Cell
    source: Cell
    licence: Cell
    rights: str
    issued: Cell
    access: str
    statements: int


def page() -> Response:
    """Return the page."""
    only()
    here = service()
    mappings = read_back(mapping_rows(here))
    kinds, labels = _kinds(here)
    covered, gaps = coverage(mappings, kinds)
    html = render_template(
        "links.html",
        mappings=len(mappings),
        held=sum(one.holds for one in mappings),
        reviewed=sum(one.holds and bool(one.values["reviewer_label"]) for one in mappings),
        targets=_targets(mappings, here),
        covered=covered,
        gaps=_undecided(gaps, mappings, kinds, labels, here),
        faults=[_shown(fault) for fault in conflicts(mappings, kinds)],
        measured=_measured(here),
        datasets=_datasets(here),
        query=shown_query(here, "mappings"),
    )
    return page_response(html)


def _kinds(here: Service) -> tuple[dict[str, set[str]], dict[str, Term]]:
    kinds: dict[str, set[str]] = {}
    labels: dict[str, Term] = {}
    for row in here.engine.rows(bounded_query(here, "link-kinds", rows=ROWS)):
        thing, kind = row["thing"], row["kind"]
        if isinstance(thing, NamedNode) and isinstance(kind, NamedNode):
            kinds.setdefault(thing.value, set()).add(kind.value.removeprefix(POL))
            if "label" in row:
                labels.setdefault(thing.value, row["label"])
    return kinds, labels


def _targets(mappings: Sequence[Mapping], here: Service) -> list[Target]:
    relations: dict[str, Counter[str]] = {}
    refused: Counter[str] = Counter()
    sought: Counter[str] = Counter()
    for one in mappings:
        source = one.values.get("object_source") or one.object
        name = _place(source)
        relations.setdefault(name, Counter())
        if one.sought:
            sought[name] += 1
        elif one.negated:
            refused[name] += 1
        else:
            relations[name][one.predicate] += 1
    return [
        Target(
            name,
            [(cell(NamedNode(iri), here.links), n) for iri, n in sorted(counts.items())],
            counts.total(),
            refused[name],
            sought[name],
        )
        for name, counts in sorted(relations.items())
    ]


def _place(iri: str) -> str:
    """Return the host of ``iri``, and on a host of many projects the project too."""
    parts = urlsplit(iri)
    host = (parts.hostname or iri).removeprefix("www.")
    return host + parts.path.rstrip("/") if host == "github.com" else host


def _undecided(
    gaps: Sequence[Finding],
    mappings: Sequence[Mapping],
    kinds: ReadMapping[str, set[str]],
    labels: ReadMapping[str, Term],
    here: Service,
) -> list[tuple[Cell, str]]:
    decided = {one.subject for one in mappings if not one.negated}
    wanted = {"Actor", "Place", "Document"}
    things = sorted(thing for thing, of in kinds.items() if thing not in decided and of - wanted)
    shown = [(cell(NamedNode(one), here.links, labels.get(one)), "nothing yet") for one in things]
    return shown or [(Cell(gap.where), gap.message) for gap in gaps]


def _shown(fault: Finding) -> str:
    return f"{fault.message}. {fault.remedy}"


def _measured(here: Service) -> list[Measured]:
    rows = here.engine.rows(bounded_query(here, "link-quality", rows=ROWS))
    return [
        Measured(
            cell(row["dataset"], here.links, row.get("title")),
            cell(row["metric"], here.links, row["metricLabel"]),
            f"{float(_text(row['value'])):.2f}",
            _text(row["basis"]),
        )
        for row in rows
    ]


def _datasets(here: Service) -> list[Neighbour]:
    rows = here.engine.rows(bounded_query(here, "datasets", rows=ROWS))
    return [
        Neighbour(
            dataset=cell(row["dataset"], here.links, row["title"]),
            publisher=cell(row["publisher"], here.links),
            source=cell(row["source"], here.links),
            licence=cell(row["license"], here.links),
            rights=_text(row["rights"]),
            issued=cell(row["issued"], here.links),
            access=_text(row["access"]),
            statements=int(_text(row["statements"])),
        )
        for row in rows
    ]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""
