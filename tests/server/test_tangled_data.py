"""Pages of data that goes in circles, turns the direction of texts, or has unknown languages."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store

from kg.engine.committing import VersionWriter
from kg.engine.embedded import EmbeddedEngine
from kg.namespaces import DCTERMS
from kg.namespaces import ID
from kg.namespaces import ONTOLOGY
from kg.namespaces import OWL
from kg.namespaces import POL
from kg.namespaces import RDF
from kg.namespaces import RDFS
from kg.namespaces import SKOS
from kg.settings import Settings
from server.app import create_app
from tests.server.reading import page

GRAPH = NamedNode("https://w3id.org/policykg/graph/ontology")
TURNED = "safe \u202egnp.exe\u2066 name"


def quads() -> Iterator[Quad]:
    def quad(subject: str, prop: str, value: str | Literal) -> Quad:
        node = value if isinstance(value, Literal) else NamedNode(value)
        return Quad(NamedNode(subject), NamedNode(prop), node, GRAPH)

    # Top stands over First, First over Second, Second over First, and Alone over itself.
    for name, above in (("Top", ""), ("First", "Top"), ("Second", "First"), ("Alone", "Alone")):
        term = POL + name
        yield quad(term, RDF + "type", OWL + "Class")
        yield quad(term, RDFS + "isDefinedBy", ONTOLOGY)
        yield quad(term, RDFS + "label", Literal(name.lower(), language="en"))
        yield quad(term, SKOS + "definition", Literal(f"{name}.", language="en"))
        if above:
            yield quad(term, RDFS + "subClassOf", POL + above)
        yield quad(f"{ID}of-{name.lower()}", RDF + "type", term)
    yield quad(POL + "First", RDFS + "subClassOf", POL + "Second")
    # Claims that rest on one another, and a thing that is its own part.
    for one, other in (("c1", "c2"), ("c2", "c1")):
        yield quad(ID + one, RDF + "type", POL + "Claim")
        yield quad(ID + one, POL + "statement", Literal(f"Says {one}.", language="en"))
        yield quad(ID + one, POL + "basis", ID + other)
        yield quad(ID + one, POL + "subject", ID + one)
    yield quad(ID + "ring", POL + "hasComponent", ID + "ring")
    # Replaced by what replaces it.
    for one, other in (("old", "older"), ("older", "old")):
        yield quad(ID + one, OWL + "deprecated", Literal(True))
        yield quad(ID + one, DCTERMS + "isReplacedBy", ID + other)
    yield quad(ID + "turned", RDFS + "label", Literal(TURNED, language="en"))
    yield quad(ID + "turned", RDFS + "label", Literal("Ein Name", language="de-x-nowhere"))
    yield quad(ID + "turned", RDFS + "label", Literal("ܫܡܐ", language="syc"))


@pytest.fixture(scope="module")
def tangled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of such data."""
    data = tmp_path_factory.mktemp("tangled") / "data"

    def fill(store: Store, last: object) -> dict[str, str]:
        store.bulk_extend(quads())
        return {"by": "test"}

    VersionWriter(data).change(fill)
    engine = EmbeddedEngine(data)
    yield create_app(Settings(data=data), engine).test_client()
    engine.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/list",
        "/list/firsts",
        "/list/alones",
        "/ontology",
        "/ontology/First",
        "/ontology/Alone",
        "/page/c1",
        "/page/c2?claims=2",
        "/page/ring",
        "/recommendations",
        "/certainty",
        "/actors",
        "/timeline",
    ],
)
def test_circles_come_to_an_end(tangled: FlaskClient, path: str) -> None:
    assert page(tangled, path).one("h1").text


def test_two_things_that_replace_each_other_lead_on_at_most_once(tangled: FlaskClient) -> None:
    for name, other in (("old", "older"), ("older", "old")):
        answer = tangled.get(f"/page/{name}", headers={"Accept": "text/html"})
        assert answer.status_code in (301, 410)
        assert other in answer.headers.get("Location", answer.get_data(as_text=True))


def test_signs_that_turn_the_text_stay_in_their_name(tangled: FlaskClient) -> None:
    shown = page(tangled, "/page/turned")
    assert shown.one("h1").attributes["dir"] == "auto"
    cited = shown.one("p", class_="citation").text
    assert cited.startswith("“safe gnp.exe name”. In: policykg")
    names = [name for name in shown.all("bdi") if name.text in ("Ein Name", "ܫܡܐ")]
    assert [name.attributes["lang"] for name in names] == ["de-x-nowhere", "syc"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/list/firsts?certainty=sure", "certain, probable, possible, unclear"),
        ("/list/firsts?year=soon", "Give four digits"),
        ("/list/firsts?sort=size", "Known: name, -name, time, -time"),
        ("/list/firsts?page=0", "Give a whole number"),
        ("/certainty?show=all", "Known: asserted, hedged, open, silent"),
        ("/timeline?from=2014", "Known: page."),
        ("/page/ring?incoming=a b", "Give a prefixed name such as pol:hasGoal"),
        ("/page/ring?lang=xx", "Known: en, ur."),
    ],
)
def test_wrong_parameters_are_told_what_is_allowed(
    tangled: FlaskClient, path: str, told: str
) -> None:
    assert told in page(tangled, path, 400).one("div", role="alert").text
