"""What answers of the interface are made of, as schemas of OpenAPI 3.1."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Final

PROBLEM: Final = {
    "type": "object",
    "description": "What went wrong, where, and what to do (RFC 9457).",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "where": {"type": "string", "description": "The parameter that is wrong."},
        "remedy": {"type": "string", "description": "What is allowed, or what to do."},
    },
}
TERM: Final = {
    "type": "object",
    "description": "A term of the SPARQL 1.1 results format in JSON.",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
}
_CONTENT: Final = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {"schema": {"type": "string"}},
}
RESPONSES: Final = {
    "BadValue": {
        "description": "A parameter is missing or unknown, or its value does not fit.",
        "content": _CONTENT,
    },
    "Failed": {
        "description": "A limit was reached, or the service cannot answer at the moment.",
        "content": _CONTENT,
    },
}


def record(
    description: str, optional: Sequence[str] = (), /, **members: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the schema of an object with these ``members`` and no others, all of them there but
    those that are ``optional``.
    """
    return {
        "type": "object",
        "description": description,
        "required": [name for name in members if name not in optional],
        "properties": members,
        "additionalProperties": False,
    }


def array(items: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of ``items``."""
    return {"type": "array", "items": items}


def json_answer(description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of an answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}
