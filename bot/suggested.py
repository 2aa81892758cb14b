"""Questions to begin with: those that documents put themselves (问：什么人可以到长者食堂吃饭？), then those that are
made of what they label.

They are found beside everything else, and each is asked once: only what is answered from its own document is offered.
What was found is kept until the index changes.
"""

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import get_args

from bot.labelled import PutQuestion, labelled_questions, sentences_of
from bot.line import WaitingLine
from bot.memory.suggestions import Suggestion, keep_suggestions, kept_suggestions
from bot.search import newest_first
from config.language import Language
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase, language_of
from retrieval.types import DocumentRecord, StoredPassage

_PUT = re.compile(
    r"(?:(?:问题?|Q)\s*\d*\s*[:：]|[（(]?[一二三四五六七八九十\d]+[)）、.．])?\s*(?P<question>[^？?“”]{6,40}[？?])"
)
_Put = tuple[str, PutQuestion]
WANTED = 3
_DOCUMENTS = 30
"""The newest documents that are looked through."""
_TRIED = 9
"""So many of those that are put, and of those that are made, are asked in a language."""
_OF_EACH = 20
_NAMED = 3
"""Characters in a row that a question shares with the title of its document: 几点开饭？ alone does not say where."""
_SECONDS = 5
"""After so many it is seen that the index has changed."""
_RESTS = 4
"""So many times longer than a search took there is none: an index that is being filled changes all the time."""
_KNOWN = 1000
"""So many knowledge bases are remembered at a time."""


@dataclass
class Suggestions:
    """What was found last, for the index as it was then."""

    base: KnowledgeBase
    _found: tuple[Suggestion, ...] = ()
    _state: str | None = None
    _next: float = 0.0
    """When they may be looked for again, by the monotonic clock."""
    is_asked_for: bool = False
    """Whether somebody wants them looked for."""

    @property
    def known(self) -> tuple[str, ...] | None:
        """The questions for the index as it is; None where they are still to be looked for."""
        state = self.base.state()
        if state is None:
            return ()
        if state != self._state:
            kept = kept_suggestions(self.base, state)
            if kept is None:
                return None
            self._found, self._state = kept, state
        return tuple(question for _, question in self._found)

    def look(self, let_pass: Callable[[], None]) -> None:
        """Look for them unless they are known, or that was done just now; `let_pass` is called before each."""
        self.is_asked_for = False
        began = time.monotonic()
        if began < self._next or self.known is not None:
            return
        state = self.base.state()
        found = tuple(_answered(self.base, let_pass))
        if state is not None:
            self._found, self._state = found, state
            keep_suggestions(self.base, state, found)
        self._next = time.monotonic() + (time.monotonic() - began) * _RESTS


class SuggestionsOf:
    """The suggestions of several knowledge bases, or of the same as several see it; `line` has threads to look."""

    def __init__(self, line: WaitingLine) -> None:
        self._line = line
        self._known: dict[KnowledgeBase, Suggestions] = {}

    def now(self, base: KnowledgeBase, language: str | None) -> tuple[str, ...]:
        """What is known, in the language before others; where that is nothing, it is looked for, for the next who
        wants to know."""
        suggestions = self._of(base)
        known = suggestions.known
        if known is None and not suggestions.is_asked_for:
            suggestions.is_asked_for = True
            self._line.begin(_looked, suggestions, self._line.let_pass)
        return tuple(sorted(known or (), key=lambda question: language_of(question) != (language or "zh"))[:WANTED])

    async def keep_up(self, base: Callable[[], KnowledgeBase]) -> None:
        """Look for them at once, and after each change of the index, so that they are known when somebody comes."""
        while True:
            await self._line.unhurried(lambda: _looked(self._of(base()), self._line.let_pass))
            await asyncio.sleep(_SECONDS)

    def _of(self, base: KnowledgeBase) -> Suggestions:
        if base not in self._known and len(self._known) >= _KNOWN:
            self._known = {}
        return self._known.setdefault(base, Suggestions(base))


def _looked(suggestions: Suggestions, let_pass: Callable[[], None]) -> None:
    with suppress(WenjuError):  # the index is being changed, or out of reach: another time
        suggestions.look(let_pass)


def _answered(base: KnowledgeBase, let_pass: Callable[[], None]) -> list[Suggestion]:
    """Those that are answered from their own document: some in each language that has any."""
    found = list[Suggestion]()
    put, labelled = _in_turn(base)
    for language in get_args(Language):
        own = 0
        for document_id, question in chain(_first(put, language), _first(labelled, language)):
            if own == WANTED:
                break
            let_pass()
            if is_answered(base, question, document_id):
                found.append((document_id, question.question))
                own += 1
    return found


def is_answered(base: KnowledgeBase, put: PutQuestion, document_id: str | None) -> bool:
    """Whether it is answered now, with what it has to be told, and from that document where one is given."""
    answer = base.ask(put.question)
    own = {citation.number for citation in answer.citations if document_id in (None, citation.document_id)}
    is_own = bool(answer.quotes) and answer.quotes[0].citation in own
    return answer.status == "answered" and is_own and put.is_told(answer.answer or "")


def _first(put: list[_Put], language: str) -> Iterator[_Put]:
    return islice((pair for pair in put if language_of(pair[1].question) == language), _TRIED)


def _in_turn(base: KnowledgeBase) -> tuple[list[_Put], list[_Put]]:
    """Documents and what they put, and what they label: one of each document, then a second of each. Neighbours begin
    with another label: many notices have the same."""
    put, labelled = list[list[_Put]](), list[list[_Put]]()
    for place, record in enumerate(newest_first(base.documents())[:_DOCUMENTS]):
        name, passages = record.document_id, base.passages_of(record.document_id)
        put.append([(name, PutQuestion(question)) for question in islice(questions_of(record, passages), _OF_EACH)])
        own = [(name, question) for question in islice(labelled_questions(record, passages), _OF_EACH)]
        begin = place % max(1, len(own))
        labelled.append(own[begin:] + own[:begin])
    return _turns(put), _turns(labelled)


def _turns(of_each: list[list[_Put]]) -> list[_Put]:
    return [pair for turn in zip_longest(*of_each) for pair in turn if pair is not None]


def questions_of(record: DocumentRecord, passages: list[StoredPassage]) -> Iterator[str]:
    """The questions that stand in the document as sentences of their own and name what they are about."""
    title = "".join(record.title.split())
    names = {title[i : i + _NAMED] for i in range(len(title) - _NAMED + 1)}
    return (question for question in questions_put(passages) if any(name in question for name in names))


def questions_put(passages: Iterable[StoredPassage]) -> Iterator[str]:
    """The questions that stand in the passages as sentences of their own, each once."""
    seen = set()
    for stored in passages:
        for text, _ in sentences_of(stored):
            match = _PUT.fullmatch(text)
            question = " ".join(match["question"].split()) if match is not None else ""
            if question and question not in seen:
                seen.add(question)
                yield question
