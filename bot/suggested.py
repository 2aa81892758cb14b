"""Questions that the documents put themselves and answer: 问：什么人可以到长者食堂吃饭？

They are found beside everything else, and each is asked once: only what is answered from its own document is offered.
"""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase
from retrieval.types import DocumentRecord, StoredPassage

_PUT = re.compile(
    r"(?:(?:问题?|Q)\s*\d*\s*[:：]|[（(]?[一二三四五六七八九十\d]+[)）、.．])?\s*(?P<question>[^？?“”]{6,40}[？?])"
)
_WANTED = 3
_DOCUMENTS = 30
"""The newest documents that are looked through."""
_TRIED = 9
_NAMED = 3
"""Characters in a row that a question shares with the title of its document: 几点开饭？ alone does not say where."""
_SECONDS = 600
"""How long after one search the next may begin."""
_KNOWN = 1000
"""So many knowledge bases are remembered at a time."""


@dataclass
class Suggestions:
    """What was found last, for the index as it was then."""

    base: KnowledgeBase
    _found: tuple[str, ...] = ()
    _state: dict[str, int] = field(default_factory=dict)
    _begun: float = -_SECONDS

    def now(self, state: dict[str, int], threads: ThreadPoolExecutor) -> tuple[str, ...]:
        """What is known for an index of so many documents and passages; where that is nothing, it is looked for in
        one of the threads, for the next who wants to know."""
        if state == self._state:
            return self._found
        if time.monotonic() - self._begun >= _SECONDS:
            self._begun = time.monotonic()
            threads.submit(self._look, state)
        return ()

    def _look(self, state: dict[str, int]) -> None:
        try:
            self._found = tuple(_answered(self.base))
        except WenjuError:  # the index is being changed: another time
            return
        self._state = state


class SuggestionsOf:
    """The suggestions of several knowledge bases, or of the same as several see it."""

    def __init__(self) -> None:
        self._known: dict[KnowledgeBase, Suggestions] = {}

    def now(self, base: KnowledgeBase, state: dict[str, int], threads: ThreadPoolExecutor) -> tuple[str, ...]:
        """As `Suggestions.now`."""
        if base not in self._known and len(self._known) >= _KNOWN:
            self._known = {}
        return self._known.setdefault(base, Suggestions(base)).now(state, threads)


def _answered(base: KnowledgeBase) -> list[str]:
    """Those that are answered from their own document."""
    found = []
    for document_id, question in islice(_in_turn(base), _TRIED):
        answer = base.ask(question)
        own = [citation.number for citation in answer.citations if citation.document_id == document_id]
        if answer.quotes and answer.quotes[0].citation in own:
            found.append(question)
        if len(found) == _WANTED:
            break
    return found


def _in_turn(base: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Documents and their questions: the first of each document, then the second of each."""
    newest = sorted(base.documents(), key=lambda record: record.date or "", reverse=True)[:_DOCUMENTS]
    put = [
        [(record.document_id, question) for question in questions_of(record, base.passages_of(record.document_id))]
        for record in newest
    ]
    return (pair for turn in zip_longest(*put) for pair in turn if pair is not None)


def questions_of(record: DocumentRecord, passages: list[StoredPassage]) -> Iterator[str]:
    """The questions that stand in the document as sentences of their own and name what they are about."""
    title = "".join(record.title.split())
    names = {title[i : i + _NAMED] for i in range(len(title) - _NAMED + 1)}
    seen = set()
    for stored in passages:
        offset = 0
        for sentence in stored.sentences:
            text = stored.text[offset : offset + sentence.length()].strip()
            offset += sentence.length()
            match = _PUT.fullmatch(text)
            question = " ".join(match["question"].split()) if match is not None else ""
            if question and question not in seen and any(name in question for name in names):
                seen.add(question)
                yield question
