"""What `policykg query` and `policykg info` print."""

import json
import shlex
import sys
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kg.catalogue import CatalogueQuery
from kg.catalogue import load_catalogue
from kg.catalogue.answer_turtle import answer_turtle
from kg.catalogue.federated import catalogue_query
from kg.engine.embedded import EmbeddedEngine
from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.interface import Engine
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.opening import open_engine
from kg.errors import BadParameter
from kg.errors import NotFound
from kg.namespaces import shorten
from kg.settings import SECRETS
from kg.settings import Settings

_WIDEST = 60  # characters of a cell of a table
_GRAPHS = """
SELECT ?graph (COUNT(*) AS ?statements) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph
"""


def list_questions() -> str:
    """Return the names and titles of the catalogue's questions, one a line."""
    return titles(load_catalogue())


def titles(catalogue: Mapping[str, CatalogueQuery]) -> str:
    """Return the names and titles of questions, one a line."""
    width = max(map(len, catalogue))
    return "\n".join(f"{name:<{width}}  {one.title}" for name, one in sorted(catalogue.items()))


def answer_text(
    settings: Settings, question: str, text: str | None, params: Sequence[str], format_name: str
) -> str:
    """Return the answer to ``question``, a catalogue name or a file, or to the query ``text``.

    Raises :class:`~kg.errors.BadParameter` for a parameter or format that does not fit, and
    :class:`~kg.errors.NotFound` for a question that is neither in the catalogue nor a file.
    """
    known = {f.extension: f for f in RESULT_FORMATS} | {f.extension: f for f in GRAPH_FORMATS}
    if format_name != "table" and format_name not in known:
        raise BadParameter(
            f"There is no format {format_name!r}",
            where="--format",
            remedy=f"Known: table, {', '.join(known)}.",
        )
    engine = _engine(settings)
    asked = _query(question, text, params, settings.base_iri)
    if format_name == "table":
        return _table(engine, asked)
    entry = load_catalogue(settings.base_iri).get(question) if text is None else None
    if format_name == "ttl" and entry is not None:
        return _turtle(engine, entry, asked, settings.base_iri)
    wanted = known[format_name].media_type
    results = {f.media_type for f in RESULT_FORMATS}
    formats = Formats(
        bindings=wanted if wanted in results else None,
        graph=None if wanted in results else wanted,
    )
    return engine.answer(asked, formats).body.decode()


def proposals_text(settings: Settings, words: str, format_name: str) -> tuple[str, str]:
    """Return the questions that ``words`` may ask, as text, and the answer to the best of them.

    Raises :class:`~kg.errors.NotFound` if they ask none, and what :func:`answer_text` raises.
    """
    from kg.search.asking import Asker
    from kg.search.files import index_current
    from kg.search.index import LONGEST
    from kg.search.index import Index

    if len(words) > LONGEST:
        raise BadParameter(
            f"The words have more than {LONGEST} characters", remedy="Ask in one sentence."
        )
    index = Index(index_current(settings))
    found = Asker(load_catalogue(settings.base_iri), index).propose(words, 3)
    if not found:
        raise NotFound(
            "No question of the catalogue fits these words",
            remedy="`policykg query` lists the questions.",
        )
    lines = []
    for number, one in enumerate(found, 1):
        given = "".join(f" -p {shlex.quote(f'{k}={v}')}" for k, v in one.values.items())
        lines += [f"{number}. {one.sentence}", f"   policykg query {one.question.name}{given}"]
    best = found[0]
    params = [f"{name}={value}" for name, value in best.values.items()]
    answer = answer_text(settings, best.question.name, None, params, format_name)
    return "\n".join(lines) + "\n\n", answer


def _query(question: str, text: str | None, params: Sequence[str], base: str) -> Query:
    values = values_of(params)
    catalogue = load_catalogue(base)
    if text is None and question in catalogue:
        return filled(catalogue[question], values)
    if values:
        raise BadParameter(
            "Only questions of the catalogue take parameters",
            where="--param",
            remedy="Write the value into the query.",
        )
    return Query(text if text is not None else _read(question))


def filled(entry: CatalogueQuery, values: Mapping[str, str]) -> Query:
    """Return a question with ``values``, and with its examples for what has none.

    Raises :class:`~kg.errors.BadParameter` for a value that does not fit.
    """
    examples = {parameter.name: parameter.example for parameter in entry.parameters}
    return catalogue_query(entry, {**examples, **values})


def values_of(params: Sequence[str]) -> dict[str, str]:
    """Return the values of parameters that are given as NAME=VALUE.

    Raises :class:`~kg.errors.BadParameter` for one that is not.
    """
    return dict(map(_name_and_value, params))


def _name_and_value(param: str) -> tuple[str, str]:
    name, equals, value = param.partition("=")
    if not equals:
        raise BadParameter(
            f"{param!r} is no parameter with a value", where="--param", remedy="Write NAME=VALUE."
        )
    return name, value


def standard_input() -> str:
    """Return the text on standard input.

    Raises :class:`~kg.errors.BadParameter` if it is not UTF-8.
    """
    return _decoded(sys.stdin.buffer.read(), "standard input", "Send UTF-8.")


def _read(question: str) -> str:
    try:
        return _decoded(Path(question).read_bytes(), question, "Store the file as UTF-8.")
    except OSError as error:
        raise NotFound(
            f"There is neither a question nor a readable file of that name ({error.strerror})",
            where=question,
            remedy="`policykg query` without a name lists the questions.",
        ) from None


def _decoded(data: bytes, where: str, remedy: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadParameter("The query is not UTF-8 text", where=where, remedy=remedy) from None


def _engine(settings: Settings) -> Engine:
    """Return the engine of ``settings``; one's own queries need no walls around them."""
    return EmbeddedEngine(settings.data) if settings.engine == "embedded" else open_engine(settings)


def _turtle(engine: Engine, entry: CatalogueQuery, asked: Query, base: str) -> str:
    """Return the rows of a question of the catalogue as things with properties."""
    answer = engine.answer(
        asked, Formats(RESULT_FORMATS[0].media_type, GRAPH_FORMATS[0].media_type)
    )
    if answer.form == "graph":
        return answer.body.decode()
    rows = json.loads(answer.body)["results"]["bindings"]
    values = {name: getattr(term, "value", str(term)) for name, term in asked.bindings.items()}
    address = f"{base}queries/{entry.name}.csv" + (f"?{urlencode(values)}" if values else "")
    return answer_turtle(entry, rows, address, base).decode()


def _table(engine: Engine, query: Query) -> str:
    """Return the rows as text; a boolean or a graph in its default format."""
    formats = Formats(bindings=RESULT_FORMATS[0].media_type, graph=GRAPH_FORMATS[0].media_type)
    answer = engine.answer(query, formats)
    if answer.form == "graph":
        return answer.body.decode()
    result = json.loads(answer.body)
    if answer.form == "boolean":
        return "yes\n" if result["boolean"] else "no\n"
    names = result["head"]["vars"]
    rows = result["results"]["bindings"]
    shown = [[_cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[i]) for line in [names, *shown]) for i in range(len(names))]
    lines = [names, ["-" * width for width in widths], *shown]
    body = "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )
    return f"{body}{len(rows)} row{'' if len(rows) == 1 else 's'}\n"


def _cell(term: Mapping[str, Any] | None) -> str:
    """Return the text of a term of the SPARQL results JSON format, cut to a readable width."""
    if term is None:
        return ""
    text = shorten(term["value"]) if term["type"] == "uri" else str(term["value"])
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def describe_version(settings: Settings) -> str:
    """Return the version in service with its graphs, as text."""
    engine = _engine(settings)
    version = engine.version()
    graphs = [(str(row["graph"])[1:-1], row["statements"]) for row in engine.rows(Query(_GRAPHS))]
    width = max((len(name) for name, _ in graphs), default=0)
    lines = [
        f"data folder  {settings.data}",
        f"version      {version.number}",
        f"digest       {version.digest}",
        f"statements   {version.quads}",
        "",
        *(f"{name:<{width}}  {getattr(count, 'value', ''):>8}" for name, count in graphs),
    ]
    return "\n".join(lines)


def describe_settings(settings: Settings) -> str:
    """Return every setting with its variable, its value and what it does."""
    lines = []
    for one in fields(settings):
        value = getattr(settings, one.name)
        if one.name in SECRETS:
            value = "(set)" if value else ""
        shown = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        lines += [f"POLICYKG_{one.name.upper()}={shown}", f"    {one.metadata['doc']}"]
    return "\n".join(lines)
