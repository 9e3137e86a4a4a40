"""The media types of results and graphs are those of the specifications."""

import pytest

from kg.engine.formats import GRAPH_FORMATS
from kg.engine.formats import RESULT_FORMATS
from kg.engine.formats import graph_format
from kg.engine.formats import result_format

RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/trig": "trig",
    "application/n-quads": "nq",
}


def test_formats_are_complete_and_in_order_of_preference() -> None:
    assert {f.media_type: f.extension for f in RESULT_FORMATS} == RESULTS
    assert {f.media_type: f.extension for f in GRAPH_FORMATS} == GRAPHS
    assert RESULT_FORMATS[0].media_type == "application/sparql-results+json"
    assert GRAPH_FORMATS[0].media_type == "text/turtle"


def test_engine_writes_what_the_media_type_says() -> None:
    for form in RESULT_FORMATS:
        assert form.engine.file_extension in (form.extension, "srj", "srx"), form
    for form in GRAPH_FORMATS:
        assert form.engine.media_type == form.media_type
        assert form.engine.file_extension == form.extension


@pytest.mark.parametrize(
    ("alias", "media_type"),
    [
        ("application/json", "application/sparql-results+json"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/xml", "application/sparql-results+xml"),
    ],
)
def test_aliases_of_result_formats(alias: str, media_type: str) -> None:
    found = result_format(alias)
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize(
    ("alias", "media_type"),
    [("application/x-turtle", "text/turtle"), ("text/plain", "application/n-triples")],
)
def test_aliases_of_graph_formats(alias: str, media_type: str) -> None:
    found = graph_format(alias)
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize("media_type", ["text/html", "", "text/turtle; charset=utf-8", "*/*"])
def test_unknown_formats_are_none(media_type: str) -> None:
    assert result_format(media_type) is None
    assert graph_format(media_type) is None


def test_a_format_is_for_one_form_of_result_only() -> None:
    for media_type in RESULTS:
        assert graph_format(media_type) is None
    for media_type in GRAPHS:
        assert result_format(media_type) is None
