"""The page of a thing: what the template shows of what the graph says."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.errors import NotFound
from server.block_query import sparql_address
from server.cells import Cell
from server.citation import Citation
from server.citation import citation
from server.claim_view import Claim
from server.claim_view import claims
from server.claim_view import own_claim
from server.entity_forms import Representation
from server.entity_forms import references
from server.entity_forms import representations
from server.entity_head import Head
from server.entity_head import head
from server.entity_pagers import pagers
from server.evidence_view import Evidence
from server.evidence_view import evidence
from server.evidence_view import sources
from server.identity_view import Identity
from server.identity_view import identities
from server.incoming_view import IncomingGroup
from server.incoming_view import incoming_groups
from server.incoming_view import leading_properties
from server.paging import Pager
from server.service import Service
from server.statement_order import places
from server.statement_view import StatementGroup
from server.statement_view import statement_groups
from server.statements import near_names
from server.structured_data import structured_data
from server.thing_first import is_graph
from server.thing_parts import ORIGIN
from server.thing_solutions import ThingSolutions
from server.thing_solutions import thing_solutions


@dataclass(frozen=True, slots=True)
class EntityView:
    """All that the page of a thing shows; ``queries`` are those behind its sections, ``elsewhere``
    the solutions of ``elsewhere.rq``.
    """

    iri: str
    head: Head
    itself: Claim | None
    groups: Sequence[StatementGroup]
    identities: Sequence[Identity]
    elsewhere: Sequence[dict[str, Term]]
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
    links, thing = service.links, _node(iri)
    version = service.engine.version()
    found = thing_solutions(service, thing, arguments)
    if not found.is_known:
        if not is_graph(service, thing):
            raise _unknown(iri, near_names(service.engine, iri))
        found = replace(found, is_graph=True)
    slices, names, listed = found.slices, found.names, found.listed
    top = head(found, iri, links)
    if listed.hub:
        top = replace(top, incoming=leading_properties(top.incoming, found.incoming, links))
    groups = statement_groups(
        found.statements,
        links,
        names,
        places([one.iri or "" for one in (*top.kinds, *top.wider_kinds)]),
    )
    linked = identities(found.statements, links, names)
    itself = own_claim(thing, (*found.named, *found.statements), found.passages, links, names)
    cards, claims_found = claims(
        found.claims, links, slices.claims.rows, in_order="sorted" in found.claim_parts
    )
    incoming, incoming_found = incoming_groups(
        found.incoming, links, names, slices.incoming.rows, listed.fits
    )
    shown = [*([itself] if itself else []), *cards]
    return EntityView(
        iri=iri,
        head=top,
        itself=itself,
        groups=groups,
        identities=linked,
        elsewhere=found.elsewhere if linked else (),
        claims=[claim for claim in cards if claim.iri != iri],
        evidence=evidence(shown),
        sources=_sources(shown, groups),
        incoming=incoming,
        incoming_property=listed.key,
        incoming_chosen="incoming" in arguments,
        pagers=pagers(found, path, arguments, claims_found, incoming_found, top.incoming),
        queries=_queries(service, thing, found),
        picture=_picture(path, groups, top),
        references=references(path),
        structured=structured_data(
            iri, service.address + path, top, linked, f"{service.settings.base_iri}dataset"
        ),
        representations=representations(iri, links),
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


def _queries(service: Service, thing: NamedNode, found: ThingSolutions) -> Mapping[str, str]:
    """Return the addresses at which a reader runs the queries behind the sections."""
    slices, listed = found.slices, found.listed
    values = {"thing": thing}
    leading = values | ({"linking": listed.relation} if listed.relation else {})
    return {
        "statements": sparql_address(
            service, "statements", values | {"origin": ORIGIN}, rows=slices.statements.rows
        ),
        "claims": sparql_address(
            service, "claims", values, parts=found.claim_parts, rows=slices.claims.rows
        ),
        "incoming": sparql_address(
            service, "incoming", leading, parts=listed.parts - {"hub"}, rows=slices.incoming.rows
        ),
    }


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
