"""What the index holds: things, and the names by which they are known."""

from dataclasses import dataclass
from dataclasses import field
from typing import Literal as Choice

from kg.reconcile.normal import is_latin
from kg.reconcile.normal import normal
from kg.reconcile.normal import words

NameKind = Choice["label", "other", "code", "initials"]


@dataclass(slots=True)
class Entry:
    """A thing of the graph: ``types`` are stated, ``all_types`` follow from them as well.

    ``codes`` are identifiers by scheme, ``targets`` the IRIs of the same thing elsewhere;
    ``beside`` says that only a dataset beside the graph has it.
    """

    iri: str
    name: str = ""
    description: str = ""
    types: list[str] = field(default_factory=list)
    all_types: set[str] = field(default_factory=set)
    labels: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)
    beside: bool = False


class Name:
    """A name of ``entry`` as it is written, and in the forms in which it is compared."""

    __slots__ = ("entry", "kind", "latin", "normal", "text", "words")

    def __init__(self, entry: Entry, text: str, kind: NameKind) -> None:
        self.entry = entry
        self.text = text
        self.kind = kind
        self.normal = normal(text)
        self.words = words(self.normal)
        self.latin = is_latin(self.normal)
