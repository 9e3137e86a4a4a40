"""What a name stands for: right where it is certain, and never certain where it is not."""

from pathlib import Path

import pytest

from kg.namespaces import ID
from kg.namespaces import POL
from kg.namespaces import expand
from kg.reconcile.matching import Asked
from kg.reconcile.matching import Candidate
from kg.reconcile.matching import Wanted
from kg.reconcile.reconciler import Indexed

LABELLED = Path(__file__).with_name("names.tsv")


def match(known: Indexed, name: str, **more: object) -> Candidate | None:
    """Return the candidate that is certainly meant."""
    found = known.matcher.match(Asked(name, **more))  # type: ignore[arg-type]
    certain = [one for one in found if one.match]
    assert len(certain) < 2
    assert not certain or certain[0] is found[0]
    return certain[0] if certain else None


def iri(known: Indexed, name: str, **more: object) -> str:
    """Return the IRI of what is certainly meant, or nothing."""
    found = match(known, name, **more)
    return found.entry.iri if found else ""


def test_labelled_names(known: Indexed) -> None:
    rows = [line.split("\t") for line in LABELLED.read_text("utf-8").splitlines()[1:]]
    assert len(rows) >= 300
    kinds = {kind for _, _, kind in rows}
    assert kinds >= {"misspelt", "transliterated", "abbreviated", "look-alike"}
    meant = {name: expand(target) if target else "" for name, target, _ in rows}
    assert {one for one in meant.values() if one} <= set(known.matcher.index.entries)
    got = {name: iri(known, name) for name in meant}
    answered = [name for name in meant if got[name]]
    right = [name for name in answered if got[name] == meant[name]]
    wrong = [(name, got[name]) for name in answered if got[name] != meant[name]]
    assert len(right) / len(answered) >= 0.98, wrong
    assert len(right) / len([one for one in meant.values() if one]) >= 0.9


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Pakistan", "pakistan"),
        ("http://www.wikidata.org/entity/Q843", "pakistan"),
        (f"{ID}pakistan", "pakistan"),
        ("Q843", "pakistan"),
        ("PAK", "pakistan"),
        ("National Action Plan (NAP)", "national-action-plan"),
        ("National Action Plan (2021)", ""),
        ("nap", ""),
        ("PK", ""),
        ("Iraq", "country-IRQ"),
        ("", ""),
        ("   ", ""),
        ("\x00\ufffd", ""),
        ("a" * 5000, ""),
    ],
)
def test_name_or_identifier(known: Indexed, name: str, slug: str) -> None:
    assert iri(known, name) == (ID + slug if slug else "")


def test_code_is_certain_among_its_type(known: Indexed) -> None:
    country = ("https://schema.org/Country",)
    assert iri(known, "PK", types=country) == f"{ID}pakistan"


def test_wrong_type_is_never_certain(known: Indexed) -> None:
    person = (f"{POL}Person",)
    found = known.matcher.match(Asked("Pakistan", person))
    pakistan = next(one for one in found if one.entry.iri == f"{ID}pakistan")
    assert (pakistan.match, pakistan.score, pakistan.features["type"]) == (False, 60.0, False)
    assert "of another type" in pakistan.reason
    strict = known.matcher.match(Asked("Pakistan", person, "any"))
    assert f"{ID}pakistan" not in [one.entry.iri for one in strict]


def test_unknown_type_is_of_nothing(known: Indexed) -> None:
    assert iri(known, "Pakistan", types=("nonsense",)) == ""


def test_all_types_must_fit(known: Indexed) -> None:
    both = (f"{POL}Country", f"{POL}Person")
    assert known.matcher.match(Asked("Pakistan", both, "all")) == []
    assert iri(known, "Pakistan", types=both, type_rule="any") == f"{ID}pakistan"


def test_property_that_disagrees_takes_certainty_away(known: Indexed) -> None:
    wrong = (Wanted("wikidata", ("Q668",)),)
    found = known.matcher.match(Asked("Pakistan", properties=wrong))[0]
    assert (found.entry.iri, found.match) == (f"{ID}pakistan", False)
    assert found.features["property:wikidata"] == 0.0
    assert found.score == pytest.approx(65.0)
    assert "wikidata is Q843" in found.reason


def test_property_that_agrees(known: Indexed) -> None:
    right = (Wanted("wikidata", ("Q843",)),)
    found = match(known, "Pakstan", properties=right)
    assert found
    assert found.features["property:wikidata"] == 100.0
    assert found.score > 93.5


def test_weight_of_a_property(known: Indexed) -> None:
    wrong = (Wanted("wikidata", ("Q668",), 0.0),)
    found = known.matcher.match(Asked("Pakistan", properties=wrong))[0]
    assert (found.score, found.match) == (100.0, True)


def test_properties_alone(known: Indexed) -> None:
    assert iri(known, "", properties=(Wanted("wikidata", ("Q843",)),)) == f"{ID}pakistan"


def test_score_explains_itself(known: Indexed) -> None:
    found = match(known, "Bhartiya Janta Party")
    assert found
    assert found.features == {"name": 92.0, "exact": False, "slips": 1.0} or found.features == {
        "name": 90.0,
        "exact": False,
        "slips": 1.0,
    }
    assert found.reason == "spelling: “Bharatiya Janata Party”"


def test_limit(known: Indexed) -> None:
    assert len(known.matcher.match(Asked("Pakistan", limit=3))) == 3
