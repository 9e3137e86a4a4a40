"""What programs and the editor ask for: the vocabulary in use, and the interface described."""

import json
from typing import Any
from typing import Final

from flask import Blueprint
from flask import Response
from flask import render_template

from server.page_response import may_be_kept
from server.page_response import page_response
from server.service import service
from server.used_terms import UsedTerm
from server.used_terms import used_terms

blueprint = Blueprint("api", __name__)

# Of what occurs with a term no more than these are listed: the rest is rare.
_MOST_TOGETHER: Final = 40


@blueprint.get("/api")
def api() -> Response:
    """Return the page that says which addresses programs can ask, with their parameters."""
    return page_response(render_template("api.html", document=_openapi()))


@blueprint.get("/api/openapi.json")
def description() -> Response:
    """Return the same in OpenAPI 3.1."""
    return _json(_openapi())


@blueprint.get("/api/vocabulary")
def vocabulary() -> Response:
    """Return prefixes, classes and properties that the version in service uses, most used first,
    with labels, definitions, counts, an example each, and what they occur with.
    """
    used = used_terms(service())
    return _json(
        {
            "version": {"number": used.version.number, "digest": used.version.digest},
            "prefixes": used.prefixes,
            "classes": [
                {
                    **_term(one),
                    "example": {"iri": one.subject, "label": one.value},
                    "properties": one.with_[:_MOST_TOGETHER],
                }
                for one in used.classes
            ],
            "properties": [
                {
                    **_term(one),
                    "example": {"subject": one.subject, "value": one.value},
                    "classes": one.with_[:_MOST_TOGETHER],
                    "values": one.leads_to[:_MOST_TOGETHER],
                }
                for one in used.properties
            ],
            "others": used.others,
        }
    )


def _openapi() -> dict[str, Any]:
    from server.openapi import openapi  # imported when needed: a start is to be quick

    return openapi(service())


def _term(term: UsedTerm) -> dict[str, Any]:
    return {
        "iri": term.iri,
        "name": term.name,
        "label": term.label,
        "definition": term.definition,
        "count": term.count,
    }


def _json(document: dict[str, Any]) -> Response:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return may_be_kept(Response(text + "\n", content_type="application/json"))
