"""The sections of a thing's page: short on the first page, tables behind it, nothing left out."""

import csv
import io
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from server.paging import Slice
from server.paging import pager
from server.section_slices import Slices
from tests.server.reading import page
from tests.server.reading import rows


@pytest.mark.parametrize("first", [None, 25, 100])
def test_slices_follow_each_other_without_gap(first: int | None) -> None:
    end = 0
    for number in range(1, 6):
        found = Slice.of(number, 100, first)
        assert (found.number, found.offset) == (number, end)
        assert found.rows == (first or 100 if number == 1 else 100)
        end += found.rows


def test_the_pager_counts_from_the_short_first_page() -> None:
    place = pager("/x", {"p": "3"}, "p", size=100, first_size=25, shown=7, more=False)
    assert (place.first, place.last, place.next) == (126, 132, None)
    assert place.previous == "/x?p=2"


def test_sections_are_cut_by_the_rows_of_a_table() -> None:
    found = Slices.of(100, {"claims": "2"})
    assert found.statements == Slice(1, 50, 0)
    assert found.claims == Slice(2, 25, 16)
    assert found.incoming == Slice(1, 25, 0)
    smallest = Slices.of(1, {"statements": "4", "page": "2"})
    assert smallest.statements == Slice(4, 1, 3)
    assert smallest.claims.rows == smallest.incoming.rows == 1


def test_every_claim_stands_on_one_page_only(client: FlaskClient) -> None:
    found: list[str] = []
    address = "/page/national-action-plan"
    while address:
        section = page(client, address.partition("#")[0]).section("Claims")
        found += [card.one("h3").one("a").attributes["href"] for card in section.all("article")]
        following = section.all("a", rel="next")
        address = following[0].attributes["href"] if following else ""
    assert len(found) == len(set(found)) > 10
    assert found == sorted(found, key=lambda path: path[-15:])


def test_the_query_behind_the_statements_gives_those_of_the_page(client: FlaskClient) -> None:
    section = page(client, "/page/national-action-plan").section("Statements")
    shown = {value for values in rows(section).values() for value, _ in values}
    (behind,) = (link.attributes["href"] for link in section.one("p", class_="behind").all("a"))
    answer = client.get(behind, headers={"Accept": "text/csv"})
    assert urlsplit(behind).path == "/sparql"
    found = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    labels = {row["valueLabel"] or row["value"] for row in found}
    assert shown <= labels
    assert any(row["rule"] and row["basis"] for row in found)
