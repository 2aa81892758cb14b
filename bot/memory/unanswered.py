"""What people asked and the documents did not answer, as far as it is stored: grouped, counted, the newest first."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from retrieval.service import KnowledgeBase, core_of
from retrieval.types import Status

_DAY = 86_400
_CITED = "coalesce(json_extract(body, '$.quotes[0].citation'), json_extract(body, '$.closest.citation'), 1)"
_CLOSEST = f"'$.citations[' || ({_CITED} - 1) || '].document_id'"
"""Where the document stands whose passage answers or comes closest; nowhere where nothing was found."""


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question that the last answer to it did not answer. `number` names it as long as it is stored, and never
    another. `question` is as it was last understood, into which a follow-up may have put a name from a document that
    others do not see; `written` is what was written, for their eyes. `forms` are all in which it was asked; `count`
    is how often, `people` by how many; `first` and `last` are seconds since 1970."""

    number: int
    question: str
    written: str
    status: Status
    count: int
    people: int
    first: float
    last: float
    forms: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """For JSON."""
        known = {"number": self.number, "question": self.question, "status": self.status}
        known |= {"count": self.count, "people": self.people}
        return {**known, "first": _day(self.first), "last": _day(self.last), "forms": list(self.forms)}


Shows = Callable[[str | None], bool]
"""Whether somebody may be told of a question whose answer came closest in this document, or in none."""


def shown_to(base: KnowledgeBase) -> Shows:
    """Of whom sees these documents alone: where the closest passage is in one of them. Where nothing came close, it
    may be about anything, and is for those whose sight is not narrowed to some folders."""
    visibility = base.visibility
    if visibility.is_everything:
        return lambda _: True
    seen = {record.document_id for record in base.documents()}
    return lambda document_id: document_id in seen if document_id is not None else visibility.only is None


def unanswered(database: sqlite3.Connection, days: float, shows: Shows = lambda _: True) -> list[UnansweredQuestion]:
    """Of the last days. A question that was answered since, or to which an answer was added, is left out, and so is
    one that was asked in a single document: others may answer it. What is not to be shown is as if it had never been
    asked."""
    asked: dict[str, list[sqlite3.Row]] = {}
    for row in _rows(database, time.time() - days * _DAY):
        if not shows(row["closest"]):
            continue
        asked.setdefault(core_of(row["question"]), []).append(row)
    added = {row["core"]: row["at"] for row in database.execute("SELECT core, at FROM answers_added")}
    open_ones = [
        rows
        for core, rows in asked.items()
        if rows[-1]["status"] != "answered" and rows[-1]["at"] > added.get(core, 0.0)
    ]
    return sorted(map(_group, open_ones), key=lambda group: -group.last)


def answer_added(database: sqlite3.Connection, question: UnansweredQuestion) -> None:
    """The question is off the list, until somebody asks it again and is not answered."""
    database.execute("INSERT OR REPLACE INTO answers_added VALUES (?, ?)", (core_of(question.question), time.time()))


def _rows(database: sqlite3.Connection, since: float) -> Iterator[sqlite3.Row]:
    """The oldest first; a follow-up as it was understood."""
    yield from database.execute(
        "SELECT number, coalesce(json_extract(body, '$.understood'), question) AS question, question AS written,"
        f" status, user_id, at, json_extract(body, {_CLOSEST}) AS closest FROM answers"
        " WHERE document_id IS NULL AND at > ? ORDER BY at, number",
        (since,),
    )


def _group(rows: list[sqlite3.Row]) -> UnansweredQuestion:
    missed = [row for row in rows if row["status"] != "answered"]
    forms = tuple(dict.fromkeys(row["question"] for row in reversed(missed)))
    people = len({row["user_id"] for row in missed})
    last = missed[-1]
    times = missed[0]["at"], last["at"]
    number, status = missed[0]["number"], last["status"]
    return UnansweredQuestion(number, forms[0], last["written"], status, len(missed), people, *times, forms)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
