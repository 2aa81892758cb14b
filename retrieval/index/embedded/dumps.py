"""A database from outside: what it holds, and whether it can be used as an index."""

import sqlite3
from pathlib import Path

from retrieval.index.embedded.database_file import upgrade
from retrieval.index.embedded.schema import SCHEMA_VERSION
from retrieval.index.sqlite_files import problems_of, read_only, storage_errors


def version_of(database: Path) -> int:
    """The version of its layout."""
    with storage_errors(database), read_only(database) as reading:
        return int(reading.execute("PRAGMA user_version").fetchone()[0])


def documents_in(database: Path) -> int | None:
    """How many documents the database of an index holds; None when it cannot be said."""
    try:
        with read_only(database) as reading:
            return int(reading.execute("SELECT COUNT(*) FROM documents").fetchone()[0])
    except sqlite3.Error:
        return None


def why_no_index(database: Path) -> str | None:
    """Why a copy from outside cannot be used as an index; None when it can. Older ones are brought to the present
    layout. Raises StorageError when the disk refuses."""
    problems = problems_of(database)
    if problems:
        return f"its database is damaged ({problems[0]})"
    version = version_of(database)
    if version > SCHEMA_VERSION:
        return f"it was made by a newer Wenju (format {version}, this one reads {SCHEMA_VERSION}); update Wenju first"
    with storage_errors(database), read_only(database) as reading:
        kinds = {kind: set(names.split(",")) for kind, names in reading.execute(_KINDS)}
    if version < 1 or not kinds.get("table", set()) >= {"meta", "documents", "passages", "vectors", "commits"}:
        return "its database is no index of Wenju"
    if kinds.keys() - {"table", "index"}:  # a trigger would run with the next document
        return "its database holds more than Wenju ever puts there"
    upgrade(database)
    return None


_KINDS = "SELECT type, group_concat(name) FROM sqlite_schema GROUP BY type"
