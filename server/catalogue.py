"""The pages of the query catalogue, and their answers as CSV and JSON."""

from collections.abc import Mapping

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request

from kg.catalogue import CatalogueQuery
from kg.catalogue import bind
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import BadParameter
from kg.errors import NotFound
from server.negotiation import page_wanted
from server.page_response import page_response
from server.problems import PROBLEM
from server.problems import problem_of
from server.problems import problem_response
from server.query_view import by_tag
from server.query_view import query_view
from server.service import service

blueprint = Blueprint("catalogue", __name__)

_PAGE = "page"


@blueprint.get("/queries")
def queries() -> Response:
    """Return the list of all questions, grouped by tag."""
    return page_response(render_template("queries.html", groups=by_tag(service().catalogue)))


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Return the form of a question and its answer; for wrong values the form and what is wrong."""
    here = service()
    asked = _asked(name)
    values = _values(asked)
    try:
        view = query_view(here, asked, values, request.args)
    except BadParameter as error:
        if not page_wanted((PROBLEM,)):
            return problem_response(problem_of(error))
        view = query_view(here, asked, values, request.args, error)
        response = Response(render_template("query.html", view=view), error.status)
        response.headers["Vary"] = "Accept"
        response.headers["Cache-Control"] = "no-store"
        return response
    return page_response(render_template("query.html", view=view))


@blueprint.get("/queries/<name>.csv")
def csv(name: str) -> Response:
    """Return the whole answer to a question as CSV."""
    return _answer(name, "text/csv", "csv")


@blueprint.get("/queries/<name>.json")
def json(name: str) -> Response:
    """Return the whole answer to a question in the SPARQL results format for JSON."""
    return _answer(name, "application/sparql-results+json", "json")


def _answer(name: str, media_type: str, extension: str) -> Response:
    here = service()
    asked = _asked(name)
    bound = bind(asked, _values(asked))
    answer = here.engine.answer(
        Query(asked.text, bindings=bound), Formats(bindings=media_type, graph=None)
    )
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = Response(answer.body, content_type=answer.media_type + charset)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{extension}"'
    response.cache_control.public = True
    response.cache_control.max_age = here.settings.cache_seconds
    response.set_etag(f"{answer.version.digest[:32]}-{extension}")
    response.add_etag(overwrite=True)
    response.make_conditional(request)
    return response


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
    given = {name: value for name, value in request.args.items() if name != _PAGE}
    return given or {parameter.name: parameter.example for parameter in asked.parameters}
