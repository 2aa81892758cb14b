"""What every command shares: the settings named on the command line, and a knowledge base made from them."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console import err, ingest_bar, note

if TYPE_CHECKING:
    from config.settings import Settings
    from retrieval.service import KnowledgeBase

_config: Path | None = None


def use_config(config: Path | None) -> None:
    """Remember `--config`; the settings are read when a command first needs them."""
    global _config
    _config = config


def config_arguments() -> list[str]:
    """What hands the settings file on to another process of Wenju."""
    return [] if _config is None else ["--config", str(_config)]


def settings() -> "Settings":
    from config.settings import load_settings

    return load_settings(_config)


@contextmanager
def knowledge_base() -> "Iterator[KnowledgeBase]":
    """The user's own documents."""
    from retrieval.service import KnowledgeBase

    base = KnowledgeBase(settings(), note)
    try:
        yield base
    finally:
        base.close()


def warn_of_collections(base: "KnowledgeBase") -> None:
    """Say which folders of `access.collections` hide nothing."""
    from bot.visibility import restricting_nothing

    for folder in restricting_nothing(base):
        note(f"No indexed document lies below {folder}, which access.collections names: it hides nothing.")


@contextmanager
def readable_base() -> "Iterator[KnowledgeBase]":
    """What `wenju ask` answers from: the user's own documents, else the samples."""
    from retrieval.samples import open_samples

    with knowledge_base() as base:
        samples = open_samples(base.settings, note)
        try:
            yield samples if base.is_empty and samples.exists else base
        finally:
            samples.close()


@contextmanager
def asking() -> "Iterator[KnowledgeBase]":
    """As `readable_base`, with the samples indexed first when they are needed; says so when it is these."""
    from retrieval.samples import are_samples, open_samples, refresh

    with readable_base() as base:
        if not (are_samples(base) or base.is_empty):
            _load_model(base)
            yield base
            return
        if not are_samples(base):
            note("Nothing is indexed yet: indexing the sample documents first (once).")
        with (
            ingest_bar("Indexing samples") as progress,
            closing(open_samples(base.settings, note)) as samples,
        ):
            refresh(samples, progress)
    with readable_base() as base:
        note("Answering from the sample documents. Index your own with: wenju index FOLDER")
        _load_model(base)
        yield base


def _load_model(base: "KnowledgeBase") -> None:
    """Takes seconds: the person at the terminal is told that something happens."""
    with err().status("Loading the model…"):
        base.embedder()
