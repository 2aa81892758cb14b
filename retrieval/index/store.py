"""The truth of the index: one SQLite database. Vectors and words elsewhere are caches of it.

Every transaction that changes something raises the number `seq` and writes a random token beside it. A cache that
remembers the stamp of the state that it contains can ask for what came after; a stamp of another database, or of a
history that ended when a copy was put back, is not among the commits, and its cache is made anew.
"""

import datetime
import json
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.errors import IndexMismatchError
from retrieval.index import rows
from retrieval.index.base import IndexedDocument
from retrieval.index.database import SCHEMA_VERSION, connect, storage_errors
from retrieval.index.stamp import Stamp
from retrieval.types import Document, DocumentRecord, StoredPassage, beside, quote

_VARIABLES = 500
"""Keys in one IN (…): below SQLite's limit of variables in all its builds."""


class Store:
    """One connection to the database, for one or more threads (calls are serialised)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with storage_errors(path):
            self._db = connect(path)

    # -- what made the index -------------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """Facts about the index: uuid, recipe, model, dimension, fingerprint.

        Raises IndexMismatchError when another version of Wenju wrote it."""
        with self._lock, storage_errors(self.path):
            version = self._scalar("PRAGMA user_version")
            if version != SCHEMA_VERSION:
                raise IndexMismatchError(
                    f"The index in {self.path} has format {version}; this Wenju reads format {SCHEMA_VERSION}. "
                    "Use the Wenju that wrote it, or set another WENJU_HOME and index again."
                )
            return dict(self._db.execute("SELECT name, value FROM meta"))

    # -- changes -------------------------------------------------------------------------------------------------

    def put(self, indexed: IndexedDocument) -> None:
        document = indexed.document
        with self._transaction():
            seq = self._next_seq()
            self._remove(indexed.document_id, seq)
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            row = self._db.execute(
                "INSERT INTO documents (document_id, path, sha256, title, date, url, text, characters, passages,"
                " paragraphs, page_starts, indexed_at, articles)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    *(indexed.document_id, str(document.path), indexed.sha256, document.title, document.date),
                    *(document.url, document.text, len(document.text), len(indexed.passages)),
                    *(rows.pack_paragraphs(document.paragraphs), json.dumps(document.page_starts), now),
                    rows.pack_articles(document.articles),
                ),
            ).fetchone()[0]
            for passage in indexed.passages:
                packed = rows.pack_passage(document.text, passage, indexed.sentences)
                self._db.execute(
                    "INSERT INTO passages (document, passage_id, ordinal, first, last, spans, section, page, title,"
                    " place, date, sentences, vector_keys, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (row, *packed, seq),
                )
            self._db.executemany(
                "INSERT INTO vectors VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET uses = uses + 1",
                ((key, vector.astype("<f2").tobytes()) for key, vector in indexed.vectors.items()),
            )

    def remove(self, document_ids: Iterable[str]) -> None:
        with self._transaction():
            seq = self._next_seq()
            for document_id in document_ids:
                self._remove(document_id, seq)

    def _remove(self, document_id: str, seq: int) -> None:
        found = self._db.execute("SELECT id FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        if found is None:
            return
        used: set[bytes] = set()
        for (blob,) in self._db.execute("SELECT vector_keys FROM passages WHERE document = ?", found):
            used.update(rows.unpack_keys(blob))
        self._db.executemany("UPDATE vectors SET uses = uses - 1 WHERE key = ?", ((key,) for key in used))
        self._db.executemany("DELETE FROM vectors WHERE key = ? AND uses <= 0", ((key,) for key in used))
        self._db.execute(
            "INSERT INTO removals (key, seq) SELECT key, ? FROM passages WHERE document = ?", (seq, *found)
        )
        self._db.execute("DELETE FROM documents WHERE id = ?", found)

    def _next_seq(self) -> int:
        query = "INSERT INTO commits SELECT COALESCE(MAX(seq), 0) + 1, ? FROM commits RETURNING seq"
        seq: int = self._db.execute(query, (uuid.uuid4().hex[:12],)).fetchone()[0]
        return seq

    # -- reading -------------------------------------------------------------------------------------------------

    def records(self) -> list[DocumentRecord]:
        return [rows.record(row) for row in self._all(f"SELECT {rows.RECORD} FROM documents AS d ORDER BY path")]

    def is_empty(self) -> bool:
        return not self._all("SELECT EXISTS (SELECT 1 FROM documents)")[0][0]

    def document(self, document_id: str) -> Document | None:
        found = self._all(f"SELECT {rows.DOCUMENT} FROM documents WHERE document_id = ?", (document_id,))
        return rows.document(found[0]) if found else None

    def passage(self, passage_id: str) -> StoredPassage | None:
        return next(iter(self._passages("p.passage_id = ?", (passage_id,))), None)

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        return self._passages("d.document_id = ? ORDER BY p.ordinal", (document_id,))

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        found: dict[int, StoredPassage] = {}
        for start in range(0, len(keys), _VARIABLES):
            chunk = tuple(keys[start : start + _VARIABLES])
            found |= self._keyed(f"p.key IN ({', '.join('?' * len(chunk))})", chunk)
        return found

    def _passages(self, where: str, parameters: tuple[object, ...]) -> list[StoredPassage]:
        return list(self._keyed(where, parameters).values())

    def _keyed(self, where: str, parameters: tuple[object, ...]) -> dict[int, StoredPassage]:
        query = (
            f"SELECT p.key, {rows.PASSAGE}, {rows.RECORD} FROM passages AS p JOIN documents AS d ON d.id = p.document"
        )
        with self._lock:  # one document's text for all its passages, not a copy for each
            found = self._all(f"{query} WHERE {where}", parameters)
            texts = {record.document_id: "" for record in (rows.record_of_passage(row[1:]) for row in found)}
            for document_id in texts:
                texts[document_id] = self._text("document_id", document_id)
        return {key: rows.stored_passage(row, texts[rows.record_of_passage(row).document_id]) for key, *row in found}

    def _text(self, column: str, value: object) -> str:
        found = self._all(f"SELECT text FROM documents WHERE {column} = ?", (value,))
        return found[0][0] if found else ""

    def keys(self, document_ids: Collection[str], since: str | None, until: str | None) -> list[int]:
        """Keys of the passages of these documents whose date lies between two days (None: any)."""
        query = (
            "SELECT p.key, d.document_id FROM passages AS p JOIN documents AS d ON d.id = p.document"
            " WHERE (?1 IS NULL OR p.date >= ?1) AND (?2 IS NULL OR p.date <= ?2)"
        )
        wanted = set(document_ids)
        return [key for key, owner in self._all(query, (since, until)) if owner in wanted]

    def vector_keys(self, keys: Sequence[int]) -> dict[int, list[bytes]]:
        """For each passage the key of its vector, then those of its sentences; removed passages are missing."""
        found = self._in("SELECT key, vector_keys FROM passages WHERE key IN ({})", keys)
        return {key: rows.unpack_keys(blob) for key, blob in found}

    def vectors(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        found = self._in("SELECT key, vector FROM vectors WHERE key IN ({})", list(keys))
        return {key: np.frombuffer(blob, "<f2").astype(np.float32) for key, blob in found}

    def texts(self, keys: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """(key, text as quoted by its spans, what is known beside it) of passages, in order of their documents."""
        current, text = None, ""
        columns = "key, spans, document, title, section, place"
        query = f"SELECT {columns} FROM passages WHERE key IN ({{}}) ORDER BY document, key"
        for key, spans, document, *known in self._in(query, keys):
            if document != current:
                current, text = document, self._text("id", document)
            if text:  # else removed by another process in the meantime
                passage = quote(text, rows.unpack_spans(spans))
                yield key, passage, beside(passage, *known)

    def vector_bytes(self) -> tuple[int, int]:
        """Number of distinct vectors and the bytes that they take."""
        return self._all("SELECT COUNT(*), COALESCE(SUM(LENGTH(vector)), 0) FROM vectors")[0]

    def integrity(self) -> str | None:
        """What SQLite finds wrong, None when nothing."""
        found = self._all("PRAGMA quick_check(1)")[0][0]
        return None if found == "ok" else str(found)

    # -- what caches replay --------------------------------------------------------------------------------------

    def stamp(self) -> Stamp:
        """The state that a cache should reach."""
        query = (
            "SELECT (SELECT value FROM meta WHERE name = 'uuid'), seq, token FROM commits"
            " UNION ALL SELECT value, 0, '' FROM meta WHERE name = 'uuid' ORDER BY seq DESC LIMIT 1"
        )
        return Stamp(*self._all(query)[0])

    def continues(self, stamp: Stamp) -> bool:
        """Whether this database has been in the state of the stamp."""
        if stamp.uuid != self.stamp().uuid:
            return False
        commit = self._all("SELECT token FROM commits WHERE seq = ?", (stamp.seq,))
        return stamp.seq == 0 or commit == [(stamp.token,)]

    def removed_since(self, seq: int, upto: int) -> list[int]:
        return [key for (key,) in self._all("SELECT key FROM removals WHERE seq > ? AND seq <= ?", (seq, upto))]

    def added_since(self, seq: int, upto: int) -> list[int]:
        """Keys of the passages that were added after `seq`, not later than `upto`, and are still there."""
        query = "SELECT key FROM passages WHERE seq > ? AND seq <= ? ORDER BY key"
        return [key for (key,) in self._all(query, (seq, upto))]

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # -- SQLite --------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, storage_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _all(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, storage_errors(self.path):
            try:
                return self._db.execute(query, parameters).fetchall()
            except UnicodeEncodeError:  # half a surrogate pair: nothing that is stored goes by it
                return []

    def _in(self, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _VARIABLES):
            chunk = tuple(values[start : start + _VARIABLES])
            yield from self._all(query.format(", ".join("?" * len(chunk))), chunk)

    def _scalar(self, query: str) -> int | str:
        value: int | str = self._db.execute(query).fetchone()[0]
        return value
