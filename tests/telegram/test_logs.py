"""What the bot writes into its log, and what it never does."""

import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from telegram.error import InvalidToken

from bot.telegram.logs import JsonLineFormatter, Redaction, StderrHandler, TextFormatter, _is_news
from config.telegram import TelegramSettings


def test_secrets_are_taken_out_of_text() -> None:
    redact = Redaction(TelegramSettings(token="1:short", webhook_secret="s3cret"))  # type: ignore[arg-type]
    text = "https://api/bot1:short/x s3cret 987654321:AAFabcdefghijklmnopqrstuvwxyz012345"
    assert redact(text) == "https://api/bot[secret]/x [secret] [token]"
    assert redact("https://api/bot987654321%3aAAFabcdefghijklmnopqrstuvwxyz012345/x") == "https://api/bot[token]/x"
    redact = Redaction(TelegramSettings(token="1:long-enough"))  # type: ignore[arg-type]
    assert redact("1%3Along-enough 1:\nlong-enough") == "1%3A[secret] 1:\n[secret]"


@pytest.mark.parametrize("form", [TextFormatter, JsonLineFormatter])
def test_nobody_forges_a_line_of_the_log(form: type[TextFormatter] | type[JsonLineFormatter]) -> None:
    formatter = form(Redaction(TelegramSettings(token="1:long-enough")))  # type: ignore[arg-type]
    evil = "x\n12:00:00 ERROR forged\r\x1b[2J\x9b5m\u202e\u2028 1:long-enough"
    try:
        try:
            raise ValueError(evil)
        except ValueError as error:
            raise KeyError(evil) from error
    except KeyError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "%s", (evil,), (KeyError, error, error.__traceback__))
    record.question = evil
    line = formatter.format(record)
    assert "long-enough" not in line and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", line)
    assert not re.search("^12:00:00 ERROR forged", line, re.MULTILINE)
    if form is JsonLineFormatter:
        assert "\n" not in line and json.loads(line)["question"].startswith("x\n12:00:00")


def test_what_cannot_be_formatted_is_not_printed_raw(capsys: pytest.CaptureFixture[str]) -> None:
    handler = StderrHandler()
    handler.setFormatter(TextFormatter(Redaction(TelegramSettings())))
    handler.handle(logging.LogRecord("x", logging.ERROR, "f", 1, "%d", ("1:long-enough",), None))
    assert capsys.readouterr().err == "A line of x could not be written to the log\n"


@pytest.mark.parametrize("nothing", [None, False, (None, None, None)])
def test_a_record_without_an_error_is_shown_however_that_is_said(nothing: Any) -> None:
    record = logging.LogRecord("asyncio", logging.ERROR, "f", 1, "a line", (), nothing)
    assert _is_news(record)
    unknown = InvalidToken("x")
    assert not _is_news(logging.LogRecord("x", logging.ERROR, "f", 1, "", (), (InvalidToken, unknown, None)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("state", ["closed", "disk full"])
def test_a_log_that_cannot_be_written_is_no_error_of_who_logs(state: str) -> None:
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), "utf-8", write_through=True) as stream:
        if state == "closed":
            stream.close()
        with pytest.raises((OSError, ValueError)):
            stream.write("a line\n")
        handler = StderrHandler(stream)
        for _ in range(3):
            handler.handle(logging.LogRecord("x", logging.ERROR, "f", 1, "a line", (), None))
