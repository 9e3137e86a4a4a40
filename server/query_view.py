"""The page of a question: its sentence and form, its answer as a table, and the ways to take it
elsewhere.
"""

import shlex
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup
from pyoxigraph import QueryResultsFormat
from pyoxigraph import QuerySolutions
from pyoxigraph import parse_query_results

from kg.catalogue import CatalogueQuery
from kg.catalogue import Column
from kg.catalogue import Parameter
from kg.catalogue.federated import asks_elsewhere
from kg.catalogue.federated import catalogue_query
from kg.engine.evaluation import solution_rows
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.errors import BadParameter
from server.answer_evidence import evidence
from server.caller import caller
from server.cells import Cell
from server.cells import cell
from server.kept import kept
from server.paging import Pager
from server.paging import page_number
from server.paging import pager
from server.query_choices import is_open
from server.query_choices import name_among
from server.query_choices import offered
from server.query_choices import options
from server.query_choices import resolved
from server.query_explainer import Explainer
from server.query_explainer import Line
from server.query_explainer import NamedTerm
from server.query_list import body_of
from server.runnable_query import runnable_query
from server.service import Service
from server.used_terms import used_terms

# The views of a question, and what of an address is no value of a parameter.
VIEWS: Final = {"sentence": "Sentence", "form": "Form", "sparql": "SPARQL"}
RESERVED: Final = frozenset(("page", "view", "lang"))
_TIMES: Final = frozenset(("when", "time", "date", "issued", "published"))


@dataclass(frozen=True, slots=True)
class Control:
    """A control of the form; ``options`` are elements to choose from, none for a plain text input.

    ``open`` says that other values than the choices are as good, ``named`` is the value in words.
    """

    parameter: Parameter
    value: str
    named: str
    options: Markup
    open: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class QueryView:
    """What the page of a question shows; without an answer ``error`` says what is wrong.

    ``sentence`` are pieces of text, each with the control behind it; ``arguments`` is the values as
    they stand in an address, with the question mark; ``asked`` the question with its values;
    ``evidence`` are the words that the claims of the rows rest on, none if these are no claims.
    """

    query: CatalogueQuery
    view: str
    controls: Sequence[Control]
    sentence: Sequence[tuple[str, Control | None]]
    asked: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell | None]]
    evidence: Sequence[Sequence[Cell]]
    pager: Pager | None
    error: BadParameter | None
    arguments: str
    address: str
    curl: str
    runnable: str
    lines: Sequence[Line]
    terms: Sequence[NamedTerm]


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
    runnable = body_of(query)
    size = service.settings.page_rows
    values = resolved(service, query, values)
    if error is None:
        asked = catalogue_query(query, values)
        runnable = runnable_query(runnable, asked.bindings, keep=True)
        number = page_number(arguments, "page")
        rows = _slice(service, asked, size + 1, (number - 1) * size)
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
    given = urlencode({key: value for key, value in arguments.items() if key not in RESERVED})
    arguments_text = f"?{given}" if given else ""
    address = f"{service.address}/queries/{query.name}.csv{arguments_text}"
    controls = {one.name: _control(service, one, values, error) for one in query.parameters}
    sentence = [
        (text, controls[parameter.name] if parameter else None)
        for text, parameter in query.sentence
    ]
    explainer = kept("explainer", lambda: Explainer(used_terms(service).names))
    view = arguments.get("view", "")
    return QueryView(
        query,
        view if view in VIEWS else "sentence",
        tuple(controls.values()),
        sentence,
        "".join(text + (control.named if control else "") for text, control in sentence),
        columns,
        [[_cell(service, column, row) for column in columns] for row in rows[:size]],
        evidence(service, rows[:size]),
        place,
        error,
        arguments_text,
        address,
        f"curl {shlex.quote(address)}",
        f"# {query.title}\n{runnable}",
        explainer.lines(runnable),
        explainer.terms(runnable),
    )


def _control(
    service: Service, parameter: Parameter, values: Mapping[str, str], error: BadParameter | None
) -> Control:
    value = values.get(parameter.name, parameter.example)
    found = offered(service, parameter)
    named = name_among(value, found, service.links)
    elements = options(service, parameter)
    if found and not is_open(parameter):
        elements = _chosen(elements, value, named)
    wrong = error is not None and error.where == parameter.name
    return Control(parameter, value, named, elements, is_open(parameter), wrong)


def _chosen(elements: Markup, value: str, named: str) -> Markup:
    """Return ``elements`` with that for ``value`` chosen, which is put first if it is not there."""
    start = Markup('<option value="{}"').format(value)
    before, found, after = str(elements).partition(f"{start}>")
    if found:
        return Markup(f"{before}{start} selected>{after}")
    return start + Markup(" selected>{}</option>\n").format(named) + elements


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
    part = replace(query, text=text)
    return _from_elsewhere(service, part) if asks_elsewhere(query) else service.engine.rows(part)


def _from_elsewhere(service: Service, query: Query) -> list[dict[str, Term]]:
    """Return the solutions of a query to other endpoints, which counts as its caller's own: it may
    have to wait for them.
    """
    answer = service.engine.answer(
        query, Formats(QueryResultsFormat.JSON.media_type, None), caller()
    )
    solutions = parse_query_results(answer.body, QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)  # the questions are SELECT queries
    return solution_rows(solutions)
