"""One trial: a home, an operation on it, a kill at some moment, and a look at what is left."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from retrieval.documents import parse
from retrieval.documents.discover import discover
from retrieval.documents.isolation.reader_process import read
from retrieval.ingestion import ingest
from retrieval.maintenance import rebuild
from tests.crash import villages
from tests.crash.checks import Allowed, left_behind, problems, wrong_answer
from tests.crash.processes import Process, Say, Wait, fork, has_orphans
from tests.crash.scenarios import Scenario, base_of, ready

_EDGE = 0.005
"""Seconds at the beginning and at the end of an operation that get kills of their own."""
_PAUSE = 0.2
"""Seconds between two questions of the reader."""
_ORPHANS = 15
"""Seconds within which a process that reads files ends when nobody is left to ask it."""


@dataclass
class Outcome:
    """What was wrong; kills, of which so many came when the operation had ended; questions that the reader asked."""

    wrong: list[str]
    kills: int = 0
    ended: int = 0
    questions: int = 0


class Slot:
    """A place where one trial after another is made. Documents lie where they lay when they were indexed: the index
    knows them by their paths."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._templates = folder / "templates"
        self._seconds: dict[str, float] = {}

    def fill(self, scenario: Scenario) -> None:
        """Make the home as it is before the operation."""
        template = self._templates / scenario.title
        shutil.rmtree(self.home, ignore_errors=True)
        if template.exists():
            shutil.copytree(template, self.home)
            return
        self.home.mkdir(parents=True)
        _run(lambda say, wait: ready(self.home, scenario))  # noqa: ARG005
        shutil.copytree(self.home, template)

    def seconds(self, scenario: Scenario) -> float:
        """How long the operation takes here."""
        if scenario.title not in self._seconds:
            self._seconds[scenario.title] = self._measured(scenario)
        return self._seconds[scenario.title]

    def _measured(self, scenario: Scenario) -> float:
        self.fill(scenario)
        victim = fork(partial(_operate, self.home, scenario))
        victim.next()
        start = time.monotonic()
        victim.tell()
        while (said := victim.next()) != "ended":
            if said is None or "error" in said:
                raise RuntimeError(f"{scenario.title}: {said}")
        seconds = time.monotonic() - start
        victim.kill()
        victim.end()
        return seconds


def _run(work: Callable[[Say, Wait], None]) -> None:
    process = fork(work)
    said = process.rest()
    if process.end():
        raise RuntimeError(str(said))


def moment(draw: random.Random, share: float, seconds: float) -> float:
    """When to kill: at this share of the time that the operation takes, or close to either end."""
    edge = draw.random()
    if edge < 0.05:
        return draw.uniform(0, _EDGE)
    if edge < 0.1:
        return draw.uniform(seconds - _EDGE, seconds + _EDGE)
    return share * seconds * 1.02


def trial(slot: Slot, scenario: Scenario, shares: Sequence[float], draw: random.Random) -> Outcome:
    """Kill at each of the moments; look, do it again to its end, and look again."""
    seconds, home = slot.seconds(scenario), slot.home
    slot.fill(scenario)
    reader = fork(partial(_read, home, scenario)) if scenario.is_read and scenario.before else None
    wrong = [f"reader: {said}"] if reader and (said := reader.next()) != "ready" else []
    allowed = {
        number: {scenario.before.get(number), scenario.after.get(number)}
        for number in scenario.before.keys() | scenario.after.keys()
    }
    outcome = Outcome(wrong)
    for share in shares:
        victim = fork(partial(_operate, home, scenario))
        reported, has_ended = _killed(victim, moment(draw, share, seconds), outcome)
        allowed |= {number: {scenario.after[number]} for number in (scenario.after if has_ended else reported)}
        if has_ended:
            allowed |= {number: {None} for number in scenario.before.keys() - scenario.after.keys()}
        if has_orphans(_ORPHANS):
            outcome.wrong.append("left behind: the process that reads files")
    outcome.wrong += _said(fork(partial(_check, home, scenario, allowed)))
    if reader:
        reader.tell()
        outcome.questions, *failures = _said(reader) or [0, "it has ended"]
        outcome.wrong += [f"reader: {failure}" for failure in failures]
    outcome.wrong += [f"left behind: {name}" for name in left_behind(home)]
    return outcome


def _said(process: Process) -> list[Any]:
    said = process.rest()
    if (code := process.end()) and not said:
        return [f"a process ended with {code}"]
    return said


def _killed(victim: Process, after: float, outcome: Outcome) -> tuple[set[int], bool]:
    """Kill the process so many seconds after it began; what it had reported, and whether it had ended."""
    if (said := victim.next()) != "ready":
        outcome.wrong.append(f"before the operation: {said}")
    victim.tell()
    time.sleep(max(0, after))
    victim.kill()
    said = victim.rest()
    victim.end()
    outcome.kills += 1
    outcome.ended += "ended" in said
    outcome.wrong += [f"the operation: {message['error']}" for message in said if isinstance(message, dict)]
    return {number for message in said if isinstance(message, list) for number in message}, "ended" in said


# -- what runs in processes of their own --------------------------------------------------------------------------


def _operate(home: Path, scenario: Scenario, say: Say, wait: Wait) -> None:
    base = base_of(home)
    if scenario.reads_files:  # its process is there already: kills fall on the operation and not on that one's start
        read(Path("a.txt"), "网格员".encode(), base.settings.documents)
    files = [villages.number_of(path) for path in discover([home / "documents"]).files]
    say("ready")
    wait(60)
    scenario.operate(base, home, lambda done: say(files[:done]))
    say("ended")
    time.sleep(60)  # to be killed with all open


def _read(home: Path, scenario: Scenario, say: Say, wait: Wait) -> None:
    """Ask without a pause for breath until told to stop, then some more. Only of what stays as it was: that can be
    answered at every moment. Says how many questions it asked, and which answers were wrong."""
    asked, wrong = 0, list[str]()
    with closing(base_of(home)) as base:
        for number in cycle(scenario.stays):
            try:
                wrong += wrong_answer(base, number, [scenario.before[number]])
            except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked had no answer
                wrong.append(f"{number}: {type(error).__name__}: {error}")
            asked += 1
            if asked == 1:
                say("ready")
            if wait(_PAUSE):
                break
        for number in scenario.stays[:3]:
            wrong += wrong_answer(base, number, [scenario.before[number]])
    say(asked)
    for problem in wrong[:5]:
        say(problem)


def _check(home: Path, scenario: Scenario, allowed: Allowed, say: Say, wait: Wait) -> None:  # noqa: ARG001
    """What is wrong after the kill; then the same is done again, and must come to its end."""
    asked = [*scenario.touched, *scenario.stays[:3]]
    for module in (ingest, rebuild):  # nobody kills this one, and a process that reads files takes a second to start
        setattr(module, "read", lambda path, data, limits: parse(path, data))  # noqa: ARG005, B010
    if not scenario.is_rebuilt:
        for problem in problems(home, allowed, asked):
            say(problem)
    with closing(base_of(home)) as base:
        scenario.operate(base, home, lambda done: None)  # noqa: ARG005
        if scenario.kind == "migration":  # it only opened the index
            base.rebuild() if scenario.is_rebuilt else base.add([home / "documents"])
    for problem in problems(home, {number: {edition} for number, edition in scenario.after.items()}, asked[:4]):
        say(f"done again, {problem}")
