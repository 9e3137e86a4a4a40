"""Reading pages and the graph behind them, for tests that compare the two."""

from flask.testing import FlaskClient
from pyoxigraph import Literal
from pyoxigraph import NamedNode

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.namespaces import PREFIXES
from tests.server.html_page import Element
from tests.server.html_page import parse


def page(client: FlaskClient, path: str, status: int = 200) -> Element:
    """Return the page at ``path``; fails for another status or media type."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return parse(response.get_data(as_text=True))


def values(engine: EmbeddedEngine, body: str, name: str = "x") -> list[str]:
    """Return what ``?x`` can be in a graph pattern."""
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{prefixes}SELECT DISTINCT ?{name} WHERE {{ {body} }} ORDER BY ?{name}"
    found = [row[name] for row in engine.rows(Query(text))]
    return [term.value for term in found if isinstance(term, Literal | NamedNode)]


def rows(section: Element) -> dict[str, list[tuple[str, str]]]:
    """Return value and origin of each row of the table of statements, by property."""
    found: dict[str, list[tuple[str, str]]] = {}
    last = ""
    for row in section.all("tr")[1:]:
        if row.all("th", scope="colgroup"):
            continue  # the name of a group of properties
        heading = row.all("th", scope="rowgroup")
        last = heading[0].text if heading else last
        value, origin = (cell.text for cell in row.all("td"))
        found.setdefault(last, []).append((value, origin))
    return found


def details(card: Element) -> dict[str, str]:
    """Return the terms and descriptions of a claim."""
    terms = [term.text for term in card.all("dt")]
    return dict(zip(terms, (text.text for text in card.all("dd")), strict=True))
