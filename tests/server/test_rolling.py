"""Upgrading without a break: servers behind a balancer are restarted one after the other."""

from collections.abc import Callable
from pathlib import Path

from served import Served

from tests.server.balancer import balancer
from tests.server.balancer import until_ready
from tests.server.reading_on import reading
from tests.server.test_reloading import until
from tests.server.writing import Writer

Start = Callable[..., Served]


def test_no_request_fails_while_one_after_the_other_is_restarted(
    start: Start, built: Path, tmp_path: Path
) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text("drain_seconds = 2\n", encoding="utf-8")
    options = ("--no-build", "--port", "0", "--data", built, "--config", config)
    running = [start(*options), start(*options)]
    with balancer([served.address for served in running]) as here:
        with reading(lambda: here.address, keep_alive=False) as readers:
            until(lambda: readers.answered() > 20, "nothing is read")
            for n, old in enumerate(running):
                assert old.stop()[0] == 0
                new = running[n] = start(*options)
                here.servers[n] = new.address
                until_ready(here, new.address)
                so_far = readers.answered()
                until(lambda so_far=so_far: readers.answered() > so_far + 20, "nothing is read")
        assert (readers.failures, set(readers.told)) == ([], {200})


def test_a_server_that_is_to_stop_says_so_and_answers_on(
    start: Start, built: Path, tmp_path: Path
) -> None:
    config = tmp_path / "policykg.toml"
    config.write_text("drain_seconds = 3600\n", encoding="utf-8")
    served = start("--no-build", "--port", "0", "--data", built, "--config", config)
    client = Writer(served.address, {})
    assert client.send("GET", "/readyz").status == 200
    served.process.terminate()
    until(lambda: client.send("GET", "/readyz").status == 503, "it is still ready")
    assert client.send("GET", "/healthz").status == 200
    assert client.ask("ASK {}").status == 200
    served.process.kill()
    served.process.wait()


def test_who_is_connected_when_a_server_stops_is_answered(start: Start, built: Path) -> None:
    served = start("--no-build", "--port", "0", "--data", built)
    with reading(lambda: served.address, readers=12, keep_alive=False) as readers:
        until(lambda: readers.answered() > 40, "nothing is read")
        assert served.stop()[0] == 0
    # Those who come later find nobody; nobody is broken off.
    assert set(readers.told) == {200}
    assert [told for told in readers.failures if "Refused" not in told] == []
