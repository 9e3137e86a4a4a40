"""Changing a store as a request asks: SPARQL updates and graph store operations."""

import hashlib
import re
from collections.abc import Iterator
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from typing import Final

from pyoxigraph import DefaultGraph
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse
from pyoxigraph import serialize

from kg.engine.evaluation import plain_message
from kg.engine.evaluation import syntax_error
from kg.engine.guard import asks_elsewhere
from kg.engine.guard import without_load
from kg.engine.interface import Part
from kg.engine.interface import Write
from kg.engine.load_operations import load_operations
from kg.engine.load_operations import with_documents
from kg.engine.update_dataset import with_dataset
from kg.engine.versions import Record
from kg.engine.xml_check import check_xml
from kg.errors import BadData
from kg.errors import GraphOwned
from kg.errors import LoadFailed
from kg.errors import NotFound
from kg.errors import PreconditionFailed
from kg.errors import QueryRefused
from kg.errors import StoreNotWritable

_NESTED_ENTITY: Final = re.compile(
    rb"""<!ENTITY\s[^>]*?["'][^"'>]*&(?!(?:amp|lt|gt|quot|apos|\#\w+);)""", re.VERBOSE
)


def apply(write: Write, store: Store, last: Record | None) -> dict[str, Any]:
    """Change ``store`` and return notes for the journal; ``created`` says if the graph is new.

    Raises :class:`~kg.errors.QuerySyntaxError`, :class:`~kg.errors.QueryRefused`,
    :class:`~kg.errors.BadData`, :class:`~kg.errors.NotFound` for a graph to delete that is not
    there, :class:`~kg.errors.GraphOwned` and :class:`~kg.errors.PreconditionFailed`.
    """
    if write.expected is not None and (not last or last.version.digest != write.expected):
        raise PreconditionFailed(
            "The graph has changed since you read it",
            where="If-Match",
            remedy="Read it again, and decide again.",
        )
    if write.kind in ("update", "patch"):
        asks_elsewhere(write.text)
    owned = last.owned if last else ()
    size = len(store)
    notes: dict[str, Any] = {"by": write.token, "kind": write.kind}
    if write.kind == "update":
        before = _fingerprint(store, owned)
        _update(store, write)
        if _fingerprint(store, owned) != before:
            raise _owned("The update changes a graph that the build made")
    else:
        if write.graph in owned:
            raise _owned(f"The build made <{write.graph}>")
        notes["created"] = _write_graph(store, write)
        notes["graphs"] = [write.graph or "default"]
    return {**notes, "change": len(store) - size}


def _update(store: Store, write: Write) -> None:
    text = with_dataset(write.text, write.using, write.using_named)
    text = _with_loaded(text, write) if write.parts else without_load(text)
    try:
        store.update(text, base_iri=write.base_iri)
    except SyntaxError as error:
        raise syntax_error(str(error)) from None
    except OSError as error:  # of the disk: nothing that is elsewhere is asked
        raise StoreNotWritable(
            f"The data folder cannot be written: {error}",
            remedy="Make room on its disk. Nothing was changed.",
        ) from None
    except (ValueError, RuntimeError) as error:
        # Among them: CREATE of a graph that is there, DROP of one that is not.
        raise QueryRefused(
            f"The update cannot be done: {error}", remedy="Nothing was changed; correct it."
        ) from None


def _with_loaded(text: str, write: Write) -> str:
    """Return the update ``text`` with the statements of its documents in place of its LOADs."""
    loads = load_operations(text, write.base_iri)
    documents = []
    for load, part in zip(loads, write.parts, strict=True):
        try:
            # Nothing was fetched for a LOAD SILENT that failed.
            found = _quads(part, 1, DefaultGraph(), load.source) if part.media_type else ()
            triples = (quad.triple for quad in found)
            statements = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            documents.append(statements.decode())
        except BadData as error:
            if not load.silent:
                raise LoadFailed(
                    f"<{load.source}> cannot be loaded: {error.detail}", where=error.where
                ) from None
            documents.append("")
    return with_documents(text, loads, documents)


def _write_graph(store: Store, write: Write) -> bool:
    graph = NamedNode(write.graph) if write.graph else DefaultGraph()
    existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    if write.kind == "delete":
        if not existed:
            raise NotFound(f"There is no graph <{write.graph}>", where="graph")
        store.remove_graph(graph)
        return False
    if write.kind == "patch":
        _patch(store, graph, write)
        return not existed
    if write.kind == "replace":
        store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    for number, part in enumerate(write.parts, 1):
        store.bulk_extend(_quads(part, number, graph, write.base_iri))
    return not existed


def _patch(store: Store, graph: NamedNode | DefaultGraph, write: Write) -> None:
    scratch = Store()
    scratch.extend(
        Quad(q.subject, q.predicate, q.object)
        for q in store.quads_for_pattern(None, None, None, graph)
    )
    _update(scratch, write)
    if any(True for _ in scratch.named_graphs()):
        raise QueryRefused(
            "The update changes other graphs than the one that it is sent to",
            remedy="Leave GRAPH out, or send it to /update.",
        )
    store.clear_graph(graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in scratch)


def _quads(
    part: Part, number: int, graph: NamedNode | DefaultGraph, base: str | None
) -> Iterator[Quad]:
    found = RdfFormat.from_media_type(part.media_type)
    if found is None or found.supports_datasets and found != RdfFormat.JSON_LD:
        raise BadData(
            f"{part.media_type} is no format of one graph",
            remedy="Send Turtle, N-Triples, RDF/XML or JSON-LD.",
        )
    if found == RdfFormat.RDF_XML and _NESTED_ENTITY.search(part.data):
        # A few of them can stand for more text than there is memory.
        raise BadData("An entity is declared by another entity", remedy="Write the text itself.")
    if found == RdfFormat.RDF_XML:
        # The parser takes a document that was cut off for a whole one.
        check_xml(BytesIO(part.data), f"part {number}" if number > 1 else "", entities=True)
    try:
        for quad in parse(part.data, format=found, base_iri=base, rename_blank_nodes=True):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        place = f"line {error.lineno}, column {error.offset}" if error.lineno else None
        raise BadData(
            f"The data is not {found.name}: {plain_message(error)}",
            where=f"part {number}, {place}" if place and number > 1 else place,
            remedy="Nothing was changed; correct this place.",
        ) from None
    except ValueError as error:
        raise BadData(f"The data cannot be read: {error}", remedy="Nothing was changed.") from None


def _fingerprint(store: Store, graphs: Sequence[str]) -> str:
    """Return a hash of what is in ``graphs``; a store gives the same content in the same order."""
    total = hashlib.sha256()
    for graph in graphs:
        data = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(graph))
        total.update(hashlib.sha256(data or b"").digest())
    return total.hexdigest()


def _owned(what: str) -> GraphOwned:
    return GraphOwned(
        what,
        remedy="Write to a graph of your own; what the build makes is changed in its sources.",
    )
