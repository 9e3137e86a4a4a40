"""The labels of the vocabulary's terms in the language of the page, where that is not English."""

from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.namespaces import ONTOLOGY
from server.bounded_query import bounded_query
from server.kept import kept
from server.page_language import DEFAULT
from server.page_language import language
from server.service import service

_MOST = 5000  # terms


def translated_label(iri: str) -> Literal | None:
    """Return the label of the term ``iri`` in the language of the page; ``None`` if it has none, or
    the page is English.

    All labels of a language are read at once, when the first is asked for.
    """
    code = language()
    if code == DEFAULT or not iri.startswith(f"{ONTOLOGY}#"):
        return None
    return kept(f"labels-{code}", lambda: _labels(code)).get(iri)


def _labels(code: str) -> dict[str, Literal]:
    here = service()
    rows = here.engine.rows(bounded_query(here, "term-labels", rows=_MOST, language=Literal(code)))
    return {
        term.value: label
        for row in rows
        if isinstance(term := row["term"], NamedNode) and isinstance(label := row["label"], Literal)
    }
