"""What the claims of a page rest on: passages, and the documents that they are stated in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from server.cells import Cell
from server.claim_view import Claim
from server.passage_view import Passage


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with the claims that rest on it."""

    passage: Passage
    claims: tuple[Claim, ...]


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
