"""Decisions about names as a mapping set in SSSOM."""

from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from typing import Final
from urllib.parse import quote

from kg.reconcile.matching import Candidate

_HEAD: Final = """\
#mapping_set_id: https://w3id.org/policykg/mappings/reconciled
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  name: "https://w3id.org/policykg/names#"
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
"""
_COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "mapping_justification", "mapping_date", "confidence", "comment",
)  # fmt: skip


def sssom(decided: Iterable[tuple[str, Candidate]]) -> str:
    """Return the names, each with the thing that it certainly stands for, as an SSSOM table.

    A name is no thing, so it is a close match and no identity; whoever knows the things behind the
    names puts their identifiers in place of ours.
    """
    today = datetime.now(UTC).date().isoformat()
    lines = ["\t".join(_COLUMNS)]
    for name, one in dict(decided).items():
        cells = (
            f"name:{quote(name, safe='')}", name, "skos:closeMatch", one.entry.iri, one.entry.name,
            "semapv:LexicalMatching", today, f"{one.score / 100:.2f}", one.reason,
        )  # fmt: skip
        lines.append("\t".join(_cell(cell) for cell in cells))
    return _HEAD + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
