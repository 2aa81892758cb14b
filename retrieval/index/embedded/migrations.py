"""What brings a database of an earlier version to the present layout, whole or not at all."""

import logging
import sqlite3
from collections.abc import Callable

from retrieval.index.embedded.checksums import write_checksums
from retrieval.index.embedded.schema import CHECKSUMS, LEFT_OUT, VECTORS
from retrieval.index.embedded.vector_writes import write_texts
from retrieval.index.rows import unpack_keys

_log = logging.getLogger(__name__)


def migrate(database: sqlite3.Connection) -> None:
    """Bring an older database to this version's layout."""
    if _version(database) not in _MIGRATIONS:
        return
    _log.warning("The index is brought to the layout of this version, once; a large one takes minutes")
    database.execute("BEGIN IMMEDIATE")
    try:
        while (version := _version(database)) in _MIGRATIONS:
            _MIGRATIONS[version](database)
            database.execute(f"PRAGMA user_version = {version + 1}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # a full disk has rolled it back already
            database.execute("ROLLBACK")
        raise


def _version(database: sqlite3.Connection) -> int:
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def _articles_and_contexts(database: sqlite3.Connection) -> None:
    """The recipe of such an index is still the old one, so that it is rebuilt."""
    for column in (
        "documents ADD COLUMN articles TEXT NOT NULL DEFAULT '[]'",
        "passages ADD COLUMN title TEXT NOT NULL DEFAULT ''",
        "passages ADD COLUMN place TEXT",
        "passages ADD COLUMN date TEXT",
    ):
        database.execute(f"ALTER TABLE {column}")


def _vectors_beside_passages(database: sqlite3.Connection) -> None:
    """Vectors lay by the hash of their text, wherever that fell."""
    database.execute("ALTER TABLE vectors RENAME TO scattered")
    database.execute("ALTER TABLE documents ADD COLUMN vectors INTEGER NOT NULL DEFAULT 0")
    for statement in VECTORS.split(";"):
        database.execute(statement)
    for passage, keys in database.execute("SELECT key, vector_keys FROM passages ORDER BY key"):
        own, *sentences = (
            database.execute("SELECT vector FROM scattered WHERE key = ?", (key,)).fetchone()[0]
            for key in unpack_keys(keys)
        )
        database.execute("INSERT INTO vectors VALUES (?, ?, ?)", (passage, own, b"".join(sentences)))
        write_texts(database, passage, keys)
    database.execute("DROP TABLE scattered")
    database.execute(
        "UPDATE documents SET vectors = (SELECT COALESCE(SUM(LENGTH(vector_keys)), 0) / 16 FROM passages"
        " WHERE document = documents.id)"
    )


def _checksums(database: sqlite3.Connection) -> None:
    database.execute(CHECKSUMS)
    for (document,) in database.execute("SELECT id FROM documents").fetchall():
        write_checksums(database, document)


def _left_out(database: sqlite3.Connection) -> None:
    """Of what was indexed before nothing is known."""
    database.execute(LEFT_OUT)


_MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _articles_and_contexts,
    2: _vectors_beside_passages,
    3: _checksums,
    4: _left_out,
}
