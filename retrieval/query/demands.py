"""All that a question demands of what answers it, read from it once."""

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from retrieval.query.asked.codes import AskedCodes, asked_codes
from retrieval.query.asked.kinds import AskedKinds
from retrieval.query.asked.measures import AskedMeasure, asked_measure
from retrieval.query.asked.named import NamedText, named_whole
from retrieval.query.asked.office import AskedOffice
from retrieval.query.asked.places import AskedPlace, asked_places
from retrieval.query.asked.times import AskedTime, asked_time, timeless
from retrieval.query.question import Question
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW, MANY, WHAT, WHERE
from retrieval.text.numbered import Numbered, numbered_things
from retrieval.text.sorts import Sorts, sorts_in
from retrieval.text.sounds import in_characters

_ASKS_FILE_NUMBER = re.compile(rf"(?:发文字号|(?<!批准)文号|发文号)(?:是|为)?(?:{WHAT}|{MANY}|哪个)?[呢呀啊?。!]*$")
_ASKS_WHERE = re.compile(f"{WHERE}|{HOW}|在哪|附件")

_LAST_CLAUSE = re.compile("[^,，。;；?？!！]+[?？。!！]*$")
"""The one that asks: in 镇卫生院又不看牙，该上哪去 another hospital than the one that is named is meant."""
_OF_PHONES = re.compile("电话|热线|手机|号码|联系|打")


@dataclass(frozen=True)
class Demands:
    """`wording` is the question with names in the characters of the documents; only this folder reads it."""

    wording: str
    kind: AskedKinds
    measure: AskedMeasure
    places: tuple[AskedPlace, ...]
    time: AskedTime
    codes: AskedCodes
    numbered: Numbered
    sorts: Sorts
    office: AskedOffice | None
    named: NamedText | None

    @classmethod
    def of(cls, question: Question, known: Collection[str], today: datetime.date | None = None) -> "Demands":
        """`known` are names from documents (左云县): a question that says 左云, or zuoyun, means them. `today` tells
        which year 今年 is."""
        text = in_characters(question.wording, known)
        return cls(
            text,
            question.asked,
            asked_measure(text),
            tuple(asked_places(text, known)),
            asked_time(text, is_number="number" in question.asked.kinds, today=today),
            asked_codes(text),
            numbered_things(text),
            sorts_in(asking[0] if (asking := _LAST_CLAUSE.search(text)) else text),
            question.office,
            named_whole(text),
        )

    @cached_property
    def for_reader(self) -> str:
        """What the reader is given."""
        return timeless(self.wording)

    @cached_property
    def _folded(self) -> str:
        return fold(self.wording)

    @cached_property
    def asks_where(self) -> bool:
        """Whether it is asked where something is found, or how it is come by."""
        return _ASKS_WHERE.search(self._folded) is not None

    @cached_property
    def asks_phone(self) -> bool:
        """Whether it speaks of telephones at all: 有热线吗."""
        return _OF_PHONES.search(self._folded) is not None

    @cached_property
    def asks_file_number(self) -> bool:
        """Whether the number of a paper is asked for: 纪要的文号."""
        return _ASKS_FILE_NUMBER.search(self._folded) is not None

    def says(self, words: str) -> bool:
        """Whether the question holds the (folded) words."""
        return words in self._folded
