"""A question to its answer: embed, search, weigh, compose."""

import time
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Semaphore

from config.settings import Settings
from retrieval.answer import CITATIONS, NOT_FOUND, compose, not_found
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.compiled import cores
from retrieval.errors import QuestionError
from retrieval.followup import complete
from retrieval.index.base import PassageIndex
from retrieval.question import Question, content_tokens
from retrieval.refusal import is_courtesy, missing_places, reason, unsaid_words, what_wenju_does
from retrieval.scope import Scope
from retrieval.search import search
from retrieval.text.sounds import asked_sounds
from retrieval.text.tokens import tokenize
from retrieval.types import Answer, Hit

_ASIDE = ThreadPoolExecutor(64, "embed")
_TURNS = Semaphore(cores())
"""As many questions are worked on at a time as there are cores: more would only take the interpreter from each other,
and those that wait for the model meanwhile run through it together."""
QUESTION_LENGTH = 1_000
"""Characters of a question at most; models read about 500 tokens, and nobody asks so much at once."""


def checked_question(question: str) -> str:
    """The question on one line. Raises QuestionError when it is empty, without words, or too long."""
    asked = " ".join(question.split())
    if not asked:
        raise QuestionError("The question is empty. Ask something, for example: wenju ask 左云县有多少网格员")
    if any("\ud800" <= character <= "\udfff" for character in asked):
        raise QuestionError("The question is not valid text (UTF-8).")
    if not any(character.isalnum() for character in asked):
        raise QuestionError(f"The question {asked[:20]} has no words in it.")
    if len(asked) > QUESTION_LENGTH:
        raise QuestionError(
            f"The question has {len(asked):,} characters; at most {QUESTION_LENGTH:,} are taken. Ask shorter."
        )
    return asked


def look_up(
    index: PassageIndex,
    embedder: Embedder,
    asked: str,
    settings: Settings,
    within: Collection[int] | None = None,
) -> tuple[Question, list[Hit], dict[str, float]]:
    """The question as it was understood, its hits, best first, and seconds by stage: until it was embedded, which
    goes on beside what needs no vector, and from then on."""
    with _TURNS:
        return _look_up(index, embedder, asked, settings, within)


def _look_up(
    index: PassageIndex, embedder: Embedder, asked: str, settings: Settings, within: Collection[int] | None
) -> tuple[Question, list[Hit], dict[str, float]]:
    """The caller has its turn, and gets it back."""
    started = time.perf_counter()
    embedding = _ASIDE.submit(_timed, embedder, asked)
    question = Question.of(asked, index.statistics(Question.tokens(asked)))
    # Small words of another language are noise to the words of a Chinese page; names are what both share.
    sounds = asked_sounds(asked)
    tokens = [*content_tokens(asked), *sounds] if sounds else tokenize(asked)
    hits = search(index, lambda: _awaited(embedding)[0], tokens, question, settings.search, within)
    done = time.perf_counter()
    embedded = embedding.result()[1] - started
    return question, hits, {"embed": embedded, "search": done - started - embedded}


def _awaited(embedding: Future[tuple[Vectors, float]]) -> tuple[Vectors, float]:
    """The result; while it is waited for, it is another's turn."""
    _TURNS.release()
    try:
        return embedding.result()
    finally:
        _TURNS.acquire()


def _timed(embedder: Embedder, question: str) -> tuple[Vectors, float]:
    """The question's vector, and when it was there."""
    return embedder.embed_questions([question])[0], time.perf_counter()


def answer(
    index: PassageIndex,
    embedder: Embedder,
    question: str,
    settings: Settings,
    *,
    citations: int = CITATIONS,
    after: str | None = None,
    scope: Scope | None = None,
) -> Answer:
    """The answer that the index gives, with milliseconds by stage in `timing_ms`. `after` is the question before, as
    it was understood; `scope` says which documents to search."""
    asked = checked_question(question)
    understood = complete(asked, after)
    if understood is None and is_courtesy(asked):
        return not_found(question, what_wenju_does(asked))
    within = None if scope is None else _within(index, scope)
    if scope is not None and not within:
        return not_found(question, scope.explain(index))
    with _TURNS:
        started = time.perf_counter()
        about, hits, stages = _look_up(index, embedder, understood or asked, settings, within)
        composed = compose(about, hits, settings.answer, citations)
        composed = _refused(index, about, hits, composed) or composed
        done = time.perf_counter()
    stages["answer"] = done - started - sum(stages.values())
    composed.timing_ms.update({name: round(seconds * 1000, 2) for name, seconds in stages.items()})
    composed.timing_ms["total"] = round((done - started) * 1000, 2)
    return replace(composed, question=question, understood=understood)


def _within(index: PassageIndex, scope: Scope) -> list[int]:
    """Keys of the passages that the question is narrowed to."""
    chosen = scope.chosen(index)
    ids = None if chosen is None else [record.document_id for record in chosen]
    return index.keys(ids, scope.since, scope.until)


def _refused(index: PassageIndex, question: Question, hits: Sequence[Hit], composed: Answer) -> Answer | None:
    """The refusal with its reason when the documents do not know a place that is asked about, or nothing near it."""
    missing = missing_places(question, hits, index)
    if not missing and composed.status == NOT_FOUND:
        missing = unsaid_words(question.text, index)[:1]
    if not missing:
        return None
    message = reason(question.text, missing, index.count())
    refusal = not_found(question.text, message)
    return replace(refusal, confidence=composed.confidence, relevance=composed.relevance)
