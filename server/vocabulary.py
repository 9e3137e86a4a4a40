"""The pages of the ontology and of its terms."""

import re
from pathlib import Path
from typing import Final

from flask import Blueprint
from flask import Response
from flask import render_template

from kg.build.dumps import SCHEMA
from kg.engine.interface import Term
from kg.engine.versions import VersionStore
from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.data import REPRESENTATIONS
from server.negotiation import PAGE
from server.negotiation import choose
from server.page_response import may_be_kept
from server.page_response import page_response
from server.service import service
from server.statements import near_names
from server.term_questions import questions_with
from server.term_use_view import examples
from server.term_use_view import neighbours
from server.term_use_view import requirements
from server.term_view import FORMATS
from server.term_view import term_node
from server.term_view import term_view
from server.vocabulary_header import VocabularyHeader
from server.vocabulary_header import vocabulary_header
from server.vocabulary_view import vocabulary_view

blueprint = Blueprint("vocabulary", __name__)

_VERSION: Final = re.compile(r"\d+(\.\d+)*")


@blueprint.get("/ontology")
def ontology() -> Response:
    """Return the list of all terms, or send the client on to the ontology as data."""
    here = service()
    iri = here.links.iri("ontology")
    elsewhere = _data(iri)
    if elsewhere:
        return elsewhere
    return _all_terms()


@blueprint.get("/ontology.svg")
def picture() -> Response:
    """Return the diagram of the ontology that the build drew.

    Raises :class:`~kg.errors.NotFound` if it drew none.
    """
    file = _picture()
    if file is None:
        raise NotFound(
            "There is no diagram of the ontology", remedy="All terms are listed at /ontology."
        )
    response = Response(file.read_bytes(), content_type="image/svg+xml")
    return may_be_kept(response)


@blueprint.get("/ontology/<term>")
def term(term: str) -> Response:
    """Return the page of a term, or send the client on to its description as data; the number of
    the version in service stands for the ontology.

    Raises :class:`~kg.errors.NotFound` if the ontology has no such term or version.
    """
    if _VERSION.fullmatch(term):
        return _version(term)
    here = service()
    iri = here.links.iri("ontology", term)
    node = term_node(iri)
    rows = (
        here.engine.rows(bounded_query(here, "term", rows=here.settings.page_rows, term=node))
        if node
        else []
    )
    if not rows or node is None:
        near = [here.links.local(one) for one in near_names(here.engine, iri)]
        meant = f"Did you mean {' or '.join(one for one in near if one)}? " if near else ""
        raise NotFound(
            f"The ontology has no term {term[:80]!r}",
            remedy=f"{meant}All terms are listed at /ontology.",
        )
    elsewhere = _data(iri)
    if elsewhere:
        return elsewhere
    formats = [(name, here.links.data(iri, extension)) for extension, name in FORMATS]

    def ask(name: str) -> list[dict[str, Term]]:
        return here.engine.rows(bounded_query(here, name, rows=here.settings.page_rows, term=node))

    used = ask("term-use")
    view = term_view(rows, [row for row in used if "count" in row], iri, here.links)
    html = render_template(
        "term.html",
        view=view,
        formats=formats,
        cases=examples([row for row in used if "count" not in row], iri, here.links),
        neighbours=neighbours(ask("term-neighbours"), here.links),
        questions=questions_with(iri, here.settings.base_iri),
        requirements=requirements(iri, view.wider, here.links),
    )
    return _page(html)


def _all_terms() -> Response:
    here = service()
    iri = here.links.iri("ontology")
    rows = here.engine.rows(bounded_query(here, "terms", rows=here.settings.page_rows))
    html = render_template(
        "ontology.html",
        view=vocabulary_view(rows, here.links),
        header=_header(),
        iri=iri,
        formats=[(name, here.links.data(iri, extension)) for extension, name in FORMATS],
        has_picture=_picture() is not None,
    )
    return _page(html)


def _version(number: str) -> Response:
    """Return what ``/ontology`` returns, if it has this version number."""
    here = service()
    known = _header()
    if here.links.iri("ontology") + f"/{number}" != known.version_iri:
        raise NotFound(
            f"There is no version {number} of the ontology here",
            where=here.links.iri("ontology"),
            remedy=f"The version that is served is {known.version}, at /ontology/{known.version}.",
        )
    return _data(here.links.iri("ontology")) or _all_terms()


def _header() -> VocabularyHeader:
    here = service()
    rows = here.engine.rows(bounded_query(here, "ontology", rows=here.settings.page_rows))
    return vocabulary_header(rows, here.links)


def _picture() -> Path | None:
    here = service()
    folder = VersionStore(here.settings.data).dumps_path(here.engine.version())
    file = folder / SCHEMA
    return file if file.is_file() else None


def _data(iri: str) -> Response | None:
    """Return the redirect to the data about ``iri`` if the client would rather have that."""
    chosen = choose((PAGE, *REPRESENTATIONS))
    if chosen is PAGE:
        return None
    target = service().links.data(iri, chosen.extension) or "/"
    response = Response(f"See {target}\n", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = target
    response.headers["Vary"] = "Accept"
    return response


def _page(html: str) -> Response:
    response = page_response(html)
    response.vary.add("Accept")
    return response
