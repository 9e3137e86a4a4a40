"""What the commands for links start from: our things, what was decided, and a target's entries."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import parse

from kg.build.findings import Finding
from kg.build.links import read_links
from kg.build.read import Sources
from kg.build.read import read_sources
from kg.linking.conflicts import conflicts
from kg.linking.coverage import SOUGHT
from kg.linking.coverage import Covered
from kg.linking.coverage import coverage
from kg.linking.coverage import kinds
from kg.linking.datasets.isolated import read_isolated
from kg.linking.graph import Entity
from kg.linking.graph import entities
from kg.linking.mapping_file import load_mapping_file
from kg.linking.sssom import Mapping
from kg.linking.sssom import read_table
from kg.linking.suggest import Suggester
from kg.linking.suggest import Suggestion
from kg.settings import Settings


@dataclass(frozen=True, slots=True)
class LinkState:
    """The sources, their mappings, the faults among these, and the kinds of our things."""

    sources: Sources
    mappings: Sequence[Mapping]
    findings: Sequence[Finding]
    kinds: dict[str, set[str]]

    def covered(self) -> tuple[list[Covered], list[Finding]]:
        """Return how far each kind of thing is covered, and the gaps."""
        return coverage(self.mappings, self.kinds)

    def suggestions(
        self, targets: dict[str, Entity], threshold: float, limit: int, every: bool = False
    ) -> list[Suggestion]:
        """Return suggestions of at least ``threshold`` for what must be linked, or ``every`` thing.

        Pairs that were decided, either way, are left out.
        """
        ours = entities(self.sources.quads())
        decided = {(one.subject, one.object) for one in self.mappings}
        suggester = Suggester(targets.values(), self.mappings)
        found: list[Suggestion] = []
        for iri, subject in ours.items():
            of = self.kinds.get(iri, set())
            if not of & set(SOUGHT) and not (every and of):
                continue
            for one in suggester.suggest(subject, of, subject.near_iris, limit):
                if one.score >= threshold and (iri, one.target.iri) not in decided:
                    found.append(one)
        return found


def with_table(state: LinkState, path: Path, base: str) -> LinkState:
    """Return ``state`` with the rows of the table ``path`` beside those of the sources.

    Raises :class:`~kg.errors.BadData` for a file that is no table; what is wrong with its rows, and
    between them and the others, is among the findings.
    """
    text = load_mapping_file(path).text()
    more, wrong = read_table(text, path.name, set(state.kinds), base)
    mappings = [*state.mappings, *more]
    known = {finding.message for finding in state.findings}
    found = [
        finding
        for finding in conflicts(mappings, state.kinds, state.sources.dataset_quads)
        if finding.message not in known
    ]
    return replace(state, mappings=mappings, findings=[*state.findings, *wrong, *found])


def link_state(settings: Settings) -> LinkState:
    """Return what is linked now; raises as :func:`~kg.build.read.read_sources` does."""
    sources = read_sources(settings)
    mappings, result = read_links(sources)
    return LinkState(sources, mappings, list(result.findings), kinds(sources.quads()))


def target_quads(path: Path, format_name: str, mapping: Path | None, base: str) -> list[Quad]:
    """Return the statements of a target's file, which is read in a process of its own.

    Raises :class:`~kg.errors.BadData` with the place of the first fault.
    """
    graph = NamedNode(f"{base}graph/dataset/target")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "target.nt"
        read_isolated(path, format_name, path.name.split(".")[0].lower(), out, mapping, base)
        return [
            Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in parse(path=str(out), format=RdfFormat.N_TRIPLES)
        ]


def dead_targets(mappings: Sequence[Mapping], quads: Sequence[Quad]) -> list[Finding]:
    """Return a finding for each link to a name that ``quads``, a whole dataset, do not know.

    Only namespaces that the dataset uses for at least three of its things are looked at.
    """
    known = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    spaces: dict[str, int] = {}
    for iri in known:
        spaces[_space(iri)] = spaces.get(_space(iri), 0) + 1
    used = {space for space, count in spaces.items() if count >= 3}
    return [
        Finding(
            one.where,
            f"The target {one.object} is not in the dataset",
            "It was withdrawn or never there: link another, or note why it stands.",
        )
        for one in mappings
        if _space(one.object) in used and one.object not in known
    ]


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
