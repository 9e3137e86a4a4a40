"""Lines of the log look as logging writes them by itself."""

import logging

import pytest

from server.log_lines import LineFormatter


@pytest.mark.parametrize("created", [0.0, 1_700_000_000.25, 1_700_000_000.5, 1_700_000_001.0])
def test_a_line_is_as_logging_would_write_it(created: float) -> None:
    record = logging.LogRecord("n", logging.INFO, __file__, 1, "id=%d", (7,), None)
    record.created, record.msecs = created, created % 1 * 1000
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    ours = LineFormatter()
    for _ in range(2):
        assert ours.format(record) == plain.format(record)
    assert ours.format(record).endswith(" INFO id=7")
