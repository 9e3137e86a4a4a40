"""Failures as answers: RFC 9457 problem documents for programs, a page for people."""

import json
from dataclasses import dataclass
from typing import Any
from typing import Final

from flask import Flask
from flask import Response
from flask import render_template
from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.exceptions import RequestEntityTooLarge

from kg.errors import LimitError
from kg.errors import MethodNotAllowed
from kg.errors import NotAcceptable
from kg.errors import PolicykgError
from kg.errors import QuerySyntaxError
from kg.errors import Unauthorized
from server.logs import LOGGER
from server.logs import request_id
from server.negotiation import Offer
from server.negotiation import page_wanted

PROBLEM: Final = Offer("application/problem+json", "json", ("application/json",))
_LONGEST: Final = 1000  # characters of a text, which may repeat what the client sent
_KEPT_HEADERS: Final = ("Allow", "Content-Range", "Retry-After")


@dataclass(frozen=True, slots=True)
class Problem:
    """What a failed request is told: members of RFC 9457, and ``where`` and ``remedy``."""

    title: str
    status: int
    detail: str
    where: str | None = None
    remedy: str | None = None
    line: int | None = None
    column: int | None = None
    offered: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Shorten what would be too long to read."""
        for name in ("detail", "where", "remedy"):
            text = getattr(self, name)
            if text and len(text) > _LONGEST:
                object.__setattr__(self, name, f"{text[:_LONGEST]}…")

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document; those without a value are left out."""
        members = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in members.items() if value is not None}


def problem_of(error: PolicykgError) -> Problem:
    """Return what is told of ``error``."""
    syntax = error if isinstance(error, QuerySyntaxError) else None
    return Problem(
        error.title,
        error.status,
        error.detail,
        error.where,
        error.remedy,
        line=syntax.line if syntax else None,
        column=syntax.column if syntax else None,
        offered=error.offered if isinstance(error, NotAcceptable) else None,
    )


def problem_response(problem: Problem) -> Response:
    """Return ``problem`` as a page if the client would rather have one, else as a document."""
    if page_wanted((PROBLEM,)):
        body = render_template("problem.html", problem=problem)
        response = Response(body, problem.status, mimetype="text/html")
    else:
        body = json.dumps(problem.document(), ensure_ascii=False) + "\n"
        response = Response(body, problem.status, content_type=PROBLEM.media_type)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Make ``app`` answer every failure with a problem."""
    app.register_error_handler(PolicykgError, _explained)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _explained(error: PolicykgError) -> Response:
    if error.status >= 500 and not isinstance(error, LimitError):
        LOGGER.error("id=%s %s: %s", request_id(), error.title, " ".join(str(error).split()))
    response = problem_response(_public(error))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, Unauthorized):
        response.headers["WWW-Authenticate"] = 'Bearer realm="policykg"'
    if isinstance(error, LimitError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _public(error: PolicykgError) -> Problem:
    """Return the problem without the server's own paths, which ``where`` holds for operators.

    Limits are meant for whoever asks.
    """
    if error.status < 500 or isinstance(error, LimitError):
        return problem_of(error)
    return Problem(
        error.title,
        error.status,
        "The server cannot answer at the moment",
        remedy=f"Try again later; tell the operator the request's number, {request_id()}.",
    )


def _http(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    remedy: str | None = None
    detail = (error.description or error.name).rstrip(".")
    if isinstance(error, NoRoute):
        detail, remedy = "There is nothing at this address", "Begin at the first page, /."
    elif isinstance(error, WrongMethod):
        allowed = original.headers.get("Allow", "")
        detail, remedy = f"This address does not take {request.method}", f"Use {allowed}."
    elif isinstance(error, RequestEntityTooLarge):
        most = request.max_content_length
        detail, remedy = f"The request body is larger than {most} bytes", "Send less."
    response = problem_response(Problem(error.name, status, detail, remedy=remedy))
    for name in _KEPT_HEADERS:
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _unexpected(error: Exception) -> Response:
    LOGGER.error("id=%s unexpected failure", request_id(), exc_info=error)
    return problem_response(
        Problem(
            "Internal server error",
            500,
            "The server failed in a way nobody foresaw",
            remedy=f"Tell the operator the request's number, {request_id()}.",
        )
    )
