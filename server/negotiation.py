"""Content negotiation: which of the formats on offer a client likes best (RFC 9110, 12.5.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Final

from flask import request
from werkzeug.datastructures import MIMEAccept

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.formats import Format
from kg.engine.interface import Formats
from kg.errors import BadParameter
from kg.errors import NotAcceptable


@dataclass(frozen=True, slots=True)
class Offer:
    """A format on offer: the media type that the answer carries, its file extension, and other
    media types by which clients ask for it.

    The answer to an alias carries the canonical media type, as Fuseki and the Wikidata Query
    Service do: a client that accepts ``application/json`` for bindings (curl users, SPARQLWrapper)
    is told ``application/sparql-results+json``, which says what the JSON means.
    """

    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()


PAGE: Final = Offer("text/html", "html", ("application/xhtml+xml",))
BINDINGS: Final = tuple(Offer(f.media_type, f.extension, f.aliases) for f in RESULT_FORMATS)
GRAPHS: Final = tuple(Offer(f.media_type, f.extension, f.aliases) for f in GRAPH_FORMATS)

# Names by which ``format=`` may ask, besides extensions, media types and the formats' own names:
# those that SPARQLWrapper sends, and JSON and XML for graphs.
_OTHER_NAMES: Final = {
    "json": "jsonld",
    "application/json": "jsonld",
    "xml": "rdf",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "rdf+xml": "rdf",
    "n3": "ttl",
}


def best(accept: MIMEAccept, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that ``accept`` ranks highest, or ``None`` if it accepts none.

    Each offer has the quality of the most specific range that fits it; among equals the one that
    is named most precisely wins, then the one that comes first. Without an Accept header the first
    offer wins. Wildcards stand for canonical media types only, so that ``text/*`` is not taken
    for an alias such as ``text/plain``; parameters other than ``q`` are not looked at.
    """
    if not accept:
        return offers[0]
    ranked = [(_rank(accept, offer), -place) for place, offer in enumerate(offers)]
    (quality, _), place = max(ranked)
    return offers[-place] if quality > 0 else None


def choose(offers: Sequence[Offer]) -> Offer:
    """Return the offer that the client of this request likes best.

    Raises :class:`~kg.errors.NotAcceptable`, which lists what is on offer.
    """
    chosen = best(request.accept_mimetypes, offers)
    if chosen is None:
        raise NotAcceptable(
            "None of the formats that the request accepts is on offer",
            offered=tuple(offer.media_type for offer in offers),
        )
    return chosen


def formats_named(name: str) -> Formats:
    """Return the formats that ``format=name`` asks for; ``name`` is a file extension, a media type
    or the name of a format.

    Raises :class:`~kg.errors.BadParameter`.
    """
    # A plus sign that was not escaped in an address has become a space.
    wanted = name.strip().replace(" ", "+").lower()
    bindings = next((f.media_type for f in RESULT_FORMATS if wanted in _names(f)), None)
    graph_name = _OTHER_NAMES.get(wanted, wanted)
    graph = next((f.media_type for f in GRAPH_FORMATS if graph_name in _names(f)), None)
    if bindings is None and graph is None:
        known = [offer.extension for offer in (*BINDINGS, *GRAPHS)]
        raise BadParameter(
            f"There is no format {name!r}", where="format", remedy=f"Known: {', '.join(known)}."
        )
    return Formats(bindings, graph)


def content_type(media_type: str) -> str:
    """Return the Content-Type for ``media_type``, which says that text is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def page_wanted(others: Sequence[Offer]) -> bool:
    """Return whether the client of this request would rather have a page than ``others``.

    Browsers name HTML; a program that takes anything (``*/*``) is not given a page.
    """
    return best(request.accept_mimetypes, (*others, PAGE)) is PAGE


def _names(of_format: Format[Any]) -> tuple[str, ...]:
    name = of_format.name.lower()
    return (of_format.extension, of_format.media_type, name, *of_format.aliases)


def _rank(accept: MIMEAccept, offer: Offer) -> tuple[float, int]:
    """Return the quality of ``offer`` and the precision of the range that gives it: 3 for its
    media type, 2 for an alias, 1 for ``type/*``, 0 for ``*/*``.
    """
    group = offer.media_type.partition("/")[0] + "/*"
    named: dict[int, float] = {}
    for value, quality in accept:
        media_type = value.partition(";")[0].strip().lower()
        if media_type == offer.media_type:
            precision = 3
        elif media_type in offer.aliases:
            precision = 2
        elif media_type == group:
            precision = 1
        elif media_type == "*/*":
            precision = 0
        else:
            continue
        named[precision] = max(quality, named.get(precision, 0.0))
    if not named:
        return 0.0, 0
    precision = max(named)
    return named[precision], precision
