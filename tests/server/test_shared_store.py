"""Several servers on one data folder: each sees what the others write, and what is revoked."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engines import oxigraph
from served import Served

from kg.engine.interface import Version
from kg.engine.presence import Presence
from kg.engine.remote.state import putting
from kg.settings import Settings
from kg.tokens import TokenFile
from tests.server.writing import Writer

Start = Callable[..., Served]
ALL = "SELECT ?o { <urn:s> <urn:p> ?o }"
UPDATE = "application/sparql-update"
WITHIN = 30


def insert(value: object) -> str:
    return f'INSERT DATA {{ <urn:s> <urn:p> "{value}" }}'


@pytest.fixture
def pair(start: Start, tmp_path: Path) -> tuple[Served, Served]:
    """Return two servers on one data folder, both started at once."""
    found: list[Served] = []
    options = ("--empty", "--data", tmp_path, "--port", "0")
    threads = [threading.Thread(target=lambda: found.append(start(*options))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = found
    return first, second


def test_what_is_written_through_one_is_read_through_the_other(
    pair: tuple[Served, Served], tmp_path: Path
) -> None:
    text, token = TokenFile(tmp_path).create("writer", (), None)
    bearer = {"Authorization": f"Bearer {text}"}
    written: list[str] = []
    for n in range(6):
        writer, reader = (
            Writer(served.address, bearer) for served in (pair[n % 2], pair[1 - n % 2])
        )
        made = writer.update(insert(n))
        assert made.status == 200
        written.append(str(n))
        # At once: the version is looked up for each request, in the cache of answers as well.
        assert reader.values(ALL) == written
        assert reader.send("GET", "/healthz").json["version"] == made.json["version"]
        plain = Writer(reader.address, {})
        assert plain.values(ALL) == written
    TokenFile(tmp_path).revoke(token.id)
    for served in pair:
        assert Writer(served.address, bearer).update(insert("late")).status in (401, 403)
    first, second = sorted((served.logged() for served in pair), key=lambda log: "WARNING" in log)
    assert "WARNING" not in first
    assert "limits, queues and caches are counted by each server alone" in second


def test_writers_in_both_wait_for_one_another_and_lose_nothing(
    pair: tuple[Served, Served], tmp_path: Path
) -> None:
    text, _ = TokenFile(tmp_path).create("writer", (), None)
    bearer = {"Authorization": f"Bearer {text}"}
    acknowledged: list[str] = []

    def write(served: Served, name: str) -> None:
        for n in range(8):
            if Writer(served.address, bearer).update(insert(f"{name}{n}")).status == 200:
                acknowledged.append(f"{name}{n}")

    threads = [
        threading.Thread(target=write, args=(served, name))
        for served, name in zip((*pair, *pair), "abcd", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(acknowledged) == 32
    for served in pair:
        assert Writer(served.address, {}).values(ALL) == sorted(acknowledged)
    # One that is killed leaves the other at work.
    pair[0].process.kill()
    pair[0].process.wait()
    until = time.monotonic() + WITHIN
    while Writer(pair[1].address, bearer).update(insert("last")).status != 200:
        assert time.monotonic() < until
    assert Writer(pair[1].address, {}).values(ALL) == sorted([*acknowledged, "last"])


def test_servers_over_one_remote_engine_see_each_other(start: Start, tmp_path: Path) -> None:
    with oxigraph(tmp_path / "engine") as engine:
        config = tmp_path / "policykg.toml"
        lines = [f'{name} = "{value}"' for name, value in engine.settings().items()]
        config.write_text("\n".join(lines), encoding="utf-8")
        version = putting(Settings().base_iri, Version(1, "0" * 64, 0))
        told = Writer(engine.update, {}).send("POST", "/update", version, UPDATE)
        assert told.status == 204
        # Each has a folder of its own, as on machines of their own.
        pair = [
            start("--data", tmp_path / name, "--config", config, "--port", "0") for name in "ab"
        ]
        text, _ = TokenFile(tmp_path / "a").create("writer", (), None)
        (tmp_path / "b").mkdir()
        shutil.copy(tmp_path / "a" / "tokens.json", tmp_path / "b" / "tokens.json")
        bearer = {"Authorization": f"Bearer {text}"}
        written: list[str] = []
        for n in range(4):
            writer, reader = pair[n % 2], pair[1 - n % 2]
            assert Writer(writer.address, bearer).update(insert(n)).status == 200
            written.append(str(n))
            # What the other keeps is of the version before, for a second at most.
            until = time.monotonic() + WITHIN
            while Writer(reader.address, {}).values(ALL) != written:
                assert time.monotonic() < until
                time.sleep(0.1)


def test_the_other_is_there_until_it_ends(tmp_path: Path) -> None:
    first = Presence(tmp_path)
    assert not first.others
    second = Presence(tmp_path)
    assert second.others
    first.close()
    third = Presence(tmp_path)
    assert third.others
    second.close()
    third.close()
    third.close()
    fourth = Presence(tmp_path)
    assert not fourth.others
    fourth.close()
    assert not Presence(tmp_path / "none").others
