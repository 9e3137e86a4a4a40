"""The languages of pages: which one a request gets, and that the catalogues have every text."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import server
from server.front_end import ASSETS
from server.page_language import LANGUAGES
from server.page_language import keeping_language
from server.script_words import script_words
from server.translations import catalogue
from tests.server.data_texts import data_texts
from tests.server.reading import page

VARIABLES = re.compile(r"%\(\w+\)s|\{\w+\}")
SAID = re.compile(r'\bsay\(\s*"([^"\\]*)"')  # in a script
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
UPDATE = "gather the texts and translate them: see CONTRIBUTING.md"


def marked() -> Iterator[str | tuple[str, ...]]:
    folder = str(Path(server.__file__).parent)
    for found in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
        yield found[2] if isinstance(found[2], str) else tuple(found[2])


@pytest.fixture(scope="module", params=[code for code in LANGUAGES if code != "en"])
def texts(request: pytest.FixtureRequest) -> Catalog:
    """Return the catalogue of a language."""
    with files("server.translations").joinpath(f"{request.param}.po").open("rb") as source:
        return read_po(source, locale=request.param)


def test_every_marked_text_is_in_the_catalogue(texts: Catalog) -> None:
    known = {message.id for message in texts if message.id}
    missing = {text for text in marked() if text not in known}
    assert missing == set(), UPDATE


def test_the_catalogue_has_nothing_else(texts: Catalog) -> None:
    assert {message.id for message in texts if message.id} - set(marked()) == set(), UPDATE


def test_every_text_has_a_translation(texts: Catalog) -> None:
    empty = [
        message.id
        for message in texts
        if message.id
        and not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert empty == [], "write them into the catalogue"


def test_texts_of_data_are_in_a_catalogue_of_their_own() -> None:
    marked_too = {text for text in marked() if isinstance(text, str)}
    for code in LANGUAGES:
        if code == "en":
            continue
        with files("server.translations").joinpath(f"{code}.data.po").open("rb") as source:
            held = {one.id: one.string for one in read_po(source, locale=code) if one.id}
        assert set(held) == {text for text in data_texts() if text not in marked_too}
        assert all(held.values())


def test_scripts_say_what_a_page_can_give_them() -> None:
    sources = ASSETS / "src"
    known = {
        "editor": sorted((sources / "editor").glob("*.js")),
        "reconcile": [sources / "reconcile.js", *sorted((sources / "reconcile").glob("*.js"))],
    }
    for name, scripts in known.items():
        said = {text for script in scripts for text in SAID.findall(script.read_text("utf-8"))}
        assert said == set(script_words(name)), f"script_words.py, {name}"


def test_translations_keep_the_variables(texts: Catalog) -> None:
    begun = 0
    for message in texts:
        identifiers = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        variables = set(VARIABLES.findall(str(identifiers[-1])))
        for string in filter(None, strings if message.id else ()):
            begun += 1
            assert set(VARIABLES.findall(string)) == variables, message.id
            assert "<" not in string
    assert begun > 500


def test_a_text_without_translation_stays_english() -> None:
    urdu = catalogue("ur")
    assert urdu.gettext("Claims") == "دعوے"
    assert urdu.gettext("no such text") == "no such text"
    assert catalogue("xx").gettext("Claims") == "Claims"


def test_urdu_page_is_urdu_from_right_to_left(client: FlaskClient) -> None:
    shown = page(client, "/page/pakistan?lang=ur")
    assert shown.one("html").attributes == {"lang": "ur", "dir": "rtl"}
    assert shown.one("h1").text == "پاکستان"
    assert [heading.text for heading in shown.all("h2")][:3] == ["بیانات", "دعوے", "شواہد"]
    assert shown.one("p", class_="kicker").text == "ملک"
    # What is not Urdu says so, and cannot turn the order of what is around it.
    names = [element for element in shown.all("bdi") if element.attributes.get("lang") == "en"]
    assert "USIP" in " ".join(name.text for name in names) or names
    assert not [element for element in shown.all("bdi") if element.attributes.get("lang") == "ur"]


def test_english_page_marks_urdu_names(client: FlaskClient) -> None:
    shown = page(client, "/page/pakistan")
    assert shown.one("html").attributes == {"lang": "en"}
    assert shown.one("h1").text == "Pakistan"
    assert "پاکستان" in [name.text for name in shown.all("bdi", lang="ur")]


def test_links_keep_the_language_that_was_asked_for(client: FlaskClient) -> None:
    shown = page(client, "/page/pakistan?lang=ur")
    for element in shown.one("header").all("a"):
        address = element.attributes["href"]
        if address.partition("?")[0] in ("/recommendations", "/list", "/ontology", "/"):
            assert address.endswith("?lang=ur")
    assert shown.one("form", role="search").one("input", type="hidden").attributes["value"] == "ur"
    (other,) = shown.one("footer").all("a", hreflang="en")
    assert other.attributes["href"] == "?lang=en"
    # A language that the browser asked for needs no such links.
    plain = client.get("/page/pakistan", headers={"Accept-Language": "ur"}).get_data(as_text=True)
    assert "lang=ur&" not in plain
    assert 'href="/list"' in plain


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/page/x", "/page/x?lang=ur"),
        ("/page/x#claims", "/page/x?lang=ur#claims"),
        ("?page=2#claims", "?page=2&amp;lang=ur#claims"),
        ("/list/claims?sort=x&amp;lang=ur", "/list/claims?sort=x&amp;lang=ur"),
        ("/list/claims.csv", "/list/claims.csv"),
        ("/data/x.ttl", "/data/x.ttl"),
        ("/sparql?query=x", "/sparql?query=x&amp;lang=ur"),
        ("/queries/x.csv?thing=y", "/queries/x.csv?thing=y"),
        ("#main", "#main"),
        ("https://example.org/page/x", "https://example.org/page/x"),
    ],
)
def test_only_links_to_pages_get_the_language(
    client: FlaskClient, link: str, expected: str
) -> None:
    with client.application.test_request_context("/page/y?lang=ur"):
        assert (
            keeping_language(f'<a class="x" href="{link}">') == f'<a class="x" href="{expected}">'
        )


@pytest.mark.parametrize("path", ["/", "/page/pakistan", "/list/claims", "/timeline", "/ontology"])
def test_unknown_language_is_told(client: FlaskClient, path: str) -> None:
    alert = page(client, f"{path}?lang=xx", 400).one("div", role="alert").text
    assert "Known: en, ur." in alert
