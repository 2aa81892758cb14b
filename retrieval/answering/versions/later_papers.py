"""What became of a rule: which sentence of a later paper ends it, or changes its words."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from retrieval.answering.citations import cite
from retrieval.answering.library.papers import PaperExcerpt, own_number
from retrieval.answering.versions.changes import VERBS, Change, changes_in
from retrieval.answering.versions.repeal_lists import as_sentence, is_named
from retrieval.answering.versions.repeals import ends, is_draft
from retrieval.index.base import PassageIndex
from retrieval.ranking.evidence import ANSWER_LENGTH, sentence_spans
from retrieval.reasons import ReasonCode
from retrieval.text.fold import fold, fold_all
from retrieval.text.lists import is_row
from retrieval.text.times import last_has_come
from retrieval.text.tokens import tokenize
from retrieval.types import Citation, Span, StoredPassage

_IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:正式)?(?:施行|实施|执行|生效)")
_SHORTEST = 4
"""Characters of the title of a rule that another paper may be said to name."""
_ENDS = ("废止", "失效")
_BECOMES = (*_ENDS, *VERBS, "改为", "改成")
_LOOKED_AT, _MOST = 100, 20
"""Passages, and documents, that name a rule beside one of these words, looked at for what became of it."""
_WHOLE = 200
"""Passages of a document that is looked through whole, at most."""


@dataclass(frozen=True, slots=True)
class RuleUpdate:
    """How a later paper changes a rule (None: it ends it), in a sentence; in a list, `lead` is what leads to it."""

    change: Change | None
    said: PaperExcerpt
    lead: PaperExcerpt | None = None

    @property
    def stored(self) -> StoredPassage:
        return self.said.stored

    @property
    def excerpts(self) -> list[PaperExcerpt]:
        """The sentence, behind the one that leads to the list in which it stands."""
        return [*([self.lead] if self.lead else ()), self.said]

    @property
    def together(self) -> list[PaperExcerpt]:
        """The same as one, with what stands between them, where that is short."""
        first, last = self.excerpts[0], self.said
        is_short = first.stored is last.stored and last.end - first.start <= ANSWER_LENGTH
        return [PaperExcerpt(last.stored, first.start, last.end)] if is_short else self.excerpts

    @property
    def code(self) -> ReasonCode:
        if self.change is not None:
            return "amended"
        return "repealed" if "废止" in fold(self.excerpts[0].text) else "lapsed"


@dataclass(frozen=True)
class _Sentence:
    """Sentence `number` of a passage, and its text, folded."""

    stored: StoredPassage
    number: int
    text: str

    @cached_property
    def excerpt(self) -> PaperExcerpt:
        start, end = sentence_spans(self.stored)[self.number]
        return PaperExcerpt(self.stored, start, start + len(self.stored.text[start:end].rstrip()))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return tuple(changes_in(self.text))


class LaterPapers:
    """Looks for what became of rules in these passages (None: in all of the index), as far as it is in force on
    `today`. `text_of` gives the folded text of a document of the index."""

    def __init__(
        self,
        index: PassageIndex,
        text_of: Callable[[str], str],
        today: datetime.date,
        passages: Sequence[StoredPassage] | None = None,
    ) -> None:
        self._index, self._today = index, today
        self._text_of = lru_cache(None)(text_of)
        self._passages_of = lru_cache(None)(index.passages_of)
        self._passages = passages
        # No cache around a method of its own: the circle would keep the index open until it is collected.
        self._naming: dict[tuple[str, str], list[_Sentence]] = {}

    @cached_property
    def _given(self) -> list[_Sentence] | None:
        return None if self._passages is None else [*_sentences(self._passages)]

    def ended_by(self, stored: StoredPassage) -> str | None:
        """The id of the document that ended the paper in which the passage stands."""
        rule = cite(1, stored)
        end = next(self._ends(self._told_of(rule), rule), None)
        return None if end is None else end.stored.document.document_id

    def last_of(self, rule: Citation, span: Span) -> RuleUpdate | None:
        """What ended the rule, or last changed what stands in that span of the citation's text."""
        told = self._told_of(rule)
        return next(self._ends(told, rule), None) or self._last_change(told, rule, span)

    def newest_of(self, rule: Citation, *, is_ended: bool) -> RuleUpdate | None:
        """What the newest paper says that ended the rule, or else that changed it, whatever of it that is."""
        told = sorted(self._told_of(rule), key=lambda sentence: sentence.stored.document.date or "", reverse=True)
        return next(self._ends(told, rule) if is_ended else self._changes(told, rule), None)

    def _told_of(self, rule: Citation) -> list[_Sentence]:
        if len(rule.title) < _SHORTEST:
            return []
        given = self._given
        if given is None:
            given = self._naming.get((rule.document_id, rule.title))
        if given is None:
            given = self._naming[rule.document_id, rule.title] = self._found(rule.document_id, rule.title)
        return [sentence for sentence in given if sentence.stored.document.document_id != rule.document_id]

    def _found(self, document_id: str, title: str) -> list[_Sentence]:
        """Sentences that may say what became of the rule: they or others of their documents name it, by its title or
        its number. Short documents are there whole."""
        number = own_number(self._passages_of(document_id))
        names = [tokenize(title), *([tokenize(number.text)] if number else ())]
        words = [tokenize(word) for word in _BECOMES]
        holding = self._index.holding
        held = [stored for word in ([], *words) for name in names for stored in holding([*name, *word], _LOOKED_AT)]
        others = {stored.document.document_id: stored.document for stored in held}
        others.pop(document_id, None)
        documents = [*others.values()][:_MOST]
        long = [document.document_id for document in documents if document.passages > _WHOLE]
        near = frozenset(self._index.keys(long, None, None))
        held += [stored for word in words for stored in holding(word, _LOOKED_AT, near)]
        short = [document.document_id for document in documents if document.passages <= _WHOLE]
        whole = [stored for other in short for stored in self._passages_of(other)]
        return [*_sentences({stored.passage.passage_id: stored for stored in (*whole, *held)}.values())]

    def _ends(self, told: Sequence[_Sentence], rule: Citation) -> Iterator[RuleUpdate]:
        return filter(None, (self._end(sentence, rule) for sentence in told))

    def _end(self, sentence: _Sentence, rule: Citation) -> RuleUpdate | None:
        """The sentence where it ends the rule, with the line above that ends all that are listed under it."""
        title, said, lead = fold(rule.title), sentence.text, None
        if is_row(said) or not any(word in said for word in _ENDS):
            if not is_named(title, said):
                return None
            above = self._above(sentence.stored, sentence.number)
            listed = as_sentence(said, title, [line.text for line in above])
            if listed is None:
                return None
            said, number = listed
            lead = above[number].excerpt if number < len(above) else None
        own = self._text_of(rule.document_id)
        if not ends(said, title, own, rule.date or "", self._today) or not self._is_in_force(sentence.stored):
            return None
        return RuleUpdate(None, sentence.excerpt, lead)

    def _changes(self, told: Sequence[_Sentence], rule: Citation) -> Iterator[RuleUpdate]:
        return (
            RuleUpdate(change, sentence.excerpt)
            for sentence in told
            for change in sentence.changes
            if self._is_of(sentence, change, rule)
        )

    def _last_change(self, told: Sequence[_Sentence], rule: Citation, span: Span) -> RuleUpdate | None:
        """What changes the words in that span, or the last that changes what that has made of them: 60元 to 80元, and
        80元 to 40元."""
        shown = fold(rule.text)
        left = [(sentence, change) for sentence in told for change in sentence.changes]
        if not any(change.old is None or change.old in shown for _, change in left):
            return None
        before = self._text_above(rule) + _on_lines(rule, 0, span[0])
        text = before + _on_lines(rule, *span)
        within = len(before), len(text)
        last: RuleUpdate | None = None
        while step := next(
            ((*both, place) for both in left if (place := both[1].place(text, within)) and self._is_of(*both, rule)),
            None,
        ):
            sentence, made, (start, end) = step
            last = RuleUpdate(made, sentence.excerpt)
            text = text[:start] + made.new + text[end:]
            within = start, start + len(made.new)
            left = [(later, change) for later, change in left if (change.old, change.new) != (made.old, made.new)]
        return last

    def _is_of(self, sentence: _Sentence, change: Change, rule: Citation) -> bool:
        above = (line.text for line in self._above(sentence.stored, sentence.number))
        titled = "\n".join((fold(sentence.stored.passage.context.title), *above))
        return change.is_of(fold(rule.title), titled) and self._is_in_force(sentence.stored)

    def _text_above(self, rule: Citation) -> str:
        """What stands above the passage in its article: it may say which of its parts the passage goes on."""
        siblings = self._passages_of(rule.document_id)
        own = next((stored for stored in siblings if stored.passage.passage_id == rule.passage_id), None)
        return "".join(f"{line.text}\n" for line in self._above(own, 0)) if own is not None else ""

    def _above(self, stored: StoredPassage, number: int) -> list[_Sentence]:
        """The sentences of its article that stand above this one of the passage."""
        passage = stored.passage
        places = {
            other.passage.first + at: (other, at, span)
            for other in (*self._passages_of(stored.document.document_id), stored)
            if other.passage.context.title == passage.context.title
            for at, span in enumerate(sentence_spans(other))
            if other.passage.first + at < passage.first + number
        }
        return [*_folded([places[at] for at in sorted(places)])]

    def _is_in_force(self, stored: StoredPassage) -> bool:
        """Whether its paper is decided, and says of no later day that it begins then."""
        if is_draft(fold(stored.passage.context.title)):
            return False
        return last_has_come(_IN_FORCE.finditer(self._text_of(stored.document.document_id)), self._today)


def _on_lines(rule: Citation, start: int, end: int) -> str:
    """[start, end) of the citation's text, folded, each line on its own: articles begin there."""
    edges = [start, *(edge for edge in rule.breaks if start < edge < end), end]
    lines = fold("\n".join(rule.text[first:last] for first, last in pairwise(edges)))
    return f"{lines}\n" if end in rule.breaks else lines


def _sentences(passages: Iterable[StoredPassage]) -> Iterator[_Sentence]:
    return _folded([(stored, at, span) for stored in passages for at, span in enumerate(sentence_spans(stored))])


def _folded(places: Sequence[tuple[StoredPassage, int, Span]]) -> Iterator[_Sentence]:
    texts = fold_all([stored.text[start:end].rstrip() for stored, _, (start, end) in places])
    return (_Sentence(stored, number, text) for (stored, number, _), text in zip(places, texts, strict=True))
