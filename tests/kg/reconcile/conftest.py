"""The matcher of the real graph."""

import pytest

from kg.engine.embedded import EmbeddedEngine
from kg.reconcile.reconciler import Indexed
from kg.reconcile.reconciler import Reconciler


@pytest.fixture(scope="session")
def known(engine: EmbeddedEngine) -> Indexed:
    """Return what answers for the built graph."""
    return Reconciler(engine).current()
