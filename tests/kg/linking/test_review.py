"""Decisions on suggestions: each is written at once, can be taken back, and loses nothing."""

from pathlib import Path

import pytest

from kg.errors import BadData
from kg.errors import BadParameter
from kg.link_commands import ask
from kg.linking.mapping_file import MappingFile
from kg.linking.mapping_file import load_mapping_file
from kg.linking.mapping_file import new_mapping_file
from kg.linking.review import Review
from kg.linking.sssom import read_table

NAMES = ("trade", "education", "economics")


@pytest.fixture
def candidates(tmp_path: Path) -> Path:
    table = new_mapping_file(tmp_path / "new.sssom.tsv", "Suggested")
    for name in NAMES:
        table.rows.append(
            {
                "subject_id": f"topic:{name}",
                "predicate_id": "skos:exactMatch",
                "object_id": f"https://x.example/{name}",
                "mapping_justification": "semapv:CompositeMatching",
                "confidence": "0.900",
                "comment": "alike",
            }
        )
    table.save()
    return table.path


def start(candidates: Path) -> Review:
    into = new_mapping_file(candidates.parent / "links.sssom.tsv", "Decided")
    return Review(load_mapping_file(candidates), into, "somebody", "2026-11-25")


def subjects(path: Path) -> list[tuple[str, str, str]]:
    rows = load_mapping_file(path).rows
    return [(r["subject_id"], r["predicate_modifier"], r["predicate_id"]) for r in rows]


def test_by_keyboard(candidates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = start(candidates)
    keys = iter("arc4sq")
    ask(review, lambda: next(keys))
    into = candidates.parent / "links.sssom.tsv"
    assert subjects(into) == [
        ("topic:trade", "", "skos:exactMatch"),
        ("topic:education", "Not", "skos:exactMatch"),
    ]
    assert subjects(candidates) == [("topic:economics", "", "skos:broadMatch")]
    said = capsys.readouterr().out
    assert "3 left. a accept, r reject, c change relation" in said
    assert said.endswith("0 suggestions are left; " + str(into) + " has 2 rows\n")
    mappings, findings = read_table(into.read_text(encoding="utf-8"), "links", None)
    assert findings == []
    assert [one.values["author_label"] for one in mappings] == ["somebody", "somebody"]
    assert [one.values["mapping_date"] for one in mappings] == ["2026-11-25"] * 2


def test_undo_takes_decisions_back_one_by_one(candidates: Path) -> None:
    review = start(candidates)
    review.accept()
    review.reject()
    assert review.undo()
    assert subjects(review.table.path) == [("topic:trade", "", "skos:exactMatch")]
    assert review.undo()
    assert not review.undo()
    assert subjects(review.table.path) == []
    assert [row[0] for row in subjects(candidates)] == [f"topic:{name}" for name in NAMES]
    assert review.current is not None
    assert review.current["subject_id"] == "topic:trade"


def test_a_comment_replaces_the_explanation(candidates: Path) -> None:
    review = start(candidates)
    review.comment("=looked\tup\nby hand")
    review.accept()
    [row] = load_mapping_file(review.table.path).rows
    # No spreadsheet may take it for a formula, and no cell may break the table.
    assert row["comment"] == "'=looked up by hand"


def test_the_end_of_input_ends_the_review(candidates: Path) -> None:
    def end() -> str:
        raise EOFError

    review = start(candidates)
    ask(review, end)
    assert review.left == 3


def test_a_pair_is_not_decided_twice(candidates: Path) -> None:
    review = start(candidates)
    review.accept()
    again = Review(load_mapping_file(candidates), review.table, "x", "2026-11-25")
    again.candidates.rows[0] = {**review.table.rows[0]}
    with pytest.raises(BadParameter, match="has a row on this pair"):
        again.accept()


def test_an_unknown_relation_is_refused(candidates: Path) -> None:
    review = start(candidates)
    for number in (0, 7):
        with pytest.raises(BadParameter, match=f"There is no relation {number}"):
            review.relate(number)


def test_a_crash_while_writing_leaves_the_old_table(
    candidates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = start(candidates)
    review.accept()
    before = review.table.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.linking.mapping_file.os.replace", fail)
    with pytest.raises(BadData, match="No space left on device"):
        review.accept()
    assert review.table.path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject\tx\n", "The table has no column subject_id"),
        ("subject_id\tobject_id\nid:a\n", "The row has 1 cells instead of 2"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadData) as caught:
        load_mapping_file(path)
    assert caught.value.detail == message
    assert "row" in str(caught.value.where)


def test_a_table_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes("subject_id\nid:é\n".encode("latin-1"))
    with pytest.raises(BadData, match="The table is not UTF-8: byte 14 does not fit"):
        load_mapping_file(path)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    table = new_mapping_file(tmp_path / "a.sssom.tsv", "Some")
    table.rows.append({"subject_id": "id:a", "comment": "b"})
    table.save()
    again = load_mapping_file(table.path)
    assert isinstance(again, MappingFile)
    assert (again.header, again.columns) == (table.header, table.columns)
    assert again.rows[0]["comment"] == "b"
    assert table.path.stat().st_mode & 0o777 == 0o644
