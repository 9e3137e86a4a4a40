"""The lines of the log: how they look, and that they cost little."""

import logging
import time
from typing import TextIO


class LineFormatter(logging.Formatter):
    """Time to the millisecond, level and message; most lines of one second have its time ready."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._second = (-1, "")

    def formatTime(  # noqa: N802 (the name is that of logging)
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        """Return when ``record`` was made, as logging writes it."""
        second, text = self._second
        if second != int(record.created):
            second = int(record.created)
            text = time.strftime(self.default_time_format, self.converter(second))
            self._second = (second, text)
        return f"{text},{record.msecs:03.0f}"


def log_to(stream: TextIO) -> None:
    """Have all that is logged, from INFO on, written to ``stream``."""
    # What no line tells need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
