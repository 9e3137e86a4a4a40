"""The page of a question: its form, its answer as a table, and the ways to take it elsewhere."""

import shlex
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kg.catalogue import CatalogueQuery
from kg.catalogue import Column
from kg.catalogue import Parameter
from kg.catalogue import bind
from kg.catalogue import choices
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.errors import BadParameter
from server.cells import Cell
from server.cells import cell
from server.paging import Pager
from server.paging import page_number
from server.paging import pager
from server.runnable_query import runnable_query
from server.service import Service

# The most values that a list to choose from offers.
MOST_CHOICES = 500
_TIMES = frozenset(("when", "time", "date", "issued", "published"))


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the form; ``choices`` are values with labels, empty for a text input."""

    parameter: Parameter
    value: str
    choices: Sequence[tuple[str, str]]
    wrong: bool


@dataclass(frozen=True, slots=True)
class QueryView:
    """What the page of a question shows; without an answer ``error`` says what is wrong."""

    query: CatalogueQuery
    controls: Sequence[Control]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | None]]
    pager: Pager | None
    error: BadParameter | None
    arguments: str
    curl: str
    runnable: str


def by_tag(catalogue: Mapping[str, CatalogueQuery]) -> list[tuple[str, list[CatalogueQuery]]]:
    """Return the questions under their first tags, both in the order of the alphabet."""
    groups: dict[str, list[CatalogueQuery]] = defaultdict(list)
    for query in catalogue.values():
        groups[query.tags[0] if query.tags else "other"].append(query)
    return [(tag, sorted(groups[tag], key=lambda one: one.title)) for tag in sorted(groups)]


def query_view(
    service: Service,
    query: CatalogueQuery,
    values: Mapping[str, str],
    arguments: Mapping[str, str],
    error: BadParameter | None = None,
) -> QueryView:
    """Return the page of ``query`` for ``values``, with its answer unless there is an ``error``.

    Raises :class:`~kg.errors.BadParameter` for values that do not fit, if no error is given.
    """
    rows: list[dict[str, Term]] = []
    place: Pager | None = None
    runnable = query.text
    size = service.settings.page_rows
    if error is None:
        bound = bind(query, values)
        runnable = runnable_query(query.text, bound, keep=True)
        number = page_number(arguments, "page")
        rows = _slice(service, Query(query.text, bindings=bound), size + 1, (number - 1) * size)
        place = pager(
            f"/queries/{query.name}",
            arguments,
            "page",
            size=size,
            shown=min(len(rows), size),
            more=len(rows) > size,
            fragment="answer",
        )
    named = {column.name for column in query.columns}
    # A thing and its label are one column for a reader: the label that leads to the thing.
    columns = [
        column
        for column in query.columns
        if not (column.name.endswith("Label") and column.name.removesuffix("Label") in named)
    ]
    given = urlencode({name: value for name, value in arguments.items() if name != "page"})
    arguments_text = f"?{given}" if given else ""
    address = f"{service.address}/queries/{query.name}.csv{arguments_text}"
    return QueryView(
        query,
        [_control(service, parameter, values, error) for parameter in query.parameters],
        columns,
        [[_cell(service, column, row) for column in columns] for row in rows[:size]],
        place,
        error,
        arguments_text,
        f"curl {shlex.quote(address)}",
        runnable,
    )


def _control(
    service: Service, parameter: Parameter, values: Mapping[str, str], error: BadParameter | None
) -> Control:
    value = values.get(parameter.name, parameter.example)
    offered = choices(service.engine, parameter, MOST_CHOICES)
    if offered and value not in {iri for iri, _ in offered}:
        offered = [(value, value), *offered]
    wrong = error is not None and error.where == parameter.name
    return Control(parameter, value, offered, wrong)


def _cell(service: Service, column: Column, row: Mapping[str, Term]) -> Cell | None:
    term = row.get(column.name)
    if term is None:
        return None
    is_time = column.name.lower() in _TIMES
    return cell(term, service.links, row.get(f"{column.name}Label"), edtf=is_time)


def _slice(service: Service, query: Query, rows: int, offset: int) -> list[dict[str, Term]]:
    """Return ``rows`` rows of the answer from ``offset`` on."""
    modifiers = query.text.rpartition("}")[2].upper()
    if "LIMIT" in modifiers or "OFFSET" in modifiers:
        return service.engine.rows(query)[offset : offset + rows]
    text = f"{query.text}\nLIMIT {rows:d} OFFSET {offset:d}"
    return service.engine.rows(Query(text, bindings=query.bindings))
