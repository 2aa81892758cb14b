"""`make soak`: 50 people ask the real bot without a pause while another process indexes 2,000 short documents and
changes and removes others; the index is made anew twice meanwhile.

Telegram is a stand-in on this machine. Each question is to be answered once, with what was true at some moment
between asking and answering. Texts are embedded by counting characters unless `--model` is given: the soak is about
the index, its locks, and what the processes hold; with the real model, 2,000 documents take more than ten minutes.
"""

import argparse
import asyncio
import json
import logging
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from benchmarks import machine
from benchmarks.soak_page import draw
from benchmarks.soak_samples import SLOWER, IndexSize, Sample, index_size, judged, rows, sample
from benchmarks.soak_truth import Said, Truth, names, question
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import ROOT, RunningBot

ASKERS, DOCUMENTS, MINUTES, REBUILDS = 50, 2_000, 10.0, 2
PATIENCE = 60.0
"""Seconds after which a question counts as unanswered."""
_LIMITS = {f"TELEGRAM__{name}": "10000" for name in ("USER_RATE", "CHAT_RATE", "SEND_RATE", "QUEUE")}
_SAMPLES = 120
"""Samples in a run."""
_LONG = 5 * 60
"""Seconds from which on a run is long enough to judge what grows: before, everything does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what came of it; `answered` is None when nothing did."""

    name: str
    asked: float
    answered: float | None
    said: Said


@dataclass
class Listening(FakeTelegram):
    """A stand-in that hands on each message when it comes, and forgets it."""

    waiting: dict[tuple[int, int], asyncio.Future[tuple[float, str]]] = field(default_factory=dict)
    replies_to: Counter[tuple[int, int | None]] = field(default_factory=Counter)

    def _post(self, values: dict[str, Any], body: Any) -> dict[str, Any]:
        message = super()._post(values, body)
        sent = self.sent.pop()
        key = (sent.chat_id, sent.reply_to or 0)
        self.replies_to[key] += 1
        if (future := self.waiting.pop(key, None)) is not None:
            future.set_result((sent.at, sent.text))
        return message

    def run(self, work: Any) -> Any:
        """The result of a coroutine that runs in the server's own thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@dataclass
class Soak:
    """One run. `asked` is what became of each question; times are those of CLOCK_MONOTONIC."""

    fake: Listening
    truth: Truth = field(default_factory=Truth)
    asked: list[Asked] = field(default_factory=list)
    samples: dict[str, list[Sample]] = field(default_factory=lambda: {"bot": [], "writer": []})
    sizes: list[IndexSize] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    began: float = 0.0
    touched: deque[str] = field(default_factory=lambda: deque(maxlen=12))

    # -- asking --------------------------------------------------------------------------------------------------

    async def ask_all(self, askers: int, seconds: float) -> None:
        """So many people, each asking again as soon as an answer came."""
        await asyncio.gather(*(self._asks(Person(self.fake, 1000 + n), seconds) for n in range(askers)))
        await asyncio.sleep(2)  # for whatever might come twice

    async def _asks(self, person: Person, seconds: float) -> None:
        chance, known = random.Random(person.id), names()
        while time.monotonic() < self.began + seconds:
            if self.touched and chance.random() < 0.5:  # what changes at this moment is where untruth would show
                name = chance.choice(self.touched)
            else:
                name = known[chance.randrange(min(len(known), self.truth.known() + 50))]
            asked = time.monotonic()
            number = person.say(question(name))
            future = asyncio.get_running_loop().create_future()
            self.fake.waiting[person.chat_id, number] = future
            try:
                at, text = await asyncio.wait_for(future, PATIENCE)
                self.asked.append(Asked(name, asked, at, Said.of(text)))
            except TimeoutError:
                self.asked.append(Asked(name, asked, None, Said((), False)))

    # -- what is seen --------------------------------------------------------------------------------------------

    def listen(self, lines: IO[str], ready: threading.Event) -> None:
        """Take in what the writer tells."""
        for line in lines:
            told = json.loads(line)
            changes = [(name, number) for name, number in told["changes"]]
            if told["what"] == "began":
                self.truth.begin(changes, told["at"])
                self.touched.extend(name for name, _ in changes)
            elif told["what"] == "done":
                self.truth.report(changes, told["at"])
            elif told["what"] == "ready":
                ready.set()
            elif told["what"] == "finished":
                self.written = told
        ready.set()

    def watch(self, processes: dict[str, int], home: Path, seconds: float, done: threading.Event) -> None:
        """Take samples until it is done."""
        while not done.wait(seconds / _SAMPLES):
            for name, process in processes.items():
                if (one := sample(process, self.began)) is not None:
                    self.samples[name].append(one)
            self.sizes.append(index_size(home, self.truth.present(), self.began))

    # -- what is made of it --------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Questions by what became of them."""
        faults = self.faults()
        return {
            "questions": len(self.asked),
            "unanswered": sum(one.answered is None or not one.said.is_answer for one in self.asked),
            "answered_twice": sum(count > 1 for count in self.fake.replies_to.values()),
            "untrue": len(faults),
            "with_its_fact": sum(any(one.name == name for name, _ in one.said.facts) for one in self.asked),
        }

    def faults(self) -> list[dict[str, Any]]:
        """Each untrue answer, with what was the case."""
        found = []
        for one in self.asked:
            if one.answered is None or not one.said.is_answer:
                continue
            wrong = list(self.truth.faults(one.name, one.said, one.asked, one.answered))
            if wrong:
                history = self.truth.history(one.name)[-3:]
                found.append({
                    "asked": one.asked, "answered": one.answered, "faults": wrong, "history": history,
                    "facts": one.said.facts,
                })  # fmt: skip
        return found

    def windows(self, seconds: float) -> list[dict[str, float]]:
        """Seconds that answers took, by when they were asked."""
        made = []
        for start in np.arange(0, seconds, width := min(60.0, seconds / 5)):
            took = [
                one.answered - one.asked
                for one in self.asked
                if one.answered is not None and start <= one.asked - self.began < start + width
            ]
            if took:
                p50, p95 = np.percentile(took, [50, 95])
                known = {"at": start, "p50": p50, "p95": p95, "max": max(took), "per_second": len(took) / width}
                made.append({name: round(float(value), 3) for name, value in known.items()})
        return made


def soak(
    home: Path, seconds: float, *, askers: int = ASKERS, documents: int = DOCUMENTS, rebuilds: int = REBUILDS,
    embedder: str = "bigrams",
) -> dict[str, Any]:  # fmt: skip
    """Run it in a folder that is empty, and give all that was seen; `rules` are those that were judged."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a bot that hangs up on its 'typing' is no news
    fake = Listening().start()  # type: ignore[assignment]
    assert isinstance(fake, Listening)
    run, bot = Soak(fake), SoakingBot(fake, home, _LIMITS, embedder)
    folder = home.with_name("documents")
    folder.mkdir(parents=True)
    written, ready, done = home.with_name("writer.log"), threading.Event(), threading.Event()
    arguments = ["writer", embedder, str(folder), str(seconds), str(documents), str(rebuilds)]
    with written.open("w", encoding="utf-8") as errors:
        writer = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.soak_sides", *arguments], cwd=ROOT, env=bot.environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    assert writer.stdin is not None and writer.stdout is not None
    listener = threading.Thread(target=run.listen, args=(writer.stdout, ready))
    listener.start()
    try:
        ready.wait()
        bot.start()
        Person(fake, 1).say(question(names()[0]))  # the first question opens the index and loads the model
        fake.wait(lambda: fake.replies_to.total(), 120)
        writer.stdin.write("\n")
        writer.stdin.flush()
        run.began = time.monotonic()
        processes = {"bot": bot.process.pid, "writer": writer.pid}
        watcher = threading.Thread(target=run.watch, args=(processes, home, seconds, done))
        watcher.start()
        fake.run(run.ask_all(askers, seconds))
        done.set()
        watcher.join()
        writer.wait(PATIENCE * 2)
        listener.join()
        stopped = bot.terminate()[0]
    finally:
        for process in (writer, bot.process):
            if process.poll() is None:
                process.kill()
        fake.stop()
    troubles = [*fake.complaints, *_troubles(bot.log), *written.read_text("utf-8").splitlines()]
    return _results(run, seconds, askers, documents, troubles, {"bot": stopped, "writer": writer.returncode})


@dataclass
class SoakingBot(RunningBot):
    """The real bot, over an embedder of the soak's choice."""

    embedder: str = "bigrams"

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.soak_sides", "bot", self.embedder]


def _troubles(log: str) -> list[str]:
    """Lines of the bot's log that tell of a trouble, and those that are none of its own."""
    lines = log.splitlines()
    return [line for line in lines if not line.startswith("{") or json.loads(line)["level"] not in ("INFO", "DEBUG")]


def _results(
    run: Soak, seconds: float, askers: int, documents: int, troubles: Sequence[str], exits: dict[str, int]
) -> dict[str, Any]:
    counts, windows = run.counts(), run.windows(seconds)
    rules = [(f"{counts[name]} {name.replace('_', ' ')}", counts[name] == 0) for name in _NONE]
    rules += [
        (f"{len(troubles)} errors and warnings", not troubles),
        (f"exit codes {exits}", not any(exits.values())),
        (f"{run.written.get('added', 0)} of {documents} documents indexed", run.written.get("added") == documents),
    ]
    if seconds >= _LONG:
        first, last = windows[0]["p95"], windows[-1]["p95"]
        rules.append((f"p95 {first:.2f} s, then {last:.2f} s", last <= SLOWER * first))
        for name, samples in run.samples.items():
            rules += judged(name, samples, run.sizes)
    return {
        "machine": machine.described(),
        "minutes": round(seconds / 60, 2),
        "askers": askers,
        "writer": run.written,
        "counts": counts,
        "rules": [{"rule": told, "kept": kept} for told, kept in rules],
        "troubles": list(troubles)[:50],
        "faults": run.faults()[:20],
        "windows": windows,
        "samples": {name: rows(samples) for name, samples in run.samples.items()},
        "index": rows(run.sizes),
    }


_NONE = ("unanswered", "answered_twice", "untrue")


def line(results: dict[str, Any]) -> str:
    """All of it in one line."""
    counts, windows, bot = results["counts"], results["windows"], results["samples"]["bot"]
    middle = bot[len(bot) // 2]["memory"] / 1e6
    return (
        f"soak: {results['minutes']:.1f} min, {results['askers']} askers, {counts['questions']} questions: "
        f"{counts['unanswered']} unanswered, {counts['answered_twice']} answered twice, {counts['untrue']} untrue; "
        f"p95 {windows[0]['p95']:.2f} s in the first minute, {windows[-1]['p95']:.2f} s in the last; "
        f"handles at most {max(one['handles'] for one in bot)}; "
        f"memory {bot[0]['memory'] / 1e6:.0f}, {middle:.0f}, {bot[-1]['memory'] / 1e6:.0f} MB"
    )


def main() -> None:
    """Run it, write what was seen, and end with code 0 only when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--askers", type=int, default=ASKERS)
    parser.add_argument("--documents", type=int, help="how many are indexed (default: 200 a minute)")
    parser.add_argument("--rebuilds", type=int, default=REBUILDS)
    parser.add_argument("--model", action="store_true", help="embed with the model of the settings")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--svg", type=Path)
    options = parser.parse_args()
    documents = options.documents or round(DOCUMENTS * options.minutes / MINUTES)
    with tempfile.TemporaryDirectory(prefix="wenju-soak-") as place:
        results = soak(
            Path(place) / "home", options.minutes * 60, askers=options.askers, documents=documents,
            rebuilds=options.rebuilds, embedder="model" if options.model else "bigrams",
        )  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.svg:
        options.svg.write_text(draw(results), "utf-8")
    for rule in results["rules"]:
        sys.stdout.write(f"{'kept  ' if rule['kept'] else 'BROKEN'} {rule['rule']}\n")
    for trouble in [*results["troubles"][:5], *results["faults"][:5]]:
        sys.stdout.write(f"       {trouble}\n")
    sys.stdout.write(line(results) + "\n")
    if not all(rule["kept"] for rule in results["rules"]):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
