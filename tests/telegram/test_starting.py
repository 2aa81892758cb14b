"""A start that fails says why in one line, and `wenju bot --check` says whether one would."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import run
from tests.telegram.conftest import StartBot
from tests.telegram.fake import TOKEN, FakeTelegram
from tests.telegram.running import ROOT, RunningBot


def test_a_token_that_telegram_does_not_know_ends_it_with_one_line(start_bot: StartBot) -> None:
    wrong = "123456789:AAAnother-token_of_nobody_0123456789"
    bot = start_bot(wait=False, TELEGRAM__TOKEN=wrong)
    assert bot.process.wait(60) == 2
    assert "Telegram does not know this token" in bot.log and "Traceback" not in bot.log
    assert wrong not in bot.log and wrong.split(":")[1] not in bot.log


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"TELEGRAM__TOKEN": ""}, "@BotFather"),
        ({"TELEGRAM__TOKEN": "no token"}, "is not one of @BotFather's"),
        ({"TELEGRAM__ACCESS": "closed"}, "WENJU_TELEGRAM__ACCESS"),
        ({"TELEGRAM__ADMINS": "anna"}, "telegram.admins"),
        ({"TELEGRAM__TOKN": "x"}, "Unknown setting WENJU_TELEGRAM__TOKN"),
        ({"TELEGRAM__WEBHOOK_URL": "https://bot.example.org/hook"}, "WENJU_TELEGRAM__WEBHOOK_SECRET"),
        ({"TELEGRAM__WEBHOOK_URL": "http://bot.example.org/hook"}, "WENJU_TELEGRAM__WEBHOOK_URL"),
    ],
)
def test_missing_and_wrong_settings(
    home: Path, settings: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name, value in RunningBot(FakeTelegram(), home, settings).environment().items():
        monkeypatch.setenv(name, value)
    assert run(["bot"]) == 2
    error = capsys.readouterr().err
    assert told.lower() in error.lower() and error.count("\n") == 1


def test_check_says_whether_it_would_work(fake: FakeTelegram, home: Path) -> None:
    bot = RunningBot(fake, home, {"TELEGRAM__ADMINS": "7"})
    done = _run(bot, "bot", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "@WenjuTestBot" in done.stdout and "20 documents" in done.stdout and "administrators: 1" in done.stdout
    assert [line[:4] for line in done.stdout.splitlines()] == ["ok  "] * 6
    assert not fake.of("getUpdates"), "it was not started"
    wrong = RunningBot(fake, home.with_name("empty"), {"TELEGRAM__TOKEN": "123456789:AAF-wrong_0123456789"})
    done = _run(wrong, "bot", "--check")
    assert done.returncode == 2 and "FAIL token" in done.stdout and "FAIL index" in done.stdout
    fake.stop()
    done = _run(bot, "bot", "--check")
    fake.start()
    assert done.returncode == 2 and "cannot be reached" in done.stdout and "ok   index" in done.stdout
    assert TOKEN not in done.stdout + done.stderr


@pytest.mark.parametrize("setting", ["metrics_port", "webhook_port"])
def test_a_port_that_is_taken_is_told_in_one_line(fake: FakeTelegram, home: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        hook = {"TELEGRAM__WEBHOOK_URL": "https://bot.example.org/x", "TELEGRAM__WEBHOOK_SECRET": "s3cret"}
        chosen = hook if setting == "webhook_port" else {}
        done = _run(RunningBot(fake, home, {**chosen, f"TELEGRAM__{setting.upper()}": port}), "bot")
    assert done.returncode == 2
    (told,) = [line for line in done.stderr.split("\n") if line.startswith("wenju:")]
    assert f"127.0.0.1:{port}" in told and f"telegram.{setting}" in told
    assert "Traceback" not in done.stderr and "bug" not in done.stderr and "pending" not in done.stderr


def _run(bot: RunningBot, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=bot.environment(), capture_output=True, text=True, check=False, timeout=120
    )
