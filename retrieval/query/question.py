"""A question as the search understands it: its weighted tokens, the places and kinds of thing that it asks for."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.index.base import TermStatistics
from retrieval.query.kinds import AskedKinds
from retrieval.query.widening import NOT_WIDENED, Widening
from retrieval.text.fold import fold
from retrieval.text.lexicon import COUNTED, ENGLISH, MANY, OF_TIME, USUAL_SIZES, without
from retrieval.text.places import asked_names, places_asked, short_name
from retrieval.text.sounds import SOUND, SpokenName, asked_sounds, heard, spoken_names
from retrieval.text.tokens import is_unspaced, spaced_words, tokenize

# Words that make a sentence a question: the answer does not repeat them, so they say nothing about a passage. Fewer
# than the lexicon has (no 多重, 几点, 几支): the weights of evidence were fitted with these.
_INTERROGATIVE = re.compile(
    rf"{MANY}|多[{without(USUAL_SIZES, '重')}]|为什么|为何|什么时候|什么|怎么样|怎样|怎么|如何|"
    rf"几[{without(COUNTED, '支')}人岁{OF_TIME}]|是谁|谁|哪[里儿些个位年天]|哪|"
    r"请问|一共|总共|分别|有没有|是不是|叫啥|啥|"
    r"[吗呢吧啊呀了的是有在和与共都被把？?。，,！!]|"
    rf"\b(?:{ENGLISH}|many|much|is|are|was|were|do|does|did|there|the|a|an|of|"
    r"in|on|at|for|to|and|or|by|with|please|tell|me)\b",
    re.IGNORECASE,
)
_KANA = re.compile(r"[\u3041-\u30ff]")


def content_part(question: str) -> str:
    """What the question is about, without the words that only make it a question."""
    return _INTERROGATIVE.sub(" ", question)


def content_tokens(question: str) -> list[str]:
    """Tokens of what the question is about."""
    return tokenize(content_part(question)) or tokenize(question)


class Terms:
    """Tokens with their weights; how much of them a text holds, in words of its own too (`widening`)."""

    def __init__(self, weights: Mapping[str, float], widening: Widening = NOT_WIDENED) -> None:
        self.weights = weights
        self._widening = widening
        self._sounds = frozenset(token for token in weights if token.startswith(SOUND))
        self._words = frozenset(token for token in weights if token not in self._sounds and not is_unspaced(token[0]))
        self._characters = tuple(token for token in weights if token not in self._sounds and token not in self._words)

    @classmethod
    def weighted(cls, tokens: Iterable[str], statistics: TermStatistics, widening: Widening = NOT_WIDENED) -> "Terms":
        """Weights are idf as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N passages that hold the token."""
        total = statistics.passages
        counts = {token: min(statistics.document_frequency[token], total) for token in tokens}
        weights = {token: math.log(1 + (total - n + 0.5) / (n + 0.5)) for token, n in counts.items()}
        return cls(weights, widening)

    @cached_property
    def weight(self) -> float:
        return sum(self.weights.values())

    def only(self, tokens: Iterable[str]) -> "Terms":
        """These terms as far as they are among the tokens."""
        wanted = set(tokens)
        kept = {token: weight for token, weight in self.weights.items() if token in wanted}
        return Terms(kept, self._widening)

    def held(self, folded: str) -> frozenset[str]:
        """Those of the tokens that a folded text holds."""
        found = {token for token in self._characters if token in folded}
        if self._words:
            found |= self._words & spaced_words(folded)
        if self._sounds:
            found |= heard(self._sounds, folded)
        if self._widening.others:
            found |= self._widening.held(folded) & self.weights.keys()
        return frozenset(found)

    def holds(self, folded: Sequence[str]) -> NDArray[np.bool_]:
        """Which of the tokens each folded text holds, shape (texts, tokens), in the order of `weights`."""
        held: Sequence[str | frozenset[str]] = folded
        if self._words or self._sounds or self._widening.others:
            held = [self.held(text) for text in folded]
        flags = bytes([token in tokens for tokens in held for token in self.weights])
        return np.frombuffer(flags, np.bool_).reshape(len(held), len(self.weights))

    def share(self, tokens: Iterable[str]) -> float:
        """Share of the whole weight that these tokens have, in [0, 1]; tokens of others weigh nothing."""
        return sum(self.weights.get(token, 0.0) for token in tokens) / self.weight if self.weight else 0.0

    def overlap(self, text: str) -> float:
        """Share of the weight that the text holds, in [0, 1]."""
        return self.share(self.held(fold(text)))


@dataclass(frozen=True)
class Question:
    """`terms` is all that is asked about: `subject` the places and foreign names in it, `body` the rest."""

    text: str
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
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether it has no Chinese or Japanese character."""
        return _is_foreign(self.text)

    @cached_property
    def spoken_names(self) -> Sequence[SpokenName]:
        """The names that it writes in Latin or Cyrillic letters."""
        return spoken_names(self.text)

    @cached_property
    def _asked(self) -> tuple[AskedKinds, ...]:
        """What is asked for, in these words and in others."""
        return (self.asked, *map(AskedKinds, self.widening.rewordings(self.text)))

    def focus_held_by(self, sentence: str) -> float:
        return max(asked.focus_held_by(sentence) for asked in self._asked)

    def unit_held_by(self, sentence: str) -> float:
        return max(asked.unit_held_by(sentence) for asked in self._asked)

    @staticmethod
    def tokens(text: str) -> list[str]:
        """The tokens whose statistics the question needs."""
        return [*dict.fromkeys([*content_tokens(text), *asked_sounds(text)])]

    @classmethod
    def of(cls, text: str, statistics: TermStatistics, widening: Widening = NOT_WIDENED) -> "Question":
        tokens = cls.tokens(text)
        if _is_foreign(text) or _KANA.search(text):
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


def _is_foreign(text: str) -> bool:
    return not any(map(is_unspaced, text))
