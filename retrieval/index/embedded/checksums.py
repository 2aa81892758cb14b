"""A checksum of all that the database keeps of a document, by which a change that nobody made is noticed."""

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

_DOCUMENT = (
    "SELECT document_id, path, sha256, title, date, url, characters, passages, vectors, indexed_at, page_starts,"
    " articles, paragraphs, text FROM documents WHERE id = ?"
)
_PASSAGES = (
    "SELECT passage_id, ordinal, first, last, section, page, title, place, date, spans, sentences, vector_keys"
    " FROM passages WHERE document = ? ORDER BY ordinal"
)
_VECTORS = (
    "SELECT v.own, v.sentences FROM passages AS p LEFT JOIN vectors AS v ON v.passage = p.key WHERE p.document = ?"
    " ORDER BY p.ordinal"
)


class Checksums(NamedTuple):
    """SHA-256 in hexadecimal. Vectors have one of their own: a document is whole to a reader also without them."""

    content: str
    vectors: str


def kept_checksums(database: sqlite3.Connection, document: int) -> Checksums | None:
    """Those that were written with the document in this row; None when there are none."""
    found = database.execute("SELECT content, vectors FROM checksums WHERE document = ?", (document,)).fetchone()
    return Checksums(*found) if found else None


def content_checksum(database: sqlite3.Connection, document: int) -> str:
    """Of the document in this row, and of its passages."""
    digest = hashlib.sha256()
    for query in (_DOCUMENT, _PASSAGES):
        for row in database.execute(query, (document,)):
            _add(digest, row)
    return digest.hexdigest()


def vectors_checksum(database: sqlite3.Connection, document: int) -> str:
    """Of the vectors of its passages and their sentences."""
    digest = hashlib.sha256()
    for row in database.execute(_VECTORS, (document,)):
        _add(digest, row)
    return digest.hexdigest()


def write_checksums(database: sqlite3.Connection, document: int) -> None:
    """Keep the checksums of what lies in the database now; within the transaction that wrote it."""
    made = content_checksum(database, document), vectors_checksum(database, document)
    database.execute("INSERT INTO checksums VALUES (?, ?, ?)", (document, *made))


def _add(digest: "hashlib._Hash", values: Iterable[str | bytes | int | None]) -> None:
    """Each value with its kind and length before it, so that no other values add up to the same bytes."""
    for value in values:
        data = value if isinstance(value, bytes) else str(value).encode("utf-8")
        digest.update(f"{type(value).__name__} {len(data)} ".encode("ascii"))
        digest.update(data)
