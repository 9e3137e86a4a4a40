"""What the parameters of a question may be: values to choose from, with their names."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.catalogue import CatalogueQuery
from kg.catalogue import Parameter
from kg.catalogue import choices
from server.bounded_query import bounded_query
from server.cells import name_of
from server.kept import kept
from server.links import Links
from server.service import Service

# The most values that a list to choose from offers.
MOST_CHOICES: Final = 500
# The most names that are offered while somebody types the name of any thing.
MOST_NAMES: Final = 1000


def offered(service: Service, parameter: Parameter) -> Sequence[tuple[str, str]]:
    """Return values of ``parameter`` with their names: the members of its class, else any thing
    that has a name where it takes an IRI, else nothing. They are read once a version.
    """
    if parameter.kind != "iri":
        return ()
    return kept(f"choices {parameter.choices}", lambda: _read(service, parameter))


def options(service: Service, parameter: Parameter) -> Markup:
    """Return the same as elements of HTML: names to choose from while one is typed, else values
    with their names.
    """

    def made() -> Markup:
        element = Markup('<option value="{}">{}</option>\n')
        return Markup("").join(
            element.format(name, "") if is_open(parameter) else element.format(value, name)
            for value, name in offered(service, parameter)
        )

    return kept(f"options {parameter.choices}", made) if parameter.kind == "iri" else Markup()


def _read(service: Service, parameter: Parameter) -> Sequence[tuple[str, str]]:
    if parameter.choices is None:
        rows = service.engine.rows(bounded_query(service, "named-things", rows=MOST_NAMES))
        return [(_text(row["thing"]), _text(row["name"])) for row in rows]
    return choices(service.engine, parameter, MOST_CHOICES)


def resolved(service: Service, query: CatalogueQuery, values: Mapping[str, str]) -> dict[str, str]:
    """Return ``values`` with IRIs in place of names that were typed.

    A name is taken for the one thing on offer that goes by it, in any case; what is no such name
    stays as it is.
    """
    taken = dict(values)
    for parameter in query.parameters:
        value = values.get(parameter.name, "").strip()
        if parameter.kind != "iri" or not value or value.startswith(("http://", "https://")):
            continue
        wanted = value.casefold()
        found = {iri for iri, name in offered(service, parameter) if name.casefold() == wanted}
        if len(found) == 1:
            taken[parameter.name] = found.pop()
    return taken


def is_open(parameter: Parameter) -> bool:
    """Return whether any thing is a value of ``parameter``, so that a list cannot hold them all."""
    return parameter.kind == "iri" and parameter.choices is None


def name_among(value: str, among: Sequence[tuple[str, str]], links: Links) -> str:
    """Return the name of ``value`` in a sentence: that of the choice, else the value."""
    known = next((name for iri, name in among if iri == value), None)
    if known:
        return known
    return name_of(value, links) if value.startswith(("http://", "https://")) else value


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
