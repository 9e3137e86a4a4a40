"""Reading the query files of the catalogue."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import QuerySolutions
from pyoxigraph import Store

from kg.catalogue.header import Header
from kg.catalogue.header import read_header
from kg.catalogue.model import CatalogueQuery
from kg.engine.evaluation import syntax_error
from kg.errors import SourceSyntaxError
from kg.namespaces import BASE

if TYPE_CHECKING:
    from kg.build.read import TextFile


def load_catalogue(base: str = BASE, folder: str = "queries") -> dict[str, CatalogueQuery]:
    """Return the catalogue that ships with policykg, for a graph with the base IRI ``base``.

    ``folder`` is the folder of the questions, ``queries`` or one in it.
    Raises :class:`~kg.errors.SourceSyntaxError` as :func:`read_catalogue` does.
    """
    # Imported when needed: the server reads the catalogue after its start, which is to be quick.
    from kg.build.read import TextFile
    from kg.build.turtle import read_text

    package, _, within = folder.partition("/")
    place = files(package) / within if within else files(package)
    return read_catalogue(
        [
            TextFile(name, read_text(Path(str(member)), name, base))
            for member in place.iterdir()
            if (name := f"{folder}/{member.name}").endswith(".rq")
        ]
    )


def read_catalogue(files: Sequence["TextFile"]) -> dict[str, CatalogueQuery]:
    """Return the queries by the names of their files without extension, in the order of names.

    Raises :class:`~kg.errors.SourceSyntaxError` that names the file, the line and the remedy of
    each fault: of one in ``where`` and ``remedy``, of several in ``detail``.
    """
    queries: dict[str, CatalogueQuery] = {}
    faults: list[SourceSyntaxError] = []
    store = Store()
    for file in files:
        header = read_header(file.name, file.text)
        _check_query(header, file, store)
        faults += header.faults
        name = file.name.rsplit("/", 1)[-1].removesuffix(".rq")
        queries[name] = CatalogueQuery(
            name,
            header.title,
            header.description,
            header.tags,
            tuple(header.parameters),
            tuple(header.columns),
            file.text,
            header.family or next((tag.capitalize() for tag in header.tags), "Other"),
            header.question or _question(header),
        )
    if len(faults) > 1:
        raise SourceSyntaxError(
            "\n".join(str(fault) for fault in faults).removesuffix("."),
            remedy=f"Correct the {len(faults)} places.",
        )
    if faults:
        raise faults[0]
    return dict(sorted(queries.items()))


def _question(header: Header) -> str:
    """Return a sentence for a query whose header has none."""
    places = ", ".join(f"{one.label}: {{{one.name}}}" for one in header.parameters)
    return f"{header.title} {places}".strip()


def _check_query(header: Header, file: "TextFile", store: Store) -> None:
    """Note what is wrong with the query itself, or between it and its header."""
    try:
        results = store.query(file.text)
    except SyntaxError as error:
        wrong = syntax_error(str(error), file.text)
        header.faults.append(
            SourceSyntaxError(
                wrong.detail,
                where=f"{file.name}:{wrong.line or 1}:{wrong.column or 1}",
                remedy="Correct this place.",
            )
        )
        return
    if not isinstance(results, QuerySolutions):
        header.fault(_select_line(file.text), "The query is no SELECT query", "Begin with SELECT.")
        return
    projected = [variable.value for variable in results.variables]
    columns = [column.name for column in header.columns]
    parameters = [parameter.name for parameter in header.parameters]
    for name in columns:
        if name not in projected:
            header.fault(
                header.lines[name],
                f"The query does not project the column {name}",
                f"Add ?{name} to its SELECT, or take the line away.",
            )
    for name in parameters:
        if name not in projected:
            header.fault(
                header.lines[name],
                f"The query does not project the parameter {name}, so it cannot be bound",
                f"Add ?{name} to its SELECT, after the columns.",
            )
    for name in projected:
        if name not in header.lines:
            header.fault(
                _select_line(file.text),
                f"The query projects ?{name}, which the header does not declare",
                f"Add a line `# column {name}: KIND; ..`, or take ?{name} from the SELECT.",
            )
    declared = [*columns, *parameters]
    if projected != declared and sorted(projected) == sorted(declared):
        header.fault(
            _select_line(file.text),
            "The query projects its variables in another order than the header declares them",
            f"Write SELECT {' '.join(f'?{name}' for name in declared)}.",
        )


def _select_line(text: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().upper().startswith("SELECT"):
            return number
    return 1
