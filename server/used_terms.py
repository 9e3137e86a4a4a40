"""The classes and properties that the data uses, counted once a version of the graph."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from typing import Final

from flask import current_app

from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.engine.interface import Version
from kg.namespaces import prefixes
from server.bounded_query import page_query_text
from server.caller import caller
from server.service import Service

EXTENSION: Final = "policykg-used-terms"
_JSON: Final = Formats("application/sparql-results+json", None)
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]")
_LOCAL: Final = re.compile(r"[A-Za-z_][\w-]*")
_COUNTING: Final = Lock()


@dataclass(frozen=True, slots=True)
class UsedTerm:
    """A class or a property: its IRI, prefixed name, label, definition, and how often it is used.

    ``subject`` is the IRI of a member, or of a thing that has the property; ``value`` is the label
    of the member, or the first characters of the property's value. ``with_`` are the prefixed names
    of what it stands with, most frequent first: the properties of a class, the classes of things
    that have a property; ``leads_to`` are the classes of a property's values.
    """

    iri: str
    name: str
    label: str
    definition: str
    count: int
    subject: str
    value: str
    with_: tuple[tuple[str, int], ...]
    leads_to: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class UsedTerms:
    """The vocabulary of a version: prefixes that it uses, classes and properties by frequency, and
    label and definition of every term that has one, by IRI.

    ``others`` are the prefixed names of other terms that stand somewhere in the graph, such as the
    values that the ontology names, with their labels.
    """

    version: Version
    prefixes: Mapping[str, str]
    classes: tuple[UsedTerm, ...]
    properties: tuple[UsedTerm, ...]
    names: Mapping[str, tuple[str, str]]
    others: Mapping[str, str]


def used_terms(service: Service) -> UsedTerms:
    """Return the vocabulary that the version in service uses; it is counted when first asked for.

    Raises what the engine raises, such as :class:`~kg.errors.LimitError` where counting takes
    longer than a query may.
    """
    version = service.engine.version()
    known = current_app.extensions.get(EXTENSION)
    if isinstance(known, UsedTerms) and known.version.digest == version.digest:
        return known
    with _COUNTING:  # whoever waits finds what the first one counted
        known = current_app.extensions.get(EXTENSION)
        if isinstance(known, UsedTerms) and known.version.digest == version.digest:
            return known
        counted = _count(service, version)
        current_app.extensions[EXTENSION] = counted
    return counted


def words_of(local: str) -> str:
    """Return the local name of a term as words: ``prefLabel`` is read “pref label”."""
    return _WORDS.sub(" ", local).lower().strip()


def _count(service: Service, version: Version) -> UsedTerms:
    known = prefixes(service.settings.base_iri)
    names = _names(_rows(service, "term-names"))
    together = _together(_rows(service, "used-together"), known)

    def term(row: Mapping[str, str], subject: str, value: str) -> UsedTerm:
        iri = row["term"]
        label, definition = names.get(iri) or ("", "")
        name = _prefixed(iri, known)
        return UsedTerm(
            iri,
            name,
            label or words_of(re.split(r"[/#]", iri)[-1]),
            definition,
            int(row["count"]),
            subject,
            value,
            tuple(together["of", iri]),
            tuple(together["to", iri]),
        )

    classes: dict[str, UsedTerm] = {}
    for row in _rows(service, "used-classes"):
        if row["term"] not in classes:  # an example with several labels has several rows
            classes[row["term"]] = term(row, row.get("subject", ""), row.get("label", ""))
    properties = [
        term(row, *row.get("example", "\t").split("\t", 1))
        for row in _rows(service, "used-properties")
    ]
    found = (*classes.values(), *properties)
    somewhere = {row["term"] for row in _rows(service, "known-terms")} | set(names)
    besides = sorted(somewhere - {one.iri for one in found})
    used = {one.name.partition(":")[0] for one in found} | {"id", "topic", "graph", "xsd"}
    return UsedTerms(
        version,
        {name: iri for name, iri in known.items() if name in used},
        tuple(classes.values()),
        tuple(properties),
        names,
        {_prefixed(iri, known): names.get(iri, ("", ""))[0] for iri in besides},
    )


def _names(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        if row.get("label") and row["term"] not in names:
            names[row["term"]] = row["label"], row.get("definition", "")
    return names


def _together(
    rows: Iterable[Mapping[str, str]], known: Mapping[str, str]
) -> dict[tuple[str, str], list[tuple[str, int]]]:
    found: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        count = int(row["count"])
        found[row["use"], row["property"]].append((_prefixed(row["class"], known), count))
        if row["use"] == "of":
            found["of", row["class"]].append((_prefixed(row["property"], known), count))
    return found


def _prefixed(iri: str, known: Mapping[str, str]) -> str:
    for prefix, start in known.items():
        local = iri.removeprefix(start)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _rows(service: Service, name: str) -> Sequence[dict[str, str]]:
    """Return the solutions of a page query, which walks the whole graph: a worker asks it."""
    answer = service.engine.answer(Query(page_query_text(service, name)), _JSON, caller())
    bindings: list[dict[str, Any]] = json.loads(answer.body)["results"]["bindings"]
    return [{key: str(term["value"]) for key, term in row.items()} for row in bindings]
