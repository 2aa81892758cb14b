"""Kill Wenju at random moments and look what is left: `make crash-test`, or `python -m tests.crash --kills 30`."""

import argparse
import logging
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # before numpy: a warm process has one thread

from tests.crash import opening
from tests.crash.processes import Say, Wait, adopt_orphans, fork, together
from tests.crash.scenarios import SCENARIOS, SHARES, SMALL, Scenario
from tests.crash.trials import Outcome, Slot, trial
from tests.support.warm import warm

_AGAIN = 0.15
"""Share of trials in which the operation that is done again after a kill is killed, too."""
_HOURS = 3 * 3600


@dataclass(frozen=True)
class Planned:
    """A trial with the moments of its kills, as shares of the time that the operation takes."""

    number: int
    scenario: Scenario
    shares: list[float]


def plan(kills: int, seed: int, scenarios: Sequence[Scenario]) -> list[Planned]:
    """So many kills of each kind as `SHARES` says, spread evenly over the operations of that kind."""
    draw = random.Random(seed)
    trials = []
    for kind, count in _counts(kills).items():
        shares = [(number + draw.random()) / count for number in range(count)]
        draw.shuffle(shares)
        for scenario in cycle([scenario for scenario in scenarios if scenario.kind == kind]):
            if not shares:
                break
            taken = 2 if draw.random() < _AGAIN else 1
            trials.append((scenario, shares[:taken]))
            shares = shares[taken:]
    draw.shuffle(trials)
    return [Planned(number, *drawn) for number, drawn in enumerate(trials)]


def _counts(kills: int) -> dict[str, int]:
    ends = [round(kills * sum(list(SHARES.values())[:i]) / 100) for i in range(len(SHARES) + 1)]
    return {kind: end - start for kind, start, end in zip(SHARES, ends, ends[1:], strict=False)}


def run(trials: list[Planned], seed: int, workers: int, root: Path) -> Outcome:
    """All trials, by some workers at once; tells what was wrong with each."""
    total, kinds, lost, half, other = Outcome([]), Counter[str](), 0, 0, 0
    parts = [trials[worker::workers] for worker in range(workers)]
    processes = [
        fork(partial(_work, root / str(worker), part, seed), _HOURS) for worker, part in enumerate(parts) if part
    ]
    for said in together(processes):
        if "error" in said:
            _tell(said["error"])
            other += 1
            continue
        outcome = Outcome(**said["outcome"])
        kinds[said["kind"]] += outcome.kills
        total.ended += outcome.ended
        total.questions += outcome.questions
        total.wrong += outcome.wrong
        if outcome.wrong:
            _tell(f"trial {said['number']}, {said['title']}, killed at {said['shares']}; kept in {said['kept']}")
            _tell(*(f"  {problem}" for problem in outcome.wrong))
    lost = sum(problem.startswith("lost:") for problem in total.wrong)
    half = sum(problem.startswith("half:") for problem in total.wrong)
    other += len(total.wrong) - lost - half
    total.kills = kinds.total()
    _tell(
        f"{total.questions:,} questions were answered meanwhile; {total.ended} kills came after the operation's end"
    )
    _tell(
        f"crash-test: {total.kills} kills ({', '.join(f'{kind} {count}' for kind, count in kinds.items())}), "
        f"{lost} documents lost, {half} half-indexed, {other} manual repairs, seed {seed}"
    )
    if other:
        total.wrong.append("other")
    return total


def _work(folder: Path, trials: list[Planned], seed: int, say: Say, wait: Wait) -> None:  # noqa: ARG001
    slot = Slot(folder)
    adopt_orphans()
    for planned in trials:
        outcome = trial(slot, planned.scenario, planned.shares, random.Random(f"{seed}-{planned.number}"))
        kept = ""
        if outcome.wrong:
            kept = f"{folder}-trial-{planned.number}"
            shutil.copytree(slot.home, kept)
        shares = ", ".join(f"{share:.4f}" for share in planned.shares)
        described = {
            "number": planned.number,
            "kind": planned.scenario.kind,
            "title": planned.scenario.title,
            "shares": shares,
        }
        say({**described, "kept": kept, "outcome": asdict(outcome)})


def _open(passages: int) -> int:
    clean, killed, there = opening.measure(passages)
    _tell(
        f"crash-test: the first answer from {there:,} passages after {killed:.2f} s when a writer was killed, "
        f"{clean:.2f} s after a clean stop (wanted: under {opening.WANTED:g} s)"
    )
    return int(killed >= opening.WANTED)


def _tell(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="crash-test", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="draws the moments (default: any)")
    parser.add_argument("--only", type=int, metavar="TRIAL", help="only this trial of the seed and number of kills")
    parser.add_argument("--kind", choices=SHARES, help="only trials of this kind")
    parser.add_argument("--small", action="store_true", help="one small home for each kind, for a quick look")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--opening", action="store_true", help="measure opening after an unclean stop instead")
    parser.add_argument("--passages", type=int, default=100_000, help="of the index that is opened")
    parser.add_argument("--milvus", action="store_true", help="kill writers of an index on a milvus-lite instead")
    parser.add_argument(
        "--lease", type=float, default=15, help="seconds after which the lease of one ends (default: 15)"
    )
    arguments = parser.parse_args()
    if arguments.milvus:
        from tests.crash import clients  # needs the extra wenju[milvus]

        return clients.tell(arguments.kills, arguments.seed, arguments.lease)
    scenarios = SMALL if arguments.small else SCENARIOS
    trials = [
        planned
        for planned in plan(arguments.kills, arguments.seed, scenarios)
        if arguments.only in (None, planned.number) and arguments.kind in (None, planned.scenario.kind)
    ]
    logging.getLogger("retrieval.index.embedded.migrations").setLevel(
        logging.ERROR
    )  # each would say that it takes minutes
    warm()
    if arguments.opening:
        return _open(arguments.passages)
    root = Path(tempfile.mkdtemp(prefix="wenju-crash-"))
    outcome = run(trials, arguments.seed, arguments.workers, root)
    if outcome.wrong:
        _tell(f"again: python -m tests.crash --kills {arguments.kills} --seed {arguments.seed} --only TRIAL")
        return 1
    shutil.rmtree(root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
