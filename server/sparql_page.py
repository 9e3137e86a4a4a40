"""The page with the query form, and with the result of a query that was sent from it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from typing import Final

from flask import Response
from flask import current_app
from flask import render_template

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import LimitError
from kg.errors import PolicykgError
from kg.errors import QueryError
from kg.errors import ResultTooLarge
from kg.namespaces import shorten
from server.caller import caller
from server.problems import problem_of
from server.relay import Chunks
from server.schema_view import SchemaView
from server.schema_view import schema_view
from server.service import Service
from server.service import service
from server.used_terms import used_terms

_LARGEST: Final = 8 << 20  # bytes of an answer that is read for a page
_READ: Final = Formats("application/sparql-results+json", "text/turtle")


def sparql_page(query: Query | None) -> Response:
    """Return the page; with ``query``, it holds its result, or what is wrong with it (4xx)."""
    current = service()
    text = query.text if query else None
    status = 200
    result: dict[str, Any] = {
        "columns": None,
        "rows": None,
        "count": None,
        "boolean": None,
        "turtle": None,
        "problem": None,
    }
    if query:
        try:
            result |= _result(current, query)
        except (QueryError, LimitError) as error:
            problem = problem_of(error)
            status = problem.status
            result["problem"] = problem
    body = render_template(
        "sparql.html",
        query=text,
        example_query=example_query(),
        curl=curl(current.address, text or example_query()),
        schema=_schema(current),
        base=current.settings.base_iri,
        ontology=current.links.iri("ontology"),
        endpoint=f"{current.address}/sparql",
        suggestions=_suggestions(),
        **result,
    )
    return Response(body, status, mimetype="text/html")


@cache
def example_query() -> str:
    """Return a query that has an answer in every graph with recommendations."""
    return (Path(__file__).parent / "page_queries" / "example.rq").read_text(encoding="utf-8")


def curl(address: str, query: str) -> str:
    """Return the command line that asks the server at ``address`` the ``query`` in a shell.

    It accepts a table for rows and Turtle for graphs, so that it works for any query.
    """
    from shlex import quote  # only people's pages need it

    accept = quote("Accept: text/csv, text/turtle")
    return (
        f"curl -H {accept} --data-urlencode {quote('query=' + query)} {quote(address + '/sparql')}"
    )


def _suggestions() -> str:
    """Return the address that suggests things by name while somebody types, empty without one."""
    known = any(rule.rule == "/api/suggest" for rule in current_app.url_map.iter_rules())
    return "/api/suggest" if known else ""


def _schema(current: Service) -> SchemaView | None:
    """Return the schema to show beside the form, or ``None`` where it cannot be counted."""
    try:
        return schema_view(used_terms(current), current.links)
    except PolicykgError:  # the form is of use without it
        return None


def _result(current: Service, query: Query) -> dict[str, Any]:
    answer = current.engine.answer(query, _READ, caller())
    body = _read(Chunks(answer))
    if answer.form == "graph":
        return {"turtle": body.decode()}
    document = json.loads(body)
    if answer.form == "boolean":
        return {"boolean": document["boolean"]}
    columns = document["head"]["vars"]
    solutions = document["results"]["bindings"]
    shown = solutions[: current.settings.page_rows]
    return {
        "columns": columns,
        "rows": [[_cell(current, row.get(name)) for name in columns] for row in shown],
        "count": len(solutions),
    }


def _read(chunks: Chunks) -> bytes:
    body = bytearray()
    try:
        for chunk in chunks:
            body += chunk
            if len(body) > _LARGEST:
                raise ResultTooLarge(
                    f"The answer is larger than the {_LARGEST >> 20} MB that a page can show",
                    remedy="Choose another format, or ask for less, by LIMIT and OFFSET.",
                )
    finally:
        chunks.close()
    return bytes(body)


def _cell(current: Service, term: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Return the text, link and language of a term of the SPARQL results JSON format."""
    if term is None:
        return {"text": "", "href": None, "lang": None}
    if term["type"] == "uri":
        iri = term["value"]
        return {"text": shorten(iri), "href": current.links.href(iri), "lang": None}
    if term["type"] == "triple":
        parts = (
            _cell(current, term["value"][part])["text"] or ""
            for part in ("subject", "predicate", "object")
        )
        return {"text": f"<< {' '.join(parts)} >>", "href": None, "lang": None}
    return {"text": str(term["value"]), "href": None, "lang": term.get("xml:lang")}
