"""`python -m benchmarks.milvus.beside`: the documents of an index as rows of a Milvus, or in a SQL database
beside it.

The texts, the packed vectors and the records of the sample documents, as they are packed for Milvus, are put into
milvus-lite and into SQLite, a transaction for each document. Then what a question reads is read from both: the texts
of 200 passages, the vectors of 60, and 20 passages with their documents' records. SQLite stands for what such a
database could save at most: it is asked without a network, which a PostgreSQL that many machines reach is not."""

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.common.machine import described
from benchmarks.common.results import write
from benchmarks.milvus.__main__ import Drawn, multiplied, serving
from config.settings import IndexSettings, load_settings
from retrieval.index.engine import open_store
from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.packing import PackedDocument, pack
from retrieval.index.milvus.schema import AVERAGES, RECORDS, schema_of_passages
from retrieval.index.moving import documents_of
from retrieval.service import KnowledgeBase

_READ = {"data": 200, "vectors": 60}
_SHOWN = 20
_RECORDS, _PASSAGES = "beside_records", "beside_passages"
Reads = Sequence[tuple[str, str, str, Sequence[object]]]
"""Of one question: collection, field of the key, field that is read, keys."""


def packed(folder: Path) -> list[PackedDocument]:
    settings = load_settings(home=folder / "embedded", reader="none")
    with (
        closing(KnowledgeBase(settings, embedder=Drawn())) as base,
        closing(open_store(settings.home / "index")) as store,
    ):
        multiplied(base, store)
        with documents_of(store) as documents:
            return [pack(number, document, AVERAGES) for number, document in enumerate(documents, start=1)]


def questions(documents: Sequence[PackedDocument], count: int) -> list[Reads]:
    """What so many questions read, drawn by chance."""
    draw, keys = random.Random(7), [row["key"] for own in documents for row in own.passages]
    records = [own.document["id"] for own in documents]
    return [
        [
            *((_PASSAGES, "key", name, draw.sample(keys, min(most, len(keys)))) for name, most in _READ.items()),
            (_PASSAGES, "key", "data", draw.sample(keys, _SHOWN)),
            (_RECORDS, "id", "data", draw.sample(records, min(_SHOWN, len(records)))),
        ]
        for _ in range(count)
    ]


def asked(reads: Sequence[Reads], read: Callable[[str, str, str, Sequence[object]], list[str]]) -> dict[str, float]:
    """Milliseconds by the clock and of work, and bytes of a question, each the median."""
    seen = []
    for own in reads:
        began, worked = time.perf_counter(), time.process_time()
        moved = sum(len(value.encode()) for call in own for value in read(*call))
        seen.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked), moved))
    return dict(zip(("ms", "work_ms", "bytes"), map(median, zip(*seen, strict=True)), strict=True))


def in_milvus(address: str, documents: Sequence[PackedDocument], reads: Sequence[Reads]) -> dict[str, float]:
    """The passages without payload are there before: it alone is what is put and timed."""
    settings = IndexSettings(engine="milvus", milvus_uri=address, milvus_timeout=120)
    with closing(Milvus(settings)) as milvus:
        milvus.make(_RECORDS, RECORDS)
        milvus.make(_PASSAGES, schema_of_passages(Drawn.identity.dimension))
        bare = _put(milvus, [[{**row, "data": "", "vectors": ""} for row in own.passages] for own in documents], [])
        rows = [[*own.parts, own.document] for own in documents]
        whole = _put(milvus, [own.passages for own in documents], rows)

        def read(collection: str, key: str, name: str, keys: Sequence[object]) -> list[str]:
            return [row[name] for row in milvus.rows_in(collection, key, keys, [key, name])]

        return {"write_ms": (whole - bare) / len(documents), **asked(reads, read)}


def _put(milvus: Milvus, passages: Sequence[Sequence[Mapping[str, Any]]], records: Sequence[Any]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    for own in passages:
        milvus.put(_PASSAGES, [dict(row) for row in own])
    for own in records:
        milvus.put(_RECORDS, own)
    return 1000 * (time.perf_counter() - began)


def in_sqlite(file: Path, documents: Sequence[PackedDocument], reads: Sequence[Reads]) -> dict[str, float]:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(f"CREATE TABLE {_PASSAGES} (key INTEGER PRIMARY KEY, data TEXT, vectors TEXT)")
        database.execute(f"CREATE TABLE {_RECORDS} (id TEXT PRIMARY KEY, data TEXT)")
        began = time.perf_counter()
        for own in documents:
            with database:
                rows = [(row["key"], row["data"], row["vectors"]) for row in own.passages]
                database.executemany(f"INSERT INTO {_PASSAGES} VALUES (?, ?, ?)", rows)
                records = [(row["id"], row["data"]) for row in [*own.parts, own.document]]
                database.executemany(f"INSERT INTO {_RECORDS} VALUES (?, ?)", records)
        write_ms = 1000 * (time.perf_counter() - began) / len(documents)

        def read(collection: str, key: str, name: str, keys: Sequence[object]) -> list[str]:
            among = ", ".join("?" * len(keys))
            found = database.execute(f"SELECT {name} FROM {collection} WHERE {key} IN ({among})", list(keys))
            return [value for (value,) in found]

        return {"write_ms": write_ms, **asked(reads, read)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.milvus.beside", description=__doc__)
    parser.add_argument("--questions", type=int, default=30, help="read what so many of them read")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    chosen = parser.parse_args()
    with TemporaryDirectory() as name, serving(Path(name, "milvus.db")) as server:
        documents = packed(Path(name))
        reads = questions(documents, chosen.questions)
        figures = {
            "machine": described(),
            "documents": len(documents),
            "passages": sum(len(own.passages) for own in documents),
            "milvus": in_milvus(server.address, documents, reads),
            "sqlite": in_sqlite(Path(name, "beside.db"), documents, reads),
        }
    if chosen.json:
        write(chosen.json, figures)
    sys.stdout.write(f"{ {**figures, 'machine': None} }\n")


if __name__ == "__main__":
    main()
