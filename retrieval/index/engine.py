"""Which engine keeps the index: the only file that names one."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from config.settings import IndexSettings
from retrieval.errors import StorageError
from retrieval.index.base import IndexStore
from retrieval.index.embedded.embedded_store import EmbeddedStore


def open_store(folder: Path, settings: IndexSettings | None = None, divided_by: Iterable[Path] = ()) -> IndexStore:
    """The store of the index that belongs into this folder, whether there is one yet or not; on a server it goes by
    the folder's name, and documents lie divided by the folders `divided_by`. Raises StorageError when what speaks to
    the server is not installed."""
    if settings is None or settings.engine == "embedded":
        return EmbeddedStore(folder)
    if find_spec("pymilvus") is None:
        raise StorageError("What speaks to Milvus is not installed. Install it with `pip install 'wenju[milvus]'`.")
    from retrieval.index.milvus.milvus_store import MilvusStore

    return MilvusStore(folder.name, settings, EmbeddedStore, divided_by)
