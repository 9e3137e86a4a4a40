"""The vocabulary and the description itself, as parts of the OpenAPI document."""

from typing import Any

from server.openapi_schemas import array
from server.openapi_schemas import json_answer


def graph_paths() -> dict[str, Any]:
    """Return the paths of what is said of the graph as a whole."""
    return {
        "/api/vocabulary": {"get": _vocabulary()},
        "/api/openapi.json": {"get": _itself()},
    }


def _vocabulary() -> dict[str, Any]:
    used = array({"type": "object"})
    schema = {
        "type": "object",
        "required": ["version", "prefixes", "classes", "properties"],
        "properties": {
            "version": {"type": "object"},
            "prefixes": {"type": "object"},
            "classes": used,
            "properties": used,
        },
    }
    return {
        "operationId": "vocabulary",
        "summary": "The prefixes, classes and properties that the data uses",
        "description": "With counts, labels, definitions, an example each, and what goes with it.",
        "tags": ["The graph"],
        "responses": {
            "200": json_answer("The vocabulary of the version in service.", schema),
            "default": {"$ref": "#/components/responses/Failed"},
        },
    }


def _itself() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This description",
        "tags": ["The graph"],
        "responses": {
            "200": json_answer("An OpenAPI 3.1 document.", {"type": "object"}),
            "default": {"$ref": "#/components/responses/Failed"},
        },
    }
