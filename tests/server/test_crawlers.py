"""robots.txt, the sitemap and the typed links in headers."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import BASE
from kg.namespaces import ID

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "https://kg.example.org"


def links(client: FlaskClient, path: str) -> dict[str, list[str]]:
    """Return the targets of the typed links of a page by their relation."""
    found: dict[str, list[str]] = {}
    header = ", ".join(client.get(path).headers.getlist("Link"))
    for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', header):
        found.setdefault(relation, []).append(target)
    return found


def places(client: FlaskClient, path: str) -> list[str]:
    """Return the addresses in a sitemap."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return [
        one.text or ""
        for one in ElementTree.fromstring(answer.text).iterfind(".//s:loc", NAMESPACE)
    ]


def test_robots(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert f"Sitemap: {SITE}/sitemap.xml" in answer.text.splitlines()


def test_sitemap_has_the_page_of_each_thing(client: FlaskClient, engine: EmbeddedEngine) -> None:
    assert places(client, "/sitemap.xml") == [f"{SITE}/sitemap/1.xml"]
    pages = places(client, "/sitemap/1.xml")
    assert f"{SITE}/page/pakistan" in pages
    assert f"{SITE}/page/topic/counterterrorism" in pages
    assert not [one for one in pages if "derivation-" in one]
    asked = Query(
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l "
        f"FILTER (STRSTARTS(STR(?s), '{ID}') || STRSTARTS(STR(?s), '{BASE}topic/')) "
        f"FILTER (!STRSTARTS(STR(?s), '{ID}derivation-')) }}"
    )
    assert str(len(pages)) == getattr(engine.rows(asked)[0]["n"], "value", "")
    for page in (pages[0], pages[-1]):
        assert client.get(page.removeprefix(SITE)).status_code == 200


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
def test_no_such_sitemap(client: FlaskClient, number: str) -> None:
    assert client.get(f"/sitemap/{number}.xml").status_code == 404


@pytest.mark.parametrize("twice", [False, True])  # the second time it comes from the cache
def test_page_of_a_thing_is_signposted(client: FlaskClient, twice: bool) -> None:
    if twice:
        client.get("/page/pakistan")
    assert links(client, "/page/pakistan") == {
        "cite-as": [f"{ID}pakistan"],
        "describedby": [f"{SITE}/data/pakistan.ttl", f"{SITE}/data/pakistan.jsonld"],
        "type": ["https://schema.org/AboutPage"],
        "license": ["https://creativecommons.org/licenses/by/4.0/"],
        "collection": [f"{ID}dataset"],
    }


def test_first_page_leads_to_the_dataset(client: FlaskClient) -> None:
    found = links(client, "/")
    assert found["cite-as"] == [BASE]
    assert "https://schema.org/Dataset" in found["type"]
    assert f"{SITE}/.well-known/void" in found["describedby"]
    assert f"{SITE}/dumps/policykg.nq.gz" in found["item"]
    for item in found["item"]:
        with client.head(item.removeprefix(SITE)) as answer:
            assert answer.status_code == 200


def test_what_is_not_there_has_no_links(client: FlaskClient) -> None:
    assert links(client, "/page/no-such-thing") == {}
    assert links(client, "/page/%3Cx%3E") == {}
