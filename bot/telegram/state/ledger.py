"""Which message brought which document, where that is reported, and which removals wait to be confirmed."""

import sqlite3
import time
from dataclasses import dataclass

from bot.intake import ReceivedFile
from bot.memory.answer_json import body_of, received_of

_DAY = 86_400
_TAKEN_IN = ("added", "changed", "unchanged")
"""Outcomes after which what lies under the file's name is this file."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Who wants which version of a document removed; `sha256` is that of its file."""

    user_id: int
    document_id: str
    sha256: str


class Ledger:
    """Over the bot's database; used by one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    # -- files ---------------------------------------------------------------------------------------------------

    def reported(self, chat_id: int, message_id: int, user_id: int, report: int) -> None:
        """What becomes of the file in that message stands in our message `report`; 0 where none could be sent."""
        self._db.execute(
            "INSERT INTO uploads (chat_id, message_id, user_id, report, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (chat_id, message_id) DO UPDATE SET"
            " report = excluded.report, user_id = excluded.user_id, at = excluded.at",
            (chat_id, message_id, user_id, report, time.time()),
        )

    def brought(self, chat_id: int, message_id: int, document_id: str) -> None:
        """The file in that message became this document."""
        self._db.execute(
            "UPDATE uploads SET document_id = ? WHERE chat_id = ? AND message_id = ?",
            (document_id, chat_id, message_id),
        )

    def became(self, chat_id: int, message_id: int, received: ReceivedFile) -> None:
        """That is what became of the file in that message."""
        name = received.name if received.outcome in _TAKEN_IN else None
        self._db.execute(
            "UPDATE uploads SET name = ?, outcome = ? WHERE chat_id = ? AND message_id = ?",
            (name, body_of(received), chat_id, message_id),
        )

    def outcome_of(self, chat_id: int, message_id: int) -> ReceivedFile | None:
        """What became of the file in that message; None when that is not known yet."""
        row = self._db.execute(
            "SELECT outcome FROM uploads WHERE chat_id = ? AND message_id = ? AND outcome IS NOT NULL",
            (chat_id, message_id),
        ).fetchone()
        return received_of(row["outcome"]) if row else None

    def is_superseded(self, chat_id: int, message_id: int, name: str) -> bool:
        """Whether a file of that name was taken in that came later than the one in that message."""
        row = self._db.execute(
            "SELECT 1 FROM uploads WHERE chat_id = ? AND message_id > ? AND name = ?", (chat_id, message_id, name)
        ).fetchone()
        return row is not None

    def report_of(self, chat_id: int, message_id: int) -> int | None:
        """Our message that tells of the file in that one; None where none could be sent."""
        row = self._db.execute(
            "SELECT report FROM uploads WHERE chat_id = ? AND message_id = ?", (chat_id, message_id)
        ).fetchone()
        return row["report"] or None if row else None

    def documents_at(self, chat_id: int, message_id: int) -> list[str]:
        """The ids of the documents that the message brought, or of which it reports."""
        rows = self._db.execute(
            "SELECT DISTINCT document_id FROM uploads WHERE chat_id = ? AND ? IN (message_id, report)"
            " AND document_id IS NOT NULL ORDER BY message_id",
            (chat_id, message_id),
        )
        return [row["document_id"] for row in rows]

    # -- removals ------------------------------------------------------------------------------------------------

    def propose_removal(self, removal: Removal) -> int:
        """Keep it until it is confirmed; its number."""
        row = self._db.execute(
            "INSERT INTO removals (user_id, document_id, sha256, at) VALUES (?, ?, ?, ?) RETURNING number",
            (removal.user_id, removal.document_id, removal.sha256, time.time()),
        ).fetchall()
        return int(row[0]["number"])

    def proposed_removal(self, number: int) -> Removal | None:
        """None after a day."""
        row = self._db.execute(
            "SELECT user_id, document_id, sha256 FROM removals WHERE number = ? AND at > ?",
            (number, time.time() - _DAY),
        ).fetchone()
        return Removal(*row) if row else None

    def settle_removal(self, number: int) -> None:
        self._db.execute("DELETE FROM removals WHERE number = ?", (number,))
