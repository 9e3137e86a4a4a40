"""A server that may be written to, and requests to it."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import quote
from urllib.parse import urlsplit

TOKEN = "a-token-for-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Reply:
    """Status, headers and body of an answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Writer:
    """Requests to a server, by default with a token that may write."""

    address: str
    headers: Mapping[str, str] = field(default_factory=lambda: BEARER)

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        content_type: str | None = None,
        **headers: str,
    ) -> Reply:
        """Send a request and return the answer."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if content_type:
            given["Content-Type"] = content_type
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, data, {**self.headers, **given})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def update(self, text: str, **headers: str) -> Reply:
        """Send an update."""
        return self.send("POST", "/update", text, "application/sparql-update", **headers)

    def ask(self, query: str) -> Reply:
        """Send a query and accept JSON."""
        accept = "application/sparql-results+json"
        return self.send("GET", f"/sparql?query={quote(query)}", Accept=accept)

    def values(self, query: str) -> list[str]:
        """Return the values of the first variable of ``query``, in order."""
        result = self.ask(query).json
        name = result["head"]["vars"][0]
        return sorted(row[name]["value"] for row in result["results"]["bindings"] if name in row)
