"""Which sentence of the hits answers, and how sure that is."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.index.base import TermStatistics
from retrieval.text.places import last_place, places_asked
from retrieval.text.sentences import split_clauses
from retrieval.text.tokens import tokenize
from retrieval.types import Hit, Span, quote

ANSWER_LENGTH = 200
"""Characters of an answer at most; a longer sentence is cut to the clauses that answer."""

# Words that make a sentence a question: the answer does not repeat them, so they say nothing about a passage.
_INTERROGATIVE = re.compile(
    r"多少|多大|多久|多长|多高|多远|为什么|为何|什么时候|什么|怎么样|怎样|怎么|如何|几[个名位人次年月日处家户岁所间条项种]|"
    r"是谁|谁|哪里|哪儿|哪些|哪个|哪位|哪年|哪天|哪|请问|一共|总共|分别|有没有|是不是|叫啥|啥|"
    r"[吗呢吧啊呀了的是有在和与共都被把？?。，,！!]|"
    r"\b(?:how|many|much|what|which|who|whom|whose|when|where|why|is|are|was|were|do|does|did|there|the|a|an|of|"
    r"in|on|at|for|to|and|or|by|with|please|tell|me)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"多少|几|什么|啥|谁|哪|怎|如何|为何|多[大久长高远]|\b(?:how|what|which|who|when|where|why)\b", re.IGNORECASE
)
_EACH = re.compile(r"分别|各是|各有|各自|\brespectively\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"[，,、；;]|和|与|以及|还有|\band\b", re.IGNORECASE)
_SECOND_OVERLAP = 0.5
"""Share of the second half's tokens that a second quote must hold."""
_COSINE_FLOOR = 0.75
"""Cosines of this family of models crowd between about 0.75 (unrelated) and 0.95 (the same)."""
_COSINE_RANGE = 0.2
_OVERLAP_WEIGHT = 0.3
_NO_STATEMENT = 0.3
"""Taken off what states nothing: titles and captions (no full stop) and questions repeat what is asked."""
_QUESTION_END = re.compile(r"[？?][”’」』）)\]\"']*$")
_NO_NUMBER = 0.3
"""Taken off a sentence without a figure when a figure is asked for."""
_OTHER_PLACE = 0.4
"""Taken off a sentence that speaks of another place than the question."""
_STATEMENT_END = re.compile(r"[。！；…!;.][”’」』）)\]\"']*$")
_ASKS_NUMBER = re.compile(r"多少|几|多[大久长高远重]|\bhow (?:many|much|old|long|far|tall)\b|сколько", re.IGNORECASE)
_NUMBER = re.compile(r"\d|[零一二三四五六七八九十百千万亿两〇半][余多几]?[^\W\d]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of hit number `hit` (0-based): `cosine` to the question; `overlap` is the share, weighted by idf,
    of the question's tokens that stand in the sentence."""

    hit: int
    sentence: int
    cosine: float
    overlap: float
    score: float


class QuestionTerms:
    """The tokens of a question, or of a part of one, with their weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    @classmethod
    def weighted(cls, tokens: Sequence[str], statistics: TermStatistics) -> "QuestionTerms":
        """Weights are idf as in BM25: ln(1 + (N - n + 0.5) / (n + 0.5)) for n of N passages that hold the token."""
        total = statistics.passages
        counts = {token: min(statistics.document_frequency[token], total) for token in tokens}
        return cls({token: math.log(1 + (total - n + 0.5) / (n + 0.5)) for token, n in counts.items()})

    def only(self, tokens: Sequence[str]) -> "QuestionTerms":
        """These terms as far as they are among the tokens."""
        return QuestionTerms({token: w for token, w in self.weights.items() if token in set(tokens)})

    def overlap(self, text: str) -> float:
        """Share of the question's weight that the text holds, in [0, 1]."""
        whole = sum(self.weights.values())
        present = set(tokenize(text))
        return sum(w for token, w in self.weights.items() if token in present) / whole if whole else 0.0


def content_tokens(question: str) -> list[str]:
    """Tokens of what the question is about, without the words that only make it a question."""
    return tokenize(_INTERROGATIVE.sub(" ", question)) or tokenize(question)


def rank_sentences(question: str, hits: Sequence[Hit], terms: QuestionTerms) -> list[Evidence]:
    """The sentences of all hits, headings left out, the one most likely to answer first."""
    asks_number = _ASKS_NUMBER.search(question) is not None
    asked = places_asked(question)
    found: list[Evidence] = []
    for number, hit in enumerate(hits):
        stored = hit.stored
        texts = sentence_texts(hit)
        place = last_place(f"{stored.document.title}\n{stored.passage.section or ''}", asked)
        for i, (sentence, cosine) in enumerate(zip(stored.sentences, hit.sentence_cosines, strict=True)):
            place = last_place(texts[i], asked, place)
            if sentence.level and len(stored.sentences) > 1:
                continue
            # Under 左云县 a sentence that says 该县, or nothing, is about 左云县 all the same.
            named = "".join(place) if place in asked and place is not None else ""
            overlap = terms.overlap(f"{named}\n{texts[i]}")
            if i and _QUESTION_END.search(texts[i - 1]):
                cosine = max(cosine, hit.sentence_cosines[i - 1])  # 问：…？答：… the answer follows its question
            closeness = (cosine - _COSINE_FLOOR) / _COSINE_RANGE
            score = closeness + _OVERLAP_WEIGHT * overlap + hit.score
            score -= _NO_STATEMENT * (_STATEMENT_END.search(texts[i]) is None)
            score -= _NO_NUMBER * (asks_number and _NUMBER.search(texts[i]) is None)
            score -= _OTHER_PLACE * (place is not None and place not in asked)
            found.append(Evidence(number, i, cosine, overlap, score))
    return sorted(found, key=lambda one: -one.score)


def second_evidence(
    question: str, hits: Sequence[Hit], ranked: Sequence[Evidence], terms: QuestionTerms
) -> Evidence | None:
    """The sentence for the other half of a question that asks for two things, when the first one leaves it open."""
    other = terms.only(content_tokens(second_part(question) or ""))
    if not other.weights or not ranked:
        return None

    def held(one: Evidence) -> float:
        return other.overlap(sentence_texts(hits[one.hit])[one.sentence])

    best = max(ranked, key=lambda one: one.score + 2 * held(one))
    covers_more = held(best) > held(ranked[0]) and held(best) >= _SECOND_OVERLAP
    return best if covers_more else None


def second_part(question: str) -> str | None:
    """What follows the conjunction of a question for two things (A和B分别…, A有多少、B是谁); None for others."""
    for match in reversed(list(_CONJUNCTION.finditer(question))):
        left, right = question[: match.start()], question[match.end() :]
        if _EACH.search(right) or (_ASKS.search(left) and _ASKS.search(right)):
            return right
    return None


def sentence_texts(hit: Hit) -> list[str]:
    """Text of each sentence of the hit, without the white space that follows it."""
    return [hit.stored.text[start:end].rstrip() for start, end in sentence_spans(hit)]


def sentence_spans(hit: Hit) -> list[Span]:
    """[start, end) of each sentence in the passage's text."""
    spans, offset = [], 0
    for sentence in hit.stored.sentences:
        spans.append((offset, offset + sentence.length()))
        offset += sentence.length()
    return spans


def cut_to_clauses(text: str, terms: QuestionTerms, limit: int = ANSWER_LENGTH) -> Span:
    """The run of whole clauses of at most `limit` characters that holds most of the question's tokens; of two that
    hold as much, the longer. A single clause beyond the limit is cut into pieces of half the limit."""
    if len(text) <= limit:
        return 0, len(text)
    half = max(1, limit // 2)
    clauses = [
        (cut, min(cut + (half if end - start > limit else limit), end))
        for start, end in split_clauses(text)
        for cut in range(start, end, half if end - start > limit else limit)
    ]
    runs = [
        (clauses[i][0], clauses[j][1])
        for i in range(len(clauses))
        for j in range(i, len(clauses))
        if clauses[j][1] - clauses[i][0] <= limit
    ]
    return max(runs, key=lambda run: (terms.overlap(quote(text, [run])), run[1] - run[0], -run[0]))


def confidence(best: Evidence, hits: Sequence[Hit], terms: QuestionTerms) -> float:
    """How sure it is that the sentence answers, in (0, 1): a logistic function of its closeness to the question and
    of how much of the question is spoken about in what was found of its document (a passage may say only 该县).
    Where they share no token, as when the question is in another script, closeness alone decides, and never enough
    for a plain yes."""
    document = hits[best.hit].stored.document
    of_document = (hit.stored.text for hit in hits if hit.stored.document.document_id == document.document_id)
    spoken = terms.overlap("\n".join([document.title, *of_document]))
    closeness = (best.cosine - _COSINE_FLOOR) / _COSINE_RANGE
    if not spoken:
        return _logistic(-1.6 + 1.4 * min(closeness, 1.0))
    return _logistic(-4.0 + 3.5 * closeness + 2.5 * spoken)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
