"""The page of a thing: four bounded queries, and what the template shows of their answers."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.bounded_query import shown_query
from server.cells import Cell
from server.citation import Citation
from server.citation import citation
from server.claim_view import Claim
from server.claim_view import Evidence
from server.claim_view import claims
from server.claim_view import evidence
from server.claim_view import sources
from server.entity_head import Head
from server.entity_head import head
from server.incoming_view import IncomingGroup
from server.incoming_view import incoming_groups
from server.incoming_view import listed_links
from server.paging import Pager
from server.paging import page_number
from server.paging import pager
from server.service import Service
from server.statement_order import places
from server.statement_view import Identity
from server.statement_view import StatementGroup
from server.statement_view import identities
from server.statement_view import statement_groups
from server.statements import near_names
from server.structured_data import structured_data

# The representations of a thing: file extension, name, media type.
FORMATS: Final = (
    ("ttl", "Turtle", "text/turtle"),
    ("jsonld", "JSON-LD", "application/ld+json"),
    ("rdf", "RDF/XML", "application/rdf+xml"),
    ("nt", "N-Triples", "application/n-triples"),
    ("json", "JSON", "application/json"),
)
# The citation for reference managers: file extension, name, media type.
REFERENCES: Final = (
    ("bib", "BibTeX", "application/x-bibtex"),
    ("ris", "RIS", "application/x-research-info-systems"),
    ("json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
)
# The parameters that choose a page of a section.
PAGES: Final = ("statements", "claims", "page")


@dataclass(frozen=True, slots=True)
class Representation:
    """Another form of a page, and its address."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class EntityView:
    """All that the page of a thing shows; ``queries`` are those behind its sections."""

    iri: str
    head: Head
    itself: Claim | None
    groups: Sequence[StatementGroup]
    identities: Sequence[Identity]
    claims: Sequence[Claim]
    evidence: Sequence[Evidence]
    sources: Sequence[Cell]
    incoming: Sequence[IncomingGroup]
    incoming_property: str | None
    incoming_chosen: bool
    pagers: Mapping[str, Pager]
    queries: Mapping[str, str]
    picture: str | None
    references: Sequence[Representation]
    structured: Mapping[str, Any]
    representations: Sequence[Representation]
    citation: Citation
    version: Version


def entity_view(service: Service, iri: str, path: str, arguments: Mapping[str, str]) -> EntityView:
    """Return the page of ``iri``, of whose sections ``arguments`` choose the pages.

    Raises :class:`~kg.errors.NotFound` if the graph says nothing of it, and
    :class:`~kg.errors.BadParameter` for an argument that does not fit.
    """
    links, size = service.links, service.settings.page_rows
    thing = _node(iri)
    numbers = {name: page_number(arguments, name) for name in PAGES}
    version = service.engine.version()

    def ask(name: str, page: str, *, more: int = 0, **values: NamedNode) -> list[dict[str, Term]]:
        offset = (numbers[page] - 1) * size
        query = bounded_query(service, name, rows=size + more, offset=offset, thing=thing, **values)
        return service.engine.rows(query)

    top = head(
        service.engine.rows(bounded_query(service, "head", rows=size, thing=thing)), iri, links
    )
    statements = ask("statements", "statements")
    # One more than a page holds, to know whether there is another page.
    said = claims(ask("claims", "claims", more=1), links)
    listed = listed_links(service, top, arguments.get("incoming"), size)
    bound: dict[str, NamedNode] = {"property": listed.relation} if listed.relation else {}
    leading = ask(listed.query, "page", more=0, **bound)
    if not (statements or said or leading or top.kinds or top.is_graph or top.incoming):
        raise _unknown(iri, near_names(service.engine, iri))
    kinds = [one.iri or "" for one in (*top.kinds, *top.wider_kinds)]
    groups = statement_groups(statements, links, places(kinds))
    linked = identities(statements, links)
    shown_claims = said[:size]

    def place(name: str, shown: int, more: bool, total: int | None = None) -> Pager:
        fragment = "incoming-links" if name == "page" else name
        return pager(
            path,
            arguments,
            name,
            size=size,
            shown=shown,
            more=more,
            total=total,
            fragment=fragment,
        )

    def counted(
        name: str, rows: Sequence[dict[str, Term]], keys: Sequence[str], total: int
    ) -> Pager:
        shown = len({tuple(row[key] for key in keys) for row in rows})
        return place(name, shown, numbers[name] * size < total, total)

    return EntityView(
        iri=iri,
        head=top,
        itself=next((claim for claim in said if claim.iri == iri), None),
        groups=groups,
        identities=linked,
        claims=[claim for claim in shown_claims if claim.iri != iri],
        evidence=evidence(shown_claims),
        sources=_sources(shown_claims, groups),
        incoming=incoming_groups(leading, links),
        incoming_property=listed.key,
        incoming_chosen="incoming" in arguments,
        pagers={
            "statements": counted(
                "statements", statements, ("property", "value", "graph"), top.outgoing_total
            ),
            "claims": place("claims", len(shown_claims), len(said) > size),
            "incoming": listed.with_next(
                counted("page", leading, ("property", "other"), listed.total), path
            ),
        },
        queries={
            "statements": shown_query(service, "statements", thing=thing),
            "claims": shown_query(service, "claims", thing=thing),
            "incoming": shown_query(service, listed.query, thing=thing, **bound),
        },
        picture=_picture(path, groups, top),
        references=[
            Representation(name, media_type, f"/cite{path.removeprefix('/page')}.{extension}")
            for extension, name, media_type in REFERENCES
        ],
        structured=structured_data(
            iri, service.address + path, top, linked, f"{service.settings.base_iri}dataset"
        ),
        representations=[
            Representation(name, media_type, address)
            for extension, name, media_type in FORMATS
            if (address := links.data(iri, extension))
        ],
        citation=citation(top.name.text, iri, version),
        version=version,
    )


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError:
        raise _unknown(iri) from None


def _unknown(iri: str, near: Sequence[str] = ()) -> NotFound:
    meant = f"Did you mean {' or '.join(f'<{one}>' for one in near)}? " if near else ""
    return NotFound(
        "The graph says nothing about this thing",
        where=iri[:200],
        remedy=f"{meant}Check the address, or begin at / or at /queries.",
    )


def _picture(path: str, groups: Sequence[StatementGroup], top: Head) -> str | None:
    """Return the address of the picture of the neighbours, or ``None`` for a thing without any."""
    values = (statement.value for group in groups for statement in group.statements)
    near = any((value.href or "").startswith("/page/") for value in values)
    claimed = {"pol:subject", "pol:object", "pol:evidence", "pol:derivedSubject"}
    leading = any(one.key.startswith("pol:") and one.key not in claimed for one in top.incoming)
    if top.is_graph or not (near or leading):
        return None
    return f"/picture{path.removeprefix('/page')}.svg"


def _sources(found: Sequence[Claim], groups: Sequence[StatementGroup]) -> list[Cell]:
    cells = sources(found)
    for group in groups:
        for statement in group.statements:
            cells += statement.sources
    return list({one.iri: one for one in cells}.values())
