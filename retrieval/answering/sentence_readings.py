"""The sentences of the hits that were read so far: what the reader says of each, and what stands against it."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from retrieval.answering.checks.named import is_asked_above, is_named
from retrieval.answering.checks.objections import CODE, FORM, KIND, Checks
from retrieval.answering.checks.setting import Setting
from retrieval.query.question import Question
from retrieval.reading.base import Reader
from retrieval.reading.inputs import sentence_input
from retrieval.reading.reworded import read_apart, read_in_their_words
from retrieval.readings import Objection, Reading
from retrieval.text.fold import fold
from retrieval.types import Hit, StoredPassage

_ALIKE = 3.0
"""How far the log odds of sentences that answer alike lie apart at most."""

Place = tuple[int, int]
"""A hit, and a sentence in it, by number."""
Position = tuple[str, int]
"""A document's id, and the offset in its text at which a sentence begins."""
TextOf = Callable[[str], str]
"""The text of a document, folded, by its id."""


def position_of(stored: StoredPassage, sentence: int) -> Position:
    """Where the sentence stands, the same in all passages that hold it."""
    return stored.document.document_id, stored.sentences[sentence].spans[0][0]


class SentenceReadings:
    """`readings` are what was read, `places` where it stands first, and `asked_above` the sentences below the very
    question. `named_places` are those where the article or paper begins that the question names, where it asks
    nothing else."""

    def __init__(
        self, question: Question, hits: Sequence[Hit], reader: Reader, text_of: TextOf, today: datetime.date
    ) -> None:
        self.question, self.hits = question, hits
        self.checks = Checks.of(question, hits, today)
        self.readings: dict[Position, Reading] = {}
        self.places: dict[Position, Place] = {}
        self.asked_above: dict[Position, str] = {}
        self._reader, self._text_of, self._inputs = reader, lru_cache(None)(text_of), dict[Position, str]()
        asked_time = self.checks.demands.time
        self._meant = asked_time.meant_year, today if asked_time.near else None
        self.named_places, self._numbered_alike = self._find_named()

    def setting_of(self, number: int, sentence: int) -> Setting:
        stored = self.hits[number].stored
        return Setting(stored, sentence, partial(self._text_of, stored.document.document_id))

    def at(self, place: Place) -> Position:
        return position_of(self.hits[place[0]].stored, place[1])

    def everything(self) -> list[Setting]:
        """All sentences of the hits, read or not."""
        return [self.setting_of(h, i) for h, hit in enumerate(self.hits) for i in range(len(hit.stored.sentences))]

    def read(self, places: Sequence[Place]) -> None:
        if not places:
            return
        question, demands = self.question, self.checks.demands
        texts = [sentence_input(self.hits[h].stored, i, question.terms) for h, i in places]
        logits = read_in_their_words(self._reader, demands.for_reader, texts, question.widening, *self._meant)
        for place, text, logit in zip(places, texts, logits, strict=True):
            setting, position, is_meant = self.setting_of(*place), self.at(place), place in self.named_places
            if is_asked_above(question, setting):
                self.asked_above[position] = setting.sentence
            is_asked = position in self.asked_above
            objection = self._objection(place, setting, is_meant=is_meant, is_asked=is_asked)
            self.readings[position] = Reading(logit, objection, is_meant or is_asked)
            self.places[position], self._inputs[position] = place, text

    def _objection(self, place: Place, setting: Setting, *, is_meant: bool, is_asked: bool) -> Objection | None:
        objection = self.checks.objection(setting)
        if (is_meant and objection in (FORM, KIND)) or (is_asked and objection == FORM):
            objection = None
        if place in self._numbered_alike:
            objection = CODE
        if self.checks.demands.named and not self.named_places:  # several have it, and none is named
            objection = objection or FORM
        return objection

    def read_apart(self, positions: Sequence[Position]) -> None:
        """Once more, apart from what is known beside them; the mean of both log odds counts."""
        widening, again = self.question.widening, [self._inputs[position] for position in positions]
        apart = read_apart(self._reader, self.checks.demands.for_reader, again, widening, *self._meant)
        for position, logit in zip(positions, apart, strict=True):
            self.readings[position] = replace(
                self.readings[position], logit=(self.readings[position].logit + logit) / 2
            )

    def lift(self, sections: Mapping[Place, Place]) -> None:
        """What begins a section is as likely as the heading that is asked for."""
        for heading, first in ((self.at(heading), self.at(first)) for heading, first in sections.items()):
            if heading in self.readings and first in self.readings:  # not all are read where one answers plainly
                logit = max(self.readings[first].logit, self.readings[heading].logit)
                self.readings[first] = replace(self.readings[first], logit=logit)

    def object(self, objection: Objection, positions: Iterable[Position]) -> None:
        self.readings |= {position: replace(self.readings[position], objection=objection) for position in positions}

    def passed(self) -> dict[Position, Setting]:
        """What no check objects to."""
        passing = (position for position, reading in self.readings.items() if reading.objection is None)
        return {position: self.setting_of(*self.places[position]) for position in passing}

    def likely(self) -> dict[Position, float]:
        """The log odds of the sentences that may answer, as far as the likeliest of them."""
        passed = {position: reading.logit for position, reading in self.readings.items() if reading.objection is None}
        best = max(passed.values(), default=0.0)
        return {position: logit for position, logit in passed.items() if logit > best - _ALIKE}

    def _find_named(self) -> tuple[list[Place], list[Place]]:
        """Where what the question names begins, and where what has the same number does. Of several documents (each
        has a 第三条) the one counts whose title the question names best; none where it names two alike."""
        named, found = self.checks.demands.named, dict[Position, Place]()
        for h, hit in enumerate(self.hits if named else ()):
            for i in range(len(hit.stored.sentences)):
                if is_named(named, self.setting_of(h, i)):
                    found.setdefault(position_of(hit.stored, i), (h, i))
        shares = {
            candidate: self.question.terms.overlap(fold(self.hits[candidate[0]].stored.document.title))
            for candidate in found.values()
        }
        best = [candidate for candidate, share in shares.items() if share == max(shares.values())]
        if len({self.setting_of(*candidate).sentence for candidate in best}) > 1:
            return [], list(shares)
        return best[:1], [candidate for candidate in shares if candidate not in best]
