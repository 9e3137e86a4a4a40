"""The front end: what pages load, under names that change with the content, and its licences."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from typing import cast

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import g
from flask import has_request_context
from flask import render_template
from flask import request

from kg.errors import NotFound
from server.page_response import may_be_kept
from server.page_response import page_response
from server.service import service
from server.view_page import only

blueprint = Blueprint("front_end", __name__)

EXTENSION: Final = "policykg-front-end"
ASSETS: Final = Path(__file__).parent / "assets"
# What pages load as it is, by its own name.
_PLAIN: Final = (".css", ".svg")
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_YEAR: Final = 31_536_000  # seconds
_GZIP: Final = "gzip"


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of one package that is bundled: its SPDX expression and its text."""

    name: str
    version: str
    licence: str
    text: str


class FrontEnd:
    """What hatch_build.py made in the folder ``built``, or nothing where it made nothing."""

    def __init__(self, built: Path) -> None:
        self.built = built
        self._manifest = built / "manifest.json"
        self._read: tuple[int, dict[str, str]] = (-1, {})

    def entries(self) -> dict[str, str]:
        """Return the file of each entry point by its name; empty if there is no build.

        A build that is made while the server runs is seen at the next page.
        """
        try:
            changed = self._manifest.stat().st_mtime_ns
            if self._read[0] != changed:
                self._read = (changed, json.loads(self._manifest.read_text("utf-8"))["entries"])
        except FileNotFoundError:
            return {}
        return self._read[1]

    def address(self, name: str) -> str | None:
        """Return the address of the entry point ``name``, such as "site.css", if it is built."""
        file = _once(self).get(name)
        return f"/assets/built/{file}" if file else None

    def licences(self) -> list[Licence]:
        """Return the licences of all packages that are bundled, by name."""
        try:
            listed = json.loads((self.built / "licences.json").read_text("utf-8"))
        except FileNotFoundError:
            return []
        return [Licence(**one) for one in listed]


def _once(built: FrontEnd) -> dict[str, str]:
    """Return the entries, which are looked up once a request: a page asks for some."""
    if not has_request_context():
        return built.entries()
    if "front_end_entries" not in g:
        g.front_end_entries = built.entries()
    return cast(dict[str, str], g.front_end_entries)


def front_end() -> FrontEnd:
    """Return the front end of the application that handles the request."""
    installed = current_app.extensions.get(EXTENSION)
    if installed is None:
        installed = current_app.extensions.setdefault(EXTENSION, FrontEnd(ASSETS / "built"))
    return cast(FrontEnd, installed)


@blueprint.app_template_global()
def asset(name: str) -> str | None:
    """Return the address of an entry point for a page, or None: the page works without it."""
    return front_end().address(name)


@blueprint.app_template_global()
def page_address() -> str:
    """Return the whole address of the page, which a printed copy of it is cited by."""
    return service().address + request.full_path.removesuffix("?")


@blueprint.get("/assets/<path:filename>")
def file(filename: str) -> Response:
    """Return a file that pages load.

    One whose name has a fingerprint may be kept for a year. Raises
    :class:`~kg.errors.NotFound` for what no page loads.
    """
    kind = _TYPES.get(Path(filename).suffix)
    folder, _, name = filename.rpartition("/")
    if filename == name and Path(name).suffix in _PLAIN and (ASSETS / name).is_file():
        return may_be_kept(Response((ASSETS / name).read_bytes(), content_type=kind))
    if not kind or folder != "built" or not (front_end().built / name).is_file():
        raise NotFound("There is no such file for pages", where=filename[:200])
    return _fingerprinted(front_end().built / name, kind)


def _fingerprinted(path: Path, kind: str) -> Response:
    packed = path.with_name(f"{path.name}.gz")
    choice = packed.is_file()
    sent = packed if choice and _takes_gzip() else path
    response = Response(sent.read_bytes(), content_type=kind)
    if choice:
        response.headers["Vary"] = "Accept-Encoding"
    if sent is packed:
        response.headers["Content-Encoding"] = _GZIP
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    # The name tells the content already.
    response.set_etag(sent.name)
    response.make_conditional(request)
    return response


def _takes_gzip() -> bool:
    return "Accept-Encoding" in request.headers and request.accept_encodings[_GZIP] > 0


@blueprint.get("/about/licences")
def licences() -> Response:
    """Return the page of the licences of what is bundled."""
    only()
    document = render_template("licences.html", licences=front_end().licences())
    return page_response(document)
