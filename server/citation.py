"""How a page is cited: the thing, the exact version of the graph, the address that lasts."""

import re
from dataclasses import dataclass
from typing import Final

from kg.engine.interface import Version

TITLE: Final = "policykg, a knowledge graph of what policy reports say"
_TURNING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as a sentence and as a BibTeX entry."""

    text: str
    bibtex: str


def citation(name: str, iri: str, version: Version) -> Citation:
    """Return the citation of the thing ``iri`` as ``version`` of the graph describes it."""
    # Signs that turn the direction of the text would turn that of the rest of the sentence, too.
    name = " ".join(_TURNING.sub("", name).split())
    text = f"“{name}”. In: {TITLE}, version {version.number} (SHA-256 {version.digest}). {iri}"
    key = re.sub(r"[^A-Za-z0-9]+", "-", iri.rsplit("/", 1)[-1]).strip("-")[:60]
    bibtex = "\n".join(
        (
            f"@misc{{policykg-{key}-v{version.number},",
            f"  title = {{{{{_escape(name)}}}}},",
            f"  howpublished = {{In: {_escape(TITLE)}}},",
            f"  version = {{{version.number}}},",
            f"  note = {{SHA-256 {version.digest}}},",
            f"  url = {{{_escape_address(iri)}}}",
            "}",
        )
    )
    return Citation(text, bibtex)


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)


def _escape_address(iri: str) -> str:
    return iri.replace("{", "%7B").replace("}", "%7D")
