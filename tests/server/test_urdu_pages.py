"""Every type of page in Urdu: what leads, names and does something is Urdu, and what is not says
that it is English.
"""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from server import translations
from server.untranslated import english
from server.untranslated import told_apart
from tests.server.html_page import Element
from tests.server.reading import page

PAGES = {
    "home": "/",
    "framework": "/page/national-action-plan",
    "claim": "/page/usip-charting-pakistan-c035",
    "passage": "/page/usip-charting-pakistan-p016",
    "topic": "/page/topic/counterterrorism",
    "graph": "/page/graph/derived",
    "nothing on a page": "/actors?page=999",
    "coverage": "/reports/usip-charting-pakistan/coverage",
    "ontology": "/ontology",
    "class": "/ontology/Claim",
    "property": "/ontology/certainty",
    "value": "/ontology/possible",
    "catalogue": "/queries",
    "found questions": "/queries?q=framework",
    "no questions": "/queries?q=xyzzy",
    "question": "/queries/framework-factors",
    "question as a form": "/queries/frameworks-compared?view=form",
    "question in SPARQL": "/queries/claims-about-entity?view=sparql",
    "wrong value": "/queries/on-a-day?day=never",
    "interface": "/api",
    "sparql": "/sparql",
    "answer": "/sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+5",
    "graph as an answer": "/sparql?query=DESCRIBE+%3Chttps://w3id.org/policykg/id/pakistan%3E",
    "wrong query": "/sparql?query=SELECT",
    "changes": "/changes",
    "recommendations": "/recommendations",
    "frameworks": "/frameworks",
    "certainty": "/certainty",
    "what is not said": "/certainty?show=silent",
    "timeline": "/timeline",
    "actors": "/actors",
    "lists": "/list",
    "list": "/list/claims",
    "narrowed list": "/list/claims?certainty=possible&sort=-name",
    "search": "/search",
    "found": "/search?q=madrassa",
    "nothing found": "/search?q=xyzzyxyzzy",
    "picture": "/picture?start=national-action-plan&open=pakistan",
    "where a picture starts": "/picture",
    "links": "/links",
    "licences": "/about/licences",
    "reconciliation": "/reconcile",
    "no such thing": "/page/no-such-thing",
    "no such address": "/no/such/address",
    "wrong parameter": "/timeline?colour=red",
}
# What names and leads: each of these on a page is Urdu, a proper name, or says that it is English.
NAMES = ("h1", "h2", "h3", "th", "dt", "label", "legend", "summary", "caption", "button", "option")
LED_TO = ("header", "footer", "nav")
SAID_ALOUD = ("aria-label", "alt", "placeholder")
# Words that are the same in every language: names of formats, standards and works.
PROPER = re.compile(
    r"policykg|English|SPARQL|SHA-256|CSV|TSV|JSON(-LD)?|XML|RDF(/XML)?|Turtle|N-Triples|N-Quads|"
    r"TriG|IRI:?|BibTeX:?|RIS|CSL-JSON|SSSOM|CC BY 4\.0|OpenAPI [\d.]+|pol:\w*|[\d,.:+/…–\s()-]+"
)
URDU = re.compile(r"[\u0600-\u06ff]")


def read(element: Element) -> str:
    """Return the text of an element without names from data, and without what says that it is in
    another language.
    """
    if element.attributes.get("lang", "ur") != "ur" or element.name in ("code", "bdi"):
        return ""
    return "".join(
        child if isinstance(child, str) else read(child) for child in element.children
    ).strip()


def below(element: Element) -> Iterator[Element]:
    """Yield what is below an element but for what says that it is English, and for the things to
    choose from in a question.
    """
    for child in element.children:
        if isinstance(child, Element) and child.attributes.get("lang", "ur") == "ur":
            if child.attributes.get("id", "").startswith("field-"):
                continue
            yield child
            yield from below(child)


def is_told(text: str) -> bool:
    is_word = re.search(r"[^\W\d_]", text)
    return not is_word or bool(URDU.search(text)) or PROPER.fullmatch(text) is not None


def in_urdu(client: FlaskClient, path: str) -> Element:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": "ur"})
    assert response.status_code < 500
    assert response.mimetype == "text/html"
    found = page(client, f"{path}{'&' if '?' in path else '?'}lang=ur", response.status_code).one(
        "html"
    )
    assert (found.attributes["lang"], found.attributes["dir"]) == ("ur", "rtl")
    return found


@pytest.mark.parametrize("kind", PAGES)
def test_what_names_and_leads_is_urdu_or_says_that_it_is_english(
    client: FlaskClient, kind: str
) -> None:
    shown = in_urdu(client, PAGES[kind]).one("body")
    named = [element for element in below(shown) if element.name in NAMES]
    for place in LED_TO:
        for part in [element for element in below(shown) if element.name == place]:
            named += [element for element in below(part) if element.name in ("a", "p", "li")]
    found = [(element.name, text) for element in named if not is_told(text := read(element))]
    found += [
        (name, element.attributes[name])
        for element in below(shown)
        for name in SAID_ALOUD
        if not is_told(element.attributes.get(name, ""))
    ]
    assert found == []


@pytest.mark.parametrize("kind", PAGES)
def test_code_runs_from_left_to_right(client: FlaskClient, kind: str) -> None:
    shown = in_urdu(client, PAGES[kind]).one("body")
    for element in below(shown):
        if element.name in ("pre", "textarea", "code"):
            direction = element.attributes.get("dir")
            is_known = direction == "ltr" or element.attributes.get("class") == "hash"
            # Of names that a reader pastes nobody knows the direction.
            assert is_known or (element.name, direction) == ("textarea", "auto"), element.text


def test_a_text_without_translation_is_english_and_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = translations.catalogue("ur")
    known = dict(whole._catalog)
    for text in ("Recommendations", "Timeline", "Main", "Search"):
        del known[text]
    monkeypatch.setattr(whole, "_catalog", known)
    shown = page(client, "/timeline?lang=ur&page=1")
    for element in (shown.one("h1"), shown.one("header").one("button")):
        (child,) = element.children
        assert isinstance(child, Element)
        assert child.attributes == {"lang": "en", "dir": "ltr"}
    # Where no element can be, it is the text alone.
    assert shown.one("title").text == "Timeline – policykg"
    assert shown.one("header").one("nav").attributes["aria-label"] == "Main"


def test_only_texts_become_elements() -> None:
    name = english("a < b")
    assert told_apart(f'<title>{name}</title><p class="{name}">{name}</p>') == (
        '<title>a &lt; b</title><p class="a &lt; b"><span lang="en" dir="ltr">a &lt; b</span></p>'
    )
    assert told_apart("<p>\ue000(text\ue000)</p>") == "<p>\ue000(text\ue000)</p>"
