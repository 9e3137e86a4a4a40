"""The format that a client likes best, by RFC 9110, section 12.5.1."""

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.errors import BadParameter
from server.negotiation import BINDINGS
from server.negotiation import GRAPHS
from server.negotiation import PAGE
from server.negotiation import best
from server.negotiation import formats_named

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def accept(header: str) -> MIMEAccept:
    return parse_accept_header(header, MIMEAccept)


@pytest.mark.parametrize(
    ("header", "extension"),
    [
        ("", "ttl"),
        ("*/*", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/rdf+xml, text/turtle", "ttl"),
        ("application/rdf+xml, text/turtle;q=0.9", "rdf"),
        ("text/turtle;q=0.5, application/ld+json;q=0.6", "jsonld"),
        ("application/n-triples, */*", "nt"),
        ("application/n-triples;q=0.1, */*;q=0.2", "ttl"),
        ("text/*;q=0.5, application/*;q=0.5", "ttl"),
        ("application/*", "nt"),
        ("text/turtle;q=0, */*", "nt"),
        ("text/turtle;q=0.1, text/html;q=0.1, text/*;q=0.9, application/trig;q=0.5", "trig"),
        ("text/plain", "nt"),
        ("text/plain;q=0, application/n-triples", "nt"),
        ("TEXT/TURTLE", "ttl"),
        ("text/turtle;charset=utf-8", "ttl"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        ("application/x-turtle", "ttl"),
        (BROWSER, "html"),
        ("text/html;q=0.4, text/turtle;q=0.5", "ttl"),
        ("application/xhtml+xml", "html"),
    ],
)
def test_graphs(header: str, extension: str) -> None:
    chosen = best(accept(header), (*GRAPHS, PAGE))
    assert chosen is not None
    assert chosen.extension == extension


@pytest.mark.parametrize(
    ("header", "extension"),
    [
        ("application/sparql-results+json,application/json,text/javascript", "json"),
        ("application/json", "json"),
        ("text/xml", "xml"),
        ("text/*", "csv"),
        ("text/tab-separated-values", "tsv"),
    ],
)
def test_bindings(header: str, extension: str) -> None:
    chosen = best(accept(header), BINDINGS)
    assert chosen is not None
    assert chosen.extension == extension


@pytest.mark.parametrize(
    "header", ["image/png", "text/html", "*/*;q=0", "text/turtle;q=0", "text/plain2", "turtle"]
)
def test_nothing_fits(header: str) -> None:
    assert best(accept(header), GRAPHS) is None


@pytest.mark.parametrize(
    ("name", "bindings", "graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("application/json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("application/sparql-results json", "application/sparql-results+json", None),
        ("CSV", "text/csv", None),
        ("text/tab-separated-values", "text/tab-separated-values", None),
        ("ttl", None, "text/turtle"),
        ("turtle", None, "text/turtle"),
        ("n3", None, "text/turtle"),
        ("rdf", None, "application/rdf+xml"),
        ("rdf+xml", None, "application/rdf+xml"),
        ("json-ld", None, "application/ld+json"),
        ("application/trig", None, "application/trig"),
        ("nq", None, "application/n-quads"),
    ],
)
def test_formats_by_name(name: str, bindings: str | None, graph: str | None) -> None:
    formats = formats_named(name)
    assert (formats.bindings, formats.graph) == (bindings, graph)


def test_an_unknown_format_lists_the_known() -> None:
    with pytest.raises(BadParameter) as caught:
        formats_named("png")
    assert caught.value.where == "format"
    assert caught.value.remedy == "Known: json, xml, csv, tsv, ttl, nt, rdf, jsonld, trig, nq."
