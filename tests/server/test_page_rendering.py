"""Pages whose texts are put in place beforehand are the same as those rendered text by text."""

from dataclasses import replace

import pytest
from flask import Flask
from flask import render_template
from flask.testing import FlaskClient

import server.entities
import server.lists
from kg.engine.embedded import EmbeddedEngine
from kg.settings import Settings
from server.app import create_app
from server.cell_html import CellWriter
from server.cells import Cell


@pytest.fixture
def uncached(settings: Settings, engine: EmbeddedEngine) -> Flask:
    """Return the application without kept pages."""
    return create_app(replace(settings, page_cache_mb=0), engine)


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize(
    "path",
    [
        "/page/national-action-plan",
        "/page/usip-charting-pakistan-c035",
        "/page/graph/derived",
        "/list",
        "/list/claims",
    ],
)
def test_both_ways_give_the_same_page(
    uncached: Flask, monkeypatch: pytest.MonkeyPatch, path: str, language: str
) -> None:
    client = uncached.test_client()
    quick = client.get(f"{path}?lang={language}").data
    for module in (server.entities, server.lists):
        monkeypatch.setattr(module, "render_page", render_template)
    assert client.get(f"{path}?lang={language}").data == quick


def test_languages_do_not_mix(uncached: Flask) -> None:
    client: FlaskClient = uncached.test_client()
    english = client.get("/page/pakistan").data
    urdu = client.get("/page/pakistan?lang=ur").data
    assert b"Incoming links" in english
    assert client.get("/page/pakistan").data == english != urdu


def test_values_are_escaped() -> None:
    write = CellWriter("en")
    evil = Cell("<b>\"'&", '/page/"><script>', 'x"y', time=None, outside=True)
    assert write.link(evil) == (
        '<a href="/page/&#34;&gt;&lt;script&gt;" class="outside" rel="noreferrer">'
        '<bdi lang="x&#34;y">&lt;b&gt;&#34;&#39;&amp;</bdi></a>'
    )
    assert write.text(Cell("2014", lang="en")) == "<bdi>2014</bdi>"
    assert write.text(Cell("May", time='2014-05"')) == ('<time datetime="2014-05&#34;">May</time>')
    assert write.list([Cell("a"), Cell("b", "/b")]) == '<bdi>a</bdi>, <a href="/b"><bdi>b</bdi></a>'
