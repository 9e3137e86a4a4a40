"""The matcher of the real graph."""

import pytest

from kg.engine.embedded import EmbeddedEngine
from kg.reconcile.reconciler import Reconciler
from kg.reconcile.reconciler import Reconciliation


@pytest.fixture(scope="session")
def known(engine: EmbeddedEngine) -> Reconciliation:
    """Return what answers for the built graph."""
    return Reconciler(engine).current()
