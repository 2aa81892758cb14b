"""Readers from settings, and one to work out on paper."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from config.settings import Settings, load_settings
from retrieval.reading.base import Logits, Reader
from retrieval.reading.engine import open_reader

_MARKED = re.compile("【(.*)】", re.DOTALL)


def named(reader: Path | str, cache: Path, **settings: Any) -> Settings:
    """On one thread: small readers take no more, and other tests run beside these."""
    return load_settings(**{"reader": str(reader), "cache_dir": cache, "threads": 1, **settings})


def opened(settings: Settings) -> tuple[Reader, list[str]]:
    """The reader, and what was told while it was opened."""
    messages: list[str] = []
    reader = open_reader(settings, messages.append)
    assert reader is not None
    return reader, messages


class PaperReader:
    """Says of a sentence what `odds` says of the first of its words that stands in it, else `otherwise`."""

    name, engine = "paper", "paper"

    def __init__(self, odds: Mapping[str, float], otherwise: float = -4.0) -> None:
        self._odds = odds
        self._otherwise = otherwise
        self.questions: list[str] = []
        self.sentences: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> Logits:
        marked = [found[1] for found in map(_MARKED.search, texts) if found]
        assert len(marked) == len(texts)
        self.questions.append(question)
        self.sentences.extend(marked)
        return np.array([self._said_of(sentence) for sentence in marked], np.float32)

    def _said_of(self, sentence: str) -> float:
        return next((odds for word, odds in self._odds.items() if word in sentence), self._otherwise)
