"""The first page: what is in the graph and where to begin."""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.errors import StoreError
from server.bounded_query import bounded_query
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.citation import citation
from server.claim_view import CERTAINTIES
from server.links import Links
from server.page_response import page_response
from server.service import service

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Count:
    """How many things there are of a kind; ``level`` is the kind's local name."""

    kind: Cell
    level: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing by which a reader may begin; ``coverage`` is the address of the page on how its
    source text is covered.
    """

    thing: Cell
    description: Cell | None
    coverage: str | None


@blueprint.app_context_processor
def _page_context() -> dict[str, Callable[..., Any]]:
    return {"graph_version": _graph_version, "cite_page": _cite_page}


def _graph_version() -> Version | None:
    # A page that explains why there is no graph must not fail for the same reason.
    try:
        return service().engine.version()
    except StoreError:
        return None


def _cite_page(name: str) -> str:
    """Return how the page of this name is cited: a view of the version in service."""
    here = service()
    address = here.address + request.full_path.rstrip("?")
    return citation(name, address, here.engine.version()).text


@blueprint.get("/")
def home() -> Response:
    """Return the first page."""
    here = service()
    version = here.engine.version()
    size = here.settings.page_rows
    counts = _counts(here.engine.rows(bounded_query(here, "counts", rows=size)), here.links)
    entries = _entries(here.engine.rows(bounded_query(here, "entry-points", rows=size)), here.links)
    cited = citation("The whole graph", here.settings.base_iri, version)
    html = render_template(
        "home.html",
        certainties=sorted(counts["certainty"], key=_certainty_rank),
        kinds=sorted(counts["things"], key=lambda one: (-one.count, one.kind.text)),
        frameworks=entries[here.links.iri("ontology", "PolicyFramework")],
        reports=entries[here.links.iri("ontology", "Report")],
        recommendations=entries[here.links.iri("ontology", "Recommendation")],
        questions=len(here.catalogue),
        has_table="recommendations" in here.catalogue,
        citation=cited,
    )
    return page_response(html)


def _certainty_rank(one: Count) -> int:
    return CERTAINTIES.index(one.level) if one.level in CERTAINTIES else len(CERTAINTIES)


def _counts(rows: Sequence[dict[str, Term]], links: Links) -> dict[str, list[Count]]:
    labels: dict[Term, list[Term | None]] = defaultdict(list)
    for row in rows:
        labels[row["kind"]].append(row.get("kindLabel"))
    counts: dict[str, dict[Term, Count]] = defaultdict(dict)
    for row in rows:
        kind, group, number = row["kind"], row["group"], row["count"]
        if (
            not isinstance(kind, NamedNode)
            or not isinstance(number, Literal)
            or number.value == "0"
        ):
            continue
        shown = cell(kind, links, best_label(labels[kind]))
        level = kind.value.rpartition("#")[2]
        counts[str(getattr(group, "value", group))][kind] = Count(shown, level, int(number.value))
    return defaultdict(list, {group: list(found.values()) for group, found in counts.items()})


def _entries(rows: Sequence[dict[str, Term]], links: Links) -> dict[str, list[Entry]]:
    same: dict[tuple[Term, Term], list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        same[row["kind"], row["thing"]].append(row)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for (kind, thing), found in same.items():
        description = best_label(row.get("description") for row in found)
        entries[str(getattr(kind, "value", kind))].append(
            Entry(
                cell(thing, links, best_label(row.get("label") for row in found)),
                cell(description, links) if description else None,
                _coverage(thing, found, links),
            )
        )
    return entries


def _coverage(thing: Term, rows: Sequence[dict[str, Term]], links: Links) -> str | None:
    covered = any("covered" in row for row in rows)
    return links.coverage(thing.value) if covered and isinstance(thing, NamedNode) else None
