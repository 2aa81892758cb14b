"""What the bot keeps beside the index, for backups; and how its database is put back while it runs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.telegram.database import FILE, open_database, storage_errors, transaction
from retrieval.service import Beside

UPLOADS, INCOMING = "uploads", ".incoming-"
_PATIENCE_MS = 30_000


def beside_the_index(home: Path) -> Beside:
    return Beside({FILE: lambda copy: _adopted(copy, home)}, [UPLOADS], INCOMING)


def _adopted(copy: Path, home: Path) -> Callable[[], None]:
    """Bring the copy to the present layout, and return what puts it in the place of the live database. Raises
    StorageError."""
    with storage_errors(copy), closing(open_database(copy.parent)) as database:
        tables = _tables(database)
        database.execute("PRAGMA journal_mode = DELETE")
    return lambda: _put(copy, home, tables)


def _tables(database: sqlite3.Connection) -> dict[str, str]:
    """Each table with its columns."""
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = "SELECT group_concat(name, ', ') FROM pragma_table_info(?)"
    return {
        name: database.execute(columns, (name,)).fetchone()[0] for name in names if not name.startswith("sqlite_")
    }


def _put(copy: Path, home: Path, tables: dict[str, str]) -> None:
    """In one transaction, so that a bot that runs sees all of it or nothing. Row by row and not the file: the numbers
    of answers go on from the highest of both, so that no button below a message comes to mean another answer.

    The inbox stays: what lies in that of the backup was answered since, and who asks now waits for an answer."""
    with storage_errors(home / FILE), closing(open_database(home)) as live:
        live.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        live.execute("PRAGMA foreign_keys = OFF")
        live.execute("ATTACH ? AS copy", (str(copy),))
        with transaction(live):
            for table, columns in tables.items():
                if table != "inbox":
                    live.execute(f'DELETE FROM main."{table}"')
                    live.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM copy."{table}"')
        live.execute("DETACH copy")
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
