"""What the server says of itself: the dataset's description, its dumps, and its health."""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import send_from_directory

from kg.engine.interface import Query
from kg.engine.versions import VersionStore
from kg.errors import EngineDown
from kg.errors import EngineFailed
from kg.errors import NotFound
from kg.errors import PolicykgError
from kg.errors import ServiceBusy
from kg.errors import StoreError
from server.data import REPRESENTATIONS
from server.data import statements_response
from server.negotiation import choose
from server.page_response import public
from server.service import service
from server.stopping import STOPPING
from server.version_chain import described

blueprint = Blueprint("about", __name__)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return the description of the dataset (VoID, section 7.2), Turtle if nothing else is asked.

    It is given here and not by a redirect, because crawlers of this address often follow none.
    """
    offer = choose(REPRESENTATIONS)
    description = service().links.iri("graph", "description")
    response = statements_response(description, offer, described)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """Return a dump file of the version in service.

    Raises :class:`~kg.errors.NotFound`, which names the dumps there are.
    """
    version = service().engine.version()
    folder = VersionStore(service().settings.data).dumps_path(version).absolute()
    names = sorted(path.name for path in folder.glob("*.gz"))
    # Only a name that is in the folder is ever joined to it, so that none leads out of it.
    if name not in names:
        raise NotFound(
            f"There is no dump {name}", remedy=f"There are: {', '.join(names)}." if names else None
        )
    response = send_from_directory(
        folder,
        name,
        mimetype="application/gzip",
        as_attachment=True,
        etag=f"{version.digest[:32]}-{name}",
    )
    response.cache_control.no_cache = None
    public(response, f"{version.digest[:32]}-{name}")
    # The time of the file is that of the build on this machine and says nothing about the data;
    # the date is for the server in front to give.
    for name in ("Last-Modified", "Expires", "Date"):
        response.headers.pop(name, None)
    return response


@blueprint.get("/healthz")
def health() -> tuple[Response, int]:
    """Return whether the server can answer (200) or not (503), and from which version."""
    try:
        version = service().engine.version()
    except (StoreError, EngineDown, EngineFailed) as error:
        answer, status = jsonify(status="unavailable", title=error.title), error.status
    else:
        answer, status = (
            jsonify(
                status="ok", version=version.number, digest=version.digest, quads=version.quads
            ),
            200,
        )
    answer.headers["Cache-Control"] = "no-store"
    return answer, status


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Return whether a query is answered now (200) or not (503), so that a balancer can tell."""
    try:
        if STOPPING.is_set():
            raise ServiceBusy("The server is about to stop")
        service().engine.rows(Query("SELECT (1 AS ?up) {}"))
    except PolicykgError as error:
        answer, status = jsonify(status="unavailable", title=error.title), 503
    else:
        answer, status = jsonify(status="ok"), 200
    answer.headers["Cache-Control"] = "no-store"
    return answer, status
