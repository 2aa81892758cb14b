"""A model of a test with a cache of its own, opened as `wenju` opens it."""

from pathlib import Path
from typing import Any

from config.settings import Settings, load_settings
from retrieval.embedding.base import Embedder
from retrieval.embedding.engine import open_embedder

Messages = list[str]


def named(model: Path, cache: Path, **settings: Any) -> Settings:
    """On one thread: small models take no more, and other tests run beside these."""
    return load_settings(**{"model": str(model), "cache_dir": cache, "threads": 1, **settings})


def opened(settings: Settings) -> tuple[Embedder, Messages]:
    messages: Messages = []
    return open_embedder(settings, messages.append), messages
