"""The pages of the query catalogue, and their answers as CSV, JSON and Turtle."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from pyoxigraph import RdfFormat

from kg.catalogue import CatalogueQuery
from kg.catalogue.answer_turtle import answer_turtle
from kg.catalogue.federated import asks_elsewhere
from kg.catalogue.federated import catalogue_query
from kg.engine.interface import Answer
from kg.engine.interface import Formats
from kg.engine.serialization import write
from kg.errors import BadParameter
from kg.errors import LimitError
from kg.errors import NotFound
from kg.namespaces import SHACL
from server.caller import caller
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import choose
from server.negotiation import page_wanted
from server.page_response import fresh
from server.page_response import may_be_kept
from server.page_response import page_response
from server.page_response import tagged
from server.problems import PROBLEM
from server.problems import problem_of
from server.problems import problem_response
from server.query_choices import resolved
from server.query_examples import query_examples
from server.query_list import by_family
from server.query_list import matching
from server.query_view import RESERVED
from server.query_view import VIEWS
from server.query_view import query_view
from server.service import service

if TYPE_CHECKING:
    from server.search_proposals import ProposedQuestion

blueprint = Blueprint("catalogue", __name__)

TURTLE: Final = Offer("text/turtle", "ttl", ("application/x-turtle",))
_LONGEST_WORDS: Final = 200  # characters
_PROPOSED: Final = 3  # questions that words may ask
_TABLES: Final = {
    "csv": "text/csv",
    "json": "application/sparql-results+json",
    # Turtle is made of the solutions.
    "ttl": "application/sparql-results+json",
}


@blueprint.get("/queries")
def queries() -> Response:
    """Return the questions by family, those that hold the words ``q`` if there are any, after those
    that the words may ask; or all of them as RDF, by Accept.
    """
    if choose((PAGE, TURTLE)) is TURTLE:
        return examples()
    words = " ".join(request.args.get("q", "").split())[:_LONGEST_WORDS]
    found = matching(service().catalogue, words)
    try:
        proposed: Sequence[ProposedQuestion] | None = _proposed(words) if words else ()
    except LimitError:
        proposed = None
    html = render_template(
        "queries.html",
        families=by_family(found),
        words=words,
        proposed=proposed,
        count=len(found),
        total=len(service().catalogue),
    )
    response = Response(html) if proposed is None else page_response(html)
    response.vary.add("Accept")
    return response


@blueprint.get("/queries.ttl")
def examples() -> Response:
    """Return all questions with their example values as queries in RDF."""
    here = service()
    quads = query_examples(here)
    document = write(quads, RdfFormat.TURTLE, here.settings.base_iri, {"sh": SHACL})
    response = may_be_kept(Response(document, content_type=f"{TURTLE.media_type}; charset=utf-8"))
    response.vary.add("Accept")
    return response


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Return the form of a question and its answer; for wrong values the form and what is wrong."""
    return _page(name, PAGE.extension if page_wanted((PROBLEM,)) else "")


@blueprint.get("/queries/<name>.<extension>")
def answer(name: str, extension: str) -> Response:
    """Return the whole answer to a question as CSV, as SPARQL results in JSON, or as Turtle; as
    HTML its page.

    Raises :class:`~kg.errors.NotFound` for a question or a format that there is not.
    """
    asked = _asked(name)
    if extension == PAGE.extension:
        return _page(name, extension)
    if extension not in _TABLES:
        raise NotFound(
            f"There is no format with the extension .{extension[:20]}",
            remedy=f"Known: {', '.join(f'.{one}' for one in (*_TABLES, PAGE.extension))}.",
        )
    here = service()
    query = catalogue_query(asked, resolved(here, asked, _values(asked)))
    found = here.engine.answer(query, Formats(_TABLES[extension], None), caller())
    if extension == TURTLE.extension:
        body, media_type = _turtle(asked, found), TURTLE.media_type
    else:
        body, media_type = found.body, found.media_type
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    content_type = media_type + charset
    if asks_elsewhere(asked):  # which has versions of its own
        response = fresh(Response(body, content_type=content_type))
    else:
        tag = f"{found.version.digest[:32]}-{extension}"
        response = tagged(tag, content_type, lambda: body, kept=False)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{extension}"'
    return response


def _proposed(words: str) -> Sequence["ProposedQuestion"]:
    """Return the questions that ``words`` may ask.

    Raises :class:`~kg.errors.LimitError` while names cannot be looked up.
    """
    from server.search_proposals import proposals  # imported when needed: a start is to be quick

    return proposals(words, _PROPOSED)


def _page(name: str, extension: str) -> Response:
    here = service()
    asked = _asked(name)
    values = _values(asked)
    try:
        view = query_view(here, asked, values, request.args)
    except BadParameter as error:
        if extension != PAGE.extension:
            return problem_response(problem_of(error))
        view = query_view(here, asked, values, request.args, error)
        response = Response(render_template("query.html", view=view, views=VIEWS), error.status)
        response.headers["Vary"] = "Accept"
        return fresh(response)
    html = render_template("query.html", view=view, views=VIEWS)
    return fresh(Response(html)) if asks_elsewhere(asked) else page_response(html)


def _turtle(asked: CatalogueQuery, found: Answer) -> bytes:
    here = service()
    address = f"{here.address}/queries/{asked.name}.csv"
    # Encoded anew: what a client sends need not be fit for an IRI.
    arguments = urlencode({k: v for k, v in request.args.items() if k not in RESERVED})
    bindings = json.loads(found.body)["results"]["bindings"]
    if arguments:
        address += f"?{arguments}"
    return answer_turtle(asked, bindings, address, here.settings.base_iri)


def _asked(name: str) -> CatalogueQuery:
    catalogue = service().catalogue
    if name in catalogue:
        return catalogue[name]
    raise NotFound(
        f"The catalogue has no question {name[:80]!r}",
        remedy="All questions are listed at /queries.",
    )


def _values(asked: CatalogueQuery) -> Mapping[str, str]:
    """Return the values in the request, or the examples if it gives none."""
    given = {name: value for name, value in request.args.items() if name not in RESERVED}
    return given or {parameter.name: parameter.example for parameter in asked.parameters}
