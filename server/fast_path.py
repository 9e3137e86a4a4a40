"""Answering plain queries in the event loop, without a thread and without the application.

The application stays the judge of what an answer looks like: what is answered here is the same,
byte for byte, and whatever is not plain, not short or not well is left to it.
"""

import time
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.engine.interface import Caller
from kg.engine.interface import Form
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.job import Job
from kg.errors import PolicykgError
from server.answer_head import not_modified
from server.compression import compressed
from server.compression import is_worth_it
from server.exchange import PATH
from server.exchange import Exchange
from server.exchange import note
from server.exchange import send_whole
from server.plain_request import PlainRequests
from server.plain_request import may_be_plain
from server.watching import Watching

if TYPE_CHECKING:
    from server.connection import Connection


class FastPath:
    """Answers the plain requests of all connections; used in the thread of the event loop only."""

    def __init__(self, engine: IsolatedEngine, address: str, watching: Watching) -> None:
        self._engine = engine
        self._requests = PlainRequests(f"{address}{PATH}")
        self._store_path = lru_cache(maxsize=2)(engine.store_path)
        self.watching = watching
        self.dispatch = engine.dispatch(watching)

    def take(self, connection: "Connection", data: bytes) -> bool:
        """Answer the request that ``data`` is, now or later; return whether that is done here."""
        if not may_be_plain(data):
            return False
        began = time.perf_counter()
        asked = self._requests.read(data)
        if asked is None:
            return False
        try:
            version = self._engine.version()
            if asked.held and asked.tag and asked.held in asked.tag.tags(version):
                connection.answer(not_modified(asked.held), close=True)
                note(304, began)
                return True
            kept = self._engine.cache.kept(version, asked.query, asked.formats)
            if kept is None:
                connection.exchange = Exchange(self, connection, asked, data, version, began)
                connection.exchange.start()
                return True
        except PolicykgError:
            return False  # the application says what is wrong
        packed = kept.packed
        if asked.gzip and packed is None and is_worth_it(len(kept.body)):
            packed = compressed(kept.body)
            self._engine.cache.pack(version, asked.query, asked.formats, packed)
        send_whole(connection, asked, version, kept.media_type, kept.body, packed, began)
        return True

    def run(self, exchange: Exchange) -> Job:
        """Have the query of ``exchange`` run. Raises :class:`~kg.errors.PolicykgError`."""
        connection = exchange.connection
        return self.dispatch.submit(
            self._store_path(exchange.version),
            exchange.asked.query,
            exchange.asked.formats,
            Caller(connection.addr[0], connection.check_client_disconnected),
            exchange.changed,
        )

    def keep(self, exchange: Exchange, form: Form, media_type: str, body: bytes) -> None:
        """Keep an answer for when it is asked for again."""
        asked = exchange.asked
        self._engine.cache.keep_body(
            exchange.version, asked.query, asked.formats, form, media_type, body
        )
