"""Orders the sentences of mined questions by what the present reader makes of them: what it mistakes is then drawn.

usage: python -m benchmarks.reader.rank [--questions 3743] [--seed 5]

draws.py takes wrong sentences from the front: after `mine` those that evidence ranks first, after this the ones that
the reader does. The newest questions stand last in build/reader/towns.jsonl; they are taken first, then others by
chance. A question takes a fifth of a second.
"""

import argparse
import json
import random
import sys
from typing import Any

from benchmarks.reader.towns import WORK
from benchmarks.reader.train import say
from config.settings import load_settings
from retrieval.reading.base import Reader
from retrieval.reading.engine import open_reader

_OF_SENTENCES = ("texts", "right", "holds", "traps")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--questions", type=int, default=3743, help="of how many the sentences are ordered")
    parser.add_argument("--newest", type=int, default=2543, help="of these how many are the last ones")
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    reader = open_reader(load_settings(), say)
    path = WORK / "towns.jsonl"
    if reader is None or not path.exists():
        sys.exit("There is no reader, or nothing was mined. Run: python -m benchmarks.reader.mine")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    older = max(0, len(rows) - args.newest)
    chosen = random.Random(args.seed).sample(range(older), min(older, max(0, args.questions - args.newest)))
    for number in (*range(older, len(rows)), *chosen):
        _order(rows[number], reader)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _order(row: dict[str, Any], reader: Reader) -> None:
    if row["texts"]:
        logits = reader.read(row["question"], row["texts"])
        order = sorted(range(len(logits)), key=lambda number: -logits[number])
        row |= {name: [row[name][number] for number in order] for name in _OF_SENTENCES}


if __name__ == "__main__":
    main()
