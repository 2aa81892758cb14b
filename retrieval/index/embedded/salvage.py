"""A database that may be damaged: read as far as it can be, and never written."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from retrieval.errors import IndexMismatchError, StorageError
from retrieval.index import rows
from retrieval.index.embedded.checksums import content_checksum, kept_checksums, vectors_checksum
from retrieval.index.embedded.schema import SCHEMA_VERSION
from retrieval.index.sqlite_files import read_only
from retrieval.index.upkeep import DamagedError, KeptDocument

_CHECKSUMS_SINCE = 4
"""The version of the layout."""
_WAYS_TO_DOCUMENTS = tuple(
    f"SELECT {column} FROM {table} ORDER BY {column.split(',')[0]} {order}"
    for column, table in (
        ("path, id, NULL", "documents INDEXED BY sqlite_autoindex_documents_2"),
        ("document_id, id, NULL", "documents INDEXED BY sqlite_autoindex_documents_1"),
        ("id, id, path", "documents NOT INDEXED"),
        ("passages, id, NULL", "documents INDEXED BY documents_by_counts"),
        ("document, document, NULL", "passages INDEXED BY passages_by_document"),
    )
    for order in ("ASC", "DESC")
)
"""Each goes through other pages of the file, and as far as these can be read, from either end."""


class DatabaseSalvage:
    """One look at the database of an index."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        """Raises IndexMismatchError when Wenju's first version wrote it or a newer one, DamagedError when nothing can
        be read."""
        self._database = database
        with _damage():
            (self.version,) = database.execute("PRAGMA user_version").fetchone()
            self.recipe = ""
            with suppress(sqlite3.Error, TypeError):
                (self.recipe,) = database.execute("SELECT value FROM meta WHERE name = 'recipe'").fetchone()
        if self.version < 1:
            raise DamagedError("it holds no index")
        if self.version == 1:
            raise IndexMismatchError(
                f"The index in {path} has format 1, which cannot be verified. Run `wenju list`: it brings it to "
                f"format {SCHEMA_VERSION}."
            )
        if self.version > SCHEMA_VERSION:
            raise IndexMismatchError(
                f"The index in {path} has format {self.version}; this Wenju reads format {SCHEMA_VERSION}. "
                "Update Wenju."
            )

    @property
    def has_checksums(self) -> bool:
        return bool(self.version >= _CHECKSUMS_SINCE)

    def documents(self) -> dict[int, Path | None]:
        """The rows of all documents that any part of the database tells of, in order of path, each with its path
        where that can still be read."""
        found: dict[int, Path | None] = {}
        for query in _WAYS_TO_DOCUMENTS:
            with suppress(sqlite3.Error, ValueError):
                for named, row, path in self._database.execute(query):
                    name = path or (named if query.startswith("SELECT path") else None)
                    if isinstance(row, int):
                        found[row] = found.get(row) or (Path(name) if isinstance(name, str) else None)
        return dict(sorted(found.items(), key=lambda item: (str(item[1] or "~"), item[0])))

    def is_there(self, row: int) -> bool:
        """Whether the document was not removed in the meantime; one that cannot be read is there."""
        try:
            return bool(self._database.execute("SELECT 1 FROM documents WHERE id = ?", (row,)).fetchone())
        except sqlite3.Error:
            return True

    def read(self, row: int) -> KeptDocument:
        """The document in this row, as of one moment, as it was stored. Raises DamagedError when it cannot be read or
        is no longer what was stored."""
        with _damage(), self._one_moment():
            if self.has_checksums:
                kept = kept_checksums(self._database, row)
                if kept is None:
                    raise DamagedError("it has no checksum")
                if content_checksum(self._database, row) != kept.content:
                    raise DamagedError("it does not match its checksum")
            return self._unpacked(row)

    def check_vectors(self, row: int) -> None:
        """Raises DamagedError when the document's vectors are not what was stored; its text is not concerned."""
        if not self.has_checksums:
            return
        try:
            with _damage(), self._one_moment():
                kept = kept_checksums(self._database, row)
                if kept is not None and vectors_checksum(self._database, row) != kept.vectors:
                    raise DamagedError("they do not match their checksum")
                self._check_places(row)
        except DamagedError as error:
            raise DamagedError(f"its vectors are damaged ({error}); its text is whole") from error

    def _check_places(self, row: int) -> None:
        """Whether each text is known to have its vector where it has."""
        place = "SELECT position FROM texts WHERE key = ? AND passage = ?"
        for passage, packed in self._database.execute(
            "SELECT key, vector_keys FROM passages WHERE document = ?", (row,)
        ):
            keys = rows.unpack_keys(packed)
            for key in dict.fromkeys(keys):
                if self._database.execute(place, (key, passage)).fetchone() != (keys.index(key),):
                    raise DamagedError("one is not where it is looked for")

    def _unpacked(self, row: int) -> KeptDocument:
        record = rows.record(
            self._database.execute(f"SELECT {rows.RECORD} FROM documents AS d WHERE id = ?", (row,)).fetchone()
        )
        columns = self._database.execute(f"SELECT {rows.DOCUMENT} FROM documents WHERE id = ?", (row,)).fetchone()
        document = rows.document(columns)
        query = f"SELECT vector_keys, {rows.PASSAGE} FROM passages AS p WHERE document = ? ORDER BY ordinal"
        found = self._database.execute(query, (row,)).fetchall()
        if len(found) != record.passages or len(document.text) != record.characters:
            raise DamagedError("a part of it is missing")
        passages = tuple(rows.stored_passage(columns, record, document.text) for _, *columns in found)
        keys = tuple(tuple(rows.unpack_keys(packed[0])) for packed in found)
        return KeptDocument(record.document_id, record.sha256, document, passages, keys)

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """All that is read within belongs together, whatever another process writes meanwhile."""
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")


@contextmanager
def salvaging(path: Path) -> Iterator[DatabaseSalvage]:
    """Raises DamagedError when nothing can be read, StorageError when it may not be."""
    if not os.access(path, os.R_OK):
        raise StorageError(f"The database {path} cannot be read. Check its permissions.")
    with ExitStack() as stack:
        with _damage():
            database = stack.enter_context(read_only(path, however_damaged=True))
            database.execute("PRAGMA cell_size_check = ON")
            database.execute("PRAGMA trusted_schema = OFF")
            salvage = DatabaseSalvage(database, path)
        yield salvage


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DamagedError(str(error)) from error
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise DamagedError(f"it is garbled: {type(error).__name__}") from error
