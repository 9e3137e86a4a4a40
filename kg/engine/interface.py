"""What the server knows of an engine: a query goes in, bytes of one version come out."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Final
from typing import Literal as Choice
from typing import Protocol
from typing import TypeAlias
from typing import runtime_checkable

from pyoxigraph import BlankNode
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Triple

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Form: TypeAlias = Choice["bindings", "boolean", "graph"]


@dataclass(frozen=True, slots=True)
class Version:
    """A published state of the graph that never changes.

    ``number`` counts from 1, ``digest`` is the SHA-256 of the sorted N-Quads in hexadecimal
    digits, ``quads`` is how many there are.
    """

    number: int
    digest: str
    quads: int


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL query with its dataset (SPARQL 1.1 Protocol 2.1.4) and values for its variables.

    Values are bound as terms; a variable that is to be bound must stand in the projection.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, Term] = field(default_factory=dict)
    base_iri: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A document of an upload: its media type and its bytes."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Write:
    """A change that a request asks for.

    ``update`` runs ``text``, with the dataset ``using``, and ``parts`` are what was fetched for its
    LOADs (one without a media type: nothing); ``replace`` and ``merge`` bring ``parts``
    to ``graph`` (``None``: the default graph), ``delete`` removes it, and ``patch`` runs ``text``
    on it as if there were nothing else. ``base_iri`` is that of relative IRIs. With ``expected``
    the change is made only to the version of that digest. ``token`` says who writes.
    """

    kind: Choice["update", "replace", "merge", "delete", "patch"]
    token: str
    text: str = ""
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    graph: str | None = None
    parts: tuple[Part, ...] = ()
    base_iri: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Formats:
    """The media type that the client likes best for each form of result; ``None``: none will do."""

    bindings: str | None
    graph: str | None


def _stays() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a name by which shares are counted, and a way to see whether it has left."""

    client: str = ""
    abandoned: Callable[[], bool] = _stays


LOCAL: Final = Caller()


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised result, its form, its media type, and the version that it was answered from.

    ``chunks`` are its bytes, to be read once; where the query still runs, ``size`` in bytes is
    ``None``, and a chunk raises if the query fails: then the transfer must be broken off.
    """

    form: Form
    media_type: str
    chunks: Iterable[bytes]
    version: Version
    size: int | None

    @property
    def body(self) -> bytes:
        """All bytes at once."""
        return b"".join(self.chunks)


class Engine(Protocol):
    """An engine that answers SPARQL queries from the current version of the graph."""

    def version(self) -> Version:
        """Return the version that the next query is answered from.

        Raises :class:`~kg.errors.StoreMissing` if none has been published.
        """
        ...

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        """Return the serialised result of ``query`` for ``caller``.

        Raises :class:`~kg.errors.QuerySyntaxError`, :class:`~kg.errors.QueryRefused` (SERVICE, or a
        graph in FROM that the store does not hold) and :class:`~kg.errors.NotAcceptable`.
        """
        ...

    def rows(self, query: Query) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT query, unbound variables left out.

        Meant for pages, whose queries are bounded; raises as :meth:`answer` does.
        """
        ...

    def has_graph(self, iri: str) -> bool:
        """Return whether there is a graph of the name ``iri``, even an empty one."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


@runtime_checkable
class Writable(Protocol):
    """An engine that takes writes."""

    def write(self, write: Write, caller: Caller = LOCAL) -> tuple[Version, bool]:
        """Do ``write``; return the version that holds it, and whether it made a new graph.

        The version is in service and on disk. Raises what :func:`kg.engine.writes.apply` raises,
        and :class:`~kg.errors.LimitError`; then nothing was changed.
        """
        ...
