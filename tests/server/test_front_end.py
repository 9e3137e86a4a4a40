"""What pages load: kept for a year under names that change, packed, licensed, and not needed."""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app
from server.front_end import EXTENSION
from server.front_end import FrontEnd
from tests.server.html_page import parse

SCRIPT = "console.log('picture');"
LICENCES = [
    {"name": "a<b", "version": "1.0", "licence": "MIT", "text": "Copyright <someone>"},
    {"name": "c", "version": "2", "licence": "OFL-1.1", "text": ""},
]


@pytest.fixture
def application(settings: Settings, engine: EmbeddedEngine, tmp_path: Path) -> Flask:
    """Return an application whose bundle is in the test's folder."""
    app = create_app(settings, engine)
    app.extensions[EXTENSION] = FrontEnd(tmp_path)
    return app


@pytest.fixture
def bundled(application: Flask, tmp_path: Path) -> FlaskClient:
    """Return a client of an application with a small bundle."""
    entries = {"picture.js": "picture-ABC.js", "site.css": "site-DEF.css"}
    (tmp_path / "manifest.json").write_text(json.dumps({"entries": entries}))
    (tmp_path / "licences.json").write_text(json.dumps(LICENCES))
    (tmp_path / "picture-ABC.js").write_text(SCRIPT)
    (tmp_path / "picture-ABC.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path / "site-DEF.css").write_text("p { color: red }")
    (tmp_path / "face-GHI.woff2").write_bytes(b"wOF2")
    return application.test_client()


@pytest.fixture
def bare(application: Flask) -> FlaskClient:
    """Return a client of an application without a bundle."""
    return application.test_client()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("picture-ABC.js", "text/javascript; charset=utf-8"),
        ("site-DEF.css", "text/css; charset=utf-8"),
        ("face-GHI.woff2", "font/woff2"),
    ],
)
def test_a_file_with_a_fingerprint_may_be_kept_for_a_year(
    bundled: FlaskClient, name: str, media_type: str
) -> None:
    response = bundled.get(f"/assets/built/{name}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Last-Modified" not in response.headers
    tag = response.headers["ETag"]
    response.close()
    again = bundled.get(f"/assets/built/{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_it_is_sent_packed_to_who_takes_it(bundled: FlaskClient) -> None:
    plain = bundled.get("/assets/built/picture-ABC.js")
    packed = bundled.get("/assets/built/picture-ABC.js", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data() == SCRIPT.encode()
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]


@pytest.mark.parametrize(
    "path",
    [
        "built/none.js", "built/manifest.json", "built/picture-ABC.js.gz", "built/../style.css",
        "package.json", "build.mjs", "src/site.css", "built/", "built/.css", "other/style.css",
        "built/%00.css", "built/%2e%2e/style.css", "built/..%5cstyle.css",
    ],
)  # fmt: skip
def test_nothing_else_is_sent(bundled: FlaskClient, path: str) -> None:
    response = bundled.get(f"/assets/{path}")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_a_build_that_is_made_meanwhile_is_seen(bare: FlaskClient, tmp_path: Path) -> None:
    assert own_sheet(bare, "/about/licences") == "/assets/style.css"
    (tmp_path / "manifest.json").write_text('{"entries": {"site.css": "site-X.css"}}')
    assert own_sheet(bare, "/lists") == "/assets/built/site-X.css"


def own_sheet(client: FlaskClient, path: str) -> str | None:
    """Return the address of the first style sheet of a page."""
    shown = parse(client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True))
    return shown.all("link", rel="stylesheet")[0].attributes["href"]


@pytest.mark.parametrize("path", ["/", "/queries", "/page/pakistan", "/sparql", "/about/licences"])
def test_without_a_build_pages_load_no_script_and_the_plain_sheet(
    bare: FlaskClient, path: str
) -> None:
    shown = parse(bare.get(path, headers={"Accept": "text/html"}).get_data(as_text=True))
    sheets = [link.attributes["href"] for link in shown.all("link", rel="stylesheet")]
    assert sheets[0] == "/assets/style.css"
    for sheet in sheets:
        assert bare.get(sheet).mimetype == "text/css"
    assert [one for one in shown.all("script") if "src" in one.attributes] == []
    assert shown.one("h1").text
    assert bare.get("/assets/style.css").headers["Cache-Control"].startswith("public")
    assert bare.get("/assets/icon.svg").status_code == 200


def test_the_licences_of_bundled_work_are_shown(bundled: FlaskClient) -> None:
    shown = parse(bundled.get("/about/licences").get_data(as_text=True))
    rows = [
        [cell.text for cell in (*row.all("th"), *row.all("td"))]
        for row in shown.one("tbody").all("tr")
    ]
    assert rows == [["a<b", "1.0", "MIT"], ["c", "2", "OFL-1.1"]]
    assert [text.text for text in shown.all("pre")] == ["Copyright <someone>", "OFL-1.1"]


def test_without_a_build_the_page_of_licences_says_so(bare: FlaskClient) -> None:
    shown = parse(bare.get("/about/licences").get_data(as_text=True))
    assert "has no front-end bundle" in shown.one("main").text
    assert shown.all("table") == []


def test_the_page_of_licences_takes_no_parameter(bundled: FlaskClient) -> None:
    assert bundled.get("/about/licences?x=1").status_code == 400
