"""The index of the version that this server has in service, and who answers from it."""

from typing import cast

from flask import current_app

from kg.search.asking import Asker
from kg.search.files import Indexes
from kg.search.files import index_folder
from kg.search.index import Index
from server.service import service

_INDEXES = "policykg-search"
_ASKER = "policykg-asker"


def search_index() -> Index:
    """Return the index of the version in service.

    Raises :class:`~kg.search.files.IndexNotReady` while it is being made.
    """
    known = current_app.extensions.get(_INDEXES)
    if known is None:
        here = service()
        settings = here.settings
        apart = settings.data if settings.engine == "embedded" else None
        known = Indexes(here.engine, index_folder(settings), settings.base_iri, apart)
        known = current_app.extensions.setdefault(_INDEXES, known)
    return cast(Indexes, known).current()


def asker() -> Asker:
    """Return what proposes questions for the version in service; raises as above."""
    index = search_index()
    known = cast("tuple[Index, Asker] | None", current_app.extensions.get(_ASKER))
    if known is None or known[0] is not index:
        known = (index, Asker(service().catalogue, index))
        current_app.extensions[_ASKER] = known
    return known[1]
