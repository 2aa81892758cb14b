"""Who may ask, and how fast."""

import secrets
import sqlite3
import time

from bot.visibility import NOBODY, Viewer
from config.telegram import TelegramSettings

_CODE_BYTES = 9


class Members:
    """Users and chats that were let in or shut out, beside those that the settings name; used by one thread."""

    def __init__(self, database: sqlite3.Connection, settings: TelegramSettings) -> None:
        self._db = database
        self._settings = settings

    def is_admin(self, user_id: int) -> bool:
        return user_id in self._settings.admins

    def may_ask(self, user_id: int, chat_id: int) -> bool:
        """Whoever was denied may not, nor may anybody in a chat that was; administrators always may."""
        if self.is_admin(user_id):
            return True
        marks = [self._mark(user_id), self._mark(chat_id)]
        return False not in marks and (self._settings.access == "open" or True in marks)

    def viewer(self, user_id: int | None, chat_id: int | None) -> Viewer:
        """Who looks. What is shown in a group all of it read, and what is sent through `@bot …` whoever gets it:
        there the user's own rights do not count."""
        if chat_id is not None and chat_id < 0:
            return Viewer.of(f"group:{chat_id}")
        if user_id is None or user_id != chat_id:
            return NOBODY
        return Viewer.of(f"user:{user_id}", role="administrator" if self.is_admin(user_id) else None)

    def is_listed(self, user_id: int) -> bool:
        """Whether somebody let this user in with /allow or a code."""
        return self._db.execute("SELECT 1 FROM members WHERE id = ? AND allowed", (user_id,)).fetchone() is not None

    def allow(self, member: int) -> None:
        self._set(member, allowed=True)

    def deny(self, member: int) -> None:
        self._set(member, allowed=False)

    def new_code(self) -> str:
        """A one-time code of 72 random bits."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        self._db.execute("INSERT INTO codes (code, at) VALUES (?, ?)", (code, time.time()))
        return code

    def join(self, user_id: int, code: str) -> bool:
        """Let the user in with the code, and use it up; not one who was denied. Once in, a code is not used up."""
        if self._settings.access != "code" or self._mark(user_id) is False:
            return False
        if self._mark(user_id):
            return True
        used = self._db.execute(
            "UPDATE codes SET used_by = ? WHERE code = ? AND used_by IS NULL", (user_id, code.strip())
        )
        if used.rowcount:
            self.allow(user_id)
        return bool(used.rowcount)

    def _mark(self, member: int) -> bool | None:
        row = self._db.execute("SELECT allowed FROM members WHERE id = ?", (member,)).fetchone()
        if row is not None:
            return bool(row["allowed"])
        return True if member in self._settings.allowed else None

    def _set(self, member: int, *, allowed: bool) -> None:
        self._db.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", (member, int(allowed), time.time()))
