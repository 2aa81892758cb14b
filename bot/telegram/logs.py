"""The bot's log, on standard error: no token, and no question unless a setting says so."""

import logging
import sys
import threading
from contextlib import suppress
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter
from telegram.error import InvalidToken

from bot.render.visible import escaped_json, visible
from config.secret import without_tokens
from config.telegram import TelegramSettings

_TELLING = 8
_FIELDS = "%(asctime)s %(levelname)s %(name)s %(message)s"
_TALKATIVE = ("httpx", "httpcore", "tornado", "faiss")
"""httpx writes each address, which holds the token, at INFO."""


class Redaction:
    """Takes secrets out of text: the configured ones, and whatever looks like a token."""

    def __init__(self, settings: TelegramSettings) -> None:
        known = (settings.token, settings.webhook_secret)
        secrets = [secret.get_secret_value() for secret in known if secret is not None]
        # Of a token what follows the colon is secret, and enough to know it by when the colon is written as %3A.
        halves = [half for secret in secrets if len(half := secret.partition(":")[2]) >= _TELLING]
        self._secrets = [secret for secret in (*secrets, *halves) if secret]

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return without_tokens(text)


class JsonLineFormatter(JsonFormatter):
    """One object a line. The finished line is redacted, so that tracebacks are too."""

    def __init__(self, redact: Redaction) -> None:
        names = {"asctime": "time", "levelname": "level", "name": "logger"}
        super().__init__(_FIELDS, rename_fields=names, json_ensure_ascii=False)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return escaped_json(self._redact(super().format(record)))


class TextFormatter(logging.Formatter):
    """A record as a person reads it at a terminal: the time, the message and its fields."""

    _own = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")
        self._redact = redact

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        fields = [f"{name}={value}" for name, value in vars(record).items() if name not in self._own]
        return visible(" ".join([super().formatMessage(record), *fields]))  # one line: nobody can forge another

    def formatException(self, ei: Any) -> str:  # noqa: N802
        # Set in, so that no line of a message looks like one of the log.
        return "\n".join(f"  {visible(line)}" for line in super().formatException(ei).split("\n"))

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error. What cannot be formatted is not shown instead, unlike logging's own: nobody redacted
    it. When nothing can be written there any more, people are answered all the same."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        with suppress(OSError, ValueError):
            self.stream.write(f"A line of {record.name} could not be written to the log\n")


def set_up_logs(settings: TelegramSettings) -> None:
    """Have all loggers of the process write to standard error in the form that the settings name."""
    redact = Redaction(settings)
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    handler = StderrHandler()
    handler.addFilter(_is_news)
    handler.setFormatter(TextFormatter(redact) if as_text else JsonLineFormatter(redact))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    threading.excepthook = _log_thread
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _log_thread(died: threading.ExceptHookArgs) -> None:
    """Of a thread that ended by a bug; Python would print the traceback as it is."""
    if died.exc_value is not None:
        logging.getLogger(__name__).error("A thread ended", exc_info=died.exc_value)


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a token is unknown: the command says so in one line. Of an update that a webhook could not read the
    library would show all."""
    if isinstance(record.msg, str) and "Received data was" in record.msg:
        record.msg, record.args, record.exc_info = "An update could not be read", (), None
    return not record.exc_info or not isinstance(record.exc_info[1], InvalidToken)  # asyncio passes False
