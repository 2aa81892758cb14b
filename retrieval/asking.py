"""A question to its answer: embed, search, weigh, read, compose."""

import datetime
import time
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Semaphore

from config.example import EXAMPLE
from config.settings import Settings
from retrieval.answering.choose import read
from retrieval.answering.compose import CITATIONS, compose, not_found
from retrieval.answering.library import answer_from_index
from retrieval.answering.over_rows import answer_over_rows
from retrieval.answering.refusal import is_courtesy, missing_places, reason, what_wenju_does
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.compiled import cores
from retrieval.errors import QuestionError
from retrieval.index.base import PassageIndex
from retrieval.query.followup import complete
from retrieval.query.library import LibraryQuestion, library_question
from retrieval.query.question import Question, content_tokens
from retrieval.query.scope import Scope
from retrieval.query.wrapping import unwrapped
from retrieval.ranking.search import search
from retrieval.reading.base import Reader
from retrieval.text.fold import fold
from retrieval.text.sounds import asked_sounds
from retrieval.text.tokens import tokenize
from retrieval.types import Answer, Hit

_ASIDE = ThreadPoolExecutor(64, "embed")
_TURNS = Semaphore(cores())
"""As many questions are worked on at a time as there are cores: more would only take the interpreter from each other,
and those that wait for the model meanwhile run through it together."""
_ENDS = 50_000
"""Characters of a document that are looked through at either end."""
QUESTION_LENGTH = 1_000
"""Characters of a question at most; models read about 500 tokens, and nobody asks so much at once."""


def checked_question(question: str) -> str:
    """The question on one line. Raises QuestionError when it is empty, without words, or too long."""
    asked = " ".join(question.split())
    if not asked:
        raise QuestionError(f"The question is empty. Ask something, for example: wenju ask {EXAMPLE}")
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
    reader: Reader | None = None,
) -> tuple[Question, list[Hit], dict[str, float]]:
    """The question as it was understood, its hits, best first, and seconds by stage: until it was embedded, which
    goes on beside what needs no vector, until its candidates were weighed, and until they were read."""
    with _TURNS:
        return _look_up(index, embedder, unwrapped(asked).text or asked, settings, within, reader)[:3]


def _look_up(
    index: PassageIndex,
    embedder: Embedder,
    asked: str,
    settings: Settings,
    within: Collection[int] | None,
    reader: Reader | None,
) -> tuple[Question, list[Hit], dict[str, float], Sequence[Hit]]:
    """As `look_up`, and all that was weighed. The caller has its turn, and gets it back."""
    started = time.perf_counter()
    embedding = _ASIDE.submit(_timed, embedder, asked)
    question = Question.of(asked, index.statistics(Question.tokens(asked)))
    # Small words of another language are noise to the words of a Chinese page; names are what both share.
    sounds = asked_sounds(asked)
    tokens = [*content_tokens(asked), *sounds] if sounds else tokenize(asked)
    seconds, near = 0.0, list[Hit]()

    def read_all(weighed: Sequence[Hit]) -> list[Hit]:
        nonlocal seconds
        near.extend(weighed)
        if reader is None:
            return list(weighed)
        began = time.perf_counter()
        today = settings.search.today or datetime.date.today()
        found = read(question, weighed, reader, partial(_text_of, index), today)
        seconds = time.perf_counter() - began
        return found

    hits = search(index, lambda: _awaited(embedding)[0], tokens, question, settings.search, within, read_all)
    done = time.perf_counter()
    embedded = embedding.result()[1] - started
    stages = {"embed": embedded, "search": done - started - embedded - seconds, "read": seconds}
    return question, hits, stages, near


def _text_of(index: PassageIndex, document_id: str) -> str:
    """What a document says at its beginning and at its end, where it names who issued it; folded."""
    document = index.document(document_id)
    text = "" if document is None else document.text
    return fold(text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]}\n{text[-_ENDS:]}")


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
    reader: Reader | None,
    question: str,
    settings: Settings,
    *,
    citations: int = CITATIONS,
    after: str | None = None,
    scope: Scope | None = None,
) -> Answer:
    """The answer that the index gives, with milliseconds by stage in `timing_ms`. `after` is the question before, as
    it was understood; `scope` says which documents to search."""
    asked = unwrapped(checked_question(question))
    understood = complete(asked.text, unwrapped(after).text if after else None)
    if understood is None and asked.is_completed:
        understood = asked.text
    about_what = asked.text if understood is None else checked_question(understood)
    if not about_what or (understood is None and is_courtesy(about_what)):
        return not_found(question, what_wenju_does(question, next(iter(index.documents(0, 1))).title))
    library = library_question(about_what) if understood is None else None
    if (
        library is not None
        and (told := _about_library(index, library, question, scope, min(citations, settings.search.top_k)))
        is not None
    ):
        return told
    within = None if scope is None else _within(index, scope)
    if scope is not None and not within:
        return not_found(question, scope.explain(index))
    with _TURNS:
        started = time.perf_counter()
        about, hits, stages, near = _look_up(index, embedder, about_what, settings, within, reader)
        composed = compose(about, hits, settings.answer, citations)
        composed = (
            _refused(index, about, hits, composed)
            or answer_over_rows(about.text, hits, near, composed, citations, index.document, index.passages_of)
            or composed
        )
        done = time.perf_counter()
    stages["answer"] = done - started - sum(stages.values())
    composed.timing_ms.update({name: round(seconds * 1000, 2) for name, seconds in stages.items()})
    composed.timing_ms["total"] = round((done - started) * 1000, 2)
    return replace(composed, question=question, understood=understood)


def _about_library(
    index: PassageIndex, asked: LibraryQuestion, question: str, scope: Scope | None, citations: int
) -> Answer | None:
    """What the index itself tells, with the time that it took."""
    started = time.perf_counter()
    told = answer_from_index(index, asked, question, scope, citations)
    if told is not None:
        told.timing_ms["total"] = round((time.perf_counter() - started) * 1000, 2)
    return told


def _within(index: PassageIndex, scope: Scope) -> list[int]:
    """Keys of the passages that the question is narrowed to."""
    chosen = scope.chosen(index)
    ids = None if chosen is None else [record.document_id for record in chosen]
    return index.keys(ids, scope.since, scope.until)


def _refused(index: PassageIndex, question: Question, hits: Sequence[Hit], composed: Answer) -> Answer | None:
    """The refusal with its reason when the documents do not know a place that is asked about, or nothing near it."""
    missing = missing_places(question, hits, index)
    if not missing:
        return None
    message = reason(question.text, missing, index.count())
    refusal = not_found(question.text, message)
    return replace(refusal, confidence=composed.confidence, relevance=composed.relevance)
