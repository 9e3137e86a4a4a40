"""What the service sends: what kind of result it is, whether it is whole, and its bytes."""

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import Final

from kg.engine.formats import graph_format
from kg.engine.formats import result_format
from kg.engine.interface import Form
from kg.engine.interface import Formats
from kg.engine.remote.transport import Reply
from kg.engine.remote.transport import told
from kg.engine.repeatable import result_form
from kg.errors import EngineFailed
from kg.errors import NotAcceptable
from kg.errors import QuerySyntaxError
from kg.errors import ResultTooLarge

JSON: Final = "application/sparql-results+json"
HELD_BACK: Final = 256 << 10  # bytes of an answer that wait until it is sure or larger
_PLACE: Final = re.compile(r"\bat (\d+):(\d+)")  # as Oxigraph tells of it
# Virtuoso says so when it cuts an answer off, and sends 200.
_CUT: Final = ("X-SPARQL-MaxRows", "X-SQL-State")


def checked(reply: Reply, shift: int) -> Reply:
    """Return ``reply`` if it holds a whole result as far as its head tells.

    ``shift`` is how many characters were sent before the query on its first line. Raises
    :class:`~kg.errors.QuerySyntaxError` and :class:`~kg.errors.EngineFailed`.
    """
    if reply.status == 400:
        raise refused(told(reply), shift)
    if reply.status != 200 or any(reply.header(name) for name in _CUT):
        raise strange(reply)
    return reply


def refused(said: str, shift: int) -> QuerySyntaxError:
    """Return the error for what the service ``said``; ``shift`` is how many characters stand before
    the query on its first line.
    """
    place = _PLACE.search(said)
    if not place:
        return QuerySyntaxError(f"The engine refuses the query: {said}")
    line, column = int(place[1]), int(place[2])
    column -= shift if line == 1 else 0
    return QuerySyntaxError(
        f"The query does not parse: {said[place.end() :].strip(': ')}", line=line, column=column
    )


def strange(reply: Reply) -> EngineFailed:
    if any(reply.header(name) for name in _CUT):
        reply.body(0)
        return EngineFailed(
            "The engine cut its answer off at a limit of its own",
            remedy="Ask for less; whoever runs the engine can raise its limits.",
        )
    return EngineFailed(f"The engine answered with status {reply.status}: {told(reply)}")


def accept_header(query: str, formats: Formats) -> str:
    """Return an Accept header; which kind of result comes is only certain when it is there."""
    if formats.bindings is None and formats.graph is None:
        raise NotAcceptable("No format for the result is acceptable", offered=(JSON, "text/turtle"))
    bindings, graph = formats.bindings or JSON, formats.graph or "text/turtle"
    if result_form(query) == "graph":
        # Virtuoso would give the triples of a graph as bindings.
        return f"{graph}, {bindings};q=0.1"
    return f"{bindings}, {graph};q=0.9, {JSON};q=0.1"


def form_of(reply: Reply, formats: Formats) -> tuple[Form, str]:
    """Return what kind of result the engine sends, and in which format."""
    graph, bindings = graph_format(reply.media_type), result_format(reply.media_type)
    if bindings and formats.bindings:
        return "bindings", bindings.media_type
    if graph and formats.graph and not bindings:
        return "graph", graph.media_type
    reply.body(0)
    if graph or bindings:
        raise NotAcceptable(
            f"The result is {'a graph' if graph else 'bindings'}, and no format for it is "
            "acceptable",
            offered=("text/turtle",) if graph else (JSON,),
        )
    raise EngineFailed(f"The engine sent {reply.media_type or 'something'}, which was not asked")


def held_back(
    reply: Reply, limit: int, leave: Callable[[], None]
) -> tuple[Iterator[bytes] | tuple[bytes, ...], int | None]:
    """Return the chunks, and the size if the answer is whole already.

    So much is held back that a failure early on still has a status of its own.
    """
    chunks = reply.chunks()
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > HELD_BACK:
            rest = _relay(held, chunks, limit, leave)
            next(rest)
            return rest, None
    leave()
    return (b"".join(held),), size


def _relay(
    held: list[bytes], chunks: Iterator[bytes], limit: int, leave: Callable[[], None]
) -> Iterator[bytes]:
    size = sum(map(len, held))
    try:
        # A generator that never began would not clean up.
        yield b""
        yield from held
        held.clear()
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise ResultTooLarge(
                    f"The answer is larger than {limit} bytes",
                    remedy="Ask for less, by LIMIT and OFFSET; the setting is POLICYKG_RESULT_MB.",
                )
            yield chunk
    finally:
        chunks.close()  # type: ignore[attr-defined]
        leave()
