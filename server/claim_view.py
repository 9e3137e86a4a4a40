"""Claims as a page shows them: in words, with certainty, voice, limits and evidence."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal
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

Solution = dict[str, Term]

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
_STATEMENT: Final = NamedNode(POL + "statement")
_EVIDENCE: Final = NamedNode(POL + "evidence")


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


def claims(
    rows: Sequence[Solution], links: Links, most: int, in_order: bool
) -> tuple[list[Claim], int]:
    """Return the claims in the solutions of ``claims.rq``, up to ``most`` of them, and how many
    claims the solutions have; ``in_order`` says that they are sorted.
    """
    grouped: dict[Term, list[Solution]] = defaultdict(list)
    for row in rows:
        grouped[row["claim"]].append(row)
    # The engine takes less time for what it need not sort a second time.
    chosen = sorted(grouped, key=_end_of_name) if in_order else list(grouped)
    return [_claim(term, grouped[term], links, {}) for term in chosen[:most]], len(grouped)


def own_claim(
    thing: NamedNode,
    said: Sequence[Solution],
    passages: Sequence[Solution],
    links: Links,
    names: Mapping[Term, Literal],
) -> Claim | None:
    """Return ``thing`` as a claim if what is ``said`` of it makes one; ``passages`` are the
    solutions of ``own-passages.rq``, and properties go by ``names``.
    """
    if not any(row["property"] == _STATEMENT for row in said):
        return None
    rows = [row for row in said if row["property"] != _EVIDENCE and "graph" in row]
    for row in passages:
        found = {**row, "property": _EVIDENCE, "value": row["passage"]}
        if "passageLabel" in row:
            found["valueLabel"] = row["passageLabel"]
        rows.append(found)
    return _claim(thing, rows, links, names)


def _end_of_name(term: Term) -> tuple[str, str]:
    """Return what ``claims.rq`` sorts by."""
    iri = term.value if isinstance(term, NamedNode) else str(term)
    return iri[-15:], iri


def _claim(
    term: Term, rows: Sequence[Solution], links: Links, names: Mapping[Term, Literal]
) -> Claim:
    iri = term.value if isinstance(term, NamedNode) else str(term)
    values: dict[str, dict[Term, list[Solution]]] = defaultdict(lambda: defaultdict(list))
    properties: dict[str, Term] = {}
    for row in rows:
        prop = row["property"]
        key = prop.value.replace(links.base, BASE, 1) if isinstance(prop, NamedNode) else ""
        values[key][row["value"]].append(row)
        properties[key] = prop

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
            Qualifier(cell(term, links, names.get(term)), cells(prop))
            for prop, term in sorted(properties.items())
            if prop.startswith(POL) and prop not in _SHOWN
        ),
        evidence=tuple(
            shown_passage(value, same, links)
            for value, same in values.get(POL + "evidence", {}).items()
        ),
    )
