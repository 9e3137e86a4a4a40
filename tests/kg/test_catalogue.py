"""The catalogue's parser: what a header says, and what is said when it is wrong."""

import pytest

from kg.build.read import Sources
from kg.build.read import TextFile
from kg.catalogue import KINDS
from kg.catalogue import Column
from kg.catalogue import Parameter
from kg.catalogue import load_catalogue
from kg.catalogue import read_catalogue
from kg.errors import SourceSyntaxError
from kg.namespaces import POL

HEADER = """\
# title: What is claimed about a thing?
# description: Claims about one thing; those that speak of it.
# tags: claims, things
# param entity: iri; label=Thing; example=id:a; choices=pol:Actor; description=Any thing = any.
# column claim: iri; the claim
# column words: string; its words; all of them
"""
BODY = """\
PREFIX pol: <https://w3id.org/policykg/ontology#>
# A comment that is no header: it stands below.
SELECT ?claim ?words ?entity WHERE { ?claim pol:subject ?entity ; pol:statement ?words }
"""


def read(text: str, name: str = "queries/about.rq") -> SourceSyntaxError:
    """Return the error that reading ``text`` raises."""
    with pytest.raises(SourceSyntaxError) as error:
        read_catalogue([TextFile(name, text)])
    return error.value


def test_header_is_read_as_it_is_written() -> None:
    text = HEADER + BODY
    [(name, query)] = read_catalogue([TextFile("queries/about.rq", text)]).items()
    assert name == query.name == "about"
    assert query.title == "What is claimed about a thing?"
    assert query.description == "Claims about one thing; those that speak of it."
    assert query.tags == ("claims", "things")
    assert query.parameters == (
        Parameter("entity", "iri", "Thing", "id:a", "Any thing = any.", POL + "Actor"),
    )
    assert query.columns == (
        Column("claim", "iri", "the claim"),
        Column("words", "string", "its words; all of them"),
    )
    assert query.text == text


def test_parameter_needs_no_choices_and_query_no_tags() -> None:
    text = HEADER.replace("choices=pol:Actor; ", "").replace("# tags: claims, things\n", "") + BODY
    query = read_catalogue([TextFile("about.rq", text)])["about"]
    assert query.parameters[0].choices is None
    assert query.tags == ()


def test_choices_may_be_a_full_iri() -> None:
    text = HEADER.replace("choices=pol:Actor", "choices=<http://example.org/Kind>") + BODY
    query = read_catalogue([TextFile("about.rq", text)])["about"]
    assert query.parameters[0].choices == "http://example.org/Kind"


def test_column_may_be_called_title() -> None:
    text = (HEADER + BODY).replace("words", "title")
    assert read_catalogue([TextFile("about.rq", text)])["about"].columns[1].name == "title"


@pytest.mark.parametrize(
    ("old", "new", "line", "detail", "remedy"),
    [
        ("# title: What is claimed about a thing?\n", "", 1, "has no title", "# title:"),
        ("# description: Claims about one thing;", "#", 2, "cannot be read", "# title:"),
        ("# tags: claims, things", "# tag: claims", 3, "cannot be read", "# tags:"),
        ("# tags: claims, things", "# just words", 3, "cannot be read", "below the header"),
        ("# tags: claims, things", "# tags:", 3, "cannot be read", "# tags:"),
        ("# tags: claims, things", "#", 3, "cannot be read", "# tags:"),
        ("# tags: claims, things", "# tags x: claims", 3, "cannot be read", "# tags:"),
        ("# tags: claims, things", "# title: Again?", 3, "title is declared twice", "line 1"),
        ("# column words", "# column", 6, "cannot be read", "# column NAME:"),
        ("string; its words", "text; its words", 6, "kind 'text' is unknown", "string"),
        ("string; its words; all of them", "string", 6, "words is not explained", "what it holds"),
        ("column words", "column claim", 6, "claim is declared twice", "line 5"),
        ("column words", "column entity", 6, "entity is declared twice", "line 4"),
        ("column words", "column the-words", 6, "the-words is no name", "letters and digits"),
        ("param entity: iri", "param entity: uri", 4, "kind 'uri' is unknown", "iri, string"),
        ("label=Thing; ", "", 4, "entity has no label", "; label=.."),
        ("example=id:a; ", "", 4, "entity has no example", "; example=.."),
        ("; description=Any thing = any.", "", 4, "has no description", "; description=.."),
        ("label=Thing", "optional", 4, "'optional' of the parameter", "KEY=VALUE"),
        ("label=Thing", "label=Thing; label=It", 4, "'label=It' of the parameter", "once"),
        ("label=Thing", "label=Thing; size=3", 4, "'size=3' of the parameter", "KEY=VALUE"),
        ("example=id:a", "example=no iri", 4, "The example of the parameter entity is", "another"),
        ("example=id:a", "example=nope:a", 4, "The example of the parameter entity is", "another"),
        ("pol:Actor", "pol:Act or", 4, "choices 'pol:Act or'", "pol:Policy"),
        ("pol:Actor", "nope:Actor", 4, "choices 'nope:Actor'", "pol:Policy"),
        ("pol:Actor", "Actor", 4, "choices 'Actor'", "pol:Policy"),
        ("?claim ?words ?entity", "?claim ?entity", 6, "not project the column words", "?words"),
        ("?claim ?words ?entity", "?claim ?words", 4, "project the parameter entity", "?entity"),
        ("?claim ?words ?entity", "?claim ?words ?entity ?x", 9, "projects ?x,", "column x"),
        ("?claim ?words ?entity", "?words ?claim ?entity", 9, "another order", "?claim ?words"),
    ],
)
def test_fault_names_file_line_and_remedy(
    old: str, new: str, line: int, detail: str, remedy: str
) -> None:
    text = HEADER + BODY
    assert old in text
    error = read(text.replace(old, new, 1))
    if error.where is None:
        # Leaving a line out may be two faults; the first of them is the one that is asked for.
        assert f"queries/about.rq:{line}" in error.detail
        assert detail in error.detail
    else:
        assert error.where == f"queries/about.rq:{line}"
        assert detail in error.detail
        assert error.remedy is not None
        assert remedy in error.remedy


def test_query_that_does_not_parse_has_line_and_column() -> None:
    error = read(HEADER + BODY.replace("}", ""))
    assert error.detail.startswith("The query does not parse: ")
    assert error.where is not None
    assert error.where.startswith("queries/about.rq:")
    assert int(error.where.split(":")[1]) in (9, 10)
    assert error.remedy == "Correct this place."


@pytest.mark.parametrize("form", ["ASK", "CONSTRUCT WHERE", "DESCRIBE ?claim WHERE"])
def test_other_forms_are_refused(form: str) -> None:
    error = read(HEADER + BODY.replace("SELECT ?claim ?words ?entity WHERE", form))
    assert "is no SELECT query" in error.detail
    assert error.remedy == "Begin with SELECT."


def test_file_without_header_lacks_everything() -> None:
    error = read("SELECT * { }")
    for what in ("title", "description", "column"):
        assert f"The header has no {what} (queries/about.rq:1)" in error.detail


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    bad = HEADER.replace("iri; the claim", "uri; the claim").replace("label=Thing; ", "") + BODY
    worse = HEADER.replace("pol:Actor", "nope:Actor") + BODY
    with pytest.raises(SourceSyntaxError) as error:
        read_catalogue([TextFile("queries/a.rq", bad), TextFile("queries/b.rq", worse)])
    assert error.value.where is None
    assert error.value.remedy == "Correct the 3 places."
    assert [line.split("(")[1].split(")")[0] for line in error.value.detail.splitlines()] == [
        "queries/a.rq:4",
        "queries/a.rq:5",
        "queries/b.rq:4",
    ]


def test_packaged_catalogue_is_that_of_the_sources(sources: Sources) -> None:
    packaged = load_catalogue()
    assert packaged == read_catalogue(sources.queries)
    assert list(packaged) == sorted(packaged)
    for query in packaged.values():
        assert query.title.endswith("?")
        assert query.description.endswith(".")
        assert query.tags
        assert {item.kind for item in (*query.parameters, *query.columns)} <= set(KINDS)
        assert all(parameter.description.endswith(".") for parameter in query.parameters)


def test_packaged_catalogue_moves_with_the_base() -> None:
    base = "https://graph.example.org/"
    moved = load_catalogue(base)["claims-about-entity"]
    assert moved.parameters[0].example == base + "id/national-action-plan"
    # The vocabulary is shared by all deployments.
    assert POL in moved.text


def test_sentence_holds_the_parameters() -> None:
    head = HEADER.replace("# tags", "# question: What of {entity}, then?\n# family: Things\n# tags")
    query = read_catalogue([TextFile("about.rq", head + BODY)])["about"]
    [entity] = query.parameters
    assert query.sentence == (("What of ", entity), (", then?", None))
    assert query.family == "Things"


def test_query_without_sentence_and_family_has_them_of_what_there_is() -> None:
    query = read_catalogue([TextFile("about.rq", HEADER + BODY)])["about"]
    assert query.question == "What is claimed about a thing? Thing: {entity}"
    assert query.family == "Claims"
    untagged = HEADER.replace("# tags: claims, things\n", "") + BODY
    assert read_catalogue([TextFile("about.rq", untagged)])["about"].family == "Other"


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("What of it?", "The question holds the parameter entity 0 times"),
        ("{entity} or {entity}?", "The question holds the parameter entity 2 times"),
        ("{entity} in {year}?", "The question names year, which is no parameter"),
    ],
)
def test_sentence_names_each_parameter_once(question: str, detail: str) -> None:
    error = read(HEADER.replace("# tags", f"# question: {question}\n# tags") + BODY)
    assert error.where == "queries/about.rq:3"
    assert error.detail == detail
