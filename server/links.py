"""Where the things of the graph are found on this server.

IRIs are mapped by path, so that a server browses its own graph whether or not the public host of
the IRIs exists.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kg.namespaces import BASE
from kg.namespaces import ONTOLOGY

_KINDS: Final = frozenset(("id", "topic", "graph"))
_ONTOLOGY: Final = f"{ONTOLOGY}#"
_WEB: Final = ("http://", "https://")
# All that RFC 3986 allows in a path besides the percent sign: that one is escaped, so that an IRI
# with an escape in it comes back as it was once the server has decoded the path.
_PLAIN: Final = re.compile("[A-Za-z0-9_.-]+")
_PATH: Final = "/:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses for the things under ``base`` and the terms of the vocabulary, which all graphs
    share; they are paths on this server, ready for ``href``.
    """

    base: str = BASE

    def local(self, iri: str) -> str | None:
        """Return the path of ``iri`` here, or ``None`` if it is not one of ours.

        Besides the things of the graph these are the first page, the endpoint, the dumps, and the
        versions of the ontology.
        """
        found = self._split(iri)
        if found is None:
            return self._service(iri)
        kind, name = found
        return f"/{kind}/{_escape(name)}" if name else f"/{kind}"

    def href(self, iri: str) -> str | None:
        """Return the address to link ``iri`` to: a path here, or the IRI itself if it is a web
        address. ``None``: it is to be shown as text (``urn:``, ``javascript:`` and the like).
        """
        return self.local(iri) or (iri if iri.lower().startswith(_WEB) else None)

    def page(self, iri: str) -> str | None:
        """Return the path of the page about ``iri``, or ``None`` if it is not one of ours."""
        found = self._split(iri)
        if found is None:
            return None
        kind, name = found
        if kind == "ontology":
            return self.local(iri)
        return f"/page/{_escape(name)}" if kind == "id" else f"/page/{kind}/{_escape(name)}"

    def data(self, iri: str, extension: str) -> str | None:
        """Return the path of the statements about ``iri`` in the format with ``extension``.

        ``None`` if it is not one of ours.
        """
        found = self._split(iri)
        if found is None:
            return None
        kind, name = found
        stem = _escape(name) if kind == "id" else f"{kind}/{_escape(name)}".rstrip("/")
        return f"/data/{stem}.{extension}"

    def iri(self, kind: str, name: str = "") -> str:
        """Return the IRI of the thing called ``name`` of a kind: id, topic, graph or ontology."""
        if kind == "ontology":
            return f"{ONTOLOGY}#{name}" if name else ONTOLOGY
        return f"{self.base}{kind}/{name}"

    def coverage(self, iri: str) -> str | None:
        """Return the path of the page on how the source text of the thing ``iri`` is covered."""
        found = self._split(iri)
        if found is None or found[0] != "id":
            return None
        return f"/reports/{_escape(found[1])}/coverage"

    def _service(self, iri: str) -> str | None:
        """Return the path of what the server offers under ``iri``, or ``None`` if nothing."""
        if iri in (self.base, f"{self.base}sparql"):
            return f"/{iri.removeprefix(self.base)}"
        for start, path in ((f"{self.base}dumps/", "/dumps/"), (f"{ONTOLOGY}/", "/ontology/")):
            name = iri.removeprefix(start)
            if name and name != iri and "/" not in name and "#" not in name:
                return path + _escape(name)
        return None

    def _split(self, iri: str) -> tuple[str, str] | None:
        if iri.startswith(_ONTOLOGY):
            return _named("ontology", iri[len(_ONTOLOGY) :])
        if iri == ONTOLOGY:
            return "ontology", ""
        # A page has hundreds of IRIs: each is looked at once.
        if not iri.startswith(self.base):
            return None
        kind, _, name = iri[len(self.base) :].partition("/")
        return _named(kind, name) if kind in _KINDS else None


def _named(kind: str, name: str) -> tuple[str, str] | None:
    return (kind, name) if name and (kind == "graph" or "/" not in name) else None


def _escape(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else quote(name, safe=_PATH)
