"""What the bot remembers, in one SQLite file of its own beside the index."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import StorageError

_log = logging.getLogger(__name__)
FILE = "bot.db"
_PATIENCE_MS = 300
"""How long a write waits for another process: everybody waits meanwhile."""
_MIGRATIONS = (
    """
    CREATE TABLE inbox (
        update_id INTEGER PRIMARY KEY,
        user_id INTEGER,
        received REAL NOT NULL,
        done INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        body TEXT
    );
    CREATE TABLE answers (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        asked INTEGER NOT NULL,
        message_id INTEGER,
        language TEXT NOT NULL,
        question TEXT NOT NULL,
        before TEXT,
        document_id TEXT,
        status TEXT NOT NULL,
        body TEXT NOT NULL,
        at REAL NOT NULL
    );
    CREATE INDEX answers_by_question ON answers(chat_id, asked);
    CREATE INDEX answers_by_age ON answers(at);
    CREATE TABLE passages (
        chat_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        document_id TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    ) WITHOUT ROWID;
    CREATE TABLE threads (
        chat_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        question TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (chat_id, user_id)
    ) WITHOUT ROWID;
    CREATE TABLE feedback (
        number INTEGER NOT NULL REFERENCES answers(number) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        rating TEXT NOT NULL,
        reason TEXT,
        at REAL NOT NULL,
        PRIMARY KEY (number, user_id)
    ) WITHOUT ROWID;
    CREATE TABLE members (id INTEGER PRIMARY KEY, allowed INTEGER NOT NULL, at REAL NOT NULL);
    CREATE TABLE codes (code TEXT PRIMARY KEY, at REAL NOT NULL, used_by INTEGER) WITHOUT ROWID;
    CREATE TABLE removals (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        user_id INTEGER NOT NULL,
        document_id TEXT NOT NULL,
        at REAL NOT NULL
    );
    """,
    "ALTER TABLE removals ADD COLUMN sha256 TEXT NOT NULL DEFAULT ''",
    """
    ALTER TABLE answers ADD COLUMN topic INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE threads RENAME TO threads_of_chats;
    CREATE TABLE threads (
        chat_id INTEGER NOT NULL,
        topic INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        question TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (chat_id, topic, user_id)
    ) WITHOUT ROWID;
    INSERT INTO threads SELECT chat_id, 0, user_id, question, at FROM threads_of_chats;
    DROP TABLE threads_of_chats;
    CREATE TABLE languages (user_id INTEGER PRIMARY KEY, language TEXT NOT NULL);
    CREATE TABLE uploads (
        chat_id INTEGER NOT NULL,
        message_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        report INTEGER NOT NULL,
        document_id TEXT,
        at REAL NOT NULL,
        PRIMARY KEY (chat_id, message_id)
    ) WITHOUT ROWID;
    """,
    # What parts a question from whom its answer named was the end of a line; the bot keeps questions on one.
    "UPDATE threads SET question = replace(question, char(10), char(31))",
    """
    ALTER TABLE uploads ADD COLUMN name TEXT;
    ALTER TABLE uploads ADD COLUMN outcome TEXT;
    """,
    "CREATE TABLE suggestions (view TEXT PRIMARY KEY, state TEXT NOT NULL, questions TEXT NOT NULL) WITHOUT ROWID",
    """
    ALTER TABLE passages ADD COLUMN passage TEXT;
    CREATE TABLE answers_added (core TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
    """,
)
"""Each brings the layout from its place in this list to the next version. `asked` is the message that asks,
`name` that of a file which was taken in under it, `outcome` what became of it as JSON, `passage` what a link to it
carries, `core` what those questions have in common that ask the same."""


def open_database(home: Path) -> sqlite3.Connection:
    """The bot's database in the home folder, laid out or migrated as needed, for use by one thread.

    Every commit is on the disk when it returns. Raises StorageError.
    """
    path = home / FILE
    with storage_errors(path):
        home.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=30, isolation_level=None)
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
        _migrate(database, path)
        database.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        path.chmod(0o600)  # it holds what people asked
    return database


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Errors of the disk as StorageError with what to do next."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"What the bot remembers, in {path}, cannot be used: {error}. Check free space and permissions; a "
            "damaged file can be moved away, and the bot begins a new one (the index is not concerned)."
        ) from error
    except OSError as error:
        raise StorageError(
            f"What the bot remembers, in {path}, cannot be used: {error.strerror or error}. "
            "Check the folder's permissions and free space, or set another with WENJU_HOME."
        ) from error


@contextmanager
def tolerating() -> Iterator[None]:
    """For what is good to remember: a disk that is full keeps nobody from an answer. It is said in the log."""
    try:
        yield
    except sqlite3.Error as error:
        _log.error("What the bot remembers cannot be written: %s. Is the disk full?", error)


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of the statements within, or none."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # a full disk may have rolled it back already
            database.execute("ROLLBACK")
        raise


def _migrate(database: sqlite3.Connection, path: Path) -> None:
    with transaction(database):
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise StorageError(f"{path} was written by a newer version of Wenju. Update Wenju, or set another home.")
        for statements in _MIGRATIONS[version:]:
            for statement in statements.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
