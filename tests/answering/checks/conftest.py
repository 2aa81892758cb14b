"""Asking over texts whose sentences no reader finds likely, so that what is answered is answered by form."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

Asking = Callable[..., Answer]


@pytest.fixture
def asking(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Asking:
    """Asks over these documents with a reader that finds no sentence likely."""

    def ask(question: str, *texts: str) -> Answer:
        (tmp_path / "documents").mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            suffix = ".md" if text.startswith("#") else ".txt"
            (tmp_path / "documents" / f"{number}{suffix}").write_text(text, "utf-8")
        own = settings.model_copy(update={"reader": "none"})
        with closing(KnowledgeBase(own, embedder=paper, reader=PaperReader({}, otherwise=-8.0))) as base:
            base.add([tmp_path / "documents"])
            return base.ask(question)

    return ask
