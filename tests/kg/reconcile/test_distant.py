"""Reconciling in a process of its own: the same answers, in turns, and none that hangs."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.engine.interface import Caller
from kg.errors import ClientGone
from kg.errors import QueryTimeout
from kg.errors import ServiceBusy
from kg.reconcile.distant import SLICE
from kg.reconcile.distant import ReconcileOffice
from kg.reconcile.matching import Asked
from kg.reconcile.reconciler import Indexed
from kg.settings import Settings

ONE, OTHER = Caller("one"), Caller("other")
NAMES = ["Pakstan", "NAP", "Shanghai Coop. Org.", "Atlantis", "پاکستان"]


@pytest.fixture
def office(built: Path) -> Iterator[ReconcileOffice]:
    office = ReconcileOffice(Settings(data=built, query_seconds=2, queue_seconds=60))
    yield office
    office.stop()


def pid(office: ReconcileOffice) -> int:
    running = office._process._running
    assert running is not None
    return running.process.pid


def test_it_answers_as_the_index_itself(office: ReconcileOffice, known: Indexed) -> None:
    asked = [Asked(name) for name in NAMES]
    here, there = known.reconciliation(), office.reconciliation(ONE, 1)
    assert there.matches(asked) == here.matches(asked)
    assert there.suggester.classes == here.suggester.classes
    assert there.suggester.class_iri("Country") == here.suggester.class_iri("Country")
    assert there.suggester.entities("pak") == here.suggester.entities("pak")
    assert there.suggester.types("pol") == here.suggester.types("pol")
    assert there.suggester.properties("wiki") == here.suggester.properties("wiki")
    assert there.properties.proposed(None, 9) == here.properties.proposed(None, 9)
    assert there.properties.name("wikidata") == "Wikidata"
    found = there.find("id:pakistan")
    assert found is not None
    assert found == here.find("id:pakistan")
    wanted = ["wikidata", "pol:ofCountry", "name"]
    assert there.properties.values(found, wanted) == here.properties.values(found, wanted)
    assert there.find("id:nobody") is None


def test_a_process_that_hangs_is_ended_and_the_next_one_answers(office: ReconcileOffice) -> None:
    assert office.reconciliation(ONE, 1).find("id:pakistan")
    hung = pid(office)
    os.kill(hung, signal.SIGSTOP)
    with pytest.raises(QueryTimeout, match="longer than 2 seconds"):
        office.reconciliation(ONE, 1).matches([Asked("Pakistan")])
    assert not Path(f"/proc/{hung}").exists()
    assert office.reconciliation(ONE, 1).find("id:pakistan")
    assert pid(office) != hung


def test_a_process_that_dies_is_told_and_the_next_one_answers(office: ReconcileOffice) -> None:
    assert office.reconciliation(ONE, 1).find("id:pakistan")
    os.kill(pid(office), signal.SIGKILL)
    with pytest.raises(ServiceBusy, match="has ended"):
        office.reconciliation(ONE, 1).find("id:pakistan")
    assert office.reconciliation(ONE, 1).find("id:pakistan")


def test_who_has_left_is_not_computed_for(office: ReconcileOffice) -> None:
    with pytest.raises(ClientGone):
        office.reconciliation(Caller("one", lambda: True), 1).find("id:pakistan")


def test_others_get_their_turn_within_a_large_batch(office: ReconcileOffice) -> None:
    """The small request does not wait for the end of the large one, whatever the machine does."""
    small = office.reconciliation(OTHER, 1)
    assert small.find("id:pakistan")
    order: list[str] = []
    begun = threading.Event()

    def abandoned() -> bool:  # asked before each slice
        begun.set()
        return False

    def large() -> None:
        long = "government of the national internal security policy " * 7
        found = office.reconciliation(Caller("one", abandoned), 1)
        names = [Asked(f"{long}{number}") for number in range(SLICE * 5000)]  # not to be done
        with pytest.raises(QueryTimeout):
            found.matches(names)
        order.append("large")

    thread = threading.Thread(target=large)
    thread.start()
    assert begun.wait(60)
    assert small.matches([Asked("Pakstan")])[0][0].match
    order.append("small")
    thread.join(60)
    assert order == ["small", "large"]
