"""The page of a search: what was found and why, narrowed by kind and source, and questions that
the same words ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.search.hits import Found
from kg.search.hits import Hit
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.links import Links
from server.page_response import page_response
from server.paging import page_number
from server.paging import pager
from server.search_index import search_index
from server.search_proposals import proposals
from server.search_request import asked_words
from server.search_snippet import snippet
from server.service import service
from server.view_page import only

_QUESTIONS: Final = 3
_FACETS: Final = 12  # kinds or sources to choose from
_REASONS: Final = {
    "name": "its name",
    "other name": "another name",
    "first letters": "the first letters of its name",
    "statement": "what it states",
    "definition": "its description",
}
_WAYS: Final = {"spelling": "in another spelling", "beginning": "by a beginning"}


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A thing that was found: why, and in which words, unless these are all of its name."""

    thing: Cell
    kinds: tuple[Cell, ...]
    reason: str
    pieces: Sequence[tuple[str, bool]]
    language: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind or a source to narrow a search to, or to let go of if it is ``chosen``."""

    name: str
    count: int
    href: str
    chosen: bool


def search() -> Response:
    """Return the things that ``q`` means, best first.

    Raises :class:`~kg.errors.BadParameter` for a ``q`` that is too long.
    """
    only("q", "kind", "source", "page")
    asked = asked_words()
    number = page_number(request.args, "page")
    if not asked:
        return page_response(render_template("search.html", asked="", hits=[], pager=None))
    here = service()
    kind, source = request.args.get("kind", ""), request.args.get("source", "")
    found = search_index().search(asked, kind, source)
    size = min(here.settings.page_rows, 50)
    first = (number - 1) * size
    shown = found.hits[first : first + size]
    place = pager(
        "/search",
        request.args,
        "page",
        size=size,
        shown=len(shown),
        more=first + size < len(found.hits),
    )
    html = render_template(
        "search.html",
        asked=asked,
        hits=[_shown(one, here.links) for one in shown],
        total=len(found.hits),
        cut=found.cut,
        pager=place,
        facets=_facets(found, kind, source),
        questions=proposals(asked, _QUESTIONS) if number == 1 else (),
    )
    return page_response(html)


def _shown(hit: Hit, links: Links) -> ShownHit:
    label = best_label(
        Literal(text, language=language) if language else Literal(text)
        for text, language in hit.names
    )
    thing = cell(NamedNode(hit.iri), links, label or Literal(hit.name))
    kinds = tuple(cell(NamedNode(iri), links, Literal(name)) for iri, name in hit.kinds)
    way = _WAYS.get(hit.way, "")
    return ShownHit(
        thing,
        kinds,
        f"{_REASONS[hit.where]}{f', {way}' if way else ''}",
        () if hit.where == "first letters" else snippet(hit.text, hit.matched),
        hit.language,
    )


def _facets(found: Found, kind: str, source: str) -> list[tuple[str, list[Facet]]]:
    return [
        (title, [_facet(parameter, chosen, *one) for one in counted[:_FACETS]])
        for title, parameter, chosen, counted in (
            ("Kinds", "kind", kind, found.kinds),
            ("Sources", "source", source, found.sources),
        )
        if len(counted) > 1
    ]


def _facet(parameter: str, chosen: str, iri: str, name: str, count: int) -> Facet:
    kept = {key: value for key, value in request.args.items() if key not in ("page", parameter)}
    if iri != chosen:
        kept[parameter] = iri
    return Facet(name, count, f"/search?{urlencode(kept)}", iri == chosen)
