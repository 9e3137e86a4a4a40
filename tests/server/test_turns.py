"""Clients take turns, and none has more requests under way than it may."""

from types import SimpleNamespace

import pytest

from server.turns import Turns


def of(client: str, number: int) -> SimpleNamespace:
    return SimpleNamespace(addr=(client, number))


def test_clients_take_turns() -> None:
    turns = Turns(10)
    for number in range(3):
        turns.append(of("many", number))
    turns.append(of("one", 0))
    assert len(turns) == 4
    assert [turns.popleft().addr for _ in range(4)] == [
        ("many", 0),
        ("one", 0),
        ("many", 1),
        ("many", 2),
    ]
    assert not turns
    with pytest.raises(IndexError):
        turns.popleft()


def test_one_client_has_so_many_under_way() -> None:
    turns = Turns(2)
    for number in range(4):
        turns.append(of("greedy", number))
    assert len(turns) == 2
    assert [turns.popleft().addr[1] for _ in range(2)] == [0, 1]
    assert not turns
    turns.append(of("modest", 0))
    assert len(turns) == 1
    assert turns.popleft().addr == ("modest", 0)
    turns.ended("greedy")
    assert len(turns) == 1
    assert turns.popleft().addr == ("greedy", 2)
    assert not turns
