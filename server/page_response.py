"""How a page or a file is sent: it may be kept for a while, and asked for again by its tag."""

from collections.abc import Callable
from typing import Final

from flask import Response
from flask import g
from flask import request

from server.page_language import keeping_language
from server.service import service

_MARK: Final = "page_may_be_kept"


def page_response(document: str, content_type: str = "text/html; charset=utf-8") -> Response:
    """Return ``document``, a page or a picture for one, which may be kept."""
    response = may_be_kept(Response(keeping_language(document), content_type=content_type))
    response.vary.add("Accept-Language")
    return response


def fresh(response: Response) -> Response:
    """Return ``response``, which nobody is to keep: the next one may be another."""
    response.headers["Cache-Control"] = "no-store"
    return response


def may_be_kept(response: Response, tag: str | None = None) -> Response:
    """Return ``response`` as :func:`public` does; it is kept here, too, for who asks next.

    Who has it already gets 304 without it (see :mod:`server.page_cache`).
    """
    setattr(g, _MARK, True)
    return public(response, tag)


def tagged(
    tag: str, content_type: str, make: Callable[[], bytes | str], *, kept: bool = True
) -> Response:
    """Return the response whose entity tag is ``tag`` and whose body is what ``make`` returns: that
    is not made for a client that has it already, who gets 304.

    It is kept here, too, unless ``kept`` says otherwise.
    """
    response = Response(content_type=content_type)
    response = may_be_kept(response, tag) if kept else public(response, tag)
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    else:
        response.set_data(make())
    return response


def public(response: Response, tag: str | None = None) -> Response:
    """Return ``response`` with the time that anyone may keep it, and with the entity tag ``tag``,
    or one made of its bytes.
    """
    response.cache_control.public = True
    response.cache_control.max_age = service().settings.cache_seconds
    if tag is not None:
        response.set_etag(tag)
    elif not response.is_streamed:
        response.add_etag()
    return response


def is_marked() -> bool:
    """Return whether the response to this request may be kept."""
    return bool(g.get(_MARK))
