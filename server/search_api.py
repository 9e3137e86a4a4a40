"""Search for programs: hits, suggestions while somebody types, and questions that words ask."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Response
from flask import request

from kg.search.hits import Hit
from server.links import Links
from server.page_response import public
from server.paging import page_number
from server.search_index import search_index
from server.search_proposals import proposals
from server.search_request import asked_words
from server.search_request import wanted_number
from server.search_snippet import snippet
from server.service import service
from server.view_page import only


def search() -> Response:
    """Return what ``q`` means as JSON: hits with reasons, numbers by kind and source, pages.

    Raises :class:`~kg.errors.BadParameter`, as all functions here do.
    """
    only("q", "kind", "source", "page", "limit")
    asked, size = asked_words(), wanted_number()
    number = page_number(request.args, "page")
    found = search_index().search(
        asked, request.args.get("kind", ""), request.args.get("source", "")
    )
    first = (number - 1) * size
    links = service().links
    document: dict[str, Any] = {
        "query": asked,
        "total": len(found.hits),
        "cut": found.cut,
        "hits": [_hit(one, links) for one in found.hits[first : first + size]],
        "kinds": [{"iri": i, "label": label, "count": n} for i, label, n in found.kinds],
        "sources": [{"iri": i, "label": label, "count": n} for i, label, n in found.sources],
    }
    if first + size < len(found.hits):
        document["next"] = f"/api/search?{urlencode({**request.args, 'page': number + 1})}"
    return _json(document)


def suggest() -> Response:
    """Return things that somebody who has typed ``q`` may mean."""
    only("q", "limit")
    asked, most = asked_words(), wanted_number()
    links = service().links
    return _json(
        {
            "query": asked,
            "suggestions": [
                {
                    "iri": one.iri,
                    "label": one.name,
                    "kind": ", ".join(name for _, name in one.kinds),
                    "href": links.page(one.iri) or links.href(one.iri),
                    "matched": one.matched,
                    "where": one.where,
                }
                for one in (search_index().suggest(asked, most) if asked else ())
            ],
        }
    )


def ask() -> Response:
    """Return the questions of the catalogue that ``q`` may ask, with values filled in."""
    only("q", "limit")
    asked, most = asked_words(), wanted_number()
    return _json(
        {
            "query": asked,
            "questions": [
                {
                    "name": one.name,
                    "sentence": one.sentence,
                    "href": one.href,
                    "description": one.description,
                    "values": one.values,
                    "recognised": list(one.named),
                    "score": one.score,
                }
                for one in proposals(asked, most)
            ],
        }
    )


def _hit(hit: Hit, links: Links) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "label": hit.name,
        "href": links.page(hit.iri) or links.href(hit.iri),
        "kinds": [{"iri": iri, "label": name} for iri, name in hit.kinds],
        "sources": [{"iri": iri, "label": name} for iri, name in hit.sources],
        "score": hit.score,
        "found": {
            "where": hit.where,
            "by": hit.way,
            "language": hit.language,
            "snippet": [
                {"text": text, "marked": marked} for text, marked in snippet(hit.text, hit.matched)
            ],
        },
    }


def _json(document: dict[str, Any]) -> Response:
    """Return ``document``; it is not kept here, as finding it would take as long as making it."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    response = public(Response(f"{text}\n", content_type="application/json"))
    response.make_conditional(request)
    return response
