"""Reconciliation: the service for OpenRefine and its like, and the page for people, at one address.

Reconciliation Service API, W3C Community Group, version 0.2.
"""

from typing import Any
from typing import cast

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request

from kg.errors import BadParameter
from kg.errors import NotFound
from kg.reconcile.distant import ReconcileOffice
from kg.reconcile.entry import Entry
from kg.reconcile.reconciler import Reconciliation
from server.caller import caller
from server.negotiation import Offer
from server.negotiation import page_wanted
from server.reconcile_answers import extension
from server.reconcile_answers import manifest
from server.reconcile_answers import results
from server.reconcile_answers import suggestion
from server.reconcile_answers import type_id
from server.reconcile_answers import type_of
from server.reconcile_requests import MOST_CANDIDATES
from server.reconcile_requests import limit_of
from server.reconcile_requests import read_extension
from server.reconcile_requests import read_parameters
from server.reconcile_requests import read_queries
from server.service import service

blueprint = Blueprint("reconcile", __name__)
_EXTENSION = "policykg-reconcile"
_SUGGESTIONS = 20  # at once
# A preview is there to be shown in a frame of the program that asks (section 6).
_FRAMED = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)


@blueprint.record_once
def _prepare(state: Any) -> None:
    here = state.app.extensions["policykg"]
    state.app.extensions[_EXTENSION] = ReconcileOffice(here.settings)


def known() -> Reconciliation:
    """Return what answers for the version in service, in a process of its own.

    What is asked of it raises :class:`~kg.errors.LimitError`: one client cannot have all its time.
    """
    office = cast(ReconcileOffice, current_app.extensions[_EXTENSION])
    return office.reconciliation(caller(), service().engine.version())


@blueprint.route("/reconcile", methods=["GET", "POST"])
def reconcile() -> Response:
    """Return the manifest, the answer to a batch of queries or to an extension, or the page.

    Raises :class:`~kg.errors.BadParameter` and :class:`~kg.errors.BatchTooLarge`.
    """
    if request.method == "GET" and set(request.args) <= {"lang"}:
        if page_wanted((Offer("application/json", "json"),)):
            from server.reconcile_page import page  # imported when needed: a start is to be quick

            return page(known())
        return _json(manifest(service(), known()), vary=True)
    parameters = read_parameters()
    if ("queries" in parameters) == ("extend" in parameters):
        if request.method == "GET" and set(parameters) <= {"lang"}:
            return _json(manifest(service(), known()), vary=True)
        raise BadParameter(
            "There is nothing to answer"
            if "queries" not in parameters
            else "There are two requests",
            where="queries",
            remedy="Send either queries or extend, with a JSON object.",
        )
    here, most = known(), service().settings.reconcile_batch
    if "extend" in parameters:
        ids, asked = read_extension(parameters["extend"], most)
        return _json(extension({one: here.find(one) for one in ids}, asked, here.properties))
    queries = read_queries(parameters["queries"], most, here)
    names = here.suggester.classes
    found = here.matches(list(queries.values()))
    return _json({key: results(one, names) for key, one in zip(queries, found, strict=True)})


@blueprint.post("/reconcile/table")
def filled() -> Response:
    """Return a small table with what its names stand for, for browsers without scripts."""
    from server.reconcile_page import table_response  # imported when needed

    return table_response(known())


@blueprint.get("/reconcile/suggest/<kind>")
def suggest(kind: str) -> Response:
    """Return what begins as ``prefix``: things (``entity``), classes or properties."""
    here = known()
    typed = request.args.get("prefix", "").strip()[:200]
    if not typed:
        raise BadParameter("There is no prefix", where="prefix", remedy="Send what was typed.")
    try:
        start = int(request.args.get("cursor") or 0)
    except ValueError:
        start = -1
    if not 0 <= start < 100_000:
        raise BadParameter("This is no cursor", where="cursor", remedy="Send a whole number.")
    if kind == "entity":
        wanted = tuple(here.suggester.class_iri(one) for one in request.args.getlist("type") if one)
        names = here.suggester.classes
        found = here.suggester.entities(typed, wanted)[start : start + _SUGGESTIONS]
        return _json({"result": [suggestion(one, names) for one in found]})
    if kind not in ("type", "property"):
        raise _unknown(kind)
    terms = here.suggester.types(typed) if kind == "type" else here.suggester.properties(typed)
    page = terms[start : start + _SUGGESTIONS]
    return _json({"result": [{"id": type_id(iri), "name": name} for iri, name in page]})


@blueprint.get("/reconcile/flyout/<kind>")
def flyout(kind: str) -> Response:
    """Return a few words of HTML about a thing, a class or a property."""
    here, id_ = known(), request.args.get("id", "")
    if kind == "entity":
        html = render_template("reconcile_flyout.html", entry=_thing(here, id_), name="", iri="")
    elif kind in ("type", "property"):
        iri = here.suggester.class_iri(id_)
        name = here.suggester.classes.get(iri) if kind == "type" else here.properties.name(id_)
        html = render_template("reconcile_flyout.html", entry=None, name=name or id_, iri=iri)
    else:
        raise _unknown(kind)
    return _json({"id": id_, "html": html})


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """Return a small page about a thing that may stand in a frame anywhere."""
    here = known()
    entry = _thing(here, request.args.get("id", ""))
    names = here.suggester.classes
    kinds = [type_of(iri, names)["name"] for iri in entry.types]
    links = service().links
    response = Response(
        render_template(
            "reconcile_preview.html",
            entry=entry,
            kinds=kinds,
            href=links.page(entry.iri) or links.href(entry.iri),
            codes=[(here.properties.name(one), entry.codes[one]) for one in entry.codes],
        ),
        content_type="text/html; charset=utf-8",
    )
    response.headers["Content-Security-Policy"] = _FRAMED
    return response


@blueprint.get("/reconcile/view")
def view() -> Response:
    """Lead to the page about a thing. Only things of the graph are led to."""
    entry = _thing(known(), request.args.get("id", ""))
    links = service().links
    target = links.page(entry.iri) or links.href(entry.iri)
    if target is None:
        raise _unknown(entry.iri)
    return cast(Response, redirect(target, 303))


@blueprint.get("/reconcile/properties")
def properties() -> Response:
    """Return the properties by which things of a type can be extended (section 7.1)."""
    here = known()
    kind = request.args.get("type", "")
    given = request.args.get("limit")
    try:
        number = float(given) if given else None
    except ValueError:
        number = -1
    limit = limit_of(number, "limit", MOST_CANDIDATES, MOST_CANDIDATES * 2)
    found = here.properties.proposed(here.suggester.class_iri(kind) if kind else None, limit)
    answer: dict[str, Any] = {"properties": [{"id": id_, "name": name} for id_, name in found]}
    if kind:
        answer["type"] = kind
    return _json({**answer, "limit": limit})


def _thing(here: Reconciliation, id_: str) -> Entry:
    found = here.find(id_)
    if found is None:
        raise _unknown(id_)
    return found


def _unknown(id_: str) -> NotFound:
    return NotFound("The graph has no such thing", where=id_[:200], remedy="Give an IRI of it.")


def _json(answer: dict[str, Any], vary: bool = False) -> Response:
    response = jsonify(answer)
    if vary:
        response.headers["Vary"] = "Accept"
    return response
