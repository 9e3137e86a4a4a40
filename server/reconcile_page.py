"""The page of reconciliation: a table is pasted or sent, and comes back with what its names mean.

Nothing of it is kept. Larger tables are read by the script in the browser, which asks the service
batch by batch.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Response
from flask import render_template
from flask import request

from kg.errors import BadParameter
from kg.errors import BatchTooLarge
from kg.reconcile.filling import DEFAULT_PROPERTIES
from kg.reconcile.filling import Counts
from kg.reconcile.filling import Filling
from kg.reconcile.filling import identifiers
from kg.reconcile.matching import Asked
from kg.reconcile.matching import Candidate
from kg.reconcile.properties import NAME
from kg.reconcile.reconciler import Reconciliation
from kg.reconcile.tables import Table
from kg.reconcile.tables import decoded
from kg.reconcile.tables import line
from kg.reconcile.tables import table
from server.page_response import page_response
from server.reconcile_answers import default_types
from server.reconcile_sssom import sssom
from server.service import service

CANDIDATES: Final = 3  # shown for each name
_FORMATS: Final = ("page", "csv", "sssom")


@dataclass(frozen=True, slots=True)
class Line:
    """A name of the table, the things that it may stand for, and what they have, if certain."""

    name: str
    candidates: tuple[Candidate, ...]
    values: tuple[str, ...]


def page(known: Reconciliation) -> Response:
    """Return the page on which a table is given."""
    return page_response(_render(known))


def table_response(known: Reconciliation) -> Response:
    """Return the table of the form with what its names stand for, as a page or as a file.

    Raises :class:`~kg.errors.BadParameter` and :class:`~kg.errors.BatchTooLarge`.
    """
    form = request.form
    wanted = form.get("format", "page")
    if wanted not in _FORMATS:
        raise BadParameter(
            f"There is no format {wanted[:80]!r}", where="format", remedy=f"{', '.join(_FORMATS)}."
        )
    source = _table()
    column = source.column(form.get("column", "").strip() or "1")
    kind = form.get("type", "").strip()
    types = (known.suggester.class_iri(kind),) if kind else ()
    properties = tuple(form.getlist("property"))[:20] or DEFAULT_PROPERTIES
    most = service().settings.reconcile_batch
    rows = []
    for row in source.rows:
        rows.append(row)
        if len(rows) > most:
            raise BatchTooLarge(
                f"The table has more than {most} rows",
                where="table",
                remedy="Allow scripts on this page, or use `policykg reconcile`.",
            )
    if wanted == "csv":
        kept = Table(source.header, iter(rows), source.encoding, source.separator)
        filling = Filling(known, kept, column, types, properties)
        text = line(filling.header()) + "".join(map(line, filling.rows(Counts())))
        return _file("\ufeff" + text, "text/csv; charset=utf-8", "reconciled.csv")
    lines = _lines(known, [row[column].strip() for row in rows], types, properties)
    if wanted == "sssom":
        certain = [(one.name, one.candidates[0]) for one in lines if _certain(one)]
        return _file(sssom(certain), "text/tab-separated-values; charset=utf-8", "names.sssom.tsv")
    html = _render(known, lines, [known.properties.name(one) for one in properties])
    return Response(html, content_type="text/html; charset=utf-8")


def _table() -> Table:
    upload = request.files.get("file")
    text = decoded(upload.read()) if upload and upload.filename else request.form.get("table", "")
    if not text.strip():
        raise BadParameter(
            "There is no table", where="table", remedy="Paste one, or choose a file."
        )
    alone = not any(sign in text for sign in ',;\t|"')
    if alone and not request.form.get("column", "").strip():
        # Names alone, one a line, are a table of one column.
        text = f"{NAME}\n{text}"
    return table(io.StringIO(text, newline=""), "table")


def _lines(
    known: Reconciliation, names: Sequence[str], types: tuple[str, ...], properties: Sequence[str]
) -> list[Line]:
    asked = dict.fromkeys(name for name in names if name)
    found = known.matches([Asked(name, types, limit=CANDIDATES) for name in asked])
    candidates = dict(zip(asked, map(tuple, found), strict=True))
    values: dict[str, tuple[str, ...]] = {}
    for name, some in candidates.items():
        if some and some[0].match:
            values[name] = tuple(identifiers(known.properties, some[0], properties))
    nothing = ("",) * len(properties)
    return [Line(name, candidates.get(name, ()), values.get(name, nothing)) for name in names]


def _certain(one: Line) -> bool:
    return bool(one.candidates) and one.candidates[0].match


def _render(
    known: Reconciliation, lines: Sequence[Line] | None = None, columns: Sequence[str] = ()
) -> str:
    here = service()
    return render_template(
        "reconcile.html",
        lines=lines,
        columns=columns,
        address=f"{here.address}/reconcile",
        most=here.settings.reconcile_batch,
        types=default_types(known),
        properties=known.properties.proposed(None, 50),
        chosen=DEFAULT_PROPERTIES,
        page_of=lambda iri: here.links.page(iri) or here.links.href(iri),
    )


def _file(text: str, content_type: str, name: str) -> Response:
    response = Response(text, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
