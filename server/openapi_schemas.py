"""What answers of the interface are made of, as schemas of OpenAPI 3.1."""

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
