"""What is kept of a version for a while: found again, bounded, and never of an older version."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Version
from kg.settings import Settings
from server.app import create_app
from server.lately_kept import MOST
from server.lately_kept import lately_kept


class Changing:
    """An engine whose version the test changes."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self.current = engine.version()

    def version(self) -> Version:
        return self.current


@pytest.fixture
def changing(engine: EmbeddedEngine) -> Changing:
    return Changing(engine)


@pytest.fixture
def app(settings: Settings, changing: Changing) -> Flask:
    return create_app(settings, changing)  # type: ignore[arg-type]


@pytest.fixture
def made() -> list[object]:
    return []


@pytest.fixture
def make(made: list[object]) -> Callable[[], object]:
    def make_one() -> object:
        made.append(object())
        return made[-1]

    return make_one


def test_the_same_is_found_again_until_the_version_changes(
    app: Flask, changing: Changing, make: Callable[[], object]
) -> None:
    with app.app_context():
        first = lately_kept("list", "a", make)
        assert lately_kept("list", "a", make) is first
        assert lately_kept("list", "b", make) is not first
        assert lately_kept("other", "a", make) is not first
        changing.current = replace(changing.current, digest="f" * 64)
        assert lately_kept("list", "a", make) is not first


def test_what_was_asked_for_the_longest_ago_is_forgotten(
    app: Flask, made: list[object], make: Callable[[], object]
) -> None:
    with app.app_context():
        for key in range(MOST + 1):
            lately_kept("list", key, make)
            lately_kept("list", "often", make)
        assert len(made) == MOST + 2
        lately_kept("list", "often", make)
        assert len(made) == MOST + 2
        lately_kept("list", 0, make)
        assert len(made) == MOST + 3


def test_what_a_write_came_between_is_not_kept(
    app: Flask, changing: Changing, made: list[object], make: Callable[[], object]
) -> None:
    def written() -> object:
        changing.current = replace(changing.current, digest="e" * 64)
        return make()

    with app.app_context():
        first = lately_kept("list", "a", written)
        assert lately_kept("list", "a", make) is not first
        assert len(made) == 2
