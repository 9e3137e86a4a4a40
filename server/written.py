"""Doing a write for a request, and telling what came of it."""

import json

from flask import Response
from flask import request

from kg.engine.interface import Version
from kg.engine.interface import Writable
from kg.engine.interface import Write
from kg.errors import Forbidden
from kg.errors import PreconditionFailed
from server.caller import caller
from server.service import service

TAG_DIGITS = 32  # of a version's digest, in the ETags of what is answered from it


def write(asked: Write, location: str | None = None) -> Response:
    """Do ``asked`` and return the version that it made, as JSON; 201 if it made a new graph.

    ``location`` is the address of the graph that is written.
    """
    engine = service().engine
    if not isinstance(engine, Writable):
        raise Forbidden("This server takes no writes")
    version, created = engine.write(asked, caller())
    body = json.dumps({"version": version.number, "statements": version.quads}) + "\n"
    response = Response(body, 201 if created else 200, content_type="application/json")
    if location and created:
        response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-store"
    return response


def expected(exists: bool) -> str | None:
    """Return the digest of the version to which alone the write may be done, if the client says so.

    Raises :class:`~kg.errors.PreconditionFailed` (RFC 9110, section 13.2.2); ``exists`` says
    whether there is the graph now.
    """
    current = service().engine.version()
    if request.headers.get("If-Match"):
        tags = request.if_match
        known = exists and (tags.star_tag or any(_is_of(tag, current) for tag in tags.as_set()))
        if not known:
            raise PreconditionFailed(
                "The graph has changed since you read it",
                where="If-Match",
                remedy="Read it again, and decide again.",
            )
        return current.digest
    if request.headers.get("If-None-Match"):
        tags = request.if_none_match
        if exists and (tags.star_tag or any(_is_of(tag, current) for tag in tags.as_set())):
            raise PreconditionFailed(
                "The graph is there already", where="If-None-Match", remedy="Read it first."
            )
        return current.digest
    return None


def _is_of(tag: str, version: Version) -> bool:
    return tag.partition("-")[0] == version.digest[:TAG_DIGITS]
