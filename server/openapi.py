"""The catalogue as an interface for programs, described in OpenAPI 3.1."""

import re
from collections.abc import Mapping
from typing import Any
from typing import Final

from kg import __version__
from kg.catalogue import CatalogueQuery
from kg.catalogue import Column
from kg.catalogue import Parameter
from server.openapi_graph import graph_paths
from server.openapi_schemas import PROBLEM
from server.openapi_schemas import RESPONSES
from server.openapi_schemas import TERM
from server.openapi_search import SCHEMAS as SEARCH_SCHEMAS
from server.openapi_search import search_paths
from server.service import Service

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
FORMATS: Final = {
    "csv": "text/csv",
    "json": "application/sparql-results+json",
    "ttl": "text/turtle",
    "html": "text/html",
}
# What kg.catalogue.values takes, and no more, in the regular expressions of JSON Schema.
_KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "iri": {
        "type": "string",
        "pattern": "^https?://[A-Za-z0-9.-]+(/[A-Za-z0-9/._~-]*)?(#[A-Za-z0-9_.-]*)?$",
    },
    "string": {"type": "string", "minLength": 1},
    "integer": {"type": "integer", "minimum": -(10**17), "maximum": 10**17},
    "decimal": {"type": "string", "pattern": "^[+-]?[0-9]{1,12}(\\.[0-9]{0,12})?$"},
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "boolean": {"type": "string", "enum": ["true", "false"]},
}


def openapi(service: Service) -> dict[str, Any]:
    """Return the document: a path for each question of the catalogue, search, and the other
    addresses that answer programs with JSON.
    """
    families = sorted({query.family for query in service.catalogue.values()})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "policykg: questions to what policy reports say",
            "version": __version__,
            "description": (
                "Every question of the catalogue, with typed parameters; a question that is given "
                "no value at all is answered for its examples. Free queries go to /sparql "
                "(SPARQL 1.1 Protocol)."
            ),
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": service.address}],
        "tags": [{"name": name} for name in (*families, "Search", "The graph")],
        "paths": {
            **{
                f"/queries/{query.name}.{{format}}": {"get": _operation(query)}
                for query in service.catalogue.values()
            },
            **search_paths(),
            **graph_paths(),
        },
        "components": {
            "schemas": {"Problem": PROBLEM, "Term": TERM, **SEARCH_SCHEMAS},
            "responses": RESPONSES,
        },
    }


def operation_id(name: str) -> str:
    """Return the name of a question as programs write it: ``frameworkGoals``."""
    return re.sub(r"-(\w)", lambda match: match[1].upper(), name)


def _operation(query: CatalogueQuery) -> dict[str, Any]:
    return {
        "operationId": operation_id(query.name),
        "summary": query.title,
        "description": query.description,
        "tags": [query.family],
        "parameters": [
            {
                "name": "format",
                "in": "path",
                "required": True,
                "description": "The extension of the format.",
                "schema": {"type": "string", "enum": [*FORMATS]},
                "example": "json",
            },
            *(_parameter(one) for one in query.parameters),
        ],
        "responses": {
            "200": {
                "description": query.title,
                "headers": {
                    "ETag": {
                        "description": "Changes with the version of the graph.",
                        "schema": {"type": "string"},
                    }
                },
                "content": {
                    FORMATS["json"]: {"schema": _results(query.columns, query.parameters)},
                    FORMATS["csv"]: {"schema": {"type": "string"}},
                    FORMATS["ttl"]: {"schema": {"type": "string"}},
                    FORMATS["html"]: {"schema": {"type": "string"}},
                },
            },
            "400": {"$ref": "#/components/responses/BadValue"},
            "default": {"$ref": "#/components/responses/Failed"},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    description = parameter.description
    if parameter.choices:
        description += f" A member of <{parameter.choices}>; its name will do."
    example: Any = int(parameter.example) if parameter.kind == "integer" else parameter.example
    return {
        "name": parameter.name,
        "in": "query",
        "required": True,
        "description": description,
        "schema": dict(_KINDS[parameter.kind]),
        "example": example,
    }


def _results(columns: tuple[Column, ...], parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    described = {one.name: one.description for one in columns}
    described |= {one.name: one.description for one in parameters}
    term = {"$ref": "#/components/schemas/Term"}
    terms = {name: {**term, "description": text} for name, text in described.items()}
    return {
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {
                "type": "object",
                "properties": {"vars": {"type": "array", "items": {"enum": [*described]}}},
            },
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": terms,
                            "additionalProperties": False,
                        },
                    }
                },
            },
        },
    }
