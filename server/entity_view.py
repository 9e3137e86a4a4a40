"""The page of a thing: three bounded queries, and what the template shows of their answers."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.engine.interface import Version
from kg.errors import NotFound
from kg.namespaces import POL
from server.block_query import block_query
from server.block_query import sparql_address
from server.block_query import together
from server.cells import Cell
from server.citation import Citation
from server.citation import citation
from server.claim_view import Claim
from server.claim_view import Evidence
from server.claim_view import claims
from server.claim_view import evidence
from server.claim_view import sources
from server.elsewhere_view import elsewhere_query
from server.entity_head import Head
from server.entity_head import head
from server.incoming_view import IncomingGroup
from server.incoming_view import incoming_groups
from server.incoming_view import leading_properties
from server.incoming_view import listed_links
from server.paging import Pager
from server.paging import page_number
from server.paging import pager
from server.row_cells import text_of
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
# By which a derivation names the claims that it was made of. It is bound to a variable, because a
# query with the letters FROM is looked through for a dataset each time.
_ORIGIN: Final = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
# The properties by which claims.rq finds the claims of a thing.
CLAIM_PROPERTIES: Final = frozenset(
    f"{POL}{name}"
    for name in (
        *("subject", "object", "statedIn", "evidence", "addressedTo", "proposes", "attributedTo"),
        *("purpose", "withRespectTo", "despite", "basis", "supersededBy", "unit"),
    )
)
# The parameters that choose a page of a section.
PAGES: Final = ("statements", "claims", "page")
# The claims of a thing to which so many statements lead are sorted in a few milliseconds.
SORTED: Final = 500
# A claim with its evidence takes the room, and the time, of so many rows of a table.
ROWS_OF_A_CLAIM: Final = 4


@dataclass(frozen=True, slots=True)
class Representation:
    """Another form of a page, and its address."""

    name: str
    media_type: str
    href: str


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
    links, size = service.links, service.settings.page_rows
    cards = max(1, size // ROWS_OF_A_CLAIM)
    thing = _node(iri)
    numbers = {name: page_number(arguments, name) for name in PAGES}
    version = service.engine.version()

    def query(
        name: str, page: str, parts: Collection[str], rows: int, more: int, **values: NamedNode
    ) -> Query:
        offset = (numbers[page] - 1) * rows
        bound = {"thing": thing, **values}
        return block_query(
            service, name, rows=rows + more, offset=offset, parts=parts, values=bound
        )

    ask = service.engine.rows
    found = ask(query("thing", "statements", ("top",), size, 0, origin=_ORIGIN))
    top = head(found, iri, links)
    statements = [row for row in found if text_of(row, "part") == "statement"]
    listed = listed_links(service, top, arguments.get("incoming"), size)
    few = ("sorted",) if (top.incoming_total or 0) <= SORTED and not listed.hub else ()
    # One more than a page holds, to know whether there is another page.
    said = (
        claims(ask(query("claims", "claims", few, cards, 1)), links)
        if _may_have_claims(top, statements, size)
        else []
    )
    bound: dict[str, NamedNode] = {"property": listed.relation} if listed.relation else {}
    linked = identities(statements, links)
    last = query("incoming", "page", listed.parts, size, 1, **bound)
    # Only what is linked can be spoken of elsewhere.
    if linked:
        leading = ask(together(last, elsewhere_query(service, iri)))
    else:
        leading = ask(last) if top.incoming else []
    apart = [row for row in leading if "dataset" in row]
    leading = [row for row in leading if "dataset" not in row]
    if listed.hub:
        top = replace(top, incoming=leading_properties(top.incoming, leading, links))
    described = any("value" in row for row in found)
    if not (described or said or leading or top.is_graph or top.incoming):
        raise _unknown(iri, near_names(service.engine, iri))
    kinds = [one.iri or "" for one in (*top.kinds, *top.wider_kinds)]
    groups = statement_groups(statements, links, places(kinds))
    shown_claims = said[:cards]
    all_others = _pairs(leading)
    others = set(all_others[:size])
    leading = [row for row in leading if (row.get("property"), row.get("other")) in others]

    def place(
        name: str, shown: int, more: bool, total: int | None = None, rows: int = size
    ) -> Pager:
        fragment = "incoming-links" if name == "page" else name
        return pager(
            path,
            arguments,
            name,
            size=rows,
            shown=shown,
            more=more,
            total=total,
            fragment=fragment,
        )

    shown = len({(row["property"], row["value"], row["graph"]) for row in statements})

    return EntityView(
        iri=iri,
        head=top,
        itself=next((claim for claim in said if claim.iri == iri), None),
        groups=groups,
        identities=linked,
        elsewhere=apart,
        claims=[claim for claim in shown_claims if claim.iri != iri],
        evidence=evidence(shown_claims),
        sources=_sources(shown_claims, groups),
        incoming=incoming_groups(leading, links),
        incoming_property=listed.key,
        incoming_chosen="incoming" in arguments,
        pagers={
            "statements": place(
                "statements",
                shown,
                numbers["statements"] * size < top.outgoing_total,
                top.outgoing_total,
            ),
            "claims": place("claims", len(shown_claims), len(said) > cards, rows=cards),
            "incoming": listed.with_next(
                place("page", len(others), len(all_others) > size, listed.total),
                top.incoming,
                path,
            ),
        },
        queries={
            "statements": sparql_address(
                service, "thing", {"thing": thing, "origin": _ORIGIN}, rows=size
            ),
            "claims": sparql_address(service, "claims", {"thing": thing}, parts=few, rows=cards),
            "incoming": sparql_address(
                service,
                "incoming",
                {"thing": thing, **bound},
                parts=listed.parts - {"hub"},
                rows=size,
            ),
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


def _may_have_claims(top: Head, statements: Sequence[dict[str, Term]], size: int) -> bool:
    """Return whether it is worth asking for claims: some may lead to the thing, or it is one."""
    if top.incoming_total is None or top.outgoing_total > size:
        return True  # not all properties are known
    leading = {one.property.iri for one in top.incoming}
    own = {text_of(row, "property") for row in statements}
    return bool(leading & CLAIM_PROPERTIES) or f"{POL}statement" in own


def _pairs(rows: Sequence[dict[str, Term]]) -> list[tuple[Term | None, Term | None]]:
    found = ((row.get("property"), row["other"]) for row in rows if "other" in row)
    return list(dict.fromkeys(found))


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
