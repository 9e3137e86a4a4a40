"""How a page is sent: it may be kept for a while, and asked for again by its tag."""

from flask import Response
from flask import request

from server.service import service


def page_response(document: str, content_type: str = "text/html; charset=utf-8") -> Response:
    """Return ``document``, a page or a picture for one, with an entity tag and the time that it may
    be kept, or 304 without it.
    """
    response = Response(document, content_type=content_type)
    response.cache_control.public = True
    response.cache_control.max_age = service().settings.cache_seconds
    response.add_etag()
    response.make_conditional(request)
    return response
