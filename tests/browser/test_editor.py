"""The editor at /sparql in a real browser: from the first letter to the program."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import BrowserContext
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect
from requirements import require
from served import Served
from served import servers

from server.front_end import ASSETS

NARROW = {"width": 360, "height": 740}
MODIFIER = "Control"
# Three times all statements against one another: no worker comes to an end with that.
ENDLESS = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a = ?i && ?c != ?e) }"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WITHIN = 30_000  # milliseconds, on a busy machine


@pytest.fixture(scope="module")
def served(
    browser: Browser, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Return a server with one worker, whose queries may take two minutes."""
    manifest = ASSETS / "built" / "manifest.json"
    made = manifest.is_file() and "editor.js" in json.loads(manifest.read_text())["entries"]
    require("frontend", made, "the scripts of the pages are not built: make assets")
    settings = tmp_path_factory.mktemp("editor") / "settings.toml"
    settings.write_text("workers = 1\nquery_seconds = 120\nclient_query_seconds = 0\n")
    with servers() as start:
        yield start("--no-build", "--data", built, "--port", "0", "--config", settings)


@pytest.fixture(scope="module")
def place(served: Served) -> str:
    """Return the server's address."""
    return served.address


@pytest.fixture
def profile(browser: Browser, place: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=place,
        viewport={"width": 1280, "height": 900},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(WITHIN)
    yield context
    context.close()


@pytest.fixture
def editor(profile: BrowserContext, place: str) -> Iterator[Page]:
    """Return the page of the editor, which may ask its own server only and must obey its policy."""
    page = profile.new_page()
    elsewhere: list[str] = []
    failures: list[str] = []
    page.on(
        "request",
        lambda one: None if one.url.startswith((place, "blob:")) else elsewhere.append(one.url),
    )
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda one: failures.append(one.text) if "Content Security Policy" in one.text else None,
    )
    page.goto("/sparql")
    expect(page.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    yield page
    assert elsewhere == []
    assert failures == []


def write(page: Page, text: str) -> None:
    """Put ``text`` in place of the query, as if it were pasted."""
    field(page).click()
    page.keyboard.press(f"{MODIFIER}+a")
    page.keyboard.insert_text(text)


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Query")


def query(page: Page) -> str:
    return "\n".join(page.locator(".cm-line").all_inner_texts())


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def status(page: Page) -> Locator:
    return page.locator("p.count[role=status]")


def offered(page: Page) -> Locator:
    return page.locator(".cm-tooltip-autocomplete").get_by_role("option")


def take(page: Page) -> None:
    """Take the completion that is offered first; the list pays no heed until it has been seen."""
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")


def test_query_is_written_with_completion_and_run(editor: Page) -> None:
    write(editor, "SELECT ?x ?who WHERE {\n?x a Recom")
    expect(offered(editor).first).to_contain_text("pol:Recommendation", timeout=WITHIN)
    take(editor)
    # The prefix that it needs has been declared.
    expect(editor.locator(".cm-line").first).to_have_text(
        "PREFIX pol: <https://w3id.org/policykg/ontology#>"
    )
    editor.keyboard.insert_text(" ; ")
    editor.keyboard.press(f"{MODIFIER}+Space")
    # What recommendations have comes first, and what only frameworks have does not come at all.
    expect(offered(editor).first).to_be_visible()
    names = " ".join(offered(editor).all_inner_texts()[:25])
    assert "pol:addressedTo" in names
    editor.keyboard.type("addr", delay=50)
    expect(offered(editor).first).to_contain_text("pol:addressedTo")
    expect(editor.locator(".cm-completionInfo")).to_contain_text("times with recommendation")
    take(editor)
    editor.keyboard.insert_text(" ?who }")
    run(editor)
    expect(status(editor)).to_contain_text(re.compile(r"\d+ rows, in \d+\.\d\d s"))
    answer = editor.get_by_role("table")
    expect(answer.get_by_role("link", name="Pakistan’s policymakers").first).to_be_visible()
    answer.get_by_role("link", name="Pakistan’s policymakers").first.click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Pakistan’s policymakers")


def test_thing_is_completed_by_its_name(editor: Page) -> None:
    write(editor, "SELECT ?y WHERE {\n?x ?p national-action")
    thing = offered(editor).filter(has_text="id:national-action-plan").first
    expect(thing).to_contain_text("National Action Plan", timeout=WITHIN)
    editor.wait_for_timeout(300)
    thing.click()
    assert "?x ?p id:national-action-plan" in query(editor)
    assert query(editor).startswith("PREFIX id: <https://w3id.org/policykg/id/>\n")


def test_error_is_marked_and_mended(editor: Page) -> None:
    write(editor, "SELECT ?x\nWHERE { ?x ?y }")
    run(editor)
    problem = editor.get_by_role("alert")
    expect(problem).to_contain_text("it cannot end with “}” after “?y”")
    expect(editor.locator(".cm-lintRange-error, .cm-lintPoint-error").first).to_be_visible()
    problem.get_by_role("button", name=re.compile("Line 2, column")).click()
    expect(field(editor)).to_be_focused()
    editor.keyboard.press("ArrowLeft")
    write(editor, "SELECT ?x\nWHERE { ?x ?y ?z } LIMIT 2")
    run(editor)
    expect(status(editor)).to_contain_text("2 rows")
    expect(problem).to_be_hidden()


def test_unknown_term_gets_a_suggestion(editor: Page) -> None:
    write(
        editor,
        "PREFIX pol: <https://w3id.org/policykg/ontology#>\n"
        "SELECT * WHERE { ?x pol:adressedTo ?y }",
    )
    mark = editor.locator(".cm-lintRange-warning")
    expect(mark).to_have_text("pol:adressedTo", timeout=WITHIN)
    mark.hover()
    expect(editor.locator(".cm-diagnostic")).to_contain_text("Did you mean pol:addressedTo")
    editor.get_by_role("button", name="Write pol:addressedTo").click()
    expect(mark).to_have_count(0)
    assert "?x pol:addressedTo ?y" in query(editor)


def test_undeclared_prefix_is_told_before_it_is_sent(editor: Page) -> None:
    write(editor, "SELECT * WHERE { ?x rdfs:label ?y } LIMIT 1")
    mark = editor.locator(".cm-lintRange-error").first
    mark.hover()
    editor.get_by_role("button", name="Declare rdfs:").click()
    assert query(editor).startswith("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n")


def test_cancelled_query_ends_on_the_server(editor: Page, served: Served) -> None:
    write(editor, ENDLESS)
    run(editor)
    cancel = editor.get_by_role("button", name="Cancel")
    expect(cancel).to_be_enabled()
    expect(editor.locator(".clock")).to_contain_text(re.compile(r"[1-9]\d*\.\d s"))
    cancel.click()
    expect(status(editor)).to_contain_text("Cancelled after")
    # The only worker is free long before the two minutes that the query might have taken.
    write(editor, "SELECT ?x WHERE { ?x ?y ?z } LIMIT 4")
    run(editor)
    expect(status(editor)).to_contain_text("4 rows, in", timeout=60_000)
    until = time.monotonic() + 30
    while "status=499" not in served.logged() and time.monotonic() < until:
        time.sleep(0.2)
    assert "status=499" in served.logged()


def test_shared_query_opens_in_a_new_profile(editor: Page, browser: Browser, place: str) -> None:
    text = "# Ünïcode, “quotes” and <b> & #\nSELECT ?x WHERE { ?x ?y '😀' } LIMIT 1"
    write(editor, text)
    editor.get_by_role("button", name="Share").click()
    address = editor.get_by_label("Address of this query")
    expect(address).to_be_visible()
    link = address.input_value()
    assert link.startswith(f"{place}/sparql#")
    assert editor.evaluate("navigator.clipboard.readText()") == link
    other = browser.new_context()
    page = other.new_page()
    page.goto(link)
    expect(page.locator(".cm-line").first).to_have_text(text.split("\n")[0], timeout=WITHIN)
    assert query(page) == text
    other.close()


def test_answer_is_shown_in_several_ways_and_taken_home(editor: Page, tmp_path: Path) -> None:
    write(
        editor,
        "PREFIX pol: <https://w3id.org/policykg/ontology#>\n"
        "SELECT ?kind ?certainty (COUNT(?claim) AS ?claims) WHERE {\n"
        "  ?claim a ?kind ; pol:certainty ?certainty .\n"
        "  VALUES ?kind { pol:Finding pol:Assessment }\n"
        "} GROUP BY ?kind ?certainty ORDER BY ?kind ?certainty",
    )
    run(editor)
    expect(status(editor)).to_contain_text("rows, in")
    editor.get_by_role("button", name="Pivot").click()
    editor.get_by_label("Rows").select_option("kind")
    editor.get_by_label("Columns").select_option("certainty")
    editor.get_by_label("Cells").select_option("sum of claims")
    table = editor.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_contain_text(["kind", "certain"])
    expect(table.get_by_role("rowheader")).to_have_text(["assessment", "finding"])
    editor.get_by_role("button", name="Chart").click()
    expect(editor.get_by_role("img", name=re.compile("Bars: claims"))).to_be_visible()
    editor.get_by_role("button", name="Raw").click()
    expect(editor.locator(".view pre")).to_contain_text('"vars"')
    for name, start in (("CSV", "kind,certainty,claims"), ("XML", "<?xml"), ("TSV", "?kind\t")):
        with editor.expect_download() as download:
            editor.get_by_role("button", name=f"Download {name}").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.suffix == f".{name.lower()}"
        assert path.read_text().startswith(start)


def test_graph_is_shown_and_taken_home_as_turtle(editor: Page, tmp_path: Path) -> None:
    write(editor, "DESCRIBE <https://w3id.org/policykg/id/national-action-plan>")
    run(editor)
    expect(editor.locator(".answer pre")).to_contain_text("national-action-plan")
    with editor.expect_download() as download:
        editor.get_by_role("button", name="Download Turtle").click()
    assert download.value.suggested_filename == "answer.ttl"


def test_dates_make_a_timeline(editor: Page) -> None:
    write(
        editor,
        "PREFIX pol: <https://w3id.org/policykg/ontology#>\n"
        "SELECT ?thing ?day WHERE { ?thing a pol:Event ; pol:earliest ?day }",
    )
    run(editor)
    editor.get_by_role("button", name="Timeline").click()
    days = editor.locator(".times time").all_inner_texts()
    assert days == sorted(days)
    assert days


def test_long_answer_is_said_to_be_cut_off(editor: Page) -> None:
    write(editor, "SELECT ?x ?y ?z WHERE { ?x ?y ?z } LIMIT 1500")
    run(editor)
    expect(status(editor)).to_contain_text("1,500 rows; the table is cut off at 1,000")
    expect(editor.locator(".answer tbody tr")).to_have_count(1000)


def test_formatter_keeps_comments(editor: Page) -> None:
    write(
        editor,
        "# first\nselect ?x where{?x a ?y;?p 'a # no comment {'. # beside\n"
        "optional{?x ?q ?r}\n# before the filter\nfilter(?x!=<http://a/#b>)}limit 3",
    )
    editor.get_by_role("button", name="Format").click()
    expect(editor.locator(".cm-line").first).to_have_text("# first")
    assert query(editor).rstrip("\n") == (
        "# first\nselect ?x\nwhere {\n  ?x a ?y ;\n    ?p 'a # no comment {' . # beside\n"
        "  optional {\n    ?x ?q ?r\n  }\n  # before the filter\n"
        "  filter(?x != <http://a/#b>)\n}\nlimit 3"
    )
    run(editor)
    expect(status(editor)).to_contain_text("rows, in")


def test_history_keeps_what_was_run_and_what_was_written(editor: Page) -> None:
    write(editor, "SELECT ?first WHERE { ?first ?y ?z } LIMIT 1")
    run(editor)
    expect(status(editor)).to_contain_text("1 row, in")
    write(editor, "SELECT ?second WHERE { ?second ?y ?z } LIMIT 2")
    editor.reload()
    expect(editor.locator(".cm-line").first).to_contain_text("?second", timeout=WITHIN)
    editor.get_by_text("History", exact=True).click()
    editor.get_by_role("button", name=re.compile(r"SELECT \?first")).click()
    expect(editor.locator(".cm-line").first).to_contain_text("?first")


def test_pattern_of_the_schema_goes_into_the_query(editor: Page) -> None:
    write(editor, "SELECT * WHERE {\n}\nLIMIT 5")
    editor.get_by_label("Find a term").fill("pol:Goal")
    editor.locator("#schema-panel").get_by_role("link", name="pol:Goal", exact=True).click()
    assert query(editor) == (
        "PREFIX pol: <https://w3id.org/policykg/ontology#>\n"
        "SELECT * WHERE {\n  ?goal a pol:Goal .\n}\nLIMIT 5"
    )
    run(editor)
    expect(status(editor)).to_contain_text("5 rows")


def test_everything_is_done_by_the_keyboard(editor: Page) -> None:
    field(editor).focus()
    editor.keyboard.press(f"{MODIFIER}+a")
    editor.keyboard.type("select ?x where { ?x ?y ?z } limit 3", delay=5)
    editor.keyboard.press("Escape")
    editor.keyboard.press(f"{MODIFIER}+Enter")
    expect(status(editor)).to_contain_text("3 rows")
    # Tab leaves the field; the buttons follow in the order in which they are read.
    reached = []
    for _ in range(12):
        editor.keyboard.press("Tab")
        reached.append(editor.evaluate("document.activeElement.textContent.trim()"))
    assert [one for one in reached if one in ("Run", "Format", "Share", "Download CSV")] == [
        *("Run", "Format", "Share", "Download CSV")
    ]


def test_editor_fits_a_narrow_screen(editor: Page) -> None:
    editor.set_viewport_size(NARROW)  # type: ignore[arg-type]
    write(editor, "SELECT ?x ?y ?z WHERE { ?x ?y ?z } LIMIT 5")
    run(editor)
    expect(status(editor)).to_contain_text("5 rows")
    assert editor.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    expect(editor.get_by_role("button", name="Download CSV")).to_be_visible()


@pytest.mark.parametrize(("scheme", "view"), [("light", "Chart"), ("dark", "Pivot")])
def test_axe_finds_nothing_in_the_editor(
    browser: Browser, place: str, scheme: str, view: str
) -> None:
    # axe is a script that the page's own policy would rightly refuse.
    context = browser.new_context(base_url=place, bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sparql")
    expect(page.get_by_label("Find a term")).to_be_visible(timeout=WITHIN)
    write(
        page, "PREFIX pol: <https://w3id.org/policykg/ontology#> SELECT * WHERE { ?x pol:nam ?y }"
    )
    run(page)
    expect(status(page)).to_contain_text("0 rows", timeout=WITHIN)
    write(page, "SELECT (COUNT(*) AS ?n) ?y WHERE { ?x ?y ?z } GROUP BY ?y LIMIT 9")
    run(page)
    expect(status(page)).to_contain_text("9 rows")
    page.get_by_text("Copy as a program").click()
    page.get_by_role("button", name=view, exact=True).click()
    # The list of what the data holds is long, and each of its lines like the others.
    page.evaluate(
        "document.querySelectorAll('#schema-panel li:nth-child(n+6)').forEach((li) => li.remove())"
    )
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    told = [
        f"{one['id']}: {one['help']} at {node['target']}: {node['failureSummary']}"
        for one in found
        for node in one["nodes"][:3]
    ]
    assert told == []
    context.close()


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript", "R"])
def test_copied_program_runs(editor: Page, language: str, tmp_path: Path) -> None:
    starts = {
        "curl": ["sh"],
        "Python": [sys.executable],
        "JavaScript": ["node", "--input-type=module", "-"],
        "R": ["Rscript", "-"],
    }
    programs = {"curl": "curl", "JavaScript": "node", "R": "Rscript"}

    if language in programs:
        program = programs[language]
        require(program.lower(), shutil.which(program) is not None, f"there is no {program}")
    write(
        editor,
        "# it's “a” \\\\ test\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?label WHERE {\n  <https://w3id.org/policykg/id/pakistan> rdfs:label ?label .\n"
        "  FILTER (LANG(?label) = \"en\" && ?label != '''it's''')\n}",
    )
    editor.get_by_text("Copy as a program").click()
    editor.get_by_role("combobox", name="Language").select_option(language)
    editor.get_by_role("button", name="Copy", exact=True).click()
    expect(editor.get_by_text("Copied.")).to_be_visible()
    program_text = editor.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(
        starts[language],
        input=program_text,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Pakistan" in done.stdout


def test_editor_is_loaded_only_where_it_is_used_and_is_small(editor: Page, place: str) -> None:
    entry = json.loads((ASSETS / "built" / "manifest.json").read_text())["entries"]["editor.js"]
    sizes = [
        len(
            editor.request.get(
                f"{place}/assets/built/{name}", headers={"Accept-Encoding": "gzip"}
            ).body()
        )
        for name in [entry]
    ]
    packed = (ASSETS / "built" / f"{entry}.gz").stat().st_size
    assert packed < 450_000
    assert sizes[0] > packed
    for path in ("/", "/queries", "/queries/framework-goals", "/ontology"):
        assert entry not in editor.request.get(place + path).text()
