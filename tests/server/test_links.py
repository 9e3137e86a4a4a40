"""IRIs become addresses of this server, and come back from them as they were."""

from urllib.parse import unquote

import pytest

from kg.namespaces import BASE
from server.links import Links

LINKS = Links("https://data.example.org/kg/")
OWN = "https://data.example.org/kg/"


@pytest.mark.parametrize(
    ("iri", "local", "page", "data"),
    [
        (OWN + "id/nap", "/id/nap", "/page/nap", "/data/nap.ttl"),
        (OWN + "topic/law", "/topic/law", "/page/topic/law", "/data/topic/law.ttl"),
        (OWN + "graph/a/b", "/graph/a/b", "/page/graph/a/b", "/data/graph/a/b.ttl"),
        (BASE + "ontology", "/ontology", "/ontology", "/data/ontology.ttl"),
        (
            BASE + "ontology#Claim",
            "/ontology/Claim",
            "/ontology/Claim",
            "/data/ontology/Claim.ttl",
        ),
        (OWN + 'id/a?b#c"', "/id/a%3Fb%23c%22", "/page/a%3Fb%23c%22", "/data/a%3Fb%23c%22.ttl"),
        (OWN + "id/caf\u00e9", "/id/caf%C3%A9", "/page/caf%C3%A9", "/data/caf%C3%A9.ttl"),
    ],
)
def test_iris_of_the_graph(iri: str, local: str, page: str, data: str) -> None:
    found = (LINKS.local(iri), LINKS.page(iri), LINKS.data(iri, "ttl"), LINKS.href(iri))
    assert found == (local, page, data, local)


@pytest.mark.parametrize(
    ("iri", "local"),
    [
        (OWN, "/"),
        (OWN + "sparql", "/sparql"),
        (OWN + "dumps/policykg.nq.gz", "/dumps/policykg.nq.gz"),
        (OWN + "dumps/a b", "/dumps/a%20b"),
        (BASE + "ontology/1.0.0", "/ontology/1.0.0"),
    ],
)
def test_what_the_server_offers_is_found_here(iri: str, local: str) -> None:
    assert (LINKS.local(iri), LINKS.href(iri)) == (local, local)
    assert (LINKS.page(iri), LINKS.data(iri, "ttl")) == (None, None)


def test_the_way_to_the_coverage_of_a_text() -> None:
    assert LINKS.coverage(OWN + "id/a?b") == "/reports/a%3Fb/coverage"
    assert LINKS.coverage(OWN + "topic/law") is None
    assert LINKS.coverage("https://example.org/id/nap") is None


@pytest.mark.parametrize("name", ["nap", "a%20b", "caf\u00e9", "a?b&c=d", "x+y;z", "(1)"])
def test_the_way_there_and_back(name: str) -> None:
    iri = LINKS.iri("id", name)
    path = LINKS.local(iri)
    assert path is not None
    assert LINKS.iri("id", unquote(path.removeprefix("/id/"))) == iri


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/id/nap",
        OWN + "id/",
        OWN + "dumps/",
        OWN + "dumps/a/b",
        OWN + "sparql/x",
        OWN + "id/a/b",
        OWN + "other/x",
        BASE + "id/nap",
        BASE + "ontology#",
        BASE + "ontology/",
        BASE + "ontology/1.0.0#x",
        BASE + "sparql",
    ],
)
def test_other_web_addresses_stay_as_they_are(iri: str) -> None:
    assert (LINKS.local(iri), LINKS.page(iri), LINKS.data(iri, "ttl")) == (None, None, None)
    assert LINKS.href(iri) == iri


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "urn:x:y", "data:text/html,x", "mailto:a@b.org", "httpx://a"]
)
def test_what_is_no_web_address_is_no_link(iri: str) -> None:
    assert LINKS.href(iri) is None
