"""Reading requests more strictly than waitress, and telling what is wrong with them.

waitress reads on where RFC 9112 (section 6) would have a request refused, because two servers in a
row may see its end in different places.
"""

import json
from typing import Any
from typing import Final

from waitress.parser import HTTPRequestParser
from waitress.parser import ParsingError
from waitress.parser import TransferEncodingNotImplemented
from waitress.task import ErrorTask
from waitress.task import WSGITask

from server.app import SECURITY_HEADERS
from server.sparql import FAILURE

_VERSIONS: Final = ("1.0", "1.1")
_LENGTH_DIGITS: Final = 18

# What is told of a request that never reaches the application, by status.
_TOLD: Final = {
    400: ("Bad request", "The request is not well formed HTTP", None),
    413: ("Request too large", "The body is larger than POLICYKG_UPLOAD_MB allows", "Send less."),
    431: (
        "Request header too large",
        "The address and the headers have more than 64 kB together",
        "Send a long query by POST.",
    ),
    500: ("Internal server error", "The server failed in a way nobody foresaw", None),
}


class Parser(HTTPRequestParser):
    """Reads a request, and refuses (400) what can be read in two ways."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read request line and headers; raises ``ParsingError``."""
        names = [line.partition(b":")[0].strip().lower() for line in header_plus.split(b"\r\n")[1:]]
        encoded = b"transfer-encoding" in names
        try:
            super().parse_header(header_plus)
        except (TransferEncodingNotImplemented, ValueError):
            # An encoding that is not known; an address or a number that cannot be read.
            raise ParsingError("cannot be read") from None
        if self.version not in _VERSIONS:
            raise ParsingError("unknown version")
        if encoded and (b"content-length" in names or self.version == "1.0"):
            raise ParsingError("two lengths")
        if self.version == "1.1" and names.count(b"host") != 1:
            raise ParsingError("not one host")
        if len(self.headers.get("CONTENT_LENGTH", "")) > _LENGTH_DIGITS:
            raise ParsingError("no real length")


class Refusal(ErrorTask):
    """Tells what was wrong with a request that never reaches the application."""

    channel: Any  # the types know nothing of what waitress puts there
    request: Any
    response_headers: Any

    def execute(self) -> None:
        """Send a problem document (RFC 9457) and let the connection go."""
        status = self.request.error.code
        title, detail, remedy = _TOLD.get(status, _TOLD[400])
        problem = {"title": title, "status": status, "detail": detail, "remedy": remedy}
        body = (
            json.dumps({name: value for name, value in problem.items() if value}).encode() + b"\n"
        )
        self.status = f"{status} {title}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Cache-Control", "no-store"),
            *SECURITY_HEADERS.items(),
        ]
        self.set_close_on_finish()
        self.channel.refused = True
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):
    """Has the application answer a request, or explain why its query has failed already."""

    request: Any

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment."""
        environment: dict[str, Any] = super().get_environment()
        if failure := getattr(self.request, "failure", None):
            environment[FAILURE] = failure
        return environment
