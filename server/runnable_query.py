"""Queries as a reader can run them elsewhere: with the values that the server would bind."""

import re
from collections.abc import Mapping
from typing import Final

from kg.engine.interface import Term

# Lines on which only variables may stand; a projection can go on on lines of its own.
_PROJECTION: Final = re.compile(r"\s*SELECT\b|\s*(?:\?\w+\s+)+$")
_ORDER: Final = re.compile(r"\s*(?:ORDER|GROUP) BY\b")


def runnable_query(text: str, values: Mapping[str, Term], keep: bool = False) -> str:
    """Return the query ``text`` with ``values`` in place of variables.

    It is meant for the files of this project: clauses begin on lines of their own. With ``keep``
    the variables stay columns of the answer, else they are left out of it. A VALUES clause at the
    end would not do: what is bound inside OPTIONAL, FILTER or subqueries would see no value.
    """
    return "".join(_line(line, values, keep) for line in text.splitlines(keepends=True))


def _line(line: str, values: Mapping[str, Term], keep: bool) -> str:
    if line.startswith("#"):
        return line
    for name, value in values.items():
        variable = rf"\?{name}\b"
        term = str(value)
        if _PROJECTION.match(line):
            # A column of a subquery would hide the column of the same name outside.
            outermost = keep and not line.startswith(" ")
            parts = re.split(rf" {variable}", line)
            line = (f" ({term} AS ?{name})" if outermost else "").join(parts)
        elif _ORDER.match(line):
            line = re.sub(rf" {variable}", "", line)
        else:
            line = term.join(re.split(variable, line))
    return line
