"""What the bot keeps beside the index, for backups; and how its database is put back while it runs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.intake import INCOMING, UPLOADS
from bot.memory.database import FILE, open_database, storage_errors, transaction
from retrieval.errors import StorageError
from retrieval.service import Beside

_PATIENCE_MS = 30_000


def beside_the_index(home: Path) -> Beside:
    return Beside({FILE: lambda copy: _adopted(copy, home)}, [UPLOADS], INCOMING)


def _adopted(copy: Path, home: Path) -> Callable[[], None]:
    """Bring the copy to the present layout, and return what puts it in the place of the live database. Raises
    StorageError."""
    with storage_errors(copy), closing(open_database(copy.parent)) as database:
        problem = database.execute("PRAGMA integrity_check").fetchone()[0]
        if problem != "ok":
            raise StorageError(f"The backup's {FILE} is damaged ({problem}). Nothing was changed.")
        database.execute("PRAGMA journal_mode = DELETE")
    return lambda: _put(copy, home)


def _put(copy: Path, home: Path) -> None:
    """In one transaction, so that a bot that runs sees all of it or nothing. Row by row and not the file: the numbers
    of answers go on from the highest of both, so that no button below a message comes to mean another answer.

    The inbox stays: what lies in that of the backup was answered since, and who asks now waits for an answer."""
    with storage_errors(home / FILE), closing(open_database(home)) as live:
        live.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        live.execute("PRAGMA foreign_keys = OFF")
        live.execute("ATTACH ? AS copy", (str(copy),))
        with transaction(live):
            for table, columns in _tables(live).items():
                live.execute(f"DELETE FROM main.{table}")
                live.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM copy.{table}")
        live.execute("DETACH copy")
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was replaced is overwritten in the log too


def _tables(live: sqlite3.Connection) -> dict[str, str]:
    """The tables that are put back, each with its columns."""
    named = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name != 'inbox'"
    columns = "SELECT group_concat(name, ', ') FROM pragma_table_info(?)"
    names = [row[0] for row in live.execute(named)]
    return {name: live.execute(columns, (name,)).fetchone()[0] for name in names}
