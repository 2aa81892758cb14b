"""The written questions, over towns of our own and over real news, and which of them are for what: split by document,
so that nothing is judged by what it was made from. `calib-…` is calibrated on, `exam-…` is only ever measured on,
everything else is trained on."""

import datetime
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fit.questions import holds_any, shares_bigrams
from benchmarks.reader.real_news import laid_out
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.ranking.evidence import sentence_texts
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase
from retrieval.types import Hit

FOLDER = Path(__file__).parent / "towns"
SHARED = Path(__file__).resolve().parents[3] / "shared"
WORK = Path(__file__).resolve().parents[2] / "build" / "reader"
"""What training leaves between its steps; may be deleted."""
NEWS = WORK / "news"
_REPRINTED = 24
"""Characters from which on a sentence that stands in another document too is a reprint and no phrase."""
WIDE = 20
"""Hits whose sentences are looked at: all that evidence weighs."""


def town_folders(use: str) -> list[Path]:
    """The folders for `train`, `calib` or `exam`, in order; those of real news where the articles are at hand."""
    folders = sorted(path.parent for path in FOLDER.glob("*/questions.jsonl"))
    folders += laid_out(SHARED / "datasets" / "news", NEWS)
    return [folder for folder in folders if _use_of(folder.name) == use]


def _use_of(name: str) -> str:
    return next((use for use in ("calib", "exam") if name.startswith(f"{use}-")), "train")


TODAY = datetime.date(2026, 11, 29)
"""When 今年 is: the figures of tomorrow are those of today."""


@dataclass(frozen=True)
class TownQuestion:
    """A question whose answer is known; `why` tells why there is none."""

    id: str
    text: str
    town: str
    why: str | None = None
    answers: Sequence[str] = ()
    document: str | None = None
    evidence: Sequence[str] = ()
    traps: Sequence[str] = ()
    difficulty: str = ""
    language: str = "zh"

    def is_right(self, hit: Hit, number: int) -> bool:
        """Whether sentence `number` of the hit is one that answers."""
        text = sentence_texts(hit.stored)[number]
        if self.why is not None:
            return False
        if self.document not in (None, hit.stored.document.name):
            # Two articles tell of one event in the same words.
            return len(text) >= _REPRINTED and _squeeze(text) in map(_squeeze, self.evidence)
        is_row = " | " in text  # the rows of a table share most of their words
        return holds_any(self.answers, text) and any(
            (not is_row and shares_bigrams(text, evidence)) or _squeeze(text) in _squeeze(evidence)
            for evidence in self.evidence
        )

    def is_trap(self, text: str) -> bool:
        squeezed = _squeeze(text)
        return any(trap in squeezed or (len(squeezed) > 8 and squeezed in trap) for trap in self._squeezed_traps)

    @property
    def _squeezed_traps(self) -> list[str]:
        return [_squeeze(trap) for trap in self.traps]


def _squeeze(text: str) -> str:
    return "".join(text.split())


@dataclass(frozen=True)
class Group:
    """A question with the sentences that were proposed for it, best first, as the reader is given them."""

    id: str
    question: str
    town: str
    why: str | None
    texts: Sequence[str]
    right: Sequence[bool]
    holds: Sequence[bool]
    traps: Sequence[bool]
    answers: Sequence[str]


def questions_of(folder: Path) -> Iterator[TownQuestion]:
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        if line.strip():
            yield _asked(json.loads(line), folder.name)


def _asked(row: dict[str, Any], town: str) -> TownQuestion:
    evidence = [row[name] for name in ("evidence", "evidence2") if row.get(name)]
    return TownQuestion(
        row["id"], row["question"], town, row.get("why"), row.get("answers", ()), row.get("doc"), evidence,
        row.get("traps", ()), row.get("difficulty") or "", row.get("lang") or "zh",
    )  # fmt: skip


@contextmanager
def indexed(paths: Sequence[Path], embedder: Embedder, reader: Reader | None = None) -> Iterator[KnowledgeBase]:
    """A knowledge base over the documents that looks at as many hits as evidence weighs."""
    with tempfile.TemporaryDirectory() as home:
        unread: dict[str, Any] = {} if reader else {"reader": "none"}
        settings = load_settings(home=Path(home), **unread)
        wide = settings.search.model_copy(update={"top_k": WIDE, "today": TODAY})
        base = KnowledgeBase(settings.model_copy(update={"search": wide}), embedder=embedder, reader=reader)
        with closing(base):
            base.add(paths)
            yield base
