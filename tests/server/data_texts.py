"""Texts of data that pages show in their language: what the catalogue of such texts has to hold."""

from inspect import getmembers
from inspect import isclass

from kg import errors
from kg.catalogue import load_catalogue
from server.query_view import VIEWS

# Words of the server that templates are handed, by the page that shows them.
SHOWN = {
    "search": (
        *("Kinds", "Sources", "its name", "another name", "the first letters of its name"),
        *("what it states", "its description", "in another spelling", "by a beginning"),
    ),
    "sparql": ("Properties", "Classes of other vocabularies", "Properties of other vocabularies"),
    "changes": ("Added", "Removed", "Changed", "build", "update"),
    "problem": ("Internal server error", "Not Found", "Method Not Allowed", "Bad Request"),
    "no such address": ("There is nothing at this address.", "Begin at the first page, /."),
}


def data_texts() -> list[str]:
    """Return the texts, each once."""
    questions = load_catalogue().values()
    found = [one.family for one in questions]
    found += [one.title for one in questions]
    found += [parameter.label for one in questions for parameter in one.parameters]
    found += [
        kind.title
        for _, kind in getmembers(errors, isclass)
        if issubclass(kind, errors.PolicykgError)
    ]
    found += VIEWS.values()
    found += [text for texts in SHOWN.values() for text in texts]
    return list(dict.fromkeys(found))
