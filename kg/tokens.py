"""Bearer tokens: who may ask and write. Only hashes are stored; a token's text is shown once.

The tokens of a data folder lie in its file ``tokens.json``. Without that file nobody may write.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import Final

from kg.errors import NotFound
from kg.errors import StoreError
from kg.errors import StoreNotWritable

_FILE: Final = "tokens.json"
SCOPES: Final = ("query", "update")


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token: its name, the hash of its text, what it is good for, until when.

    With the scope ``query`` its holder has a share of the workers of its own, and may read where
    not everybody may; with ``update`` it may write. With ``graphs`` it may change only graphs
    whose IRI starts with one of them. Times are ISO 8601
    in UTC; ``expires`` is empty for a token that does not expire.
    """

    id: str
    name: str
    sha256: str
    graphs: tuple[str, ...] = ()
    created: str = ""
    expires: str = ""
    scopes: tuple[str, ...] = SCOPES

    def is_valid(self, now: datetime) -> bool:
        """Return whether the token has not expired."""
        return not self.expires or now < datetime.fromisoformat(self.expires)

    def may_change(self, graph: str | None) -> bool:
        """Return whether the token may change ``graph``; ``None`` stands for any graph."""
        if "update" not in self.scopes:
            return False
        return not self.graphs or (graph is not None and graph.startswith(self.graphs))


def hashed(text: str) -> str:
    """Return the SHA-256 of a token's text. It is random and long, so that no salt is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


class TokenFile:
    """The tokens of a data folder, and one more that lives only as long as this object."""

    def __init__(self, data: Path, extra: str | None = None) -> None:
        self._path = data / _FILE
        self._extra = Token("command-line", "given to serve", hashed(extra)) if extra else None

    def read(self) -> list[Token]:
        """Return the tokens on file. Raises :class:`~kg.errors.StoreError` for a damaged file."""
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))["tokens"]
            return [_from(entry) for entry in entries]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"The file of tokens cannot be read: {error}",
                where=str(self._path),
                remedy="Restore it from a backup, or remove it and make new tokens.",
            ) from None

    def find(self, text: str) -> Token | None:
        """Return the valid token whose text is ``text``, or ``None``."""
        digest = hashed(text)
        now = datetime.now(UTC)
        known = self.read() + ([self._extra] if self._extra else [])
        for token in known:
            if hmac.compare_digest(token.sha256, digest) and token.is_valid(now):
                return token
        return None

    def any(self) -> bool:
        """Return whether there is a token at all that may write."""
        return self._extra is not None or any("update" in token.scopes for token in self.read())

    def create(
        self,
        name: str,
        graphs: Sequence[str],
        days: int | None,
        scopes: Sequence[str] = SCOPES,
    ) -> tuple[str, Token]:
        """Make a token; return its text, of which only the hash is stored, and the rest."""
        text = secrets.token_urlsafe(32)
        now = datetime.now(UTC).replace(microsecond=0)
        token = Token(
            id=secrets.token_hex(4),
            name=name,
            sha256=hashed(text),
            graphs=tuple(graphs),
            created=now.isoformat(),
            expires=(now + timedelta(days=days)).isoformat() if days else "",
            scopes=tuple(scopes),
        )
        self._write([*self.read(), token])
        return text, token

    def revoke(self, identifier: str) -> None:
        """Remove the token ``identifier``. Raises :class:`~kg.errors.NotFound`."""
        tokens = self.read()
        kept = [token for token in tokens if token.id != identifier]
        if len(kept) == len(tokens):
            raise NotFound(
                f"There is no token {identifier}",
                where=str(self._path),
                remedy="`policykg token list` shows the tokens.",
            )
        self._write(kept)

    def _write(self, tokens: Sequence[Token]) -> None:
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"tokens": [asdict(token) for token in tokens]}, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            os.replace(new, self._path)
        except OSError as error:
            raise StoreNotWritable(
                f"The file of tokens cannot be written: {error.strerror}",
                where=str(self._path),
                remedy="Give a folder that you may write with --data or POLICYKG_DATA.",
            ) from None


def _from(entry: dict[str, Any]) -> Token:
    lists = {"graphs": tuple(entry["graphs"])}
    if "scopes" in entry:  # tokens of old have none, and may do all
        lists["scopes"] = tuple(entry["scopes"])
    return Token(**{**entry, **lists})
