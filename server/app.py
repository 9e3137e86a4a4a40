"""The application factory: it only wires."""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

from flask import Flask
from flask import Response
from flask import request
from jinja2 import StrictUndefined

from kg.engine.interface import Engine
from kg.settings import Settings
from kg.tokens import TokenFile
from server import logs
from server import problems
from server.auth import check_reader
from server.links import Links
from server.service import EXTENSION
from server.service import Service

# The largest request body in bytes: far more than any query needs, and small enough to hold in
# memory once a thread.
MAXIMUM_BODY: Final = 1024 * 1024

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # The graph is public and there are no sessions: scripts of any site may read it.
    "Access-Control-Allow-Origin": "*",
}
PREFLIGHT_HEADERS: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}


# The modules that have a blueprint: those of the protocols, and all others.
PROTOCOLS: Final = ("sparql", "update", "graph_store")
PAGES: Final = (
    "home",
    "data",
    "entities",
    "coverage",
    "views",
    "vocabulary",
    "context",
    "catalogue",
    "api",
    "about",
    "metrics",
    "dcat",
    "changes",
    "reconcile",
    "crawlers",
    "front_end",
)


def create_app(
    settings: Settings,
    engine: Engine,
    write_token: str | None = None,
    modules: Sequence[str] = (*PROTOCOLS, *PAGES),
) -> Flask:
    """Return the application that serves what ``engine`` holds, with the blueprints of ``modules``.

    ``write_token`` is a token with which writes are allowed, besides those of the data folder.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAXIMUM_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAXIMUM_BODY
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = settings.cache_seconds
    # Redirects to addresses without double slashes would be made of the Host header.
    app.url_map.merge_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = Service(
        settings, engine, Links(settings.base_iri), TokenFile(settings.data, write_token)
    )
    for name in modules:
        # Imported when it is needed: see server/starting.py.
        app.register_blueprint(import_module(f"server.{name}").blueprint)
    problems.register(app)
    logs.register(app)
    app.before_request(check_reader)
    app.after_request(_add_headers)
    if "home" in modules:
        # Only pages need these, and they take time to import.
        from server import page_cache
        from server import page_language
        from server import translations

        translations.register(app)
        page_cache.register(app, settings.page_cache_mb, page_language.language)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    elif "Authorization" in request.headers and not response.cache_control.no_store:
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers.setdefault("Cache-Control", "no-cache")
    if request.method == "OPTIONS" and "Allow" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
        for name, value in PREFLIGHT_HEADERS.items():
            response.headers[name] = value
    return response
