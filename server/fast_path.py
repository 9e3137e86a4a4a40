"""Answering plain queries in the event loop, without a thread and without the application.

The application stays the judge of what an answer looks like: what is answered here is the same,
byte for byte, and whatever is not plain, not short or not well is left to it.
"""

import time
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import Final

from kg.engine.interface import Caller
from kg.engine.interface import Form
from kg.engine.interface import Version
from kg.engine.isolated import IsolatedEngine
from kg.engine.isolation.dispatch import Job
from kg.engine.isolation.dispatch import Loop
from kg.errors import PolicykgError
from server.answer_head import head
from server.answer_head import not_modified
from server.compression import compressed
from server.compression import is_worth_it
from server.growing import Growing
from server.logs import new_id
from server.logs import note
from server.negotiation import content_type
from server.plain_request import PlainRequest
from server.plain_request import PlainRequests
from server.plain_request import may_be_plain

if TYPE_CHECKING:
    from server.connection import Connection

_PATH: Final = "/sparql"


class FastPath:
    """Answers the plain requests of all connections; used in the thread of the event loop only."""

    def __init__(self, engine: IsolatedEngine, address: str, loop: Loop) -> None:
        self._engine = engine
        self._requests = PlainRequests(f"{address}{_PATH}")
        self._store_path = lru_cache(maxsize=2)(engine.store_path)
        self.dispatch = engine.dispatch(loop)

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
                _note(304, began)
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
        _send(connection, asked, version, kept.media_type, kept.body, packed, began)
        return True

    def run(self, exchange: "Exchange") -> Job:
        """Have the query of ``exchange`` run. Raises :class:`~kg.errors.PolicykgError`."""
        connection = exchange.connection
        return self.dispatch.submit(
            self._store_path(exchange.version),
            exchange.asked.query,
            exchange.asked.formats,
            Caller(connection.addr[0], connection.check_client_disconnected),
            exchange.changed,
        )

    def keep(self, exchange: "Exchange", form: Form, media_type: str, body: bytes) -> None:
        """Keep an answer for when it is asked for again."""
        asked = exchange.asked
        self._engine.cache.keep_body(
            exchange.version, asked.query, asked.formats, form, media_type, body
        )


class Exchange:
    """A plain request whose query has to be run, and its answer."""

    def __init__(
        self,
        fast_path: FastPath,
        connection: "Connection",
        asked: PlainRequest,
        data: bytes,
        version: Version,
        began: float,
    ) -> None:
        self.connection = connection
        self.asked = asked
        self.version = version
        self._fast_path = fast_path
        self._data = data
        self._began = began
        self._job: Job | None = None
        self._growing: Growing | None = None

    def start(self) -> None:
        """Have the query run; what is wrong with it or with the service is said."""
        try:
            job = self._fast_path.run(self)
        except PolicykgError as error:
            self._leave_to_application(error)
        else:
            if self.connection.exchange is self:
                self._job = job
                _ = self.asked.tag  # worked out while the worker works

    def changed(self, job: Job) -> None:
        """Go on with the answer: the query has failed or has a result, or there is more of it."""
        self._job = job
        if self._growing:
            if job.error:
                # Broken off before its end, so that nobody takes it for whole.
                self.connection.handle_close()
                return
            self._growing.grow()
            self.send()
        elif job.error:
            self._leave_to_application(job.error)
        elif job.run and job.run.ended:
            self._answer(job)
        else:
            self._begin_to_send(job)

    def waits_for_client(self) -> bool:
        """Return whether there is something to be sent."""
        return self._growing is not None and self._growing.waits_for_client()

    def send(self) -> None:
        """Send what there is of the answer, as far as the client takes it."""
        growing = self._growing
        if growing is None:
            return
        try:
            if growing.send():
                self.connection.last_activity = time.time()
        except OSError:
            self.connection.handle_close()
            return
        if growing.done:
            growing.close()
            self._growing = None
            self.connection.exchange = None
            self.connection.close_soon()

    def abandon(self) -> None:
        """Let go of the query and its answer: the connection has been closed."""
        if self._job:
            self._fast_path.dispatch.cancel(self._job)

    def is_working(self) -> bool:
        """Return whether the query has not ended by now."""
        return self._job is not None and not self._job.done

    def _answer(self, job: Job) -> None:
        run = job.run
        if run is None:
            return
        self._job = None  # which knows this exchange
        body = run.body()
        run.close()
        media_type = run.head["media_type"]
        if self.asked.tag:
            self._fast_path.keep(self, run.head["form"], media_type, body)
        packed = None
        if self.asked.gzip and is_worth_it(len(body)):
            packed = compressed(body)
        connection = self.connection
        connection.exchange = None
        _send(connection, self.asked, self.version, media_type, body, packed, self._began)
        connection.go_on()

    def _begin_to_send(self, job: Job) -> None:
        run = job.run
        if run is None:
            return
        tag = self.asked.tag.tags(self.version)[0] if self.asked.tag else None
        kind = content_type(run.head["media_type"])
        start = head(kind, tag, length=None, close=True)
        self._growing = Growing(self.connection.socket, run, start)
        _note(200, self._began)
        self.send()

    def _leave_to_application(self, error: PolicykgError) -> None:
        connection = self.connection
        connection.exchange = None
        connection.leave_to_application(self._data, error)


def _send(
    connection: "Connection",
    asked: PlainRequest,
    version: Version,
    media_type: str,
    body: bytes,
    packed: bytes | None,
    began: float,
) -> None:
    """Send a whole answer, in compressed form if there is one and the client takes it."""
    gzip = asked.gzip and packed is not None
    sent = packed if gzip and packed is not None else body
    tag = asked.tag.tags(version)[gzip] if asked.tag else None
    start = head(content_type(media_type), tag, length=len(sent), gzip=gzip, close=asked.close)
    connection.answer(start + sent, close=asked.close)
    _note(200, began)


def _note(status: int, began: float) -> None:
    note(new_id(), "GET", _PATH, _PATH, status, time.perf_counter() - began)
