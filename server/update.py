"""SPARQL updates (SPARQL 1.1 Protocol, section 2.2)."""

from typing import Final

from flask import Blueprint
from flask import Response
from flask import request

from kg.engine.interface import Write
from kg.errors import BadParameter
from kg.errors import UnsupportedMediaType
from server.auth import writer
from server.parameters import FORM
from server.parameters import decode
from server.parameters import graphs
from server.parameters import one
from server.parameters import parse_parameters
from server.service import service
from server.written import write

blueprint = Blueprint("update", __name__)

DIRECT: Final = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Do the update in the request, all of it or nothing."""
    token = writer()
    request.max_content_length = service().settings.upload_mb << 20
    parameters = parse_parameters(request.query_string, "the address")
    body = request.get_data(cache=False)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in (FORM, DIRECT) or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(
            f"An update cannot be read from a body of type {request.content_type or 'unknown'}",
            where="Content-Type",
            remedy=f"Send {DIRECT} or {FORM}, in UTF-8.",
        )
    if "query" in parameters or "update" in parameters:
        raise BadParameter(
            "An update cannot be given in the address",
            where="update",
            remedy="Send it in the body of the request.",
        )
    if request.mimetype == DIRECT:
        texts = [decode(body, "the body")]
    else:
        for name, values in parse_parameters(body, "the body").items():
            parameters.setdefault(name, []).extend(values)
        texts = parameters.get("update", [])
    text = one("update", texts)
    if text is None:
        raise BadParameter("There is no update", where="update", remedy="Send one.")
    return write(
        Write(
            kind="update",
            token=token.name,
            text=text,
            using=graphs("using-graph-uri", parameters),
            using_named=graphs("using-named-graph-uri", parameters),
            base_iri=f"{service().address}/update",
        )
    )
