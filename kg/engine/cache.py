"""Answers that are kept for when the same is asked again of the same version."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from kg.engine.figures import CacheFigures
from kg.engine.interface import Answer
from kg.engine.interface import Form
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Version
from kg.engine.repeatable import is_repeatable

LARGEST: Final = 256 << 10  # bytes of an answer that is kept
_OVERHEAD: Final = 1024  # bytes that an entry takes besides its texts, roughly


@dataclass(slots=True)
class Kept:
    """An answer that is kept: what :class:`~kg.engine.interface.Answer` says, and its body also in
    compressed form if somebody has asked for that.
    """

    form: Form
    media_type: str
    body: bytes
    size: int  # bytes that the entry counts for
    packed: bytes | None = None


class AnswerCache:
    """The answers that were asked for last, in at most ``limit`` bytes; 0 keeps none.

    Several threads may use one cache. An answer is found again only for the same version, query
    with its dataset and bindings, and formats; one that is computed twice at once is kept once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0
        self._hits = 0
        self._misses = 0

    @property
    def size(self) -> int:
        """How many bytes are in use."""
        return self._size

    def figures(self) -> CacheFigures:
        """Return how full the cache is and how often it could answer."""
        entries = len(self._kept)
        return CacheFigures("answers", self._hits, self._misses, self._size, entries, self._limit)

    def find(self, version: Version, query: Query, formats: Formats) -> Answer | None:
        """Return the answer that ``query`` had on ``version``, if it is kept."""
        kept = self.kept(version, query, formats)
        if kept is None:
            return None
        return Answer(kept.form, kept.media_type, (kept.body,), version, len(kept.body))

    def kept(self, version: Version, query: Query, formats: Formats) -> Kept | None:
        """Return what is kept of the answer that ``query`` had on ``version``, if anything is."""
        if not self._limit:
            return None
        key = _key(version, query, formats)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                self._misses += 1
            else:
                self._hits += 1
                self._kept.move_to_end(key)
            return kept

    def pack(self, version: Version, query: Query, formats: Formats, packed: bytes) -> None:
        """Keep the answer that ``query`` had on ``version`` in the form ``packed`` besides."""
        with self._lock:
            kept = self._kept.get(_key(version, query, formats))
            if kept is not None and kept.packed is None:
                kept.packed = packed
                kept.size += len(packed)
                self._size += len(packed)
                self._make_room()

    def keep(self, query: Query, formats: Formats, answer: Answer) -> Answer:
        """Keep ``answer``, if it is whole, not large, and would be the same again.

        Returns one of the same content, because chunks are read only once.
        """
        if not self._limit or answer.size is None or answer.size > LARGEST:
            return answer
        if not is_repeatable(query.text):
            return answer
        body = answer.body
        self.keep_body(answer.version, query, formats, answer.form, answer.media_type, body)
        return Answer(answer.form, answer.media_type, (body,), answer.version, len(body))

    def keep_body(
        self,
        version: Version,
        query: Query,
        formats: Formats,
        form: Form,
        media_type: str,
        body: bytes,
    ) -> None:
        """Keep ``body``, which would be the same again, if it is not large."""
        if not self._limit or len(body) > LARGEST:
            return
        kept = Kept(form, media_type, body, len(body) + 4 * len(query.text) + _OVERHEAD)
        key = _key(version, query, formats)
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += kept.size - (before.size if before else 0)
            self._kept[key] = kept
            self._make_room()

    def _make_room(self) -> None:
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size


def _key(version: Version, query: Query, formats: Formats) -> Hashable:
    return (
        version,
        query.text,
        query.default_graphs,
        query.named_graphs,
        frozenset(query.bindings.items()),
        query.base_iri,
        formats,
    )
