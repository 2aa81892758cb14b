"""`python -m tests.crash.client ADDRESS PREFIX SEED`: a writer of an index on a Milvus, to be killed.

It says "ready", waits for a line, and then puts documents and removes them until it ends: "begin" with the name and
the version before each, which is empty where the document is removed, and "done" after it."""

import random
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from config.settings import IndexSettings
from retrieval.index.base import IndexStore
from retrieval.index.engine import open_store
from tests.support.indexes import made

DOCUMENTS = 6
_REMOVED = 0.2
"""Share of changes that remove a document."""
_PUBLISHED = 0.3
"""Share of changes after which counts are written."""


def sentences(name: str, version: str) -> Sequence[str]:
    """Of a document in this version, which are more or fewer from version to version; no other has any of them."""
    return [f"{name}村第{version}版第{i}段，网格员{i}名。" for i in range(1 + random.Random(version).randrange(5))]


def opened(address: str, prefix: str) -> IndexStore:
    settings = IndexSettings(engine="milvus", milvus_uri=address, milvus_prefix=prefix)
    return open_store(Path("/crash/index"), settings)


def _work(store: IndexStore, seed: str) -> None:
    draw = random.Random(seed)
    with store.writing(60) as writer:
        for change in range(1_000_000):
            name = f"d{draw.randrange(DOCUMENTS)}"
            version = "" if draw.random() < _REMOVED else f"{seed}-{change}"
            _say("begin", name, version)
            if version:
                writer.put(made(name, *sentences(name, version)))
            else:
                writer.remove([name])
            _say("done", name, version)
            if draw.random() < _PUBLISHED:
                writer.publish()


def _say(*words: str) -> None:
    sys.stdout.write(f"{' '.join(words)}\n")
    sys.stdout.flush()


def main() -> None:
    address, prefix, seed = sys.argv[1:]
    with closing(opened(address, prefix)) as store:
        store.exists()
        _say("ready")
        sys.stdin.readline()
        _work(store, seed)


if __name__ == "__main__":
    main()
