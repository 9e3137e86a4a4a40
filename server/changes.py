"""What made each version of the graph: the journal, as JSON and as a page."""

from typing import Any
from typing import Final

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import render_template
from flask import request

from kg.engine.versions import VersionStore
from kg.errors import NotFound
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import choose
from server.paging import page_number
from server.paging import pager
from server.service import service

blueprint = Blueprint("changes", __name__)

JSON: Final = Offer("application/json", "json")


@blueprint.get("/changes")
def changes() -> Response:
    """Return what made each version, the latest first: when, by whom, what kind, how much."""
    if service().settings.engine != "embedded":
        raise NotFound(
            "A remote engine keeps no journal", remedy="Whoever runs the engine may have one."
        )
    entries = [_shown(entry) for entry in VersionStore(service().settings.data).journal()]
    entries.reverse()
    number, size = page_number(request.args, "page"), service().settings.page_rows
    shown = entries[(number - 1) * size : number * size]
    if choose((JSON, PAGE)) is PAGE:
        pages = pager(
            request.path,
            request.args,
            "page",
            size=size,
            shown=len(shown),
            more=len(entries) > number * size,
            total=len(entries),
        )
        response = Response(render_template("changes.html", entries=shown, pager=pages))
        response.mimetype = "text/html"
    else:
        response = jsonify(changes=shown, total=len(entries))
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a journal's entry that are for everybody."""
    return {
        "version": entry["version"],
        "time": entry.get("time"),
        "by": entry.get("by"),
        "kind": entry.get("kind", "build"),
        "graphs": entry.get("graphs", []),
        "statements": entry.get("statements"),
        "change": entry.get("change"),
    }
