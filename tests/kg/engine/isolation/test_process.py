"""A worker process, seen from the server."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kg.engine.isolation.channel import Message
from kg.engine.isolation.process import Worker
from kg.engine.isolation.process import Zygote
from kg.engine.versions import VersionStore
from kg.errors import StoreError


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    zygote = Zygote()
    yield zygote
    zygote.stop()


def started(zygote: Zygote, built: Path) -> Worker:
    versions = VersionStore(built)
    store = versions.store_path(versions.current())
    order = {"store": str(store), "memory": 1 << 30, "union": True, "services": ()}
    return zygote.worker("reader", order)


def test_a_worker_that_is_killed_twice_takes_nothing_from_others(
    zygote: Zygote, built: Path
) -> None:
    worker = started(zygote, built)
    worker.kill()
    with ExitStack() as opened:
        others = [opened.enter_context(open(os.devnull, "rb")) for _ in range(8)]
        worker.kill()
        for other in others:
            assert other.read() == b""  # its number has not been closed


def test_a_killed_worker_is_gone(zygote: Zygote, built: Path) -> None:
    worker = started(zygote, built)
    process = Path(f"/proc/{worker._pid}")
    assert process.exists()
    worker.kill()
    until = time.monotonic() + 5
    while process.exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not worker.ask(Message({}))


def test_a_store_that_is_not_there_is_said(zygote: Zygote, tmp_path: Path) -> None:
    order = {"store": str(tmp_path), "memory": 1 << 30, "union": True, "services": ()}
    with pytest.raises(StoreError, match="damaged"):
        zygote.worker("reader", order)
