"""Updates are written down when they arrive and acknowledged when they are dealt with, so that a killed process loses
none; the same update is taken once."""

import asyncio
import sqlite3
import time
from collections.abc import Callable

from telegram import Update

from bot.memory.database import tolerating

_DAY = 86_400
_REMEMBERED = 3 * _DAY
"""Telegram keeps updates for 24 hours; after a week of silence it may choose ids anew."""


class Inbox:
    """Over the bot's database; used by one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def take(self, update: Update) -> bool:
        """Write the update down; whether it was not there already."""
        user = update.effective_user
        written = self._db.execute(
            "INSERT OR IGNORE INTO inbox (update_id, user_id, received, body) VALUES (?, ?, ?, ?)",
            (update.update_id, user and user.id, time.time(), update.to_json()),
        )
        return written.rowcount > 0

    def begin(self, update_id: int) -> int:
        """Count a beginning: how often the update was begun, this time included, and never ended."""
        rows = self._db.execute(
            "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = ? RETURNING attempts", (update_id,)
        ).fetchall()
        return int(rows[0]["attempts"]) if rows else 1

    def acknowledge(self, update_id: int) -> None:
        """It is dealt with: what it said is erased, its id remembered for a while."""
        self._db.execute("UPDATE inbox SET done = 1, body = NULL WHERE update_id = ?", (update_id,))

    def resign(self, update_id: int) -> None:
        """It was begun and left, for the bot is stopped: that is not counted."""
        self._db.execute("UPDATE inbox SET attempts = attempts - 1 WHERE update_id = ?", (update_id,))

    def waiting(self) -> list[tuple[int, str]]:
        """What was not dealt with, in the order of its arrival: its id and its JSON."""
        rows = self._db.execute("SELECT update_id, body FROM inbox WHERE NOT done ORDER BY update_id").fetchall()
        return [(row["update_id"], row["body"]) for row in rows]

    def expire(self) -> None:
        self._db.execute("DELETE FROM inbox WHERE received < ?", (time.time() - _REMEMBERED,))


class UpdateQueue(asyncio.Queue[object]):
    """Between Telegram and the handlers. An update is on the disk before `put` returns, so before it is confirmed
    to Telegram. `concerns` tells which updates are for us at all; the others leave no trace."""

    def __init__(self, inbox: Inbox, concerns: Callable[[Update], bool], stop: Callable[[], None]) -> None:
        super().__init__()
        self._inbox = inbox
        self._concerns = concerns
        self._stop = stop

    async def put(self, item: object) -> None:
        if not isinstance(item, Update):  # the application's sign that it is stopping
            self._stop()
        elif not self._concerns(item) or not self._is_new(item):
            return
        await super().put(item)

    async def replay(self, update: Update) -> None:
        """Queue what was written down before."""
        await super().put(update)

    def _is_new(self, update: Update) -> bool:
        if update.inline_query is not None:  # worth nothing a few seconds later
            return True
        with tolerating():  # better an answer that a crash would lose than none
            if not self._inbox.take(update):
                return False
        return True
