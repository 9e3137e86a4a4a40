"""The schema at a glance: what the data uses, each with a pattern that asks for it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.links import Links
from server.used_terms import UsedTerm
from server.used_terms import UsedTerms


@dataclass(frozen=True, slots=True)
class SchemaTerm:
    """A class or property: its prefixed name and label, the number of uses, what it means, the
    pattern that asks for it, a whole query with that, and the address of its page and its example.
    """

    name: str
    label: str
    count: int
    definition: str
    pattern: str
    query: str
    page: str | None
    example: str
    example_page: str | None


@dataclass(frozen=True, slots=True)
class SchemaView:
    """Classes and properties in groups: those of this vocabulary, and those of others."""

    groups: Sequence[tuple[str, Sequence[SchemaTerm]]]


def schema_view(used: UsedTerms, links: Links) -> SchemaView:
    """Return the terms of ``used``, most used first."""

    def those(terms: Sequence[UsedTerm], ours: bool) -> list[SchemaTerm]:
        return [_term(one, used, links) for one in terms if one.name.startswith("pol:") == ours]

    return SchemaView(
        (
            ("Classes", those(used.classes, True)),
            ("Properties", those(used.properties, True)),
            ("Classes of other vocabularies", those(used.classes, False)),
            ("Properties of other vocabularies", those(used.properties, False)),
        )
    )


def _term(term: UsedTerm, used: UsedTerms, links: Links) -> SchemaTerm:
    if any(term is one for one in used.classes):
        pattern = f"?{_variable(term.name)} a {term.name} ."
    else:
        subject = term.with_[0][0] if term.with_ else "thing"
        value = term.leads_to[0][0] if term.leads_to else term.name
        one, other = _variable(subject), _variable(value)
        pattern = f"?{one} {term.name} ?{other if other != one else f'{other}2'} ."
    names = dict.fromkeys(re.findall(r"\b([a-z]\w*):", pattern))
    declared = "".join(
        f"PREFIX {name}: <{used.prefixes[name]}>\n" for name in names if name in used.prefixes
    )
    return SchemaTerm(
        term.name,
        term.label,
        term.count,
        term.definition,
        pattern,
        f"{declared}SELECT * WHERE {{\n  {pattern}\n}}\nLIMIT 100\n",
        links.page(term.iri),
        _words(term.value or term.subject),
        links.page(term.subject),
    )


def _words(example: str) -> str:
    """Return an example as words; an IRI is read by its last part."""
    if not re.fullmatch(r"https?://\S+", example):
        return example
    return re.split(r"[/#]", example.rstrip("/#"))[-1].replace("-", " ")


def _variable(name: str) -> str:
    """Return a variable's name for a term: ``pol:PolicyFramework`` is ``policyFramework``."""
    local = re.sub(r"\W", "", re.split(r"[:/#]", name.strip("<>"))[-1]) or "thing"
    return local[0].lower() + local[1:]
