"""The event loop asks those about whom something happened, and calls those who have events."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from server.watching import Watching


class Channel:
    """A connection that reads what comes, and counts how often it is asked."""

    accepting = False

    def __init__(self, watching: Watching) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.asked = 0
        self.read: list[bytes] = []
        self.reads = True
        self.watching = watching
        watching[self.ours.fileno()] = self

    def readable(self) -> bool:
        self.asked += 1
        return self.reads

    def writable(self) -> bool:
        return False

    def handle_read_event(self) -> None:
        self.read.append(self.ours.recv(100))

    def close(self) -> None:
        self.watching.forget(self.ours.fileno())
        self.ours.close()
        self.theirs.close()


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watching]:
    monkeypatch.setattr("server.watching._ALL_SECONDS", 1000.0)
    with closing(Watching()) as watching:
        yield watching


def test_only_those_are_asked_about_whom_something_happened(watching: Watching) -> None:
    busy, idle = Channel(watching), Channel(watching)
    watching.go_round(0)
    asked = idle.asked
    for number in range(3):
        busy.theirs.send(b"%d" % number)
        watching.go_round(1)
    assert busy.read == [b"0", b"1", b"2"]
    assert idle.asked == asked


def test_who_is_asked_again_may_wait_for_something_else(watching: Watching) -> None:
    channel = Channel(watching)
    watching.go_round(0)
    channel.reads = False
    watching.ask(channel.ours.fileno())
    channel.theirs.send(b"x")
    watching.go_round(0)
    assert channel.read == []
    channel.reads = True
    watching.ask(channel.ours.fileno())
    watching.go_round(1)
    assert channel.read == [b"x"]


def test_the_bell_has_all_asked(watching: Watching) -> None:
    channel, bell = Channel(watching), Channel(watching)
    watching.bell = bell.ours.fileno()
    watching.go_round(0)
    asked = channel.asked
    bell.theirs.send(b"x")
    watching.go_round(1)
    watching.go_round(0)
    assert channel.asked == asked + 1


def test_a_descriptor_that_is_forgotten_is_called_no_more(watching: Watching) -> None:
    called: list[int] = []
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watching.watch(ours.fileno(), lambda: called.append(1))
        theirs.send(b"x")
        watching.go_round(1)
        watching.forget(ours.fileno())
        watching.forget(ours.fileno())
        watching.go_round(0)
    assert called == [1]
