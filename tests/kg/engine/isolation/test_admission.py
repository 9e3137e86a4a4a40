"""Who has a place, who waits, and who is told to come again: by what clients used of late."""

import pytest

from kg.engine.isolation import admission as module
from kg.engine.isolation.admission import Admission
from kg.engine.isolation.limits import Limits
from kg.engine.isolation.use import Use
from kg.engine.isolation.waiting import Ticket
from kg.errors import ServiceBusy

LIMITS = Limits(workers=4, queue_length=32, client_query_seconds=0)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("kg.engine.isolation.use.time", clock)
    monkeypatch.setattr(module, "time", clock)
    return clock


def apply(admission: Admission, client: str) -> Ticket:
    return admission.apply(client, lambda: None)


def test_a_minute_later_a_third_of_it_counts(clock: Clock) -> None:
    use = Use()
    use.begin("a")
    clock.now += 10
    assert (use.seconds("a"), use.long_seconds("a"), use.running("a")) == (10, 10, 1)
    use.end("a", 10)
    assert (use.running("a"), use.clients()) == (0, [])
    clock.now += 60
    assert use.seconds("a") == pytest.approx(3.68, abs=0.01)
    assert use.seconds("b") == 0


def test_short_queries_do_not_make_a_client_heavy(clock: Clock) -> None:
    use = Use()
    for _ in range(100):
        use.begin("a")
        clock.now += 0.1
        use.end("a", 0.1)
    assert use.seconds("a") > 5
    assert use.long_seconds("a") == 0


def test_the_last_place_is_for_those_who_used_little(clock: Clock) -> None:
    admission = Admission(LIMITS)
    running = [apply(admission, client) for client in ("a", "b", "c")]
    assert all(ticket.admitted for ticket in running)
    clock.now += 3
    # All three are heavy by now, and so is none of them that asks for more.
    assert not apply(admission, "a").admitted
    assert apply(admission, "modest").admitted
    assert not apply(admission, "also modest").admitted


def test_to_have_used_little_is_a_matter_of_proportion(clock: Clock) -> None:
    admission = Admission(LIMITS)
    apply(admission, "slowed down")
    clock.now += 2
    admission.leave("slowed down", 2)
    for client in ("a", "b", "c"):
        apply(admission, client)
    clock.now += 5
    assert not apply(admission, "a").admitted
    again = apply(admission, "slowed down")
    assert not again.admitted
    clock.now += 5
    admission.withdraw(again)
    assert apply(admission, "slowed down").admitted


def test_the_next_place_goes_to_whoever_used_least(clock: Clock) -> None:
    admission = Admission(Limits(workers=1, client_query_seconds=0))
    for client, seconds in (("much", 9), ("little", 1), ("some", 4)):
        assert apply(admission, client).admitted
        clock.now += seconds
        admission.leave(client, seconds)
    assert apply(admission, "somebody").admitted
    waiting = {client: apply(admission, client) for client in ("much", "some", "little", "new")}
    last = "somebody"
    for client in ("new", "little", "some", "much"):
        assert not waiting[client].admitted
        admission.leave(last, 0.01)
        assert waiting[client].admitted, client
        last = client


def test_many_greedy_clients_leave_room_in_the_queue(clock: Clock) -> None:
    admission = Admission(LIMITS)
    refused = 0
    for _ in range(8):
        for client in "abcde":
            try:
                apply(admission, client)
            except ServiceBusy:
                refused += 1
    running, waiting = admission.counts()
    assert running == 4
    assert 16 < waiting < 30
    assert refused == 40 - running - waiting
    assert not apply(admission, "modest").admitted


def test_a_long_query_yields_if_all_places_are_taken(clock: Clock) -> None:
    admission = Admission(LIMITS)
    for client in ("a", "b", "c"):
        apply(admission, client)
    clock.now += 0.2
    apply(admission, "d")
    clock.now += 2
    assert not admission.must_yield("a", 2.2), "nobody waits"
    modest = apply(admission, "modest")
    assert not modest.admitted
    assert not admission.must_yield("d", 2.0), "others have used more"
    assert admission.must_yield("a", 2.2)
    assert not admission.must_yield("b", 2.2), "one at a time"
    admission.leave("a", 2.2)
    assert modest.admitted


def test_no_query_yields_to_one_who_used_as_much_or_before_its_time(clock: Clock) -> None:
    admission = Admission(LIMITS)
    for client in "abcd":
        apply(admission, client)
    clock.now += 0.8
    apply(admission, "modest")
    assert not admission.must_yield("a", 0.8)
    heavy = Admission(LIMITS)
    for client in "abcd":
        apply(heavy, client)
    clock.now += 5
    apply(heavy, "a")
    assert not heavy.must_yield("b", 5)


def test_what_leaves_the_queue_takes_no_place(clock: Clock) -> None:
    admission = Admission(Limits(workers=1, client_query_seconds=0))
    apply(admission, "a")
    waits = apply(admission, "b")
    admission.withdraw(waits)
    assert admission.counts() == (1, 0)
    admission.leave("a", 1)
    again = apply(admission, "b")
    admission.withdraw(again)
    assert admission.counts() == (0, 0)
