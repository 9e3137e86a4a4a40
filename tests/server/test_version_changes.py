"""What a build changed: as a patch that turns one version into the next, and as a page."""

import gzip
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Quad
from pyoxigraph import RdfFormat
from pyoxigraph import Store
from pyoxigraph import parse
from small import SmallReport

from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.engine.embedded import EmbeddedEngine
from kg.engine.versions import VersionStore
from kg.namespaces import BASE
from server.app import create_app

OLD, NEW = "Fishing after the fall", "Fishing after the rise"


@pytest.fixture
def client(small: SmallReport, no_java: None) -> Iterator[FlaskClient]:
    build(small.settings, Options(layout=small.layout))
    small.change(OLD, NEW)
    with closing(EmbeddedEngine(small.settings.data)) as engine:
        build(small.settings, Options(layout=small.layout))
        yield create_app(small.settings, engine).test_client()


def patched(store: Store, patch: str) -> Store:
    """Return ``store`` after the changes of an RDF Patch."""
    for line in patch.splitlines():
        for quad in parse(line[2:], RdfFormat.N_QUADS) if line[:2] in ("A ", "D ") else ():
            assert isinstance(quad, Quad)
            (store.add if line.startswith("A ") else store.remove)(quad)
    return store


def test_the_patch_turns_one_version_into_the_next(client: FlaskClient, small: SmallReport) -> None:
    versions = VersionStore(small.settings.data)
    current = versions.current()
    with client.get("/changes/2.rdfp.gz") as response:
        assert (response.status_code, response.mimetype) == (200, "application/gzip")
        patch = gzip.decompress(response.data).decode()
    assert patch.startswith("TX .\n")
    assert patch.endswith("TC .\n")
    assert NEW in patch
    old, new = Store(), Store()
    old.extend(Store.read_only(str(versions.folder(1) / "store")))
    new.extend(versions.open(current))
    assert set(patched(old, patch)) == set(new)


def test_the_page_tells_what_was_said_before(client: FlaskClient) -> None:
    response = client.get("/changes/2")
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "<h1>What version 2 changed</h1>" in response.text
    assert f"<del><bdi>{OLD}</bdi></del>" in response.text
    assert f"<ins><bdi>{NEW}</bdi></ins>" in response.text
    assert "/graph/derived" not in response.text.partition("<footer")[0]


def test_the_journal_leads_to_it(client: FlaskClient) -> None:
    page = client.get("/changes", headers={"Accept": "text/html"}).text
    assert '<a href="/changes/2">2</a>' in page
    entries = client.get("/changes").get_json()["changes"]
    assert [entry["patch"] for entry in entries] == ["/changes/2.rdfp.gz", None]


@pytest.mark.parametrize("path", ["/changes/1", "/changes/1.rdfp.gz", "/changes/9999999999"])
def test_what_is_not_kept_is_told(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert "is not kept" in response.get_json()["detail"]


def test_things_that_come_and_go(small: SmallReport) -> None:
    text = small.file.read_text(encoding="utf-8")
    topic = 'topic:herring a skos:Concept ; skos:prefLabel "Herring"@en .\n'
    build(small.settings, Options(layout=small.layout))
    versions = VersionStore(small.settings.data)
    with closing(EmbeddedEngine(small.settings.data)) as engine:
        asked = create_app(small.settings, engine).test_client()
        small.file.write_text(text + topic, encoding="utf-8")
        build(small.settings, Options(layout=small.layout))
        number = versions.current().number
        added = asked.get(f"/changes/{number}").text
        small.file.write_text(text, encoding="utf-8")
        build(small.settings, Options(layout=small.layout))
        removed = asked.get(f"/changes/{number + 1}").text
    assert "Herring" in added.partition('id="added"')[2].partition("</section>")[0]
    assert "Herring" in removed.partition('id="removed"')[2].partition("</section>")[0]


DCAT, PAV = "http://www.w3.org/ns/dcat#", "http://purl.org/pav/"
PROV = "http://www.w3.org/ns/prov#"
DATASET = f"{BASE}id/dataset"


def test_descriptions_have_the_chain_of_versions(client: FlaskClient) -> None:
    for path in ("/.well-known/void", "/catalog"):
        _check_chain(client.get(path, headers={"Accept": "text/turtle"}).data)


def _check_chain(data: bytes) -> None:
    said = {
        (str(quad.subject)[1:-1], quad.predicate.value, getattr(quad.object, "value", ""))
        for quad in parse(data, RdfFormat.TURTLE)
    }
    first, second = f"{BASE}changes/1", f"{BASE}changes/2"
    for term in (DCAT + "previousVersion", PAV + "previousVersion", PROV + "wasRevisionOf"):
        assert {(s, o) for s, p, o in said if p == term} == {(second, first)}
    assert {(DATASET, DCAT + "hasVersion", one) for one in (first, second)} <= said
    assert (DATASET, DCAT + "hasCurrentVersion", second) in said
    assert {(first, PAV + "version", "1"), (second, DCAT + "version", "2")} <= said
    files = sorted(o for s, p, o in said if p == DCAT + "downloadURL" and s in (first, second))
    assert [one.partition("/dumps/")[2] for one in files] == [
        "1/policykg.nq.gz",
        "2/policykg.nq.gz",
    ]


def test_dumps_of_earlier_versions_have_an_address(client: FlaskClient) -> None:
    texts = {}
    for number in (1, 2):
        with client.get(f"/dumps/{number}/policykg.nq.gz") as response:
            assert (response.status_code, response.mimetype) == (200, "application/gzip")
            texts[number] = gzip.decompress(response.data).decode()
    assert OLD in texts[1]
    assert NEW not in texts[1]
    assert NEW in texts[2]
    missing = client.get("/dumps/3/policykg.nq.gz", headers={"Accept": "application/json"})
    assert missing.status_code == 404
    assert missing.json is not None
    assert missing.json["remedy"] == "Kept are those of 1, 2."
    assert client.get("/dumps/1/x.gz").status_code == 404
    assert client.get("/dumps/1/..%2F..%2Fjournal.jsonl").status_code == 404
