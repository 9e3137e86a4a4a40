"""What every answer carries, and what every request leaves in the log."""

import logging
import re

import pytest
from flask.testing import FlaskClient

from server.app import MAXIMUM_BODY
from server.app import SECURITY_HEADERS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql", 200),
        ("/sparql?query=ASK%7B%7D", 200),
        ("/sparql?query=nonsense", 400),
        ("/id/national-action-plan", 303),
        ("/data/national-action-plan.ttl", 200),
        ("/.well-known/void", 200),
        ("/dumps/policykg.nq.gz", 200),
        ("/healthz", 200),
        ("/nowhere", 404),
    ],
)
def test_every_answer_is_guarded(client: FlaskClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    response.close()


def test_the_policy_allows_own_files_and_no_inline_code() -> None:
    assert SECURITY_HEADERS["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


def test_one_log_line_a_request(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="policykg.server"):
        client.get("/id/national-action-plan")
    (record,) = caplog.records
    assert re.fullmatch(
        r'id=[0-9a-f]{12} method=GET path="/id/national-action-plan" route="/id/<slug>" '
        r"status=303 ms=\d+\.\d",
        record.getMessage(),
    )


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/x%0D%0Aid=forged", r'"/x\r\nid=forged"'),
        ("/x%1B%5B31m", r'"/x\u001b[31m"'),
        ("/x%E2%80%A8y", r'"/x\u2028y"'),
        ("/x%C2%85y", r'"/x\u0085y"'),
        ("/x%22y", r'"/x\"y"'),
    ],
)
def test_no_request_can_forge_a_log_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, logged: str
) -> None:
    with caplog.at_level(logging.INFO, logger="policykg.server"):
        client.get(path)
    (record,) = caplog.records
    assert f" path={logged} route=- status=404 " in record.getMessage()


@pytest.mark.parametrize(
    "media_type", ["application/sparql-query", "application/x-www-form-urlencoded"]
)
def test_a_body_over_the_maximum(client: FlaskClient, media_type: str) -> None:
    response = client.post(
        "/sparql", data=b"query=" + b" " * (MAXIMUM_BODY - 5), content_type=media_type
    )
    assert response.status_code == 413
    assert response.json == {
        "title": "Request Entity Too Large",
        "status": 413,
        "detail": "The request body is larger than 1048576 bytes",
        "remedy": "Send less.",
    }


def test_the_largest_body(client: FlaskClient) -> None:
    query = b"ASK {}".ljust(MAXIMUM_BODY)
    response = client.post("/sparql", data=query, content_type="application/sparql-query")
    assert response.status_code == 200


def test_scripts_of_other_sites_may_ask(client: FlaskClient) -> None:
    response = client.options(
        "/sparql",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    allow = response.headers["Allow"]
    assert sorted(allow.split(", ")) == ["GET", "HEAD", "OPTIONS", "POST"]
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Allow": allow,
        "Content-Length": "0",
        "Cache-Control": "no-cache",
        **SECURITY_HEADERS,
        "Access-Control-Allow-Methods": allow,
        "Access-Control-Allow-Headers": "Accept, Content-Type",
        "Access-Control-Max-Age": "86400",
    }
