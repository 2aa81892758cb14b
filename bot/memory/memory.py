"""What was asked and shown, to whom, and what they thought of it. Buttons speak of what lies here."""

import json
import math
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

from bot.memory.answer_json import answer_of, body_of
from bot.memory.database import transaction
from config.language import Language
from retrieval.types import Answer

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """Who asked where, in which message and language; `before` is what a follow-up goes on from, `document_id` the
    document that is asked when it is one alone, `topic` that of a forum (0: none)."""

    chat_id: int
    user_id: int
    message_id: int
    language: Language
    before: str | None
    document_id: str | None
    topic: int = 0

    @property
    def in_group(self) -> bool:
        return self.chat_id < 0


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as it was shown, in message `message_id`: None until it was sent."""

    number: int
    asked: QuestionContext
    message_id: int | None
    answer: Answer


Rating = Literal["up", "down"]
FeedbackReason = Literal["wrong_place", "not_answering", "outdated"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody thought of an answer; `at` is in seconds since 1970."""

    answer: Answer
    rating: Rating
    reason: FeedbackReason | None
    at: float


class Memory:
    """Over the bot's database; used by one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = self.database = database
        self._forgotten: dict[int, float] = {}

    # -- answers -------------------------------------------------------------------------------------------------

    def keep(self, asked: QuestionContext, answer: Answer, number: int | None = None) -> int:
        """Keep what is about to be shown, in the place of `number` when that is given; its number."""
        body = body_of(answer)
        known = (*astuple(asked), answer.question, answer.status, body, time.time())
        with transaction(self._db):
            if number is not None:  # what was thought of it was of another answer
                self._db.execute("DELETE FROM feedback WHERE number = ?", (number,))
            kept = self._db.execute(
                "INSERT INTO answers (number, chat_id, user_id, asked, language, before, document_id, topic,"
                " question, status, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (number) DO UPDATE SET"
                " document_id = excluded.document_id, question = excluded.question, status = excluded.status,"
                " body = excluded.body, at = excluded.at RETURNING number",
                (number, *known),
            ).fetchall()
        return int(kept[0]["number"])

    def sent(self, number: int, chat_id: int, message_id: int) -> None:
        """The answer stands in that message; of another chat when the group has become a supergroup."""
        self._db.execute(
            "UPDATE answers SET message_id = ?, asked = iif(chat_id = ?, asked, 0), chat_id = ? WHERE number = ?",
            (message_id, chat_id, chat_id, number),
        )

    def withdraw(self, shown: ShownAnswer) -> None:
        """The answer does not stand there any more, and its question is not asked."""
        where = (shown.asked.chat_id, shown.message_id)
        with transaction(self._db):
            self._db.execute("DELETE FROM passages WHERE chat_id = ? AND message_id = ?", where)
            self._db.execute("DELETE FROM answers WHERE number = ?", (shown.number,))

    def shown(self, number: int) -> ShownAnswer | None:
        return self._shown("number = ?", (number,))

    def shown_for(self, chat_id: int, asked: int) -> list[ShownAnswer]:
        """For each question of the message."""
        return self._all("chat_id = ? AND asked = ? ORDER BY number", (chat_id, asked))

    def shown_in(self, chat_id: int, message_id: int) -> ShownAnswer | None:
        """The answer that the message shows."""
        return self._shown("chat_id = ? AND message_id = ?", (chat_id, message_id))

    def last_shown(self, chat_id: int, topic: int, user_id: int) -> ShownAnswer | None:
        """The last answer of the chat, or of a topic of it: of this user, or else of anybody there."""
        newest = "message_id IS NOT NULL ORDER BY user_id = ? DESC, at DESC, number DESC LIMIT 1"
        return self._shown(f"chat_id = ? AND topic = ? AND {newest}", (chat_id, topic, user_id))

    def liked(self, admins: Sequence[int], count: int) -> list[ShownAnswer]:
        """Answers whose questions may be shown to others: who asked gave 👍, and was an administrator or not the only
        one; and nobody gave 👎. What one person asked stays theirs."""
        rows = self._db.execute(
            "SELECT max(a.number) AS number FROM answers AS a JOIN feedback AS f USING (number)"
            " WHERE a.status = 'answered' AND a.document_id IS NULL AND f.rating = 'up' AND f.user_id = a.user_id"
            " AND a.question NOT IN (SELECT b.question FROM answers AS b JOIN feedback AS g USING (number)"
            " WHERE g.rating = 'down') GROUP BY a.question HAVING count(DISTINCT a.user_id) > 1"
            " OR max(a.user_id IN (SELECT value FROM json_each(?)))"
            " ORDER BY count(DISTINCT a.user_id) DESC, max(f.at) DESC LIMIT ?",
            (json.dumps(list(admins)), count),
        ).fetchall()
        return [shown for row in rows if (shown := self.shown(row["number"])) is not None]

    def _shown(self, where: str, values: Sequence[object]) -> ShownAnswer | None:
        return next(iter(self._all(where, values)), None)

    def _all(self, where: str, values: Sequence[object]) -> list[ShownAnswer]:
        rows = self._db.execute(f"SELECT * FROM answers WHERE {where}", values)
        return [ShownAnswer(row["number"], _context(row), row["message_id"], answer_of(row["body"])) for row in rows]

    def passage_sent(
        self, chat_id: int, message_id: int, user_id: int, document_id: str, passage: str | None = None
    ) -> None:
        """That message shows a passage of the document: a reply to it asks there. `passage` is what links carry."""
        self._db.execute(
            "INSERT OR REPLACE INTO passages (chat_id, message_id, user_id, document_id, passage, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (chat_id, message_id, user_id, document_id, passage, time.time()),
        )

    def passage_at(self, chat_id: int, message_id: int) -> str | None:
        """What a link to the passage carries that the message shows; None where it shows more than one."""
        return self._of_passage("passage", chat_id, message_id)

    def document_of(self, chat_id: int, message_id: int) -> str | None:
        """The document whose passage the message shows."""
        return self._of_passage("document_id", chat_id, message_id)

    def _of_passage(self, column: str, *message: int) -> str | None:
        found = self._db.execute(f"SELECT {column} FROM passages WHERE chat_id = ? AND message_id = ?", message)
        return next((row[column] for row in found), None)

    # -- threads -------------------------------------------------------------------------------------------------

    def before(self, chat_id: int, topic: int, user_id: int) -> str | None:
        """What a follow-up of this user goes on from in this chat, or topic of it; nothing after a day."""
        row = self._db.execute(
            "SELECT question FROM threads WHERE chat_id = ? AND topic = ? AND user_id = ? AND at > ?",
            (chat_id, topic, user_id, time.time() - _DAY),
        ).fetchone()
        return row["question"] if row else None

    def go_on_from(self, chat_id: int, topic: int, user_id: int, question: str | None) -> None:
        """The next question there may go on from this one; from none with None."""
        where = (chat_id, topic, user_id)
        if question is None:
            self._db.execute("DELETE FROM threads WHERE chat_id = ? AND topic = ? AND user_id = ?", where)
        else:
            self._db.execute("INSERT OR REPLACE INTO threads VALUES (?, ?, ?, ?, ?)", (*where, question, time.time()))

    # -- feedback ------------------------------------------------------------------------------------------------

    def judge(self, number: int, user_id: int, rating: Rating, reason: FeedbackReason | None) -> None:
        """One verdict for each answer and user: the last."""
        self._db.execute(
            "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?)", (number, user_id, rating, reason, time.time())
        )

    def verdicts(self, last: int | None = None) -> Iterator[Verdict]:
        """All, oldest first; or so many of the last, newest first."""
        order = "f.at" if last is None else f"f.at DESC LIMIT {last:d}"
        rows = self._db.execute(
            "SELECT a.body, f.rating, f.reason, f.at FROM feedback AS f JOIN answers AS a USING (number)"
            f" ORDER BY {order}"
        )
        return (Verdict(answer_of(row["body"]), row["rating"], row["reason"], row["at"]) for row in rows)

    def counts(self, days: float) -> dict[str, int]:
        """Questions of the last days by status, who asked, and all verdicts."""
        row = self._db.execute(
            "SELECT count(*) AS questions, count(DISTINCT user_id) AS askers,"
            " coalesce(sum(status = 'answered'), 0) AS answered, coalesce(sum(status = 'related'), 0) AS related,"
            " coalesce(sum(status = 'not_found'), 0) AS not_found FROM answers WHERE at > ?",
            (time.time() - days * _DAY,),
        ).fetchone()
        verdicts = self._db.execute(
            "SELECT coalesce(sum(rating = 'up'), 0) AS up, coalesce(sum(rating = 'down'), 0) AS down FROM feedback"
        ).fetchone()
        return {**dict(row), **dict(verdicts)}

    # -- users: their language, and forgetting them --------------------------------------------------------------

    def language_of(self, user_id: int) -> Language | None:
        """The language that the user chose."""
        row = self._db.execute("SELECT language FROM languages WHERE user_id = ?", (user_id,)).fetchone()
        return row["language"] if row else None

    def keep_language(self, user_id: int, language: Language) -> None:
        self._db.execute("INSERT OR REPLACE INTO languages VALUES (?, ?)", (user_id, language))

    def forget(self, user_id: int) -> None:
        """Erase what the user asked, was shown and thought, in all chats."""
        self._forgotten[user_id] = time.monotonic()
        with transaction(self._db):
            for table in ("feedback", "answers", "passages", "threads", "removals", "uploads", "languages", "inbox"):
                self._db.execute(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))
            self._db.execute("DELETE FROM passages WHERE chat_id = ?", (user_id,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log beside the database holds it too

    def was_forgotten(self, user_id: int, since: float) -> bool:
        """Whether the user was, at that time or later (by the monotonic clock): what was asked before is not kept."""
        return self._forgotten.get(user_id, -math.inf) >= since

    def expire(self, days: float) -> None:
        """Erase what is older, one-time codes after a week, and questions whether to remove after a day."""
        self._forgotten = {user: at for user, at in self._forgotten.items() if at > time.monotonic() - _DAY}
        with transaction(self._db):
            for table in ("answers", "passages", "threads", "uploads", "answers_added"):
                self._db.execute(f"DELETE FROM {table} WHERE at < ?", (time.time() - days * _DAY,))
            self._db.execute("DELETE FROM removals WHERE at < ?", (time.time() - _DAY,))
            self._db.execute("DELETE FROM codes WHERE at < ?", (time.time() - 7 * _DAY,))

    def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup, which has another id and counts its messages anew."""
        with transaction(self._db):
            self._db.execute("UPDATE OR REPLACE threads SET chat_id = ? WHERE chat_id = ?", (new, old))
            self._db.execute("UPDATE OR REPLACE members SET id = ? WHERE id = ?", (new, old))


def _context(row: sqlite3.Row) -> QuestionContext:
    names = ("chat_id", "user_id", "asked", "language", "before", "document_id", "topic")
    return QuestionContext(*(row[name] for name in names))
