"""The application on the built report."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from served import Served
from served import servers

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import Query
from kg.engine.interface import Term
from kg.settings import Settings
from server.app import create_app


@pytest.fixture(scope="session")
def settings(built: Path) -> Settings:
    """Return settings whose address is no real one, so that links can be told from the host."""
    return Settings(data=built, public_url="https://kg.example.org")


@pytest.fixture(scope="session")
def app(settings: Settings, engine: EmbeddedEngine) -> Flask:
    """Return the application on the built report."""
    return create_app(settings, engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that sends no Accept header of its own."""
    return app.test_client()


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets how many rows each query of a page has, as it is answered."""
    sizes: list[int] = []
    real = EmbeddedEngine.rows

    def counted(self: EmbeddedEngine, query: Query) -> list[dict[str, Term]]:
        found = real(self, query)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(EmbeddedEngine, "rows", counted)
    return sizes


@pytest.fixture(scope="module")
def start_for_module() -> Iterator[Callable[..., Served]]:
    """Return a function that starts `policykg serve`, for all tests of a file, without a log."""
    with servers() as start:
        yield start
