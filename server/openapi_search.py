"""Search, suggestions and questions in plain words, as parts of the OpenAPI document."""

from typing import Any
from typing import Final

from kg.namespaces import ONTOLOGY
from kg.namespaces import POL
from kg.search.index import LONGEST
from server.openapi_schemas import array
from server.openapi_schemas import json_answer
from server.openapi_schemas import record
from server.search_request import MOST_SUGGESTIONS

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_NAMED: Final = record("A thing and its name.", iri=_TEXT, label=_TEXT)
_COUNTED: Final = record("A kind or a source and its hits.", iri=_TEXT, label=_TEXT, count=_COUNT)
_FOUND: Final = record(
    "Why it was found.",
    where={"enum": ["name", "other name", "first letters", "statement", "definition"]},
    by={"enum": ["word", "beginning", "spelling"]},
    language=_TEXT,
    snippet=array(record("A piece of the text.", text=_TEXT, marked={"type": "boolean"})),
)
# The address of a thing here; what is no web address has none.
_HREF: Final = {"type": ["string", "null"]}
_HIT: Final = record(
    "A thing that was found.",
    iri=_TEXT,
    label=_TEXT,
    href=_HREF,
    kinds=array(_NAMED),
    sources=array(_NAMED),
    score={"type": "number"},
    found={"$ref": "#/components/schemas/FoundIn"},
)
_SUGGESTION: Final = record(
    "A thing that somebody who types may mean.",
    iri=_TEXT,
    label=_TEXT,
    kind=_TEXT,
    href=_HREF,
    matched={"type": "string", "description": "The name that begins so."},
    where=_FOUND["properties"]["where"],
)
_QUESTION: Final = record(
    "A question of the catalogue with values filled in.",
    name=_TEXT,
    sentence=_TEXT,
    href=_TEXT,
    description=_TEXT,
    values={"type": "object", "additionalProperties": _TEXT},
    recognised={**array(_TEXT), "description": "The parameters that the words gave."},
    score={"type": "number"},
)
SCHEMAS: Final = {
    "Hit": _HIT,
    "FoundIn": _FOUND,
    "Suggestion": _SUGGESTION,
    "ProposedQuestion": _QUESTION,
}


def search_paths() -> dict[str, Any]:
    """Return the paths of search, suggestions and questions in plain words."""
    return {
        "/api/search": {
            "get": _operation(
                "search",
                "The things that words mean, best first, with the reason for each",
                [
                    _words("NACTA"),
                    _narrowed("kind", "The class of the things, as an IRI.", f"{POL}Topic"),
                    _narrowed("source", "The graph that speaks of them, as an IRI.", ONTOLOGY),
                    _whole("page", "The page of the hits.", 1, 10**6, 1),
                    _limit(),
                ],
                record(
                    "Hits, and their numbers by kind and source.",
                    ("next",),
                    query=_TEXT,
                    total=_COUNT,
                    cut={"type": "boolean", "description": "Whether there may be more than total."},
                    hits=array({"$ref": "#/components/schemas/Hit"}),
                    kinds=array(_COUNTED),
                    sources=array(_COUNTED),
                    next={"type": "string", "description": "The address of the next page."},
                ),
            )
        },
        "/api/suggest": {
            "get": _operation(
                "suggest",
                "The things whose names begin as typed, or nearly so",
                [_words("nat"), _limit()],
                record(
                    "Suggestions, best first.",
                    query=_TEXT,
                    suggestions=array({"$ref": "#/components/schemas/Suggestion"}),
                ),
            )
        },
        "/api/ask": {
            "get": _operation(
                "ask",
                "The questions of the catalogue that words ask, with values filled in",
                [_words("what is unclear about NISP"), _limit()],
                record(
                    "Questions, best first.",
                    query=_TEXT,
                    questions=array({"$ref": "#/components/schemas/ProposedQuestion"}),
                ),
            )
        },
    }


def _operation(
    name: str, summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": "Nothing that is typed is an operator. Searches are answered from an index.",
        "tags": ["Search"],
        "parameters": parameters,
        "responses": {
            "200": json_answer(summary, schema),
            "400": {"$ref": "#/components/responses/BadValue"},
            "default": {"$ref": "#/components/responses/Failed"},
        },
    }


def _words(example: str) -> dict[str, Any]:
    return {
        "name": "q",
        "in": "query",
        "description": "The words, in any language; without any nothing is found.",
        "schema": {"type": "string", "maxLength": LONGEST},
        "example": example,
    }


def _narrowed(name: str, description: str, example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": _TEXT,
        "example": example,
    }


def _limit() -> dict[str, Any]:
    return _whole("limit", "How many results there may be.", 1, MOST_SUGGESTIONS, 10)


def _whole(name: str, description: str, least: int, most: int, default: int) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "integer", "minimum": least, "maximum": most, "default": default},
        "example": default,
    }
