"""Claims as a page shows them: in words, with certainty, voice, limits and evidence."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.interface import Term
from kg.namespaces import BASE
from kg.namespaces import DCTERMS
from kg.namespaces import POL
from kg.namespaces import RDF
from server.cells import Cell
from server.cells import best_label
from server.cells import cell
from server.cells import is_true
from server.links import Links
from server.passage_view import Passage
from server.passage_view import shown_passage
from server.statement_view import EDTF_PROPERTIES

CERTAINTIES: Final = ("certain", "probable", "possible", "unclear")
# What a claim's own rows show; the other properties of the vocabulary are its qualifiers.
_SHOWN: Final = frozenset(
    POL + name
    for name in (
        "statement",
        "subject",
        "predicate",
        "object",
        "value",
        "assertedBy",
        "attributedTo",
        "statedIn",
        "certainty",
        "modality",
        "negated",
        "hedge",
        "evidence",
        "addressedTo",
        "proposes",
    )
)


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What limits or explains a claim: a property and its values."""

    name: Cell
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim; ``level`` is the local name of its certainty, or ``other``."""

    iri: str
    statement: Cell
    kinds: tuple[Cell, ...]
    certainty: tuple[Cell, ...]
    level: str
    modality: tuple[Cell, ...]
    negated: bool
    hedge: tuple[Cell, ...]
    subject: tuple[Cell, ...]
    predicate: tuple[Cell, ...]
    object: tuple[Cell, ...]
    asserted_by: tuple[Cell, ...]
    attributed_to: tuple[Cell, ...]
    stated_in: tuple[Cell, ...]
    addressed_to: tuple[Cell, ...]
    proposes: tuple[Cell, ...]
    sources: tuple[Cell, ...]
    qualifiers: tuple[Qualifier, ...]
    evidence: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with the claims that rest on it."""

    passage: Passage
    claims: tuple[Claim, ...]


def claims(rows: Sequence[dict[str, Term]], links: Links) -> list[Claim]:
    """Return the claims in the solutions of ``claims.rq``, in their order."""
    grouped: dict[Term, list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        grouped[row["claim"]].append(row)
    return [_claim(term, same, links) for term, same in grouped.items()]


def evidence(found: Sequence[Claim]) -> list[Evidence]:
    """Return the passages on which the claims rest, in the order of their first use."""
    by_passage: dict[str, list[Claim]] = defaultdict(list)
    passages: dict[str, Passage] = {}
    for claim in found:
        for passage in claim.evidence:
            key = passage.cell.iri or passage.cell.text
            passages.setdefault(key, passage)
            by_passage[key].append(claim)
    return [Evidence(passages[key], tuple(same)) for key, same in by_passage.items()]


def sources(found: Sequence[Claim]) -> list[Cell]:
    """Return the documents that the claims are stated in, each once."""
    cells = [one for claim in found for one in (*claim.stated_in, *claim.sources)]
    return list({one.iri: one for one in cells}.values())


def _claim(term: Term, rows: Sequence[dict[str, Term]], links: Links) -> Claim:
    iri = term.value if isinstance(term, NamedNode) else str(term)
    values: dict[str, dict[Term, list[dict[str, Term]]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, list[dict[str, Term]]] = defaultdict(list)
    for row in rows:
        prop = row["property"]
        key = prop.value.replace(links.base, BASE, 1) if isinstance(prop, NamedNode) else ""
        values[key][row["value"]].append(row)
        names[key].append(row)

    def cells(prop: str) -> tuple[Cell, ...]:
        return tuple(
            cell(
                value,
                links,
                best_label(row.get("valueLabel") for row in same),
                edtf=prop in EDTF_PROPERTIES,
            )
            for value, same in values.get(prop, {}).items()
        )

    statement = best_label(values.get(POL + "statement", {}))
    certainty = cells(POL + "certainty")
    level = (certainty[0].iri or "").rpartition("#")[2] if certainty else ""
    own, base = links.iri("ontology", " ").strip(), links.iri("ontology", "Claim")
    return Claim(
        iri=iri,
        statement=cell(term, links, statement),
        kinds=tuple(
            one
            for one in cells(RDF + "type")
            if (one.iri or "").startswith(own) and one.iri != base
        ),
        certainty=certainty,
        level=level if level in CERTAINTIES else "other",
        modality=cells(POL + "modality"),
        negated=any(map(is_true, values.get(POL + "negated", {}))),
        hedge=cells(POL + "hedge"),
        subject=cells(POL + "subject"),
        predicate=cells(POL + "predicate"),
        object=(*cells(POL + "object"), *cells(POL + "value")),
        asserted_by=cells(POL + "assertedBy"),
        attributed_to=cells(POL + "attributedTo"),
        stated_in=cells(POL + "statedIn"),
        addressed_to=cells(POL + "addressedTo"),
        proposes=cells(POL + "proposes"),
        sources=cells(DCTERMS + "source"),
        qualifiers=tuple(
            Qualifier(
                cell(
                    same[0]["property"],
                    links,
                    best_label(row.get("propertyLabel") for row in same),
                ),
                cells(prop),
            )
            for prop, same in names.items()
            if prop.startswith(POL) and prop not in _SHOWN
        ),
        evidence=tuple(
            shown_passage(value, same, links)
            for value, same in values.get(POL + "evidence", {}).items()
        ),
    )
