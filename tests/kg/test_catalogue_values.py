"""Values of parameters are bound as terms, or refused with what the parameter takes."""

import pytest
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.build.read import TextFile
from kg.catalogue import KINDS
from kg.catalogue import CatalogueQuery
from kg.catalogue import Parameter
from kg.catalogue import bind
from kg.catalogue import choices
from kg.catalogue import load_catalogue
from kg.catalogue import read_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.errors import BadParameter
from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import XSD

EXAMPLES = {
    "iri": "pol:certain",
    "string": "text",
    "integer": "1",
    "decimal": "0.5",
    "date": "2014-12-16",
    "boolean": "true",
}
TAKES = {
    "iri": "an absolute http or https IRI, or a prefixed name such as pol:certain",
    "string": "text that is not empty",
    "integer": "a whole number of at most 18 digits",
    "decimal": "a decimal number such as 0.75, of at most 12 digits on either side of the point",
    "date": "a day of the calendar, written YYYY-MM-DD",
    "boolean": "true or false",
}


def query(kind: str) -> CatalogueQuery:
    """Return a query with one parameter ``x`` of ``kind``."""
    text = (
        "# title: T?\n# description: D.\n"
        f"# param x: {kind}; label=L; example={EXAMPLES[kind]}; description=D.\n"
        "# column y: iri; a thing\n"
        "SELECT ?y ?x { ?y ?p ?x }"
    )
    return read_catalogue([TextFile("q.rq", text)])["q"]


def literal(value: str, kind: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


def test_each_kind_is_tested() -> None:
    assert tuple(EXAMPLES) == tuple(TAKES) == KINDS


@pytest.mark.parametrize(
    ("value", "iri"),
    [
        ("https://w3id.org/policykg/id/a", ID + "a"),
        ("http://example.org", "http://example.org"),
        ("http://example.org/ä?q=1#x", "http://example.org/ä?q=1#x"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("id:a", ID + "a"),
        ("pol:certain", POL + "certain"),
        ("<http://example.org/a>", "http://example.org/a"),
    ],
)
def test_iri_is_full_or_prefixed(value: str, iri: str) -> None:
    assert bind(query("iri"), {"x": value}) == {"x": NamedNode(iri)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "0"),
        ("integer", "-12"),
        ("integer", "+12"),
        ("integer", "9" * 18),
        ("decimal", "0.75"),
        ("decimal", "-1"),
        ("decimal", ".5"),
        ("date", "2014-12-16"),
        ("date", "2016-02-29"),
        ("boolean", "true"),
        ("boolean", "false"),
    ],
)
def test_literal_has_the_datatype_of_its_kind(kind: str, value: str) -> None:
    assert bind(query(kind), {"x": value}) == {"x": literal(value, kind)}


@pytest.mark.parametrize("value", ["a", " a ", '" . } #', "'''", "\\", "a\nb", "😀", "?x", "<x>"])
def test_text_is_bound_as_it_is(value: str) -> None:
    assert bind(query("string"), {"x": value}) == {"x": Literal(value)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "a"),
        ("iri", "nope:a"),
        ("iri", "/id/a"),
        ("iri", "urn:isbn:1"),
        ("iri", "file:///etc/passwd"),
        ("iri", "javascript:alert(1)"),
        ("iri", "http://"),
        ("iri", "http:///a"),
        ("iri", "http://a b"),
        ("iri", " http://a"),
        ("iri", "http://a\n"),
        ("iri", "http://a/<b>"),
        ("iri", 'http://a/"'),
        ("iri", "http://a/{b}"),
        ("iri", "http://a/b|c"),
        ("iri", "http://a/b^c"),
        ("iri", "http://a/b`c"),
        ("iri", "http://a/b\\c"),
        ("iri", "http://a/\x00"),
        ("iri", "http://a/> . ?s ?p ?o"),
        ("iri", "http://a/\ud800"),
        ("iri", "id:a b"),
        ("iri", "id:a>b"),
        ("string", "\ud800"),
        ("integer", "1.0"),
        ("integer", "1e3"),
        ("integer", " 1"),
        ("integer", "1\n"),
        ("integer", "one"),
        ("integer", "٣"),
        ("integer", "9" * 19),
        ("integer", "--1"),
        ("decimal", "1e3"),
        ("decimal", "."),
        ("decimal", "0,5"),
        ("decimal", "NaN"),
        ("decimal", "1" * 13),
        ("date", "2014-12"),
        ("date", "2014-02-29"),
        ("date", "2014-13-01"),
        ("date", "0000-01-01"),
        ("date", "16.12.2014"),
        ("date", "20141216"),
        ("date", "2014-W51-2"),
        ("date", "2014-12-16Z"),
        ("date", "2014-12-16T00:00:00"),
        ("date", "２０14-12-16"),
        ("boolean", "True"),
        ("boolean", "1"),
        ("boolean", "yes"),
    ],
)
def test_value_that_does_not_fit_is_refused(kind: str, value: str) -> None:
    with pytest.raises(BadParameter) as error:
        bind(query(kind), {"x": value})
    assert error.value.detail == (
        f"The value of the parameter x is {value!r}; it takes {TAKES[kind]}"
    )
    assert (error.value.status, error.value.where) == (400, "x")
    assert error.value.remedy == f"An example of a value: {EXAMPLES[kind]}."


@pytest.mark.parametrize("kind", KINDS)
def test_empty_value_is_refused(kind: str) -> None:
    with pytest.raises(BadParameter) as error:
        bind(query(kind), {"x": ""})
    assert error.value.detail == (f"The value of the parameter x is empty; it takes {TAKES[kind]}")


def test_long_value_is_shown_cut() -> None:
    with pytest.raises(BadParameter) as error:
        bind(query("integer"), {"x": "a" * 100_000})
    assert len(error.value.detail) < 200
    assert "aaa…'" in error.value.detail


def test_missing_value_is_refused() -> None:
    with pytest.raises(BadParameter) as error:
        bind(query("date"), {})
    assert error.value.detail == "The parameter x has no value"
    assert error.value.where == "x"
    assert error.value.remedy == f"Give {TAKES['date']}; for example 2014-12-16."


def test_unknown_name_is_refused() -> None:
    with pytest.raises(BadParameter) as error:
        bind(query("string"), {"x": "a", "z": "b"})
    assert error.value.detail == "The query q has no parameter 'z'"
    assert error.value.remedy == "Its parameters: x."
    with pytest.raises(BadParameter) as error:
        bind(load_catalogue()["recommendations"], {"z": "b"})
    assert error.value.remedy == "It takes no parameters."


def test_query_without_parameters_needs_no_values() -> None:
    assert bind(load_catalogue()["recommendations"], {}) == {}


def _parameter(of_class: str | None) -> Parameter:
    return Parameter("x", "iri", "L", "pol:certain", "D.", of_class)


def test_choices_are_the_members_of_the_class_by_label(engine: EmbeddedEngine) -> None:
    assert choices(engine, _parameter(POL + "Certainty"), 10) == [
        (POL + "certain", "certain"),
        (POL + "possible", "possible"),
        (POL + "probable", "probable"),
        (POL + "unclear", "unclear"),
    ]


def test_choices_are_bounded(engine: EmbeddedEngine) -> None:
    actors = choices(engine, _parameter(POL + "Actor"), 1000)
    assert len(actors) > 20
    assert [label for _, label in actors] == sorted(label for _, label in actors)
    assert len({iri for iri, _ in actors}) == len(actors)
    assert choices(engine, _parameter(POL + "Actor"), 5) == actors[:5]


def test_no_class_no_choices(engine: EmbeddedEngine) -> None:
    assert choices(engine, _parameter(None), 10) == []
    assert choices(engine, _parameter(POL + "NoSuchClass"), 10) == []


def test_each_example_with_choices_is_one_of_them(engine: EmbeddedEngine) -> None:
    offered = [
        (query.name, parameter)
        for query in load_catalogue().values()
        for parameter in query.parameters
        if parameter.choices
    ]
    assert len(offered) > 5
    for name, parameter in offered:
        found = {iri for iri, _ in choices(engine, parameter, 1000)}
        assert parameter.example in found, (name, parameter.name)
