"""What no small model may be trusted with, checked by form before a sentence may be called the answer."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.answering.checks.codes import has_codes, tells_file_number
from retrieval.answering.checks.form import has_kind, holds_list, is_statement, says_more
from retrieval.answering.checks.numbered import is_of_number
from retrieval.answering.checks.office import tells_holder
from retrieval.answering.checks.place import is_of_place
from retrieval.answering.checks.setting import Setting
from retrieval.answering.checks.sorts import is_of_sort
from retrieval.answering.checks.stages import is_of_stage
from retrieval.answering.checks.time import is_of_time
from retrieval.query.demands import Demands
from retrieval.query.question import Question
from retrieval.readings import Objection
from retrieval.text.divisions import RANK
from retrieval.text.fold import fold
from retrieval.text.places import places_in
from retrieval.types import Hit, StoredPassage

PLACE: Final = "place"
CODE: Final = "code"
TIME: Final = "time"
OFFICE: Final = "office"
FORM: Final = "form"
KIND: Final = "kind"
UNREAD: Final = "unread"
"""What stands against a sentence that was not read at all."""
OBJECTIONS: tuple[Objection, ...] = (PLACE, CODE, TIME, OFFICE, FORM, KIND)


@dataclass(frozen=True)
class Checks:
    """What a sentence must pass: all that the question demands."""

    demands: Demands

    @classmethod
    def of(cls, question: Question, hits: Sequence[Hit], today: datetime.date | None = None) -> "Checks":
        return cls(Demands.of(question, known_names(hit.stored for hit in hits), today))

    def objection(self, setting: Setting) -> Objection | None:
        """The first check that the sentence fails, None where it may be the answer."""
        asked = self.demands
        passed: dict[Objection, Callable[[], bool]] = {
            PLACE: lambda: is_of_place(asked.places, setting),
            CODE: lambda: (
                has_codes(asked.codes, setting)
                and is_of_number(asked.numbered, setting)
                and (not asked.asks_file_number or tells_file_number(setting))
            ),
            TIME: lambda: is_of_time(asked.time, setting),
            OFFICE: lambda: tells_holder(asked.office, setting),
            FORM: lambda: is_statement(setting) and says_more(asked, setting) and holds_list(asked, setting),
            KIND: lambda: has_kind(asked, setting) and is_of_sort(asked, setting) and is_of_stage(asked, setting),
        }
        return next((name for name in OBJECTIONS if not passed[name]()), None)


def known_names(passages: Iterable[StoredPassage]) -> set[str]:
    """The counties and towns that the titles and sections of the passages name: 左云县."""
    known = set()
    for stored in passages:
        context = stored.passage.context
        text = "\n".join(part for part in (context.place, context.title, stored.passage.section) if part)
        known |= {place.name for _, place in places_in(fold(text)) if RANK.get(place.kind) in (2, 3)}
    return known
