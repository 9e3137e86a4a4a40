"""A table is reconciled in a real browser: pasted, decided by keyboard, downloaded."""

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect
from requirements import require

from kg.namespaces import ID
from server.front_end import ASSETS

WITHIN = 60_000  # milliseconds, on a busy machine


@pytest.fixture
def tool(scripted: Page) -> Page:
    """Return the page with its script."""
    manifest = ASSETS / "built" / "manifest.json"
    made = manifest.is_file() and "reconcile.js" in json.loads(manifest.read_text())["entries"]
    require("frontend", made, "the scripts of the pages are not built: make assets")
    scripted.set_default_timeout(WITHIN)
    scripted.goto("/reconcile")
    return scripted


def download(tool: Page, button: str) -> str:
    """Return the text of the file that a button gives."""
    with tool.expect_download() as caught:
        tool.get_by_role("button", name=button, exact=True).click()
    return Path(caught.value.path()).read_text(encoding="utf-8-sig")


def test_decide_by_keyboard_and_download(tool: Page) -> None:
    table = 'id;Name\n1;Pakstan\n2;nap\n3;"Atlantis"\n=4;Korea\n'
    tool.get_by_label("Names, one a line, or a table with a header").fill(table)
    tool.get_by_label("Column with the names").fill("Name")
    tool.get_by_role("button", name="Find", exact=True).click()
    status = tool.locator("#work > p[role=status]")
    expect(status).to_have_text("1 of 4 names decided, 3 open.", timeout=WITHIN)
    tool.keyboard.press("1")
    expect(status).to_have_text("2 of 4 names decided, 2 open.")
    tool.keyboard.press("0")
    expect(status).to_have_text("2 of 4 names decided, 1 open.")
    tool.keyboard.press("u")
    expect(status).to_have_text("2 of 4 names decided, 2 open.")
    rows = list(csv.DictReader(download(tool, "Download CSV").splitlines()))
    assert [(row["id"], row["policykg_iri"], row["Wikidata"]) for row in rows] == [
        ("1", f"{ID}pakistan", "Q843"),
        ("2", f"{ID}national-action-plan", ""),
        ("3", "", ""),
        ("'=4", "", ""),
    ]
    lines = download(tool, "Download SSSOM").splitlines()
    mapped = [line.split("\t") for line in lines if line.startswith("name:")]
    assert [(row[1], row[3], row[5]) for row in mapped] == [
        ("nap", f"{ID}national-action-plan", "semapv:ManualMappingCuration"),
        ("Pakstan", f"{ID}pakistan", "semapv:LexicalMatching"),
    ]


def test_ten_thousand_rows(tool: Page, tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    rows = "".join(f"{n},{'Irän' if n % 10 else f'Nobody {n}'}\n" for n in range(10_000))
    table.write_text(f"id,name\n{rows}", encoding="windows-1252")
    tool.get_by_label("Or a CSV file").set_input_files(table)
    tool.get_by_label("Column with the names").fill("name")
    tool.get_by_role("button", name="Find", exact=True).click()
    status = tool.locator("#work > p[role=status]")
    expect(status).to_contain_text("1 of 1001 names decided", timeout=WITHIN)
    expect(tool.get_by_role("progressbar")).to_have_attribute("max", "1001")
    text = download(tool, "Download CSV")
    assert text.count(f"{ID}iran") == 9000


def test_fault_is_told(tool: Page) -> None:
    tool.get_by_label("Names, one a line, or a table with a header").fill("a,b\n1,2,3\n")
    tool.get_by_role("button", name="Find", exact=True).click()
    expect(tool.get_by_role("alert")).to_have_text("Row 2 has 3 cells and the header 2.")


def test_without_scripts(page: Page) -> None:
    page.goto("/reconcile")
    page.get_by_label("Names, one a line, or a table with a header").fill("Pakstan\nAtlantis")
    page.get_by_role("button", name="Find", exact=True).click()
    row = page.get_by_role("row", name="Pakstan")
    expect(row.get_by_role("link", name="Pakistan", exact=True)).to_have_attribute(
        "href", "/page/pakistan"
    )
