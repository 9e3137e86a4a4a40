"""The addresses of lists, views, pictures and citations; their modules are read when first needed.

A start is to be quick, and no request needs more than one of them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from typing import Final

from flask import Blueprint
from flask import Response

from server.service import service

blueprint = Blueprint("views", __name__)

# Each address with the module of this package that answers it, and the function there.
ROUTES: Final = (
    ("/list", "lists", "lists"),
    ("/list/<slug>", "lists", "members"),
    ("/list/<slug>.<extension>", "lists", "data"),
    ("/search", "search", "search"),
    ("/api/search", "search_api", "search"),
    ("/api/suggest", "search_api", "suggest"),
    ("/api/ask", "search_api", "ask"),
    ("/recommendations", "recommendations", "recommendations"),
    ("/recommendations.csv", "recommendations", "csv"),
    ("/frameworks", "frameworks", "frameworks"),
    ("/frameworks.csv", "frameworks", "csv"),
    ("/certainty", "certainty", "certainty"),
    ("/certainty.csv", "certainty", "csv"),
    ("/timeline", "timeline", "timeline"),
    ("/timeline.csv", "timeline", "csv"),
    ("/timeline.svg", "timeline", "picture"),
    ("/actors", "actors", "actors"),
    ("/actors.csv", "actors", "csv"),
    ("/actors.svg", "actors", "picture"),
    ("/links", "links_page", "page"),
    ("/mappings.sssom.<extension>", "mappings", "mappings"),
    ("/picture", "picture_view", "page"),
    ("/picture.json", "picture_view", "data"),
    ("/picture.svg", "picture_view", "drawing"),
    ("/picture/<slug>.svg", "neighbours", "thing"),
    ("/picture/topic/<slug>.svg", "neighbours", "topic"),
    ("/cite/<slug>.<extension>", "references", "thing"),
    ("/cite/topic/<slug>.<extension>", "references", "topic"),
    ("/cite/graph/<path:slug>.<extension>", "references", "graph"),
)


@blueprint.app_template_global()
def explorer(iri: str) -> str | None:
    """Return the address of the picture that starts at ``iri``, or ``None`` if none can."""
    from server.picture_request import PictureRequest
    from server.picture_request import name_of_thing

    name = name_of_thing(iri, service().links)
    return None if name is None else PictureRequest(name).address()


def _late(module: str, function: str) -> Callable[..., Response]:
    def answer(**arguments: Any) -> Response:
        response: Response = getattr(import_module(f"server.{module}"), function)(**arguments)
        return response

    return answer


for _address, _module, _function in ROUTES:
    blueprint.add_url_rule(
        _address, f"{_module}_{_function}", _late(_module, _function), methods=["GET"]
    )
