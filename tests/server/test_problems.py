"""Failures are problem documents for programs and pages for people, without internals."""

import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from kg.engine.embedded import EmbeddedEngine
from kg.engine.interface import LOCAL
from kg.engine.interface import Answer
from kg.engine.interface import Caller
from kg.engine.interface import Formats
from kg.engine.interface import Query
from kg.errors import LimitError
from kg.errors import MethodNotAllowed
from kg.errors import QueryTimeout
from kg.errors import ServiceBusy
from kg.errors import StoreError
from kg.settings import Settings
from server.app import SECURITY_HEADERS
from server.app import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Failing(EmbeddedEngine):
    """An engine that fails as it is told."""

    failure: Exception = RuntimeError("no reason")

    def answer(self, query: Query, formats: Formats, caller: Caller = LOCAL) -> Answer:
        raise self.failure


@pytest.fixture
def failing(settings: Settings) -> Iterator[tuple[FlaskClient, Failing]]:
    engine = Failing(settings.data)
    yield create_app(settings, engine).test_client(), engine
    engine.close()


def test_a_problem_document(client: FlaskClient) -> None:
    query = "SELECT *\nWHERE { ?s ?p }"
    with pytest.raises(SyntaxError) as caught:
        Store().query(query)
    message = re.fullmatch(r"error at 2:(\d+): (.*)", str(caught.value))
    assert message
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 400
    assert response.json == {
        "title": "Query does not parse",
        "status": 400,
        "detail": "The query does not parse: it cannot end with “}” after “?p”",
        "where": f"line 2, column {message[1]}",
        "line": 2,
        "column": int(message[1]),
    }
    assert dict(response.headers) == {
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(response.data)),
        "Vary": "Accept",
        "Cache-Control": "no-store",
        **SECURITY_HEADERS,
    }


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("image/png", "application/problem+json"),
        ("application/problem+json, text/html;q=0.9", "application/problem+json"),
        ("text/html", "text/html; charset=utf-8"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_people_get_a_page(client: FlaskClient, accept: str | None, content_type: str) -> None:
    response = client.get("/nowhere", headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.content_type) == (404, content_type)
    assert response.headers["Vary"] == "Accept"
    assert ("<html" in response.text) == content_type.startswith("text/html")
    assert "There is nothing at this address" in response.text


def test_no_such_address(client: FlaskClient) -> None:
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert response.json == {
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address",
        "remedy": "Begin at the first page, /.",
    }


def test_a_method_that_is_not_taken(client: FlaskClient) -> None:
    response = client.delete("/sparql")
    allow = response.headers["Allow"]
    assert sorted(allow.split(", ")) == ["GET", "HEAD", "OPTIONS", "POST"]
    assert response.status_code == 405
    assert response.json == {
        "title": "Method Not Allowed",
        "status": 405,
        "detail": "This address does not take DELETE",
        "remedy": f"Use {allow}.",
    }


def test_an_own_405_names_the_methods(failing: tuple[FlaskClient, Failing]) -> None:
    client, engine = failing
    engine.failure = MethodNotAllowed("Not so", allowed=("GET", "POST"))
    response = client.get("/sparql?query=ASK{}")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("failure", "status", "title"),
    [
        (RuntimeError("secret /srv/data"), 500, "Internal server error"),
        (StoreError("secret", where="/srv/data"), 503, "Store not usable"),
    ],
)
def test_internals_go_to_the_log_only(
    failing: tuple[FlaskClient, Failing],
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    status: int,
    title: str,
) -> None:
    client, engine = failing
    engine.failure = failure
    with caplog.at_level(logging.INFO, logger="policykg.server"):
        response = client.get("/sparql?query=ASK{}")
    assert response.status_code == status
    assert response.json["title"] == title
    assert "secret" not in response.text
    assert "/srv" not in response.text
    assert "secret" in caplog.text
    number = response.json["remedy"].rsplit(" ", 1)[-1].rstrip(".")
    assert all(f"id={number} " in record.getMessage() for record in caplog.records)
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


@pytest.mark.parametrize(
    ("failure", "status", "retry_after"),
    [(ServiceBusy("Busy"), 503, "5"), (QueryTimeout("It took too long"), 504, None)],
)
def test_limits_are_explained(
    failing: tuple[FlaskClient, Failing],
    failure: LimitError,
    status: int,
    retry_after: str | None,
) -> None:
    client, engine = failing
    engine.failure = failure
    response = client.get("/sparql?query=ASK{}")
    assert (response.status_code, response.json["detail"]) == (status, failure.detail)
    assert response.headers.get("Retry-After") == retry_after
    page = client.get("/sparql?query=ASK{}", headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert failure.detail in page.text


def test_markup_in_an_address_stays_text(app: Flask) -> None:
    response = app.test_client().get(
        "/id/%3Cscript%3Ealert(1)%3C/script%3E".replace("/script", "%2Fscript"),
        headers={"Accept": BROWSER},
    )
    assert response.status_code == 404
    assert "<script>" not in response.text
