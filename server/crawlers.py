"""What crawlers ask for: robots.txt, the sitemap, and typed links in headers (FAIR Signposting).

https://signposting.org/FAIR/ and https://www.sitemaps.org/protocol.html
"""

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint
from flask import Response
from flask import request
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.versions import VersionStore
from kg.errors import NotFound
from server.bounded_query import bounded_query
from server.page_response import page_response
from server.service import service

blueprint = Blueprint("crawlers", __name__)

ON_A_PAGE: Final = 10_000  # addresses in one sitemap; the protocol allows 50,000
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_SCHEMA: Final = "https://schema.org/"
_DATA: Final = (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))
_KINDS: Final = ("topic", "graph")
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ROBOTS: Final = """\
User-agent: *
Disallow: /sparql?
Disallow: /update
Disallow: /search
Disallow: /picture
Disallow: /reconcile/
Sitemap: {address}/sitemap.xml
"""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Return what crawlers may read: all but answers that are made for each request."""
    text = _ROBOTS.format(address=service().address)
    return page_response(text, "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap_index() -> Response:
    """Return the list of sitemaps."""
    here = service()
    rows = here.engine.rows(bounded_query(here, "sitemap-size", rows=1))
    count = rows[0]["things"] if rows else None
    things = int(count.value) if isinstance(count, Literal) else 0
    pages = range(1, max(1, -(-things // ON_A_PAGE)) + 1)
    places = "".join(
        f"<sitemap><loc>{escape(here.address)}/sitemap/{n}.xml</loc></sitemap>\n" for n in pages
    )
    return _xml(f'<sitemapindex xmlns="{_NAMESPACE}">\n{places}</sitemapindex>\n')


@blueprint.get("/sitemap/<int:number>.xml")
def sitemap(number: int) -> Response:
    """Return the addresses of the pages of things, :data:`ON_A_PAGE` of them.

    Raises :class:`~kg.errors.NotFound` if there are none.
    """
    here = service()
    query = (
        bounded_query(
            here, "sitemap", rows=ON_A_PAGE, offset=(min(number, 100_000) - 1) * ON_A_PAGE
        )
        if number
        else None
    )
    things = [row["thing"] for row in here.engine.rows(query)] if query else []
    pages = [here.links.page(one.value) for one in things if isinstance(one, NamedNode)]
    if not pages:
        raise NotFound("There is no such sitemap", remedy="/sitemap.xml lists them.")
    places = "".join(
        f"<url><loc>{escape(here.address + page)}</loc></url>\n" for page in pages if page
    )
    return _xml(f'<urlset xmlns="{_NAMESPACE}">\n{places}</urlset>\n')


@blueprint.after_app_request
def signpost(response: Response) -> Response:
    """Add typed links to the pages of things, to their data, and to the first page."""
    if request.method in ("GET", "HEAD") and response.status_code in (200, 304):
        links = ", ".join(_links(request.path))
        if links and links.isascii():
            response.headers.add("Link", links)
    return response


def _links(path: str) -> Iterator[str]:
    if path == "/":
        yield from _dataset_links()
    elif path.startswith("/page/"):
        yield from _page_links(path)
    elif path.startswith("/data/"):
        yield f'<{_LICENCE}>; rel="license"'


def _page_links(path: str) -> Iterator[str]:
    here = service()
    kind, _, name = path.removeprefix("/page/").partition("/")
    iri = here.links.iri(kind, name) if name and kind in _KINDS else here.links.iri("id", kind)
    if set(iri) & set('<>"\\ ') or (name and kind not in _KINDS):
        return
    yield f'<{iri}>; rel="cite-as"'
    for extension, media_type in _DATA:
        data = here.links.data(iri, extension)
        if data:
            yield f'<{here.address}{data}>; rel="describedby"; type="{media_type}"'
    yield f'<{_SCHEMA}AboutPage>; rel="type"'
    yield f'<{_LICENCE}>; rel="license"'
    yield f'<{here.links.iri("id", "dataset")}>; rel="collection"'


def _dataset_links() -> Iterator[str]:
    here = service()
    yield f'<{here.settings.base_iri}>; rel="cite-as"'
    for _, media_type in _DATA:
        yield f'<{here.address}/.well-known/void>; rel="describedby"; type="{media_type}"'
    yield f'<{_SCHEMA}Dataset>; rel="type"'
    yield f'<{_SCHEMA}AboutPage>; rel="type"'
    yield f'<{_LICENCE}>; rel="license"'
    if here.settings.engine == "embedded":
        folder = VersionStore(here.settings.data).dumps_path(here.engine.version())
        for name in sorted(one.name for one in folder.glob("policykg.*.gz")):
            yield f'<{here.address}/dumps/{name}>; rel="item"; type="application/gzip"'


def _xml(body: str) -> Response:
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
    return page_response(document, "application/xml; charset=utf-8")
