"""How long answers are in Telegram: each open question is put to the real bot in a chat of its own.

All characters of the message count, those of a quotation too that Telegram folds when it is long: what one sees
before unfolding is never more. The questions are those of the samples, and those of `../shared` where it lies beside
the project.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.telegram.over import SAMPLES, bot_over
from retrieval.query.message.said import what_is_said
from tests.telegram.people import Person
from tests.telegram.running import ROOT

WANTED = 450
"""Characters of an answer at most, by the median."""
_SHARED = ROOT.parent / "shared"
_SIGNS = {"🔎": "related", "🚫": "not found"}
_SECONDS = 60


def question_sets() -> Iterator[tuple[str, Path, list[str]]]:
    """What they are called, the documents, and the questions to them."""
    yield "the samples", SAMPLES, _questions(ROOT / "data" / "questions.jsonl")
    if (_SHARED / "questions").is_dir():
        files = sorted((_SHARED / "questions").glob("*.jsonl"))
        yield "five newspaper pages", _SHARED / "corpus", [asked for file in files for asked in _questions(file)]


def _questions(file: Path) -> list[str]:
    """Without what is none: thanks are met with a reaction."""
    asked = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()]
    return [question for question in asked if what_is_said(question) is None]


def told(corpus: Path, questions: list[str]) -> list[str]:
    """The text of each answer."""
    with bot_over(corpus, questions[0]) as fake:
        asked = enumerate(questions, start=1000)
        return [Person(fake, number).ask(question, seconds=_SECONDS).text for number, question in asked]


def kind_of(text: str) -> str:
    return _SIGNS.get(text[:1], "answered")


def summary(texts: list[str]) -> str:
    """Medians of all, and of each kind, and how long the longest twentieth is at least."""
    lengths = [len(text) for text in texts]
    kinds = {kind: [len(text) for text in texts if kind_of(text) == kind] for kind in ("answered", *_SIGNS.values())}
    each = ", ".join(f"{kind} {np.median(own):.0f} ({len(own)})" for kind, own in kinds.items() if own)
    return f"median {np.median(lengths):.0f}, p95 {np.percentile(lengths, 95):.0f} characters; medians: {each}"


def main() -> None:
    """Ask all, say what was seen, and fail where the median is above what is wanted."""
    every = list[str]()
    for name, corpus, questions in question_sets():
        texts = told(corpus, questions)
        every += texts
        sys.stdout.write(f"{len(texts)} questions to {name}: {summary(texts)}\n")
    if np.median([len(text) for text in every]) > WANTED:
        raise SystemExit(f"more than {WANTED}")


if __name__ == "__main__":
    main()
