"""The journal of versions, for programs and for people."""

from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine


def test_json_by_default(client: FlaskClient, engine: EmbeddedEngine) -> None:
    response = client.get("/changes")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert (response.headers["Vary"], response.headers["Cache-Control"]) == ("Accept", "no-cache")
    assert response.json is not None
    (entry,) = response.json["changes"]
    assert response.json["total"] == 1
    assert (entry["version"], entry["by"], entry["kind"]) == (1, "build", "build")
    assert entry["statements"] == engine.version().quads
    assert len(entry["graphs"]) > 5


def test_a_page_for_people(client: FlaskClient) -> None:
    response = client.get("/changes", headers={"Accept": "text/html"})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert "<h1>Changes</h1>" in response.text
    assert '<th scope="row">1</th>' in response.text


def test_a_page_that_is_no_number(client: FlaskClient) -> None:
    response = client.get("/changes?page=x")
    assert (response.status_code, response.json and response.json["where"]) == (400, "page")
