"""The lines of the log: how they look, and that they cost little."""

import logging
import time
from contextlib import suppress
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
        return f"{self.second(int(record.created))},{record.msecs:03.0f}"

    def second(self, number: int) -> str:
        """Return the second with this ``number`` as logging writes it."""
        known, text = self._second
        if known != number:
            text = time.strftime(self.default_time_format, self.converter(number))
            self._second = (number, text)
        return text


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines to ``stream``."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines = LineFormatter()
        self.setFormatter(self._lines)

    def tell(self, message: str) -> None:
        """Write the line that :func:`tell` would make a record of otherwise."""
        now = time.time()
        second = int(now)
        line = f"{self._lines.second(second)},{int((now - second) * 1000):03d} INFO {message}\n"
        self.acquire()
        try:
            with suppress(OSError, ValueError):  # nobody listens any more
                self.stream.write(line)
                self.stream.flush()
        finally:
            self.release()


def log_to(stream: TextIO) -> None:
    """Have all that is logged, from INFO on, written to ``stream``."""
    # What no line tells need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=logging.INFO, handlers=[Lines(stream)])


def tell(logger: logging.Logger, message: str) -> None:
    """Log ``message`` at the level INFO, which ``logger`` is taken to have.

    Where nothing comes of that but a line, it is written without a record, which takes a fifth of
    the time; and in any case without looking for the line of code that logs it.
    """
    handlers = logging.root.handlers
    if len(handlers) == 1 and isinstance(handlers[0], Lines) and not logger.handlers:
        handlers[0].tell(message)
    else:
        logger.handle(logging.LogRecord(logger.name, logging.INFO, "", 0, message, None, None))
