"""A question by its text alone: what can be told of it without an index."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from config.language import Language
from retrieval.index.base import PassageIndex
from retrieval.query.asked.kinds import AskedKinds
from retrieval.query.asked.named import NamedText, named_whole
from retrieval.query.asked.second import second_part
from retrieval.query.asked.sides import questions_of_sides
from retrieval.query.asked.town import TownQuestion, town_question
from retrieval.query.asked.wanted import WantedFigure, wanted_figure, wanted_time
from retrieval.query.library.force import ForceQuestion, force_question
from retrieval.query.library.paper import Paper, named_paper, within_paper
from retrieval.query.library.questions import LibraryQuestion, library_question
from retrieval.query.message.courtesy import language_of
from retrieval.query.words.content import content_tokens
from retrieval.query.words.synonyms import Synonyms
from retrieval.query.words.widening import Widening, widening
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES, WHICH
from retrieval.text.sounds import SpokenName, asked_sounds, has_unreadable_name, in_characters, spoken_names

_WHICH_PLACE = re.compile(rf"(?:{WHICH}|哪一?个?)(?P<kind>[{PLACES}]|社区|街道)")


@dataclass(frozen=True)
class QuestionText:
    """`wording` is what it says, which only this folder reads: everyone else asks for what they need of it."""

    wording: str

    @property
    def as_shown(self) -> str:
        """The question as people are shown it in an answer."""
        return self.wording

    @property
    def language(self) -> Language:
        """The language in which Wenju speaks to who asks so."""
        return language_of(self.wording)

    @property
    def is_foreign(self) -> bool:
        """Whether it has no Chinese or Japanese character."""
        return self.language == "en"

    @property
    def for_embedder(self) -> str:
        """What the embedding model is given."""
        return self.wording

    @cached_property
    def tokens(self) -> Sequence[str]:
        """The tokens whose statistics it needs."""
        return [*dict.fromkeys([*content_tokens(self.wording), *asked_sounds(self.wording)])]

    def widened(self, synonyms: Synonyms, index: PassageIndex) -> Widening:
        """What else it might have said."""
        return widening(self.wording, synonyms, index)

    def in_characters(self, names: Iterable[str]) -> "QuestionText":
        """The same with the names that it writes in letters as they are in `names`."""
        return QuestionText(in_characters(self.wording, names))

    @cached_property
    def spoken_names(self) -> Sequence[SpokenName]:
        """The names that it writes in Latin or Cyrillic letters."""
        return spoken_names(self.wording)

    @property
    def has_unreadable_name(self) -> bool:
        """Whether it writes a name in Cyrillic letters that may be one which the documents write in characters."""
        return has_unreadable_name(self.wording)

    @cached_property
    def named(self) -> NamedText | None:
        """The article or the paper that it names, where it asks nothing else."""
        return named_whole(self.wording)

    @cached_property
    def paper(self) -> Paper | None:
        """The one paper that it names."""
        return named_paper(self.wording)

    def within(self, paper: Paper, title: str) -> "QuestionText":
        """The question as it is asked of the paper alone that it names, which goes by the title."""
        return QuestionText(within_paper(self.wording, paper, title))

    @property
    def asks_something(self) -> bool:
        return any(character.isalnum() for character in self.wording)

    def of_library(self, today: datetime.date) -> LibraryQuestion | None:
        """What it asks about the library itself."""
        return library_question(self.wording, today)

    @cached_property
    def of_force(self) -> ForceQuestion | None:
        """What it asks of the force of a paper, and nothing else."""
        return force_question(self.wording)

    @cached_property
    def sides(self) -> "tuple[QuestionText, QuestionText] | None":
        """The questions for the figure of either place that it compares."""
        sides = questions_of_sides(self.wording)
        return None if sides is None else (QuestionText(sides[0]), QuestionText(sides[1]))

    @cached_property
    def of_town(self) -> TownQuestion | None:
        """The town of which it asks what a rule tells."""
        return town_question(self.wording)

    def of_county(self, town: TownQuestion, county: str) -> "QuestionText":
        """The question as it is asked of the county of its town."""
        return QuestionText(town.of(county))

    @cached_property
    def wanted_figure(self) -> WantedFigure | None:
        """The figure or the date that it asks for; None where it asks for none, or does not say of what."""
        return wanted_figure(self.wording)

    @cached_property
    def wanted_time(self) -> Literal["hour", "day"] | None:
        """Whether it asks for a time, and which."""
        return wanted_time(self.wording)

    @cached_property
    def second_part(self) -> "QuestionText | None":
        """The second of two things that it asks for."""
        part = second_part(self.wording)
        return None if part is None else QuestionText(part)

    @property
    def has_second_part(self) -> bool:
        """Whether it asks for two things."""
        return self.second_part is not None

    @cached_property
    def asks_for_person(self) -> bool:
        return "person" in AskedKinds(self.wording).kinds

    @cached_property
    def place_kind(self) -> str | None:
        """The kind of the place that it asks for: 村 of 哪个村."""
        match = _WHICH_PLACE.search(fold(self.wording))
        return match["kind"] if match else None
