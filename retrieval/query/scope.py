"""Narrowing a question to some of the documents, or to a time."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.documents.discover import absolute
from retrieval.errors import NotFoundError, QuestionError
from retrieval.index.base import PassageIndex
from retrieval.index.lookup import below, find
from retrieval.reasons import Reason
from retrieval.types import DocumentRecord

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is narrowed to. `since` and `until` are days, YYYY-MM-DD, both included, compared with the date
    of the article; documents and folders add to each other, and none of them is all."""

    since: str | None = None
    until: str | None = None
    documents: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()

    @classmethod
    def of(
        cls, since: str | None, until: str | None, documents: Sequence[str] = (), folders: Sequence[Path] = ()
    ) -> "Scope | None":
        """From what was typed: 2025, 2025-07 or 2025-07-03, the first day or the last of it; None when nothing was.
        Raises QuestionError for what is no date."""
        first = _day(since, last=False) if since else None
        last = _day(until, last=True) if until else None
        if first and last and first > last:
            raise QuestionError(f"There is no day between {first} and {last}.", "swap_dates", first=first, last=last)
        return cls(first, last, tuple(documents), tuple(folders)) if first or last or documents or folders else None

    def chosen(self, index: PassageIndex) -> list[DocumentRecord] | None:
        """The documents that are meant (None: all), whatever their dates. Raises NotFoundError for what is not
        there."""
        if not (self.documents or self.folders):
            return None
        chosen = [find(index, name) for name in self.documents]
        for folder in self.folders:
            inside = list(below(index.documents(), [absolute(folder)]))
            if not inside:
                raise NotFoundError(f"No document below {folder} is in the index. `wenju list` shows those that are.")
            chosen += inside
        return chosen

    def explain(self, index: PassageIndex) -> Reason:
        """Why nothing is left; in English whatever the question, for it speaks of options of the command line."""
        records = self.chosen(index)
        known = [record.date for record in (index.documents() if records is None else records)]
        undated = sum(1 for date in known if date is None)
        return Reason("none_in_time", "en", documents=len(known), undated=undated, since=self.since, until=self.until)


def _day(text: str, *, last: bool) -> str:
    match = _DATE.match(text.strip())
    if match is not None:
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        month = month or (12 if last else 1)
        if year >= 1 and 1 <= month <= 12:
            length = calendar.monthrange(year, month)[1]
            day = day if day is not None else (length if last else 1)
            if 1 <= day <= length:
                return f"{year:04}-{month:02}-{day:02}"
    raise QuestionError(f"{text} is no date. Write 2025, 2025-07 or 2025-07-03.")
