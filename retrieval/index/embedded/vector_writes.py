"""Keeping vectors as rows, and which texts have theirs; on a connection or in a migration."""

import sqlite3
from collections.abc import Mapping

from retrieval.embedding.base import Vectors
from retrieval.index.rows import unpack_keys

STORED = "<f2"
"""Vectors are kept as little-endian halves."""


def write_vectors(database: sqlite3.Connection, passage: int, keys: bytes, vectors: Mapping[bytes, Vectors]) -> None:
    """Keep the vectors of a passage; `keys` are those of its text and of its sentences' texts, side by side."""
    own, *sentences = (vectors[key].astype(STORED).tobytes() for key in unpack_keys(keys))
    database.execute("INSERT INTO vectors VALUES (?, ?, ?)", (passage, own, b"".join(sentences)))
    write_texts(database, passage, keys)


def write_texts(database: sqlite3.Connection, passage: int, keys: bytes) -> None:
    """Note which texts have their vectors with this passage."""
    database.executemany(
        "INSERT OR IGNORE INTO texts VALUES (?, ?, ?)",
        ((key, passage, position) for position, key in enumerate(unpack_keys(keys))),
    )


def forget_texts(database: sqlite3.Connection, document: int) -> None:
    """Before the passages of a document go."""
    for passage, keys in database.execute("SELECT key, vector_keys FROM passages WHERE document = ?", (document,)):
        database.executemany(
            "DELETE FROM texts WHERE key = ? AND passage = ?", ((key, passage) for key in unpack_keys(keys))
        )
