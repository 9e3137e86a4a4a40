"""A build publishes what passed its checks; else the last good version stays in service."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from pyoxigraph import Store
from small import TEXT
from small import SmallReport

from kg.build import pipeline
from kg.build.pipeline import STEPS
from kg.build.pipeline import Options
from kg.build.pipeline import build
from kg.build.pipeline import check
from kg.build.pipeline import ensure_built
from kg.build.stamp import is_current
from kg.engine.versions import VersionStore
from kg.errors import CheckFailed
from kg.errors import SourceSyntaxError
from kg.settings import Settings

pytestmark = pytest.mark.usefixtures("no_java")


def options(small: SmallReport) -> Options:
    return Options(source_texts=(TEXT,), layout=small.layout)


def test_a_build_puts_the_first_version_into_service(small: SmallReport) -> None:
    outcome = build(small.settings, options(small))
    assert outcome.new
    assert outcome.version.number == 1
    assert outcome.report.passed
    assert outcome.version.digest == outcome.dataset.digest
    assert outcome.version == VersionStore(small.data).current()
    store = Store.read_only(str(small.data / "current" / "store"))
    assert len(store) == outcome.version.quads


def test_every_check_has_its_row(small: SmallReport) -> None:
    report = check(small.settings, options(small)).report
    names = [result.name for result in report.results]
    assert names[:8] == [
        *("syntax", "links", "terms", "values", "vocabulary", "passages", "coverage", "shapes")
    ]
    assert names[-3:] == ["consistency", "profile", "derived"]
    # Between them stand the counts of claims, which only inform.
    assert all(name.startswith("claims by ") for name in names[8:-3])


def test_an_unchanged_build_makes_no_new_version(small: SmallReport) -> None:
    first = build(small.settings, options(small))
    second = build(small.settings, options(small))
    assert not second.new
    assert second.version == first.version
    assert [path.name for path in (small.data / "versions").iterdir()] == ["1"]


def test_a_changed_source_makes_a_new_version(small: SmallReport) -> None:
    first = build(small.settings, options(small))
    small.change('rdfs:label "Iceland"@en', 'rdfs:label "Republic of Iceland"@en')
    second = build(small.settings, options(small))
    assert second.new
    assert second.version.number == 2
    assert second.version.digest != first.version.digest


def test_a_failing_check_leaves_the_last_good_version_in_service(small: SmallReport) -> None:
    first = build(small.settings, options(small))
    small.change("id:iceland a pol:Country", "id:iceland a pol:Contry")
    with pytest.raises(CheckFailed) as caught:
        build(small.settings, options(small))
    message = str(caught.value)
    line = small.line("id:iceland a ")
    assert message.startswith(
        f"[terms] iceland-fisheries/report.ttl:{line} id:iceland: pol:Contry is not declared\n"
        "    Did you mean pol:Country?\n"
    )
    assert "\nterms        " in message
    assert "1 error(s)" in message
    assert VersionStore(small.data).current() == first.version
    assert not is_current(small.settings, small.layout)


def test_a_file_that_cannot_be_read_leaves_the_last_good_version_in_service(
    small: SmallReport,
) -> None:
    first = build(small.settings, options(small))
    small.file.write_text("id:iceland", encoding="utf-8")
    with pytest.raises(SourceSyntaxError):
        build(small.settings, options(small))
    assert VersionStore(small.data).current() == first.version


def test_a_failure_while_dumps_are_written_leaves_the_last_good_version_in_service(
    small: SmallReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(small.settings, options(small))
    small.change('rdfs:label "Iceland"@en', 'rdfs:label "Republic of Iceland"@en')

    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "write_dumps", fail)
        with pytest.raises(RuntimeError, match="the power went"):
            build(small.settings, options(small))
    assert VersionStore(small.data).current() == first.version
    again = build(small.settings, options(small))
    assert again.new
    assert Store.read_only(str(small.data / "current" / "store")).contains_named_graph(
        NamedNode("https://w3id.org/policykg/graph/derived")
    )


def test_a_check_that_fails_makes_no_dataset(small: SmallReport) -> None:
    small.change("id:iceland a pol:Country", "id:iceland a pol:Contry")
    checked = check(small.settings, options(small))
    assert not checked.report.passed
    assert checked.dataset is None
    assert not small.data.exists()


def test_progress_is_told_as_often_as_is_announced(small: SmallReport) -> None:
    steps: list[str] = []
    build(small.settings, replace(options(small), progress=steps.append))
    assert len(steps) == STEPS
    assert steps[0] == "reading the sources"
    assert steps[-1] == "publishing"
    assert len(set(steps)) == STEPS


def test_the_base_moves_all_that_is_published(small: SmallReport) -> None:
    base = "https://kg.example.org/"
    build(Settings(data=small.data, base_iri=base), options(small))
    store = Store.read_only(str(small.data / "current" / "store"))
    moved = "https://w3id.org/policykg/"
    old = [
        str(quad)
        for quad in store
        for term in (quad.subject, quad.object, quad.graph_name)
        if any(str(term).startswith(f"<{moved}{part}/") for part in ("id", "topic", "graph"))
    ]
    assert old == []
    assert store.contains_named_graph(NamedNode(f"{base}graph/iceland-fisheries"))
    assert any(str(quad.subject).startswith(f"<{base}id/derivation-") for quad in store)


def test_a_server_builds_only_when_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: SmallReport
) -> None:
    monkeypatch.setattr(pipeline, "is_current", lambda settings: is_current(settings, small.layout))
    monkeypatch.setattr(
        pipeline, "build", lambda settings, _: build(settings, Options(layout=small.layout))
    )
    first = ensure_built(small.settings)
    assert first.number == 1
    assert ensure_built(small.settings) == first
    small.change('rdfs:label "Iceland"@en', 'rdfs:label "Republic of Iceland"@en')
    assert ensure_built(small.settings).number == 2
