"""What made each version of the graph: the journal, as JSON and as a page."""

from pathlib import Path
from typing import Any
from typing import Final

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import render_template
from flask import request
from flask import send_file

from kg.engine.patch import PATCH
from kg.engine.versions import VersionStore
from kg.errors import NotFound
from server.negotiation import PAGE
from server.negotiation import Offer
from server.negotiation import choose
from server.paging import page_number
from server.paging import pager
from server.service import service
from server.version_changes import changes_in

blueprint = Blueprint("changes", __name__)

JSON: Final = Offer("application/json", "json")


@blueprint.get("/changes")
def changes() -> Response:
    """Return what made each version, the latest first: when, by whom, what kind, how much."""
    _journal_is_here()
    entries = list(VersionStore(service().settings.data).journal())
    entries.reverse()
    number, size = page_number(request.args, "page"), service().settings.page_rows
    shown = [_shown(entry) for entry in entries[(number - 1) * size : number * size]]
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
        "patch": _patch_address(entry["version"]),
    }


def _patch_address(number: int) -> str | None:
    """Return where the patch of version ``number`` is, or ``None`` if there is none."""
    path = VersionStore(service().settings.data).folder(number) / PATCH
    return f"/changes/{number}.rdfp.gz" if path.is_file() else None


@blueprint.get("/changes/<int:number>")
def version_changes(number: int) -> Response:
    """Return the page of what the build that made version ``number`` changed."""
    here = service()
    patch = _patch(number)
    changes = changes_in(patch, here.links, here.engine)
    page = render_template("version_changes.html", number=number, changes=changes)
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/changes/<int:number>.rdfp.gz")
def version_patch(number: int) -> Response:
    """Return the same as an RDF Patch, for stores that follow the graph."""
    response = send_file(
        _patch(number).absolute(), "application/gzip", True, f"policykg-{number}.rdfp.gz"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _patch(number: int) -> Path:
    """Return the patch of version ``number``; raises :class:`~kg.errors.NotFound`."""
    _journal_is_here()
    path = VersionStore(service().settings.data).folder(number) / PATCH
    if not path.is_file():
        raise NotFound(
            f"What version {number} changed is not kept",
            remedy="It is for the last versions that a build made of another. /changes lists all.",
        )
    return path


def _journal_is_here() -> None:
    if service().settings.engine != "embedded":
        raise NotFound(
            "A remote engine keeps no journal", remedy="Whoever runs the engine may have one."
        )
