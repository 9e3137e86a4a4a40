"""The query behind the picture to explore: one for all things that a reader has opened."""

import re
from typing import Final

from kg.engine.interface import Query
from kg.engine.interface import Term
from server.bounded_query import page_query_text
from server.picture_request import PictureRequest
from server.picture_request import thing
from server.runnable_query import runnable_query
from server.service import Service

_LINKS: Final = 500  # of each of four sorts around all opened things together, roughly
_LEAST: Final = 60  # of each sort around one of them
_AROUND: Final = re.compile(r"^  # around\n(.*?)^  # end\n", re.MULTILINE | re.DOTALL)
_WHICH: Final = "BIND (0 AS ?which)"
_SLICE: Final = "LIMIT 100 OFFSET 0"
_PROJECTED: Final = "\n  ?thing\nWHERE"


def picture_query(here: Service, asked: PictureRequest) -> tuple[Query, int]:
    """Return one query for all opened things, and how many links of a sort it looks for."""
    text = page_query_text(here, "picture")
    most = max(_LEAST, _LINKS // len(asked.things))
    found = _AROUND.search(text)
    assert found is not None
    parts = [
        re.sub(r"\?thing\b", f"?thing{number}", found[1])
        .replace(_WHICH, _WHICH.replace("0", str(number)))
        .replace(_SLICE, f"LIMIT {most + 1}")
        for number in range(len(asked.things))
    ]
    text = text[: found.start()] + "  UNION\n".join(parts) + text[found.end() :]
    names = " ".join(f"?thing{number}" for number in range(len(asked.things)))
    text = text.replace(_PROJECTED, f"\n  {names}\nWHERE")
    bound: dict[str, Term] = {
        f"thing{number}": thing(name, here.links) for number, name in enumerate(asked.things)
    }
    return Query(text, bindings=bound), most


def shown_picture_query(here: Service, asked: PictureRequest) -> str:
    """Return the same query as a reader can run it."""
    query, _ = picture_query(here, asked)
    return runnable_query(query.text, query.bindings)
