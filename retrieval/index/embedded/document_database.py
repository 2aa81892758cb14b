"""The truth of the index: one SQLite database. Vectors and words elsewhere are caches of it.

Every transaction that changes something raises the number `seq` and writes a random token beside it. A cache that
remembers the stamp of the state that it contains can ask for what came after; a stamp of another database, or of a
history that ended when a copy was put back, is not among the commits, and its cache is made anew.
"""

import datetime
import json
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from retrieval.errors import IndexMismatchError
from retrieval.index import rows
from retrieval.index.base import IndexedDocument
from retrieval.index.embedded.checksums import write_checksums
from retrieval.index.embedded.connection import Connection
from retrieval.index.embedded.schema import SCHEMA_VERSION
from retrieval.index.embedded.stamp import Stamp
from retrieval.index.embedded.vector_rows import VectorRows
from retrieval.index.embedded.vector_writes import forget_texts, write_vectors
from retrieval.types import Document, DocumentRecord, StoredPassage, beside, quote

_PASSAGES = f"SELECT p.key, {rows.PASSAGE}, {rows.RECORD} FROM passages AS p JOIN documents AS d ON d.id = p.document"


class DocumentDatabase:
    """Documents, passages and vectors, for one or more threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = Connection(path)
        self._all, self._in = self._connection.all, self._connection.all_in
        self.vectors = VectorRows(self._connection)

    # -- what made the index -------------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """Facts about the index: uuid, recipe, model, dimension, fingerprint.

        Raises IndexMismatchError when another version of Wenju wrote it."""
        ((version,),) = self._all("PRAGMA user_version")
        if version != SCHEMA_VERSION:
            raise IndexMismatchError(
                f"The index in {self.path} has format {version}; this Wenju reads format {SCHEMA_VERSION}. "
                "Use the Wenju that wrote it, or set another WENJU_HOME and index again."
            )
        return dict(self._all("SELECT name, value FROM meta"))

    # -- changes -------------------------------------------------------------------------------------------------

    def put(self, indexed: IndexedDocument) -> None:
        document = indexed.document
        packed = [rows.pack_passage(document.text, passage, indexed.sentences) for passage in indexed.passages]
        with self._connection.transaction() as database:
            seq = _next_seq(database)
            _remove(database, indexed.document_id, seq)
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            vectors = sum(len(rows.unpack_keys(packed_passage.vector_keys)) for packed_passage in packed)
            row = database.execute(
                "INSERT INTO documents (document_id, path, sha256, title, date, url, text, characters, passages,"
                " paragraphs, page_starts, indexed_at, articles, vectors)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    *(indexed.document_id, str(document.path), indexed.sha256, document.title, document.date),
                    *(document.url, document.text, len(document.text), len(indexed.passages)),
                    *(rows.pack_paragraphs(document.paragraphs), json.dumps(document.page_starts), now),
                    *(rows.pack_articles(document.articles), vectors),
                ),
            ).fetchone()[0]
            for packed_passage in packed:
                (key,) = database.execute(
                    "INSERT INTO passages (document, seq, passage_id, ordinal, first, last, spans, section, page,"
                    " title, place, date, sentences, vector_keys)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
                    (row, seq, *packed_passage.columns, packed_passage.vector_keys),
                ).fetchone()
                write_vectors(database, key, packed_passage.vector_keys, indexed.vectors)
            write_checksums(database, row)
            if document.left_out:
                told = rows.pack_left_out(document.left_out)
                database.execute("INSERT INTO left_out VALUES (?, ?)", (row, told))

    def remove(self, document_ids: Iterable[str]) -> None:
        with self._connection.transaction() as database:
            seq = _next_seq(database)
            for document_id in document_ids:
                _remove(database, document_id, seq)

    # -- reading -------------------------------------------------------------------------------------------------

    def records(
        self, where: str = "TRUE", *parameters: str, first: int = 0, count: int | None = None
    ) -> list[DocumentRecord]:
        """All documents, or some of them, in order of path; `count` of these from number `first` on."""
        query = f"SELECT {rows.RECORD} FROM documents AS d WHERE {where} ORDER BY path LIMIT ? OFFSET ?"
        return [rows.record(row) for row in self._all(query, (*parameters, -1 if count is None else count, first))]

    def at(self, path: Path) -> DocumentRecord | None:
        return next(iter(self.records("path = ?", str(path))), None)

    def documents_named(self, name: str) -> list[DocumentRecord]:
        # Of the paths alone, in their index, those that may end so.
        ending = "id IN (SELECT id FROM documents WHERE path LIKE '%' || ?)"
        return self.records("document_id = ?", name) or [
            record for record in self.records(ending, name) if record.name == name
        ]

    def is_empty(self) -> bool:
        return not self._all("SELECT EXISTS (SELECT 1 FROM documents)")[0][0]

    def document(self, document_id: str) -> Document | None:
        found = self._all(f"SELECT {rows.DOCUMENT} FROM documents WHERE document_id = ?", (document_id,))
        if not found:
            return None
        query = "SELECT told FROM left_out AS l JOIN documents AS d ON d.id = l.document WHERE d.document_id = ?"
        left_out = (rows.unpack_left_out(told) for (told,) in self._all(query, (document_id,)))
        return replace(rows.document(found[0]), left_out=next(left_out, ()))

    def passage(self, passage_id: str) -> StoredPassage | None:
        return next(iter(self._stored("p.passage_id IN ({})", [passage_id]).values()), None)

    def passages_of(self, document_id: str) -> list[StoredPassage]:
        return list(self._stored("d.document_id IN ({}) ORDER BY p.ordinal", [document_id]).values())

    def load(self, keys: Sequence[int]) -> dict[int, StoredPassage]:
        return self._stored("p.key IN ({})", keys)

    def _stored(self, where: str, values: Sequence[object]) -> dict[int, StoredPassage]:
        """The passages by key, and of their documents the texts as of the same moment: a text for all of its
        document, not a copy for each."""
        with self._connection.one_moment() as read:
            found = [
                (key, row, rows.record_of_passage(row)) for key, *row in read(f"{_PASSAGES} WHERE {where}", values)
            ]
            query = (
                "SELECT document_id, text, told FROM documents LEFT JOIN left_out ON document = id"
                " WHERE document_id IN ({})"
            )
            of = {name: known for name, *known in read(query, list({record.document_id for _, _, record in found}))}
        return {key: rows.stored_passage(row, record, *of[record.document_id]) for key, row, record in found}

    def _text(self, row: int) -> str:
        found = self._all("SELECT text FROM documents WHERE id = ?", (row,))
        return found[0][0] if found else ""

    def keys(self, document_ids: Collection[str] | None, since: str | None, until: str | None) -> list[int]:
        """Keys of the passages of these documents (None: all) whose date lies between two days (None: any)."""
        query = (
            "SELECT p.key, d.document_id FROM passages AS p JOIN documents AS d ON d.id = p.document"
            " WHERE (?1 IS NULL OR p.date >= ?1) AND (?2 IS NULL OR p.date <= ?2)"
        )
        wanted = None if document_ids is None else set(document_ids)
        return [key for key, owner in self._all(query, (since, until)) if wanted is None or owner in wanted]

    def texts(self, keys: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """(key, text as quoted by its spans, what is known beside it) of passages, in order of their documents."""
        current, text = None, ""
        columns = "key, spans, document, title, section, place"
        query = f"SELECT {columns} FROM passages WHERE key IN ({{}}) ORDER BY document, key"
        for key, spans, document, *known in self._in(query, keys):
            if document != current:
                current, text = document, self._text(document)
            if text:  # else removed by another process in the meantime
                passage = quote(text, rows.unpack_spans(spans))
                yield key, passage, beside(passage, *known)

    def counts(self) -> tuple[int, int, int, int]:
        """Documents, passages, characters, vectors."""
        sums = ", ".join(f"COALESCE(SUM({column}), 0)" for column in ("passages", "characters", "vectors"))
        return self._all(f"SELECT COUNT(*), {sums} FROM documents")[0]

    def cache_bytes(self) -> int:
        """What SQLite's page cache takes at most."""
        (((size,),), ((page,),)) = self._all("PRAGMA cache_size"), self._all("PRAGMA page_size")
        return int(-size * 1024 if size < 0 else size * page)

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

    def changes_since(self, seq: int) -> int:
        """Passages that came or went after `seq`."""
        query = (
            "SELECT (SELECT COUNT(*) FROM passages WHERE seq > ?1) + (SELECT COUNT(*) FROM removals WHERE seq > ?1)"
        )
        changes: int = self._all(query, (seq,))[0][0]
        return changes

    def close(self) -> None:
        self._connection.close()


def _remove(database: sqlite3.Connection, document_id: str, seq: int) -> None:
    found = database.execute("SELECT id FROM documents WHERE document_id = ?", (document_id,)).fetchone()
    if found is None:
        return
    forget_texts(database, *found)
    database.execute("INSERT INTO removals (key, seq) SELECT key, ? FROM passages WHERE document = ?", (seq, *found))
    database.execute("DELETE FROM documents WHERE id = ?", found)


def _next_seq(database: sqlite3.Connection) -> int:
    query = "INSERT INTO commits SELECT COALESCE(MAX(seq), 0) + 1, ? FROM commits RETURNING seq"
    seq: int = database.execute(query, (uuid.uuid4().hex[:12],)).fetchone()[0]
    return seq
