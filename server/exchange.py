"""A plain request whose query has to be run, and how its answer is sent."""

import time
from typing import TYPE_CHECKING
from typing import Final

from kg.engine.interface import Version
from kg.engine.isolation.job import Job
from kg.errors import PolicykgError
from server.answer_head import head
from server.compression import compressed
from server.compression import is_worth_it
from server.growing import Growing
from server.logs import note_plain
from server.negotiation import content_type
from server.plain_request import PlainRequest

if TYPE_CHECKING:
    from server.connection import Connection
    from server.fast_path import FastPath

PATH: Final = "/sparql"


class Exchange:
    """A plain request whose query has to be run, and its answer."""

    def __init__(
        self,
        fast_path: "FastPath",
        connection: "Connection",
        asked: PlainRequest,
        data: bytes,
        version: Version,
        began: float,
    ) -> None:
        self.connection = connection
        self._descriptor = connection.socket.fileno()
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
        # What the connection waits for may be something else from now on.
        self._fast_path.watching.ask(self._descriptor)
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
        send_whole(connection, self.asked, self.version, media_type, body, packed, self._began)
        connection.go_on()

    def _begin_to_send(self, job: Job) -> None:
        run = job.run
        if run is None:
            return
        tag = self.asked.tag.tags(self.version)[0] if self.asked.tag else None
        kind = content_type(run.head["media_type"])
        start = head(kind, tag, length=None, close=True)
        self._growing = Growing(self.connection.socket, run, start)
        note(200, self._began)
        self.send()

    def _leave_to_application(self, error: PolicykgError) -> None:
        connection = self.connection
        connection.exchange = None
        connection.leave_to_application(self._data, error)


def send_whole(
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
    note(200, began)


def note(status: int, began: float) -> None:
    """Take note that a plain request was answered with ``status`` which came at ``began``."""
    note_plain("GET", PATH, status, time.perf_counter() - began)
