"""One run of the soak: people who ask, a process that answers, one that writes, and what is seen of them."""

import asyncio
import json
import logging
import random
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from benchmarks.soak.samples import IndexSize, Sample, index_size, sample
from benchmarks.soak.truth import Said, Truth, names, question
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import Person
from tests.telegram.running import ROOT, RunningBot

PATIENCE = 60.0
"""Seconds after which a question counts as unanswered."""
_LIMITS = {f"TELEGRAM__{name}": "10000" for name in ("USER_RATE", "CHAT_RATE", "SEND_RATE", "QUEUE")}
LONG = 5 * 60
"""Seconds from which on a run is long enough to judge what grows: before, everything does."""
_IDLE = 7.0
"""Seconds after which the bot's HTTP library gives up connections that nobody used, with the next that it makes."""
_SAMPLES = 120
"""Samples in a run."""


@dataclass(frozen=True, slots=True)
class SoakQuestion:
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
    asked: list[SoakQuestion] = field(default_factory=list)
    samples: dict[str, list[Sample]] = field(default_factory=lambda: {"bot": [], "writer": []})
    sizes: list[IndexSize] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    at_rest: list[Sample] = field(default_factory=list)
    """The bot, before and after."""
    troubles: list[str] = field(default_factory=list)
    exits: dict[str, int] = field(default_factory=dict)
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
                self.asked.append(SoakQuestion(name, asked, at, Said.of(text)))
            except TimeoutError:
                self.asked.append(SoakQuestion(name, asked, None, Said((), False)))

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
                if (reading := sample(process, self.began)) is not None:
                    self.samples[name].append(reading)
            self.sizes.append(index_size(home, self.truth.present(), self.began))

    def rest(self, bot: "SoakingBot") -> None:
        """One question, and what the bot holds after it."""
        before = self.fake.replies_to.total()
        Person(self.fake, 1).say(question(names()[0]))
        self.fake.wait(lambda: self.fake.replies_to.total() > before, 120)
        reading = sample(bot.process.pid, self.began)
        assert reading is not None
        self.at_rest.append(reading)

    # -- what is made of it --------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """Questions by what became of them."""
        faults = self.faults()
        return {
            "questions": len(self.asked),
            "unanswered": sum(asked.answered is None or not asked.said.is_answer for asked in self.asked),
            "answered_twice": sum(count > 1 for count in self.fake.replies_to.values()),
            "untrue": len(faults),
            "with_its_fact": sum(any(asked.name == name for name, _ in asked.said.facts) for asked in self.asked),
        }

    def faults(self) -> list[dict[str, Any]]:
        """Each untrue answer, with what was the case."""
        found = []
        for asked in self.asked:
            if asked.answered is None or not asked.said.is_answer:
                continue
            wrong = list(self.truth.faults(asked.name, asked.said, asked.asked, asked.answered))
            if wrong:
                history = self.truth.history(asked.name)[-3:]
                found.append({
                    "asked": asked.asked, "answered": asked.answered, "faults": wrong, "history": history,
                    "facts": asked.said.facts,
                })  # fmt: skip
        return found


@dataclass
class SoakingBot(RunningBot):
    """The real bot, over an embedder of the soak's choice."""

    embedder: str = "bigrams"

    @property
    def command(self) -> list[str]:
        return ["-m", "benchmarks.soak.processes", "bot", self.embedder]


def run(home: Path, seconds: float, askers: int, documents: int, rebuilds: int, embedder: str) -> Soak:
    """All of it, in a folder that is empty."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a bot that hangs up on its 'typing' is no news
    fake = Listening()
    fake.start()
    soak, bot, done = Soak(fake), SoakingBot(fake, home, _LIMITS, embedder), threading.Event()
    try:
        with _writer(soak, bot, [str(seconds), str(documents), str(rebuilds)]) as (writer, go), _started(bot):
            soak.rest(bot)  # the first question opens the index and loads the model
            go()
            soak.began = time.monotonic()
            processes = {"bot": bot.process.pid, "writer": writer.pid}
            watcher = threading.Thread(target=soak.watch, args=(processes, home, seconds, done))
            watcher.start()
            fake.run(soak.ask_all(askers, seconds))
            done.set()
            watcher.join()
            if seconds >= LONG:
                time.sleep(_IDLE)
                soak.rest(bot)
            soak.exits = {"writer": writer.wait(PATIENCE * 2), "bot": bot.terminate()[0]}
    finally:
        done.set()
        fake.stop()
    soak.troubles += [*fake.complaints, *_troubles(bot.log)]
    return soak


@contextmanager
def _writer(soak: Soak, bot: SoakingBot, numbers: list[str]) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """The writer when it has indexed the first documents, and what tells it to go on; the soak listens to it."""
    folder, ready = bot.home.with_name("documents"), threading.Event()
    folder.mkdir(parents=True)
    with (
        bot.home.with_name("writer.log").open("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.soak.processes", "writer", bot.embedder, str(folder), *numbers],
            cwd=ROOT, env=bot.environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        ) as process,
    ):  # fmt: skip
        listener = threading.Thread(target=soak.listen, args=(process.stdout, ready))
        listener.start()

        def go() -> None:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()

        try:
            ready.wait()
            if process.poll() is not None:
                raise RuntimeError(f"the writer ended before it began: {_all_of(errors)}")
            yield process, go
        finally:
            process.kill()
            listener.join()
            soak.troubles += _all_of(errors).splitlines()


def _all_of(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


@contextmanager
def _started(bot: RunningBot) -> Iterator[None]:
    """It runs; killed when it was not ended before."""
    bot.start()
    try:
        yield
    finally:
        if bot.process.poll() is None:
            bot.kill()


def _troubles(log: str) -> list[str]:
    """Lines of the bot's log that tell of a trouble, and those that are none of its own."""
    lines = log.splitlines()
    return [line for line in lines if not line.startswith("{") or json.loads(line)["level"] not in ("INFO", "DEBUG")]
