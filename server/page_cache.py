"""Pages that are kept for when they are asked for again.

A page is found only for the same version of the graph, address and language, so that a read after a
write is fresh. What was kept for an older version is soon pushed out: those asked for last stay.
"""

from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final
from typing import TypeAlias

from flask import Flask
from flask import Response
from flask import g
from flask import request

from kg.engine.figures import CacheFigures
from kg.errors import StoreError
from server.compression import GZIP
from server.compression import compressed
from server.compression import is_worth_it
from server.compression import takes_gzip
from server.front_end import front_end
from server.page_response import is_marked
from server.service import service

EXTENSION: Final = "policykg-page-cache"
_MEGABYTE: Final = 1024 * 1024
_OVERHEAD: Final = 1000  # bytes that a kept page takes besides its documents
_LARGEST_SHARE: Final = 8  # no page takes more than this part of the whole
_KEPT_HEADERS: Final = ("Content-Type", "Content-Disposition", "Cache-Control", "Vary", "Link")
Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The document of a page, the same compressed if that is worth it, its tag and its headers."""

    document: bytes
    packed: bytes | None
    tag: str
    headers: Mapping[str, str]

    @property
    def size(self) -> int:
        """How many bytes it takes, roughly."""
        return len(self.document) + len(self.packed or b"") + _OVERHEAD


class PageCache:
    """Keeps pages of up to ``maximum`` bytes together; several threads may use it."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._size = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._hits = 0
        self._made = 0  # pages that were not found: most requests that find none are for no page
        self._lock = Lock()

    def find(self, key: Key) -> Page | None:
        """Return the page that is kept by ``key``."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._hits += 1
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page) -> None:
        """Keep ``page``, and forget those that were not asked for the longest to make room."""
        if page.size * _LARGEST_SHARE > self._maximum:
            return
        with self._lock:
            self._made += 1
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (old.size if old else 0)
            while self._size > self._maximum:
                _, forgotten = self._pages.popitem(last=False)
                self._size -= forgotten.size

    def figures(self) -> CacheFigures:
        """Return how full the cache is and how often it could answer."""
        entries = len(self._pages)
        return CacheFigures("pages", self._hits, self._made, self._size, entries, self._maximum)


def register(app: Flask, maximum_mb: int, language: Callable[[], str]) -> None:
    """Make ``app`` keep its pages, answer from what is kept, and answer 304 to who has a page.

    ``language`` returns the language of the request. To be called last: what is kept has only the
    headers of the view.
    """
    cache = app.extensions[EXTENSION] = PageCache(maximum_mb * _MEGABYTE)

    def found() -> Response | None:
        if request.method not in ("GET", "HEAD") or "Authorization" in request.headers:
            return None
        try:
            digest = service().engine.version().digest
        except StoreError:
            return None  # the view says what is wrong
        # The ontology's pages are chosen by Accept; it costs little to keep any page apart by it.
        accepted = request.headers.get("Accept", "")
        style = front_end().address("site.css") or ""  # of another build it would not be there
        g.page_key = (digest, request.full_path, language(), accepted[:200], style)
        page = cache.find(g.page_key)
        return None if page is None else _response(page)

    def kept(response: Response) -> Response:
        if response.status_code != 200 or not is_marked() or "page_key" not in g:
            return response
        document = response.get_data()
        sent = response.headers
        headers = {name: sent[name] for name in _KEPT_HEADERS if name in sent}
        packed = compressed(document) if is_worth_it(len(document)) else None
        page = Page(document, packed, response.get_etag()[0] or "", headers)
        # While the page was made there may have been a write, and it would be of two versions.
        if g.page_key[0] == service().engine.version().digest:
            cache.keep(g.page_key, page)
        return _response(page)

    app.before_request(found)
    app.after_request(kept)


def _response(page: Page) -> Response:
    """Return the answer to the request: the page in the form that the client takes, or 304."""
    packed = page.packed if takes_gzip(request.headers.get("Accept-Encoding")) else None
    response = Response(page.document if packed is None else packed)
    for name, value in page.headers.items():
        response.headers[name] = value
    response.vary.add("Accept-Encoding")
    if packed is not None:
        response.content_encoding = GZIP
    tags = page.tag, f"{page.tag}-{GZIP}"
    held = next((tag for tag in tags if request.if_none_match.contains_weak(tag)), None)
    response.set_etag(held or tags[packed is not None])
    if held:
        response.status_code = 304
        response.set_data(b"")
        for name in ("Content-Length", "Content-Encoding", "Content-Type"):
            response.headers.pop(name, None)
    return response
