"""The real bot over documents of the benchmark's choice, and a stand-in for Telegram."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import ROOT, RunningBot

SAMPLES = ROOT / "data" / "corpus"
UNLIMITED = {f"TELEGRAM__{name}": "10000" for name in ("USER_RATE", "CHAT_RATE", "SEND_RATE", "QUEUE")}
_STARTING_SECONDS = 60


@contextmanager
def bot_over(corpus: Path, warmed_by: str, settings: Mapping[str, str] = UNLIMITED) -> Iterator[FakeTelegram]:
    """Telegram, when the bot there has indexed the files and answered a first question."""
    fake = FakeTelegram().start()
    with tempfile.TemporaryDirectory(prefix="wenju-load-") as folder:
        bot = RunningBot(fake, Path(folder) / "home", dict(settings))
        command = [sys.executable, "-m", "bot.cli", "index", str(corpus)]
        subprocess.run(command, cwd=ROOT, env=bot.environment(), check=True, stdout=subprocess.DEVNULL)
        bot.start()
        try:
            Person(fake, 1).ask(warmed_by, seconds=_STARTING_SECONDS)
            fake.sent.clear()
            yield fake
        finally:
            bot.terminate()
            fake.stop()
