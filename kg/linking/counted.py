"""What is counted of a dataset of others, in one pass over its statements."""

from collections import Counter
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

from kg.namespaces import DCAT
from kg.namespaces import DCTERMS
from kg.namespaces import FOAF
from kg.namespaces import OWL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SCHEMA
from kg.namespaces import SKOS
from kg.namespaces import VOID

_DATASETS: Final = (VOID + "Dataset", DCAT + "Dataset", SCHEMA + "Dataset")
_LABELS: Final = (
    *(RDFS + "label", SKOS + "prefLabel", SCHEMA + "name", "http://schema.org/name"),
    *(FOAF + "name", DCTERMS + "title"),
)
_LINKS: Final = (
    *(SCHEMA + "sameAs", "http://schema.org/sameAs", OWL + "sameAs", RDFS + "seeAlso"),
    *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")),
    SKOS + "relatedMatch",
)


@dataclass
class Counted:
    """Things by what they have: types, properties, labels, links; and what has no name."""

    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    said: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    labelled: set[str] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)
    subjects: set[str] = field(default_factory=set)
    nameless: set[str] = field(default_factory=set)
    linked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    same_as: int = 0
    ours: set[str] = field(default_factory=set)

    def take(self, triple: Triple, base: str) -> None:
        """Count ``triple``; ``base`` is that of our things."""
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        if isinstance(subject, BlankNode):
            self.nameless.add(subject.value)
        if not isinstance(subject, NamedNode):
            return
        name = subject.value
        self.subjects.add(name)
        self.said[predicate].add(name)
        if predicate == RDF + "type" and isinstance(value, NamedNode):
            self.types[value.value].add(name)
        if predicate in _LABELS and isinstance(value, Literal):
            self.labelled.add(name)
            self.labels[value.language or ""] += 1
        if isinstance(value, NamedNode):
            self.same_as += predicate == OWL + "sameAs"
            if predicate in _LINKS:
                self.linked[urlsplit(value.value).netloc].add(name)
            if value.value.startswith(base) and not value.value.startswith(base + "ontology"):
                self.ours.add(value.value)

    @cached_property
    def descriptions(self) -> set[str]:
        """The things that are said to be datasets."""
        return set[str]().union(*(self.types[name] for name in _DATASETS if name in self.types))

    @cached_property
    def things(self) -> set[str]:
        """The things with a name, but for the dataset itself."""
        return self.subjects - self.descriptions
