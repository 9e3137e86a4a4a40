"""The pages of the questions: form, answer, downloads, and what is said of wrong values."""

import csv
import io
import json
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient

from kg.catalogue import bind
from kg.catalogue import load_catalogue
from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.namespaces import ID
from kg.search.files import IndexNotReady
from kg.settings import Settings
from tests.server.html_page import Element
from tests.server.html_page import parse

NAMES = sorted(load_catalogue())
GOALS = "/queries/framework-goals"
JSON = Formats("application/sparql-results+json", None)
NAP = ID + "national-action-plan"


def page(client: FlaskClient, path: str, status: int = 200) -> Element:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return parse(response.get_data(as_text=True))


def table(shown: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all("td")] for row in shown.section("Answer").all("tr")[1:]]


def test_all_questions_are_listed_with_what_they_answer(client: FlaskClient) -> None:
    shown = page(client, "/queries")
    listed = {
        link.attributes["href"]: link.text for part in shown.all("dl") for link in part.all("a")
    }
    catalogue = load_catalogue()
    assert listed == {f"/queries/{name}": query.title for name, query in catalogue.items()}
    headings = {heading.text for heading in shown.all("h2")}
    assert {query.family for query in catalogue.values()} == headings - {"For programs"}
    texts = [description.text for description in shown.all("dd")]
    for query in catalogue.values():
        assert any(text.startswith(query.description) for text in texts)


def test_words_propose_questions_with_values(client: FlaskClient) -> None:
    shown = page(client, "/queries?q=what+are+the++goals+of+NISP")
    (first, *_) = shown.one("section", **{"aria-labelledby": "asked-questions"}).all("a")
    assert first.text == "Which goals does National Internal Security Policy have?"
    answer = page(client, first.attributes["href"])
    assert answer.one("h1").text == "Which goals does a framework have?"
    assert page(client, "/queries").all("section", **{"aria-labelledby": "asked-questions"}) == []


def test_questions_are_listed_while_the_index_is_made(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(words: str, most: int) -> None:
        raise IndexNotReady("The index is being made")

    monkeypatch.setattr("server.search_proposals.proposals", late)
    response = client.get("/queries?q=goals+of+this", headers={"Accept": "text/html"})
    assert response.status_code == 200
    # Who asks again is to see more.
    assert response.headers["Cache-Control"] == "no-cache"


def test_claims_stand_with_the_words_they_rest_on(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    shown = page(client, "/queries/claims-by-certainty").section("Answer")
    assert shown.all("th")[-1].text.startswith("Evidence")
    rows = [row for row in shown.all("tr")[1:] if row.all("q")]
    assert rows
    claim, quoted = rows[0].all("td")[0].one("a"), rows[0].all("q")[0].one("a")
    text = (
        "PREFIX pol: <https://w3id.org/policykg/ontology#> ASK { "
        f"<{ID}{claim.text}> pol:evidence <{ID}{quoted.attributes['href'].split('/')[-1]}> }}"
    )
    assert engine.answer(Query(text), JSON).body == b'{"head":{},"boolean":true}'
    assert page(client, "/queries/classes-in-use").section("Answer").all("q") == []


@pytest.mark.parametrize("name", NAMES)
def test_question_is_answered_at_once(
    client: FlaskClient, engine: EmbeddedEngine, name: str
) -> None:
    query = load_catalogue()[name]
    examples = {parameter.name: parameter.example for parameter in query.parameters}
    rows = len(engine.rows(Query(query.text, bindings=bind(query, examples))))
    shown = page(client, f"/queries/{name}")
    assert shown.one("h1").text == query.title
    size = Settings().page_rows
    assert len(table(shown)) == min(rows, size)
    count = shown.section("Answer").one("p", class_="count").text
    if rows > size:
        assert count == f"Rows 1 to {size}; there are more."
    else:
        assert count == ("1 row." if rows == 1 else f"{rows} rows.")
    assert shown.all("div", role="alert") == []
    form = shown.all("form", class_="question")
    assert len(form) == (1 if query.parameters else 0)
    for parameter in query.parameters:
        assert form[0].one("label", for_=f"field-{parameter.name}").text == parameter.label
        control = [
            one for kind in ("select", "input") for one in form[0].all(kind, name=parameter.name)
        ]
        assert [one.attributes["id"] for one in control] == [f"field-{parameter.name}"]
        if control[0].name == "input" and "list" not in control[0].attributes:
            assert control[0].attributes["value"] == parameter.example


@pytest.mark.parametrize("name", NAMES)
def test_sparql_that_is_shown_gives_the_same_answer(client: FlaskClient, name: str) -> None:
    shown = page(client, f"/queries/{name}")
    (link,) = [
        link.attributes["href"]
        for link in shown.section("The question in SPARQL").all("a")
        if link.text == "Open in the editor"
    ]
    (text,) = parse_qs(urlsplit(link).query)["query"]
    elsewhere = client.post("/sparql", data={"query": text}, headers={"Accept": "text/csv"})
    assert elsewhere.status_code == 200
    own = client.get(f"/queries/{name}.csv")
    assert sorted(elsewhere.data.splitlines()) == sorted(own.data.splitlines())


def test_downloads_keep_the_values(client: FlaskClient) -> None:
    shown = page(client, f"{GOALS}?framework={NAP}")
    links = {link.text: link.attributes["href"] for link in shown.section("Answer").all("a")}
    response = client.get(links["Download CSV"])
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'inline; filename="framework-goals.csv"'
    records = list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))
    assert {record["framework"] for record in records} == {NAP}
    assert len(records) == len(table(shown)) > 0
    answer = client.get(links["Download JSON"])
    assert answer.content_type == "application/sparql-results+json"
    assert len(json.loads(answer.data)["results"]["bindings"]) == len(records)
    assert shown.section("In a terminal or a spreadsheet").one("pre").text == (
        "curl 'https://kg.example.org/queries/framework-goals.csv?framework="
        "https%3A%2F%2Fw3id.org%2Fpolicykg%2Fid%2Fnational-action-plan'"
    )


def test_choices_come_from_the_graph_and_keep_what_was_chosen(client: FlaskClient) -> None:
    other = ID + "national-internal-security-policy"
    shown = page(client, f"{GOALS}?framework={other}")
    options = shown.one("select", name="framework").all("option")
    chosen = [option.text for option in options if "selected" in option.attributes]
    assert chosen == ["National Internal Security Policy"]
    assert "National Action Plan" in [option.text for option in options]


def test_cells_lead_to_pages_by_name(client: FlaskClient) -> None:
    shown = page(client, f"{GOALS}?framework={NAP}")
    links = [link for row in shown.section("Answer").all("td") for link in row.all("a")]
    assert links
    assert all(link.attributes["href"].startswith("/") for link in links)
    assert not any(link.text.startswith("goal-") for link in links)


@pytest.mark.parametrize(
    ("query", "where", "said"),
    [
        ("framework=nonsense", "framework", "takes an absolute http or https IRI"),
        ("framework=", "framework", "is empty"),
        ("framework=javascript:alert(1)", "framework", "takes an absolute http or https IRI"),
        ("nothing=1", "nothing", "has no parameter"),
    ],
)
def test_wrong_value_is_explained_beside_the_form(
    client: FlaskClient, query: str, where: str, said: str
) -> None:
    shown = page(client, f"{GOALS}?{query}", 400)
    alert = shown.one("div", role="alert").text
    assert said in alert
    assert where in alert
    form = shown.one("form", class_="question")
    assert form.one("select", name="framework").attributes["id"] == "field-framework"
    assert shown.all("table") == []
    for path in (f"{GOALS}.csv?{query}", f"{GOALS}.json?{query}", f"{GOALS}?{query}"):
        response = client.get(path, headers={"Accept": "application/json"})
        assert response.status_code == 400
        assert response.content_type == "application/problem+json"
        problem = json.loads(response.data)
        assert where in problem["where"]
        assert said in problem["detail"]


def test_value_with_markup_stays_text(client: FlaskClient) -> None:
    name = next(n for n, q in load_catalogue().items() if any(not p.choices for p in q.parameters))
    (parameter,) = [p for p in load_catalogue()[name].parameters if not p.choices][:1]
    markup = '"><script>alert(1)</script>'
    response = client.get(
        f"/queries/{name}", query_string={parameter.name: markup}, headers={"Accept": "text/html"}
    )
    shown = parse(response.get_data(as_text=True))
    assert shown.code() == []
    assert shown.one("input", name=parameter.name).attributes["value"] == markup


@pytest.mark.parametrize(
    "path", ["/queries/nothing", "/queries/nothing.csv", "/queries/a%3Cb.json"]
)
def test_unknown_question_is_not_found(client: FlaskClient, path: str) -> None:
    alert = page(client, path, 404).one("div", role="alert").text
    assert "All questions are listed at /queries." in alert


def test_long_answer_is_paged(client: FlaskClient, engine: EmbeddedEngine) -> None:
    size = Settings().page_rows
    totals = {}
    for name, query in load_catalogue().items():
        examples = {parameter.name: parameter.example for parameter in query.parameters}
        totals[name] = len(engine.rows(Query(query.text, bindings=bind(query, examples))))
    longest = max(totals, key=lambda name: totals[name])
    total = totals[longest]
    assert total > size
    address: str | None = f"/queries/{longest}"
    lengths = []
    while address:
        section = page(client, address.partition("#")[0]).section("Answer")
        lengths.append(len(section.all("tr")) - 1)
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else None
    assert sum(lengths) == total
    assert lengths[:-1] == [size] * (len(lengths) - 1)


def values(shown: Element) -> dict[str, str]:
    """Return what the controls of the form hold, by name."""
    form = shown.one("form", class_="question")
    held = {
        one.attributes["name"]: one.attributes["value"]
        for one in form.all("input")
        if one.attributes.get("type") != "search"
    }
    for select in form.all("select"):
        held[select.attributes["name"]] = next(
            one.attributes["value"] for one in select.all("option") if "selected" in one.attributes
        )
    return held


@pytest.mark.parametrize("view", ["sentence", "form", "sparql"])
def test_each_view_holds_the_values_and_the_answer(client: FlaskClient, view: str) -> None:
    first, second = ID + "national-internal-security-policy", NAP
    shown = page(client, f"/queries/frameworks-compared?first={first}&second={second}&view={view}")
    assert values(shown) == {"first": first, "second": second}
    buttons = {
        one.attributes["value"]: one
        for one in shown.one("form", class_="question").all("button", name="view")
        if one.text != "Run"
    }
    assert list(buttons) == ["sentence", "form", "sparql"]
    assert [name for name, one in buttons.items() if "aria-current" in one.attributes] == [view]
    assert len(table(shown)) > 0
    plain = page(client, f"/queries/frameworks-compared?first={first}&second={second}")
    assert table(shown) == table(plain)


def test_sentence_holds_the_controls_in_their_places(client: FlaskClient) -> None:
    sentence = page(client, "/queries/claims-on-passage").one("p", class_="sentence")
    assert sentence.one("select", name="text")
    assert sentence.one("input", name="position").attributes["value"] == "1600"
    asked = page(client, "/queries/on-a-day?day=2015-01-07&view=sparql")
    assert asked.one("p", class_="sentence").text == "What may have gone on on 2015-01-07?"


def test_thing_is_found_by_its_name(client: FlaskClient) -> None:
    by_name = client.get("/queries/claims-about-entity.csv?entity=afghanistan")
    by_iri = client.get(f"/queries/claims-about-entity.csv?entity={ID}afghanistan")
    assert by_name.status_code == by_iri.status_code == 200
    assert by_name.data == by_iri.data
    assert len(by_iri.data.splitlines()) > 1
    field = page(client, "/queries/claims-about-entity?entity=Afghanistan").one(
        "input", name="entity"
    )
    assert field.attributes["value"].lower() == "afghanistan"
    assert field.attributes["list"] == "names-entity"


@pytest.mark.parametrize(
    ("name", "query", "where", "said"),
    [
        ("on-a-day", "day=yesterday", "day", "'yesterday'; it takes a day of the calendar"),
        ("on-a-day", "day=2015-02-30", "day", "'2015-02-30'; it takes a day of the calendar"),
        (
            "claims-on-passage",
            "text=id:a&position=1.5",
            "position",
            "'1.5'; it takes a whole number",
        ),
        ("claims-on-passage", "text=id:a", "position", "has no value"),
        ("claims-about-entity", 'entity={"} OR', "entity", "takes an absolute http or https IRI"),
        ("claims-about-entity", "entity=%E2%80%8F%F0%9F%98%80", "entity", "takes an absolute"),
        ("claims-with-words", "words=a&more=b", "more", "has no parameter"),
    ],
)
@pytest.mark.parametrize("extension", ["csv", "json", "ttl"])
def test_wrong_value_is_refused_with_what_is_allowed(
    client: FlaskClient, name: str, query: str, where: str, said: str, extension: str
) -> None:
    response = client.get(f"/queries/{name}.{extension}?{query}")
    assert response.status_code == 400
    problem = json.loads(response.data)
    assert where in problem["where"]
    assert said in problem["detail"]
    assert problem["remedy"]


def test_words_find_questions(client: FlaskClient) -> None:
    shown = page(client, "/queries?q=goal framework")
    found = [link.attributes["href"] for part in shown.all("dl") for link in part.all("a")]
    assert GOALS in found
    assert len(found) < len(NAMES) / 2
    assert shown.one("input", id="words").attributes["value"] == "goal framework"
    nothing = page(client, "/queries?q=" + "%3Cb%3E" * 50)
    assert nothing.all("dl") == []
    assert nothing.one("p", class_="count").text.startswith("0 of ")


def test_every_line_of_a_query_is_explained(client: FlaskClient) -> None:
    shown = page(client, "/queries/recommendations-to-actor?view=sparql")
    lines = shown.one("ol", class_="explained").all("li")
    said = {
        line.one("code").text.strip(): line.all("span", class_="says")[0].text
        for line in lines
        if line.all("span", class_="says")
    }
    assert said["?recommendation a pol:Recommendation ;"] == (
        "recommendation is of the class ‘recommendation’"
    )
    assert said["ORDER BY ?recommendation ?purposeLabel"] == (
        "Sorted by recommendation, then by name of purpose"
    )
    unsaid = [line for line in lines if not line.all("span", class_="says")]
    assert {line.one("code").text.strip() for line in unsaid} <= {"{", "}"}
    terms = {term.text.split()[0] for term in shown.one("dl", class_="terms-used").all("dt")}
    assert {"pol:Recommendation", "pol:addressedTo", "pol:statement", "pol:purpose"} <= terms


@pytest.mark.parametrize("name", NAMES)
def test_no_line_goes_unexplained(client: FlaskClient, name: str) -> None:
    lines = page(client, f"/queries/{name}").one("ol", class_="explained").all("li")
    for line in lines:
        code = line.one("code").text.strip()
        assert line.all("span", class_="says") or not any(map(str.isalnum, code)), code


def test_turtle_has_a_thing_for_each_row(client: FlaskClient) -> None:
    response = client.get(f"{GOALS}.ttl?framework={NAP}")
    assert response.content_type == "text/turtle; charset=utf-8"
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    goal = rdflib.URIRef(f"https://kg.example.org{GOALS}#goal")
    subjects = set(graph.subjects(goal))
    rows = client.get(f"{GOALS}.csv?framework={NAP}").data.splitlines()[1:]
    assert len(subjects) == len(rows) > 0
    assert all(f"{GOALS}.csv?framework=" in str(one) and "#row=" in str(one) for one in subjects)
    assert (goal, rdflib.RDFS.comment, None) in graph


def test_page_by_its_extension_is_a_page_for_anybody(client: FlaskClient) -> None:
    response = client.get(
        f"{GOALS}.html?framework=nonsense", headers={"Accept": "application/json"}
    )
    assert response.status_code == 400
    assert response.content_type == "text/html; charset=utf-8"
    assert table(page(client, f"{GOALS}.html")) == table(page(client, GOALS))


def test_all_questions_are_published_as_queries_in_rdf(
    client: FlaskClient, engine: EmbeddedEngine
) -> None:
    response = client.get("/queries", headers={"Accept": "text/turtle"})
    assert response.content_type == "text/turtle; charset=utf-8"
    assert response.data == client.get("/queries.ttl").data
    graph = rdflib.Graph().parse(data=response.data, format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    texts = dict(graph.subject_objects(sh.select))
    assert len(texts) == len(NAMES)
    for name, query in load_catalogue().items():
        subject = rdflib.URIRef(f"https://kg.example.org/queries/{name}")
        assert (subject, rdflib.RDF.type, sh.SPARQLExecutable) in graph
        assert graph.value(subject, rdflib.RDFS.label) == rdflib.Literal(query.title, lang="en")
        examples = {parameter.name: parameter.example for parameter in query.parameters}
        bound = engine.rows(Query(query.text, bindings=bind(query, examples)))
        assert len(engine.rows(Query(str(texts[subject])))) == len(bound)
