"""The server's log, on standard error: what went wrong, a line each, and no question."""

import logging
import sys
from typing import Any

from bot.render.visible import visible


class LineFormatter(logging.Formatter):
    """The time and the message on one line, so that nobody can forge another; tracebacks are set in."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return visible(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(f"  {visible(line)}" for line in super().formatException(ei).split("\n"))


def set_up_logs() -> None:
    """Have all loggers of the process write to standard error what is worth knowing."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
