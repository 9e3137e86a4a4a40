"""The commands for links, as they are typed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from requirements import require

from kg.linking.mapping_file import load_mapping_file
from kg.linking.sssom import read_table

Run = Callable[..., object]
SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
TARGETS = Path(__file__).parents[4] / "shared" / "data" / "targets"
THESAURI = (
    "thesauri/eurovoc-en-fr.ttl",
    "thesauri/unesco-thesaurus.ttl",
    "thesauri/stw.ttl",
    "sdg/sdg-kos-goals-targets-indicators.ttl",
)


def said(done: object) -> str:
    return done.stdout + done.stderr  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "words.ttl"
    concepts = {"1": "Insurgency", "2": "Policy frameworks", "3": "Fisheries"}
    path.write_text(
        SKOS
        + "".join(
            f'<https://x.example/{key}> a skos:Concept ; skos:prefLabel "{name}"@en .\n'
            for key, name in concepts.items()
        ),
        encoding="utf-8",
    )
    return path


def test_the_links_that_ship_have_no_fault(run: Run) -> None:
    done = run("link", "check")
    assert done.exit_code == 0, said(done)  # type: ignore[attr-defined]
    lines = said(done).splitlines()
    assert lines[0] == "Country: 10, 10 linked, 0 looked for in vain, 0 undecided"
    assert lines[-1].endswith(" rows, 0 faults")


def test_no_target_is_dead_in_the_whole_thesauri(run: Run) -> None:
    require("targets", TARGETS.is_dir(), "the files of the targets are not at hand")
    files = [one for name in THESAURI for one in ("--target", TARGETS / name)]
    done = run("link", "check", *files)
    assert said(done).splitlines()[-1].endswith(" rows, 0 faults")


def test_a_dead_target_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "eurovoc.ttl"
    path.write_text(
        SKOS
        + "".join(
            f'<http://eurovoc.europa.eu/{n}> skos:prefLabel "{n}"@en .\n' for n in (4452, 383, 668)
        ),
        encoding="utf-8",
    )
    done = run("link", "check", "--target", path)
    assert done.exit_code == 1  # type: ignore[attr-defined]
    assert "The target http://eurovoc.europa.eu/2222 is not in the dataset" in said(done)
    assert "http://eurovoc.europa.eu/4452 is not" not in said(done)


def test_suggestions_are_rows_that_explain_themselves(
    run: Run, target: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new.sssom.tsv"
    done = run("link", "suggest", "--target", target, "--source", "https://x.example/", "-o", out)
    assert said(done) == f"2 suggestions are in {out}; decide them with `link review`\n"
    rows = load_mapping_file(out).rows
    assert [(row["subject_id"], row["object_id"], row["confidence"]) for row in rows] == [
        ("topic:insurgency", "https://x.example/1", "0.900"),
        ("topic:policy-framework", "https://x.example/2", "0.900"),
    ]
    assert rows[0]["comment"].startswith("'Insurgency' is like 'Insurgency': name 1.00 x 0.8")
    mappings, findings = read_table(out.read_text(encoding="utf-8"), "new", None)
    assert (len(mappings), findings) == (2, [])


def test_suggestions_go_to_standard_output_too(run: Run, target: Path) -> None:
    out = said(run("link", "suggest", "--target", target, "--limit", "1"))
    assert out.startswith("#mapping_set_id: ")
    assert len(out.splitlines()) == 13


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "nowhere.ttl"], "Error: There is no such file"),
        (["--target", "TARGET", "--threshold", "2"], "Error: It is not from 0 to 1"),
    ],
)
def test_what_cannot_be_suggested_is_told(
    run: Run, target: Path, arguments: list[str], message: str
) -> None:
    given = [str(target) if one == "TARGET" else one for one in arguments]
    assert said(run("link", "suggest", *given)).startswith(message)


HEAD = """\
#mapping_set_id: https://x.example/m
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  id: https://w3id.org/policykg/id/
#  topic: https://w3id.org/policykg/topic/
#  schema: https://schema.org/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tcomment
"""
CURATED = "semapv:ManualMappingCuration\t1\tx"


def own(path: Path, *rows: str) -> Path:
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_a_table_of_ones_own_is_checked_with_the_links_here(run: Run, tmp_path: Path) -> None:
    good = own(
        tmp_path / "good.sssom.tsv", f"id:usip\tschema:sameAs\thttps://x.example/1\t{CURATED}"
    )
    assert said(run("link", "check", "--table", good)).splitlines()[-1].endswith(", 0 faults")
    above = "http://eurovoc.europa.eu/2162"
    bad = own(
        tmp_path / "bad.sssom.tsv",
        f"topic:terrorism\tskos:broadMatch\t{above}\t{CURATED}",
        f"topic:terrorism\tskos:narrowMatch\t{above}\t{CURATED}",
        f"topic:trade\tskos:likes\t{above}\t{CURATED}",
        f"topic:trade\tskos:relatedMatch\t{above}\t\t1\tx",
        f"id:india\tschema:sameAs\thttps://isni.org/isni/0000000404337883\t{CURATED}",
        f"id:nobody\tschema:sameAs\thttps://x.example/2\t{CURATED}",
    )
    done = run("link", "check", "--table", bad)
    assert done.exit_code != 0  # type: ignore[attr-defined]
    text = said(done)
    for place, what in (
        (10, "closes a circle"),
        (11, "closes a circle"),
        (12, "predicate_id skos:likes may not link"),
        (13, "The row has no mapping_justification"),
        (14, "has a wrong check digit for ISNI"),
        (15, "subject_id id:nobody is not in the graph"),
    ):
        assert re.search(rf"^(?:Error: )?bad\.sssom\.tsv:{place}: .*{what}", text, re.MULTILINE), (
            what
        )


def test_rows_that_cannot_be_read_are_not_offered_for_review(run: Run, tmp_path: Path) -> None:
    bad = own(tmp_path / "bad.sssom.tsv", f"id:usip\tskos:likes\thttps://x.example/1\t{CURATED}")
    into = tmp_path / "into.sssom.tsv"
    done = run("link", "review", bad, "--into", into, "--author", "me")
    assert done.exit_code != 0  # type: ignore[attr-defined]
    assert "bad.sssom.tsv:10: predicate_id skos:likes may not link" in said(done)
    assert not into.exists()
