"""What no small model may be trusted with, checked by form before a sentence may be called the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.codes import AskedCodes, asked_codes, has_codes
from retrieval.answering.form import has_kind, is_statement, says_more
from retrieval.answering.numbered import Numbered, is_of_number, numbered_things
from retrieval.answering.office import AskedOffice, asked_office, tells_holder
from retrieval.answering.place import AskedPlace, asked_places, is_of_place
from retrieval.answering.setting import Setting
from retrieval.answering.time import AskedTime, asked_time, is_of_time
from retrieval.query.kinds import Asked
from retrieval.query.question import Question
from retrieval.text.fold import fold
from retrieval.text.places import RANK, places_in
from retrieval.text.sounds import in_characters
from retrieval.types import Hit

PLACE, TIME, CODE, OFFICE, FORM, KIND = "place", "time", "code", "office", "form", "kind"
UNREAD = "unread"
"""What stands against a sentence that was not read at all."""
OBJECTIONS = (PLACE, CODE, TIME, OFFICE, FORM, KIND)


@dataclass(frozen=True)
class Checks:
    """All that a question demands of what answers it; `question` has names in the characters of the documents."""

    question: str
    kind: Asked
    places: Sequence[AskedPlace]
    time: AskedTime
    codes: AskedCodes
    numbered: Numbered
    office: AskedOffice | None

    @classmethod
    def of(cls, question: Question, hits: Sequence[Hit]) -> "Checks":
        known = _known_names(hits)
        text = in_characters(question.text, known)
        return cls(
            text,
            question.asked,
            asked_places(text, known),
            asked_time(text, is_number="number" in question.asked.kinds),
            asked_codes(text),
            numbered_things(text),
            asked_office(text),
        )

    def objection(self, setting: Setting) -> str | None:
        """The first check that the sentence fails, None where it may be the answer."""
        passed = {
            PLACE: lambda: is_of_place(self.places, setting),
            CODE: lambda: has_codes(self.codes, setting) and is_of_number(self.numbered, setting),
            TIME: lambda: is_of_time(self.time, setting),
            OFFICE: lambda: tells_holder(self.office, setting),
            FORM: lambda: is_statement(setting) and says_more(self.question, setting),
            KIND: lambda: has_kind(self.question, self.kind, setting),
        }
        return next((name for name in OBJECTIONS if not passed[name]()), None)


def _known_names(hits: Sequence[Hit]) -> set[str]:
    """The counties and towns that the hits' titles and sections name: 左云县."""
    known = set()
    for hit in hits:
        context = hit.stored.passage.context
        text = "\n".join(part for part in (context.place, context.title, hit.stored.passage.section) if part)
        known |= {place.name for _, place in places_in(fold(text)) if RANK.get(place.kind) in (2, 3)}
    return known
