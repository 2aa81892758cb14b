"""Which engine keeps the index: the only file that names one."""

from pathlib import Path

from retrieval.index.base import IndexStore
from retrieval.index.embedded.embedded_store import EmbeddedStore


def open_store(folder: Path) -> IndexStore:
    """The store of the index that belongs into this folder, whether there is one yet or not."""
    return EmbeddedStore(folder)
