"""What else a question might have said: other words for its words, and other spellings of its numbers.

Both sides are found by either: the words are looked for with the others, and a word counts as held where another of
its set stands. The vector is that of the question as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from retrieval.index.base import PassageIndex, TermStatistics
from retrieval.query.words.short_bodies import bodies_in_full
from retrieval.query.words.synonyms import Synonyms, is_whole
from retrieval.text.abbreviations import DEFINES, abbreviations
from retrieval.text.fold import fold
from retrieval.text.spelled import numerals
from retrieval.text.tokens import is_unspaced, tokenize

_DEFINITIONS = 10
"""Passages with a definition that are looked through for each pair of characters of a question."""
_PAIRS = 24
_NUMERIC = frozenset("0123456789〇零一二三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟%‰")


@dataclass(frozen=True, slots=True)
class OtherWord:
    """Where a folded text says `form`, the question's `tokens` count as held. It stands for `word`; that is empty
    where only what surrounds it does."""

    form: str
    tokens: frozenset[str]
    word: str = ""
    is_number: bool = False

    def stands_in(self, folded: str) -> bool:
        start = folded.find(self.form)
        while start >= 0:
            end = start + len(self.form)
            if is_whole(folded, start, end) and not (self.is_number and _is_cut(folded, start, end)):
                return True
            start = folded.find(self.form, start + 1)
        return False


@dataclass(frozen=True, slots=True)
class Widening:
    """How one question is widened; `words` are the tokens by which its other words are looked for."""

    others: tuple[OtherWord, ...] = ()
    words: tuple[str, ...] = ()

    def held(self, folded: str) -> frozenset[str]:
        """Tokens of the question for which other words stand in the folded text."""
        return frozenset[str]().union(*(other.tokens for other in self.others if other.stands_in(folded)))

    def without(self, tokens: Iterable[str]) -> "Widening":
        """As it is, but none of these tokens counts as held: the names of places are told apart as they are
        written."""
        names = frozenset(tokens)
        return replace(self, others=tuple(replace(other, tokens=other.tokens - names) for other in self.others))

    def counted(self, statistics: TermStatistics) -> TermStatistics:
        """The statistics with a token in as many passages as hold another word for it, where these are more."""
        if not self.others:
            return statistics
        known = dict(statistics.document_frequency)
        for other in self.others:
            there = min((known.get(token, 0) for token in _looked_for(other.form)), default=0)
            for token in other.tokens if other.word else ():
                known[token] = max(known.get(token, 0), there)
        return replace(statistics, document_frequency=known)

    def reworded(self, question: str, text: str) -> str:
        """The question in the words of the text: where that has another word and not the question's own."""
        folded = fold(text) if self.others else ""
        for other in self.others:
            asked = fold(question)
            if other.word and other.word in asked and other.word not in folded and other.stands_in(folded):
                question = asked.replace(other.word, other.form)
        return question

    def rewordings(self, question: str) -> tuple[str, ...]:
        """The question with another word in the place of one, for each that is no number."""
        asked = fold(question)
        return tuple(
            asked.replace(other.word, other.form) for other in self.others if other.word and not other.is_number
        )


NOT_WIDENED = Widening()


def widening(question: str, synonyms: Synonyms, index: PassageIndex) -> Widening:
    """By the office's own synonyms, by what the documents define, by short names of bodies, and by the forms of
    numbers."""
    folded = " ".join(fold(question).split())
    shorts = [*_defined(folded, index), *bodies_in_full(folded, index)]
    others = [*_of_words(folded, synonyms.both(shorts)), *_of_numbers(folded)]
    words = [token for other in others if other.word for token in _looked_for(other.form)]
    return Widening(tuple(others), tuple(dict.fromkeys(words)))


def _of_words(folded: str, synonyms: Synonyms) -> Iterator[OtherWord]:
    for start, said, others in synonyms.said_in(folded) if synonyms.sets else ():
        end = start + len(said)
        before, behind = folded[start - 1 : start], folded[end : end + 1]
        for other in others:
            yield OtherWord(other, frozenset(tokenize(said)), said)
            # 低保标准 has 保标 where the text has 障标.
            if before and is_unspaced(before) and is_unspaced(said[0]):
                yield OtherWord(before + other, frozenset((before + said[0],)))
            if behind and is_unspaced(behind) and is_unspaced(said[-1]):
                yield OtherWord(other + behind, frozenset((said[-1] + behind,)))


def _of_numbers(folded: str) -> Iterator[OtherWord]:
    for numeral in numerals(folded):
        tokens = frozenset(tokenize(numeral.form))
        yield from (OtherWord(other, tokens, numeral.form, is_number=True) for other in numeral.others)


def _looked_for(written: str) -> Iterable[str]:
    """Words and pairs of characters; single ones stand in every passage."""
    return (token for token in tokenize(written) if len(token) > 1)


def _defined(folded: str, index: PassageIndex) -> list[tuple[str, str]]:
    """(short form, name) for what the documents define, one of which the question says. What is short for several
    names says nothing."""
    if not index.statistics([DEFINES]).document_frequency[DEFINES]:
        return []
    pairs = [token for token in dict.fromkeys(_looked_for(folded)) if is_unspaced(token[0])]
    known = index.statistics(pairs).document_frequency
    rarest = sorted((pair for pair in pairs if known[pair]), key=known.__getitem__)[:_PAIRS]
    found = _definitions(([pair] for pair in rarest), index)
    # Of another office than the one asked about it may be short as well.
    shorts = {short for short, name in found if short in folded or name in folded}
    names: dict[str, set[str]] = {}
    for short, name in (*found, *_definitions(map(tokenize, shorts), index)):
        names.setdefault(short, set()).add(name)
    pairs_of = ((short, min(meant, key=len), meant) for short, meant in names.items())
    alone = [(short, name) for short, name, meant in pairs_of if all(longer.endswith(name) for longer in meant)]
    return [(short, name) for short, name in alone if short in folded or name in folded]


def _definitions(held: Iterable[Iterable[str]], index: PassageIndex) -> set[tuple[str, str]]:
    """(short form, name) for each that is defined where all tokens of one of these are held."""
    texts = {
        stored.passage.passage_id: stored.text
        for tokens in held
        for stored in index.holding([DEFINES, *tokens], _DEFINITIONS)
    }
    return {pair for text in texts.values() for pair in abbreviations(fold(text))}


def _is_cut(folded: str, start: int, end: int) -> bool:
    """Whether what stands at [start, end) is only a part of a number."""
    before, behind = folded[max(0, start - 2) : start], folded[end : end + 1]
    if before and (before[-1] in _NUMERIC or (before[-1] in ",." and before[0].isdecimal())):
        return True
    return behind != "" and behind in _NUMERIC and folded[end - 1] in _NUMERIC
