"""A build takes again only what changed, and makes what a full build makes, byte by byte."""

import gzip
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Quad
from pyoxigraph import Store
from small import REPORTS

from kg.build import judging
from kg.build import records as recording
from kg.build.findings import CheckResult
from kg.build.layout import Layout
from kg.build.layout import packaged_layout
from kg.build.pipeline import RECORDS
from kg.build.pipeline import BuildOutcome
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.engine.committing import VersionWriter
from kg.errors import CheckFailed
from kg.settings import Settings

pytestmark = pytest.mark.usefixtures("no_java")

BUSES = "electric-buses"
FISH = "iceland-fisheries"
LINKS = """\
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence
id:iceland\tschema:sameAs\thttp://www.wikidata.org/entity/Q189\tsemapv:ManualMappingCuration\t1.0
"""


class Workplace:
    """Two reports, an ontology and links that may be changed, and a data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        if not folder.exists():
            packaged = packaged_layout()
            shutil.copytree(packaged.ontology, folder / "ontology")
            shutil.copytree(packaged.queries, folder / "queries")
            (folder / "links").mkdir()
            self.file("links/a.sssom.tsv").write_text(LINKS, encoding="utf-8")
            for name in (BUSES, FISH):
                shutil.copytree(REPORTS / name, folder / name)
        parts = (folder / part for part in ("ontology", "queries", "links"))
        self.options = Options(layout=Layout(*parts, (folder / BUSES, folder / FISH)))

    def file(self, name: str) -> Path:
        return self.folder / name

    def change(self, name: str, old: str, new: str) -> None:
        """Write ``new`` in place of ``old``, which must stand once in the file ``name``."""
        text = self.file(name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.file(name).write_text(text.replace(old, new), encoding="utf-8")

    def build(self, data: Path | None = None, **settings: str) -> BuildOutcome:
        return build(Settings(data=data or self.data, **settings), self.options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the two reports, built."""
    place = Workplace(tmp_path_factory.mktemp("two") / "reports")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", "")
        patched.delenv("JAVA_HOME", raising=False)
        outcome = place.build()
    assert (outcome.taken, outcome.kept) == (["shared", BUSES, FISH], [])
    return place.folder


@pytest.fixture
def workplace(built_once: Path, tmp_path: Path) -> Workplace:
    """Return the two reports, built, in a folder of their own."""
    shutil.copytree(built_once, tmp_path / "copy", symlinks=True)
    return Workplace(tmp_path / "copy")


def published(data: Path) -> tuple[dict[str, bytes], set[str]]:
    """Return the dumps in service, and the statements in the store."""
    number = (data / "current").readlink().name
    store = Store.read_only(str(data / "current" / "store"))
    dumps = {path.name: path.read_bytes() for path in (data / "dumps" / number).iterdir()}
    return dumps, {str(quad) for quad in store}


CHANGES = {
    "a claim": (
        f"{FISH}/report.ttl",
        "The Fisheries Act possibly helps against the decline.",
        "Perhaps the Fisheries Act helps against the decline.",
    ),
    "a claim that no longer gives a direct statement": (
        f"{FISH}/report.ttl",
        "pol:negated false ;\n  pol:evidence id:iceland-fisheries-p001",
        "pol:negated true ;\n  pol:evidence id:iceland-fisheries-p001",
    ),
    "the certainty of a claim": (
        f"{BUSES}/claims.ttl",
        "pol:certainty pol:possible ;",
        "pol:certainty pol:probable ;",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_claim_takes_its_report_again_and_gives_the_bytes_of_a_full_build(
    workplace: Workplace, change: tuple[str, str, str]
) -> None:
    workplace.change(*change)
    changed = change[0].split("/")[0]
    outcome = workplace.build()
    kept = ["shared", FISH if changed == BUSES else BUSES]
    assert (outcome.taken, outcome.kept) == ([changed], kept)
    assert outcome.version.number == 2
    full = workplace.build(workplace.folder / "full")
    assert full.kept == []
    assert outcome.version.digest == full.version.digest
    assert published(workplace.data) == published(workplace.folder / "full")
    assert outcome.report.table() == full.report.table()


def test_only_what_changed_is_published_again(workplace: Workplace) -> None:
    workplace.change(*CHANGES["a claim"])
    workplace.build()
    patch = gzip.decompress((workplace.data / "current" / "changes.rdfp.gz").read_bytes())
    lines = [line for line in patch.decode().splitlines() if line.startswith(("A ", "D "))]
    own = [line for line in lines if "graph/description>" not in line]
    # The statement, and the label of the claim that is derived from it.
    assert [line[0] for line in own] == ["D", "D", "A", "A"]
    assert all("iceland-fisheries-c002>" in line for line in own)


def test_nothing_is_taken_again_where_nothing_changed(workplace: Workplace) -> None:
    outcome = workplace.build()
    assert (outcome.taken, outcome.kept) == ([], ["shared", BUSES, FISH])
    assert not outcome.new
    assert outcome.parts() == (f"Checked: nothing. Unchanged and kept: shared, {BUSES}, {FISH}.")


@pytest.mark.parametrize(
    "name",
    [
        *("ontology/policykg.ttl", "ontology/shapes.ttl", "ontology/rules/claim-label.rq"),
        *("queries/causes.rq", "links/a.sssom.tsv"),
    ],
)
def test_what_all_share_takes_everything_again(workplace: Workplace, name: str) -> None:
    text = workplace.file(name).read_text(encoding="utf-8")
    changed = text.replace("1.0", "0.9") if name.endswith(".tsv") else f"{text}\n# A line.\n"
    workplace.file(name).write_text(changed, encoding="utf-8")
    assert workplace.build().kept == []


def test_another_policykg_takes_everything_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "code_hash", lambda: "another")
    assert workplace.build().kept == []


def test_a_reasoner_takes_everything_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = CheckResult("consistency", "3 triples", sums={"triples": 3})
    monkeypatch.setattr(judging, "find_java", lambda: "a new Java")
    monkeypatch.setattr(judging, "check_consistency", lambda *_: [sound])
    assert workplace.build().kept == []
    again = workplace.build().report
    (shown,) = (one.looked_at for one in again.results if one.name == "consistency")
    assert shown == "nothing anew, 3 parts unchanged"


def test_another_base_takes_everything_again(workplace: Workplace) -> None:
    assert workplace.build(base_iri="https://kg.example.org/").kept == []


def test_a_source_text_takes_its_report_again(workplace: Workplace) -> None:
    texts = (REPORTS / f"{FISH}.txt",)
    workplace.options = replace(workplace.options, source_texts=texts)
    outcome = workplace.build()
    assert outcome.taken == [FISH]
    assert "251" not in outcome.report.table()


def test_a_report_that_speaks_of_a_changed_thing_is_taken_again(workplace: Workplace) -> None:
    with workplace.file(f"{BUSES}/entities.ttl").open("a", encoding="utf-8") as file:
        file.write("\nid:varnholm pol:concerns id:iceland .\n")
    assert workplace.build().taken == [BUSES]
    workplace.change(f"{FISH}/report.ttl", '"Iceland"@en', '"Republic of Iceland"@en')
    # What all share links to it.
    assert workplace.build().taken == ["shared", BUSES, FISH]


def test_a_thing_that_is_gone_is_missed_in_the_other_report(workplace: Workplace) -> None:
    with workplace.file(f"{BUSES}/entities.ttl").open("a", encoding="utf-8") as file:
        file.write("\nid:varnholm pol:concerns id:island-of-aedey .\n")
    workplace.build()
    workplace.change(f"{FISH}/report.ttl", 'a pol:Place ;\n  rdfs:label "Æðey"@en', "a pol:Place")
    with pytest.raises(CheckFailed, match=r"electric-buses/entities\.ttl.*island-of-aedey has no"):
        workplace.build()


def test_reports_that_speak_of_one_anothers_claims_are_one_part(workplace: Workplace) -> None:
    name = f"{BUSES}/claims.ttl"
    with workplace.file(name).open("a", encoding="utf-8") as file:
        file.write(
            "\nid:electric-buses-c020 pol:basis id:iceland-fisheries-c001 .\n"
            "id:iceland-fisheries-c004 pol:withRespectTo id:varnholm .\n"
        )
    outcome = workplace.build()
    assert outcome.taken == [f"{BUSES}, {FISH}"]
    direct = "<https://w3id.org/policykg/ontology#locatedIn> <https://w3id.org/policykg/id/iceland>"
    # The claim is limited now, by what the other report says of it.
    assert not any(direct in line for line in published(workplace.data)[1])


@pytest.mark.parametrize("how", ["cut", "spoilt", "of another", "emptied"])
def test_a_damaged_record_is_no_record(workplace: Workplace, how: str) -> None:
    before = published(workplace.data)
    records = sorted((workplace.data / RECORDS).iterdir())
    assert len(records) == 3
    contents = [path.read_bytes() for path in records]
    for path, data, other in zip(records, contents, contents[1:] + contents[:1], strict=True):
        if how == "cut":
            path.write_bytes(data[: len(data) // 2])
        elif how == "spoilt":
            text = gzip.decompress(data).replace(b"id/iceland", b"id/Iceland")
            text = text.replace(b"id/varnholm", b"id/Varnholm").replace(b"Rule", b"Role")
            path.write_bytes(gzip.compress(text))
        elif how == "of another":
            path.write_bytes(other)
        else:
            path.write_bytes(b"")
    outcome = workplace.build()
    assert outcome.kept == []
    assert not outcome.new
    assert published(workplace.data) == before


def test_a_build_that_fails_keeps_what_is_without_a_fault(workplace: Workplace) -> None:
    workplace.change(*CHANGES["a claim"])
    workplace.change(f"{BUSES}/entities.ttl", "id:varnholm a pol:City", "id:varnholm a pol:Citty")
    with pytest.raises(CheckFailed):
        workplace.build()
    workplace.change(f"{BUSES}/entities.ttl", "id:varnholm a pol:Citty", "id:varnholm a pol:City")
    outcome = workplace.build()
    assert (outcome.taken, outcome.kept) == ([], ["shared", BUSES, FISH])
    assert outcome.new


def test_a_record_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    place = Workplace(tmp_path / "new")
    with monkeypatch.context() as patched:
        patched.setattr(recording.gzip, "compress", fail)
        assert place.build().new
    assert not list((place.data / RECORDS).iterdir())
    assert place.build().kept == []
    assert place.build().taken == []


def test_records_that_nobody_asks_for_are_removed(workplace: Workplace) -> None:
    folder = workplace.data / RECORDS
    (folder / f".left-by-a-crash-{os.getpid()}").touch()
    before = {path.name for path in folder.iterdir()}
    workplace.change(*CHANGES["a claim"])
    workplace.build()
    after = {path.name for path in folder.iterdir()}
    assert len(after) == 3
    assert len(after & before) == 2


def test_what_users_wrote_outlives_an_incremental_build(workplace: Workplace) -> None:
    thing = NamedNode("https://example.org/a")
    mine = Quad(thing, thing, thing, thing)
    # A statement of a user in a graph of the build goes with the next build, as it always did.
    graph = NamedNode(f"https://w3id.org/policykg/graph/{FISH}")
    theirs = Quad(thing, thing, thing, graph)

    def write(store: Store, _: object) -> dict[str, str]:
        store.extend([mine, theirs])
        return {"by": "a test"}

    VersionWriter(workplace.data).change(write)
    workplace.change(*CHANGES["a claim"])
    workplace.build()
    statements = published(workplace.data)[1]
    assert str(mine) in statements
    assert str(theirs) not in statements
