"""`make demo-bot`: the real bot over the sample documents, talked to through the stand-in for Telegram."""

import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.telegram.display import display
from tests.telegram.fake import FakeTelegram, Sent
from tests.telegram.people import Person
from tests.telegram.running import ROOT, RunningBot

_ADMIN, _ANNA = 7, 42
_NOTICE = "白水县供销社便民通知\n\n白水县现有供销社47家，其中乡镇28家。春耕期间每天7点开门，周末不休息。\n"


class Demo:
    """A conversation, printed as it goes."""

    def __init__(self, console: Console, fake: FakeTelegram) -> None:
        self._console = console
        self._anna, self._chief = Person(fake, _ANNA), Person(fake, _ADMIN)
        self._marks = not console.is_terminal or console.no_color is True

    def run(self) -> None:
        """The beginning, a question, more, context, a follow-up, thanks, a refusal, an upload, feedback."""
        self._ask("/start")
        answer = self._ask("左云县有多少网格员")
        self._press(answer, "更多段落")
        self._press(answer, "上下文 1")
        self._ask("青禾县呢")
        self._nod("谢谢")
        self._ask("大同县有多少网格员")
        self._say("管理员", "📎 白水县通知.txt")
        self._show(self._chief.reply_to(self._chief.send_file("白水县通知.txt", _NOTICE.encode()), seconds=60))
        told = self._ask("白水县有多少家供销社")
        self._press(told, "👍", "谢谢")
        self._press(answer, "👎", "请选")
        self._press(answer, "没有回答", "谢谢")

    def _ask(self, text: str) -> Sent:
        self._say("用户", text)
        answer = self._anna.ask(text, seconds=60)
        self._show(answer)
        return answer

    def _nod(self, text: str) -> None:
        self._say("用户", text)
        self._console.print(f"    ({self._anna.nodded_at(text)})\n", markup=False)

    def _press(self, sent: Sent, label: str, notice: str | None = None) -> None:
        self._say("用户", f"☞ {sent.button(label)['text']}")
        before = len(self._anna.received())
        said = self._anna.press(sent, label)
        if said is not None:
            self._console.print(f"    ({said})\n", markup=False)
        for message in self._anna.received()[before:]:
            self._show(message)
        if notice is not None and notice not in (said or ""):
            raise SystemExit(f"expected a notice with {notice}, not {said}")

    def _say(self, who: str, text: str) -> None:
        self._console.print(f"{who}  {text}", style="bold green", markup=False)

    def _show(self, sent: Sent) -> None:
        self._console.print("问据", style="bold blue")
        self._console.print(display(sent, marks=self._marks))
        self._console.print()


def main() -> None:
    """Index the samples into a folder of its own, start both sides, talk, and clean up."""
    console = Console(highlight=False, width=96)
    fake = FakeTelegram().start()
    with tempfile.TemporaryDirectory(prefix="wenju-demo-") as folder:
        bot = RunningBot(fake, Path(folder) / "home", {"TELEGRAM__ADMINS": str(_ADMIN)})
        console.print("== Indexing the sample documents", style="dim")
        command = [sys.executable, "-m", "bot.cli", "index", str(ROOT / "data" / "corpus")]
        subprocess.run(command, cwd=ROOT, env=bot.environment(), check=True, stdout=subprocess.DEVNULL)
        console.print("== Starting the bot, and a server on 127.0.0.1 that stands in for Telegram\n", style="dim")
        bot.start()
        fake.wait(bot.suggested, 60)
        try:
            Demo(console, fake).run()
        finally:
            code, seconds = bot.terminate()
            fake.stop()
        console.print(f"== The bot stopped after {seconds:.1f} s with exit code {code}", style="dim")
    if fake.complaints or code:
        raise SystemExit(f"Telegram would have refused: {fake.complaints}")


if __name__ == "__main__":
    main()
