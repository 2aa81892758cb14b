"""A question as the search understands it: its weighted tokens, the places and kinds of thing that it asks for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.index.base import TermStatistics
from retrieval.query.asked.bounds import gapped
from retrieval.query.asked.kinds import AskedKinds
from retrieval.query.asked.office import AskedOffice, asked_office
from retrieval.query.asked.over_rows import RowsQuestion, readings
from retrieval.query.asked.phone import phone_owner
from retrieval.query.asked.sections import AskedSection, asked_section, says_thing
from retrieval.query.followup.pronouns import points_at_place
from retrieval.query.library.paper import DRAFT
from retrieval.query.message.courtesy import language_of
from retrieval.query.question_text import QuestionText
from retrieval.query.repeated import bare, repeats
from retrieval.query.words.content import content_part, content_tokens
from retrieval.query.words.terms import Terms
from retrieval.query.words.widening import NOT_WIDENED, Widening
from retrieval.text.divisions import short_name
from retrieval.text.fold import KANA, fold
from retrieval.text.lexicon import COUNTED, COUNTED_PERSONS, HOW_MANY, WHO
from retrieval.text.places import asked_names, places_asked
from retrieval.text.sounds import SOUND, SpokenName, asked_sounds
from retrieval.text.tokens import is_unspaced, tokenize
from retrieval.text.words import things

_WHICH = re.compile(rf"哪(?:一)?[{COUNTED}]|{WHO}")
_PEOPLE = re.compile(rf"(?:{HOW_MANY})[{COUNTED_PERSONS}]?人(?![均次])")
_DRAFT = re.compile(DRAFT)


@dataclass(frozen=True)
class Question(QuestionText):
    """`terms` is all that is asked about: `subject` the places and foreign names in it, `body` the rest."""

    terms: Terms
    subject: Terms
    body: Terms
    asked: AskedKinds
    places: Sequence[tuple[str, str]]
    names: Sequence[str]
    """The places by name, folded: 左云县, or 左云 where the question says so."""
    unsaid: float
    """Share of the weight whose tokens no passage of the index holds."""
    widening: Widening = NOT_WIDENED

    @cached_property
    def share_weights(self) -> NDArray[np.float64]:
        """Shape (tokens of `terms`, 3): what each token adds to the shares of `terms`, `subject` and `body`."""
        columns = [
            [terms.weights.get(token, 0.0) / terms.weight if terms.weight else 0.0 for token in self.terms.weights]
            for terms in (self.terms, self.subject, self.body)
        ]
        return np.array(columns).T

    @cached_property
    def searched(self) -> Sequence[str]:
        """The tokens by which passages are looked for."""
        sounds = asked_sounds(self.wording)
        # Small words of another language are noise to the words of a Chinese page; names are what both share.
        tokens = content_tokens(self.wording) if sounds else tokenize(self.wording)
        return [*tokens, *sounds, *self.widening.words]

    @cached_property
    def office(self) -> AskedOffice | None:
        """The office whose holder is asked for, or that of a person; None where neither is."""
        return asked_office(self.wording)

    @cached_property
    def points_at_place(self) -> bool:
        """Whether it begins with a place that neither it nor the thread names: 这个村."""
        return points_at_place(self.wording)

    @cached_property
    def phone_owner(self) -> str | None:
        """Whose telephone number it asks for, and nothing else."""
        return phone_owner(self.wording)

    @cached_property
    def asks_which(self) -> bool:
        """Whether it asks for one of several: 哪个供水站, 谁."""
        return _WHICH.search(self.wording) is not None

    @cached_property
    def asks_how_many_people(self) -> bool:
        return _PEOPLE.search(self.wording) is not None

    @cached_property
    def is_of_draft(self) -> bool:
        """Whether it asks of a paper before it is one: 征求意见稿."""
        return _DRAFT.search(self.wording) is not None

    @cached_property
    def over_rows(self) -> tuple[RowsQuestion, ...]:
        """What it may ask of the rows of a table, the likeliest first."""
        return tuple(readings(self.wording))

    @cached_property
    def second(self) -> Terms:
        """The terms of the second of two things that it asks for; empty for others."""
        return self.terms.only(content_tokens(self.second_part.wording if self.second_part else ""))

    @cached_property
    def _folded(self) -> str:
        return fold(self.wording)

    @cached_property
    def _squeezed(self) -> str:
        return "".join(self._folded.split())

    def says_thing(self, thing: str) -> bool:
        """Whether it says the (folded) thing, in other words or in short as well."""
        return any(says_thing(text, thing) for text in self._said)

    @cached_property
    def _said(self) -> tuple[str, ...]:
        """What it says, in these words and in others, folded."""
        return (self._folded, *self.widening.rewordings(self.wording))

    @cached_property
    def things(self) -> tuple[str, ...]:
        """The sorts of things that it names: 身份证."""
        return things(content_part(self._folded))

    def is_held(self, thing: str, folded: str) -> bool:
        """Whether the text says one of its things, in other words too."""
        own = self.terms.only(tokenize(thing))
        return own.held(folded) >= own.weights.keys()

    def says(self, words: str, besides: Iterable[str] = ()) -> bool:
        """Whether it holds the (folded) words, spaces aside, and not only within those `besides`."""
        return words in gapped(self._squeezed, besides)

    def places_of(self, heading: str, besides: Iterable[str]) -> frozenset[int]:
        """Where it says what the (folded) heading says, two characters at least, and not within those `besides`."""
        text, length = gapped(self._squeezed, besides), min(len(heading), 2)
        runs = {heading[at : at + length] for at in range(len(heading) - length + 1)}
        found = (at for at in range(len(text)) if text[at : at + length] in runs)
        return frozenset(place for at in found for place in range(at, at + length))

    @cached_property
    def section(self) -> AskedSection | None:
        """The section of a paper that it asks for by its heading."""
        return asked_section(self.wording)

    def says_of_another(self, end: str, name: str) -> bool:
        """Whether it holds what the (folded) name ends in, behind something else than stands there in the name."""
        at = self._squeezed.find(end)
        before = self._squeezed[at - 1] if at > 0 else ""
        return before != "" and is_unspaced(before) and not name.endswith(before + end)

    def begins_with(self, name: SpokenName) -> bool:
        return self.wording.startswith(name.words)

    def goes_on_with_place(self, name: str) -> bool:
        """Whether another of its `names` stands right behind this one: 山西 in 山西左云县."""
        end = self._folded.find(name) + len(name)
        return any(self._folded.startswith(other, end) for other in self.names)

    def is_repeated_by(self, heading: str) -> bool:
        """Whether the heading is the very question, marks and numbers aside, and the place where the question names
        none."""
        return repeats(heading, bare(self.wording), with_place=not self.places)

    @cached_property
    def _asked(self) -> tuple[AskedKinds, ...]:
        """What is asked for, in these words and in others."""
        return (self.asked, *map(AskedKinds, self._said[1:]))

    def focus_held_by(self, sentence: str) -> float:
        return max([asked.focus_held_by(sentence) for asked in self._asked])

    def unit_held_by(self, sentence: str) -> float:
        return max([asked.unit_held_by(sentence) for asked in self._asked])

    @classmethod
    def of(cls, asked: QuestionText, statistics: TermStatistics, widening: Widening = NOT_WIDENED) -> "Question":
        text, tokens = asked.wording, asked.tokens
        if language_of(text) == "en" or KANA.search(text):
            # Words of another language than the documents' can be found in none of them: that says nothing.
            tokens = [token for token in tokens if token.startswith(SOUND) or statistics.document_frequency[token]]
        places = places_asked(text)
        named = asked_names(text)
        names = {name for place in named for name in (place, short_name(place))}
        subject = {token for name in names for token in tokenize(name)} | set(asked_sounds(text))
        widening = widening.without(subject)
        statistics = widening.counted(statistics)
        terms = Terms.weighted(tokens, statistics, widening)
        unsaid = terms.share(token for token in tokens if not statistics.document_frequency[token])
        body = terms.only(set(tokens) - subject)
        return cls(text, terms, terms.only(subject), body, AskedKinds(text), places, named, unsaid, widening)
