"""The ETag of an answer to a query, which is known before the query is run."""

import hashlib
from dataclasses import dataclass
from typing import Final
from typing import Self

from flask import Response
from flask import request

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Version
from kg.engine.repeatable import is_repeatable
from kg.engine.repeatable import result_form
from server.compression import GZIP
from server.written import TAG_DIGITS

_READ: Final = ("GET", "HEAD")
_QUERY_DIGITS: Final = 24


@dataclass(frozen=True, slots=True)
class AnswerTag:
    """Names a query with its dataset and the format of its answer; a version makes it an ETag."""

    name: str

    @classmethod
    def of(cls, query: Query, formats: Formats) -> Self | None:
        """Return the tag of the answer, or ``None`` if it would not be the same again."""
        if not is_repeatable(query.text):
            return None
        form = result_form(query.text)
        chosen = formats.graph if form == "graph" else formats.bindings
        asked = (query.text, query.default_graphs, query.named_graphs, chosen)
        return cls(hashlib.sha256(repr(asked).encode()).hexdigest()[:_QUERY_DIGITS])

    @classmethod
    def of_request(cls, query: Query, formats: Formats) -> Self | None:
        """Return :meth:`of` if the request at hand is a GET or a HEAD; others have no tag."""
        return cls.of(query, formats) if request.method in _READ else None

    def matched(self, version: Version) -> str | None:
        """Return which tag of the answer from ``version`` the client holds already, if any."""
        held = request.if_none_match
        if held.star_tag:  # whether there is any answer, only the query can tell
            return None
        return next((tag for tag in self.tags(version) if held.contains_weak(tag)), None)

    def tags(self, version: Version) -> tuple[str, str]:
        """Return the tag of the answer from ``version`` as it is, and that of it compressed."""
        plain = f"{version.digest[:TAG_DIGITS]}-{self.name}"
        return plain, f"{plain}-{GZIP}"

    def put_on(self, response: Response, version: Version) -> None:
        """Give ``response``, which is from ``version``, its ETag; each encoding has its own."""
        response.set_etag(self.tags(version)[response.content_encoding == GZIP])
