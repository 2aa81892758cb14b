"""How long the first question takes after a writer was killed, beside the same after a clean stop: opening the index,
asking, the model loaded. `make crash-test ARGS=--opening`."""

import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from config.settings import Settings, load_settings
from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.ingestion.ingest import Ingest, Progress, sha256_of
from retrieval.ingestion.passages import recipe
from retrieval.service import KnowledgeBase, ignore
from retrieval.types import Document, Paragraph
from tests.crash.processes import Process, Say, Wait, fork

_DIMENSION = 384
_SENTENCES = 36
"""A document of these has about six passages."""
_MORE = 400
"""Documents that the killed writer was at."""
_WORDS = (
    "村镇县网格员食堂选举培训志愿者公布道路修缮补贴发放医保缴费窗口办理时间地点电话说明通知会议安排检查安全森林防火"
)
_PATIENCE = 3 * 3600
WANTED = 2.0
"""Seconds."""


class RandomVectors:
    """An embedder of random unit vectors: what they cost is that of real ones."""

    engine = "random"
    identity = ModelIdentity("random", _DIMENSION, "random")

    def __init__(self) -> None:
        self._draw = np.random.default_rng(0)

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self.embed_passages(questions)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        made = self._draw.standard_normal((len(passages), _DIMENSION), np.float32)
        unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit


def document(number: int) -> tuple[Document, str]:
    draw = random.Random(number)
    sentences = [f"{''.join(draw.choices(_WORDS, k=30))}{number}。" for _ in range(_SENTENCES)]
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + "\n"
    paragraphs = tuple(Paragraph((span,)) for span in spans)
    return Document(Path(f"/made/{number:07}.txt"), sentences[0][:12], text, paragraphs), sha256_of(text.encode())


def measure(passages: int) -> tuple[float, float, int]:
    """Seconds until the first answer after a clean stop and after a kill, and how many passages there were."""
    home = Path(tempfile.mkdtemp(prefix="wenju-opening-"))
    settings = load_settings(home=home)
    try:
        _said(fork(partial(_fill, settings, passages), _PATIENCE))
        clean = sorted(_said(fork(partial(_ask, settings)))[0] for _ in range(3))[1]
        writer = fork(partial(_write_on, settings), _PATIENCE)
        while (said := writer.next()) is not None and said < _MORE // 2:
            pass
        writer.kill()
        writer.end()
        seconds, there = _said(fork(partial(_ask, settings)))
        return clean, seconds, there
    finally:
        shutil.rmtree(home)


def _said(process: Process) -> list[Any]:
    said = process.rest(_PATIENCE)
    if process.end():
        raise RuntimeError(str(said))
    return said


def _fill(settings: Settings, passages: int, say: Say, wait: Wait) -> None:  # noqa: ARG001
    folder = GenerationFolders(settings.home / "index").current()
    index = EmbeddedIndex.create(folder, RandomVectors.identity, recipe(settings.passages))
    numbers = count()
    with closing(index), index.writing(5):
        while (missing := passages - int(index.stats()["passages"])) > 0:
            documents = [document(next(numbers)) for _ in range(min(2_000, missing // 6 + 1))]
            Ingest(index, RandomVectors, settings, ignore).carry(documents, len(documents))
        index.save_caches(whole=True)


def _write_on(settings: Settings, say: Say, wait: Wait) -> None:  # noqa: ARG001
    """An ingest that is killed; says how many of its documents are done."""
    index = GenerationFolders(settings.home / "index").open()

    def tell(progress: Progress) -> None:
        say(progress.done)

    with index.writing(5):
        documents = (document(10**6 + number) for number in range(_MORE))
        Ingest(index, RandomVectors, settings, tell).carry(documents, _MORE)
        say(_MORE)
        time.sleep(60)


def _ask(settings: Settings, say: Say, wait: Wait) -> None:  # noqa: ARG001
    start = time.perf_counter()
    with closing(KnowledgeBase(settings, embedder=RandomVectors())) as base:
        base.ask("网格员在村里办理医保的时间")
        say(time.perf_counter() - start)
        say(int(base.stats()["passages"]))
