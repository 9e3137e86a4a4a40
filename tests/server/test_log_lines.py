"""Lines of the log look as logging writes them by itself."""

import io
import logging
import time

import pytest

from server.log_lines import LineFormatter
from server.log_lines import Lines
from server.log_lines import tell


@pytest.mark.parametrize("created", [0.0, 1_700_000_000.25, 1_700_000_000.5, 1_700_000_001.0])
def test_a_line_is_as_logging_would_write_it(created: float) -> None:
    record = logging.LogRecord("n", logging.INFO, __file__, 1, "id=%d", (7,), None)
    record.created, record.msecs = created, created % 1 * 1000
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    ours = LineFormatter()
    for _ in range(2):
        assert ours.format(record) == plain.format(record)
    assert ours.format(record).endswith(" INFO id=7")


def test_a_line_without_a_record_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.25)
    logger = logging.getLogger("test_log_lines")
    outputs = io.StringIO(), io.StringIO()
    lines = Lines(outputs[0]), Lines(outputs[1])
    monkeypatch.setattr(logging.root, "handlers", [lines[0]])
    tell(logger, "id=7 and 100 %")
    monkeypatch.setattr(logging.root, "handlers", [lines[1], logging.NullHandler()])
    tell(logger, "id=7 and 100 %")
    assert outputs[0].getvalue() == outputs[1].getvalue()
    assert outputs[0].getvalue().endswith(",250 INFO id=7 and 100 %\n")


def test_nobody_reads_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    monkeypatch.setattr(logging.root, "handlers", [Lines(closed)])
    closed.close()
    tell(logging.getLogger("test_log_lines"), "nothing is raised")
