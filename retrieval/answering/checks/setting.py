"""Where a sentence stands, as the checks look at it: the sentence, and what is told before it from far to near."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from retrieval.ranking.evidence import sentence_texts
from retrieval.text.fold import fold
from retrieval.types import StoredPassage

Elsewhere = Callable[[], str]
"""The text of the sentence's document, folded; looked up only when a check asks for it."""


@dataclass(frozen=True)
class Setting:
    """A sentence of a passage in its document; every text folded."""

    stored: StoredPassage
    number: int
    elsewhere: Elsewhere

    @cached_property
    def texts(self) -> list[str]:
        return [fold(text) for text in sentence_texts(self.stored)]

    @cached_property
    def sentence(self) -> str:
        return self.texts[self.number]

    @cached_property
    def before(self) -> list[str]:
        """The sentences of the passage before this one."""
        return self.texts[: self.number]

    @cached_property
    def headings(self) -> list[str]:
        """Folder, file name, title and section, as far as they are known, from far to near."""
        document, context = self.stored.document, self.stored.passage.context
        known = (document.path.parent.name, document.path.stem, document.title, context.title)
        return [fold(text) for text in (*known, self.stored.passage.section) if text]

    @cached_property
    def known_place(self) -> str:
        """The county that the passage was found to be about when it was indexed; empty where none was."""
        return fold(self.stored.passage.context.place or "")

    @property
    def document_id(self) -> str:
        return self.stored.document.document_id

    @cached_property
    def written(self) -> datetime.date | None:
        """The day on which the text was written; None where nothing tells it to the day, or what programs put for no
        day (0001-01-01, 9999-12-31)."""
        try:
            day = datetime.date.fromisoformat(self.stored.passage.context.date or self.stored.document.date or "")
        except ValueError:
            return None
        return day if datetime.MINYEAR < day.year < datetime.MAXYEAR else None

    @cached_property
    def near_to_far(self) -> list[str]:
        """The sentence, what stands before it, then the headings: who speaks of 该县 means what was named last."""
        return [self.sentence, *reversed(self.before), *reversed(self.headings)]

    @cached_property
    def around(self) -> str:
        """The passage and its headings."""
        return "\n".join([*self.headings, *self.texts])

    @cached_property
    def document(self) -> str:
        """All of the document."""
        return self.elsewhere()
