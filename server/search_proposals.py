"""Questions that some words ask, with the addresses of their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kg.search.asking import Proposal
from server.search_index import asker


@dataclass(frozen=True, slots=True)
class ProposedQuestion:
    """A question with what was named filled in: its sentence, its address, what it answers."""

    name: str
    sentence: str
    href: str
    description: str
    values: dict[str, str]
    named: tuple[str, ...]
    score: float


def proposals(asked: str, most: int) -> Sequence[ProposedQuestion]:
    """Return at most ``most`` questions that ``asked`` may mean, best first; none for no words."""
    return [_proposed(one) for one in asker().propose(asked, most)] if asked else []


def _proposed(one: Proposal) -> ProposedQuestion:
    address = f"/queries/{one.question.name}"
    if one.values:
        address += f"?{urlencode(one.values)}"
    return ProposedQuestion(
        one.question.name,
        one.sentence,
        address,
        one.question.description,
        dict(one.values),
        one.named,
        one.score,
    )
