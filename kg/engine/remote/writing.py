"""Writes to the service: what the protocols can carry as it stands, one after the other."""

import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from kg.engine.guard import asks_elsewhere
from kg.engine.guard import without_load
from kg.engine.interface import Version
from kg.engine.interface import Write
from kg.engine.isolation.limits import Limits
from kg.engine.remote.state import after_write
from kg.engine.remote.state import putting
from kg.engine.remote.state import state_graph
from kg.engine.remote.transport import Request
from kg.engine.remote.transport import Transport
from kg.engine.remote.transport import told
from kg.errors import BadData
from kg.errors import EngineFailed
from kg.errors import Forbidden
from kg.errors import GraphOwned
from kg.errors import PreconditionFailed
from kg.errors import QueryRefused
from kg.errors import UnsupportedMediaType
from kg.settings import Settings

_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
# Formats whose readers follow nothing that a document names.
_SAFE: Final = ("text/turtle", "application/n-triples")
_METHODS: Final = {"replace": "PUT", "merge": "POST", "delete": "DELETE"}


class RemoteWriting:
    """Runs writes on one service, which does each of them whole or not at all if it is able to."""

    def __init__(
        self,
        settings: Settings,
        limits: Limits,
        version: Callable[[], Version],
        renew: Callable[[], Version],
    ) -> None:
        user, password = settings.engine_user, settings.engine_password
        self._settings = settings
        self._seconds = limits.update_seconds
        self._version = version
        self._renew = renew
        self._updates = Transport([settings.update_url], user, password)
        self._store = Transport([settings.store_url], user, password)
        self._one_at_a_time = threading.Lock()

    def write(self, write: Write, has_graph: Callable[[str], bool]) -> tuple[Version, bool]:
        """Do ``write``; return the version that it made, and whether it made a new graph.

        Raises :class:`~kg.errors.Forbidden` if no address for it is set,
        :class:`~kg.errors.QueryRefused` and :class:`~kg.errors.UnsupportedMediaType` for what only
        the embedded engine does, and :class:`~kg.errors.EngineFailed`.
        """
        with self._one_at_a_time:
            before = self._renew()
            if write.expected is not None and write.expected != before.digest:
                raise PreconditionFailed(
                    "The data has changed since you read it", remedy="Read it again."
                )
            if write.kind == "update":
                created = False
                self._update(write)
            else:
                created = write.graph is not None and not has_graph(write.graph)
                self._change_graph(write)
            self.put(after_write(before, before.quads))
            return self._renew(), created

    def put(self, version: Version) -> None:
        """Make ``version`` the one that the service is said to hold."""
        self._send([("update", putting(self._settings.base_iri, version))])

    def close(self) -> None:
        """Close the connections."""
        self._updates.close()
        self._store.close()

    def _update(self, write: Write) -> None:
        asks_elsewhere(write.text, (), write.base_iri)
        if self._names_a_graph_of_the_build(write.text):
            raise GraphOwned(
                "The update names the graph that says which version the data is",
                remedy="Leave it to the server.",
            )
        text = without_load(write.text)
        if write.base_iri:
            text = f"BASE <{write.base_iri}>\n{text}"
        fields = [("update", text)]
        fields += [("using-graph-uri", iri) for iri in write.using]
        fields += [("using-named-graph-uri", iri) for iri in write.using_named]
        self._send(fields)

    def _names_a_graph_of_the_build(self, text: str) -> bool:
        return state_graph(self._settings.base_iri) in text

    def _send(self, fields: list[tuple[str, str]]) -> None:
        if not self._settings.update_url:
            raise Forbidden("This server has no address for updates (POLICYKG_UPDATE_URL)")
        body = urlencode(fields).encode()
        reply = self._updates.send(Request("POST", body, _FORM, False, self._seconds))
        if reply.status == 400:
            raise BadData(f"The engine refuses the update: {told(reply)}")
        if reply.status not in (200, 204):
            raise EngineFailed(f"The engine answered with status {reply.status}: {told(reply)}")
        reply.body(1 << 20)

    def _change_graph(self, write: Write) -> None:
        method = _METHODS.get(write.kind)
        if method is None:
            raise QueryRefused(
                "A graph in a remote engine cannot be patched", remedy="Send an update instead."
            )
        if not self._settings.store_url:
            raise Forbidden("This server has no address for graphs (POLICYKG_STORE_URL)")
        if write.graph == state_graph(self._settings.base_iri):
            raise GraphOwned("This graph says which version the data is")
        if method != "DELETE" and (len(write.parts) != 1 or write.parts[0].media_type not in _SAFE):
            raise UnsupportedMediaType(
                "A remote engine is sent one document at a time, in Turtle or N-Triples",
                where="Content-Type",
                remedy=f"Send {' or '.join(_SAFE)}.",
            )
        suffix = urlencode({"graph": write.graph}) if write.graph else "default"
        headers = {"Content-Type": write.parts[0].media_type} if write.parts else {}
        data = write.parts[0].data if write.parts else b""
        reply = self._store.send(Request(method, data, headers, False, self._seconds, suffix))
        if reply.status == 400:
            raise BadData(f"The engine refuses the data: {told(reply)}")
        if reply.status not in (200, 201, 204) and not (method == "DELETE" and reply.status == 404):
            raise EngineFailed(f"The engine answered with status {reply.status}: {told(reply)}")
        reply.body(1 << 20)
