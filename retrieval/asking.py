"""A question to its answer, in two phases: words while the vector is computed, then vectors, scores and reading."""

import datetime
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock, Semaphore

from config.settings import Settings
from retrieval.answering.checks.terms import without_over
from retrieval.answering.choose import read
from retrieval.answering.compose import CITATIONS, compose, not_found
from retrieval.answering.library.from_index import or_none_issued
from retrieval.answering.library.papers import ends_of, of_paper
from retrieval.answering.of_county import county_of, rules_for_all
from retrieval.answering.refusal import refused
from retrieval.answering.sides import side_by_side
from retrieval.answering.spoken import names_sounding_so
from retrieval.answering.subject import named_in, paper_in
from retrieval.answering.tables.one_row import without_blank_cell, without_one_row
from retrieval.answering.tables.over_rows import answer_over_rows
from retrieval.answering.unsearched import refused_at_once, told_by_index
from retrieval.answering.versions.amendments import with_what_became
from retrieval.answering.versions.later_papers import LaterPapers
from retrieval.answering.whole_list import with_whole_list
from retrieval.embedding.base import Embedder, Vectors
from retrieval.embedding.compiled import cores
from retrieval.frozen_dict import freeze
from retrieval.index.base import PassageIndex
from retrieval.query.message.wrapping import unwrapped
from retrieval.query.question import Question
from retrieval.query.question_text import QuestionText
from retrieval.query.scope import Scope
from retrieval.query.typed import TypedQuestion
from retrieval.query.words.synonyms import NO_SYNONYMS, Synonyms
from retrieval.ranking.candidates import WordSide, by_words
from retrieval.ranking.reprints import distinct
from retrieval.ranking.search import ranked_hits
from retrieval.reading.base import Reader
from retrieval.types import Answer, Hit

_THREADS = 64
"""Questions that may wait for their vectors at a time."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a question is asked of; `within` are the only passages that may be found, None: all; `synonyms` are words
    of the office's own; `is_of_paper` where a paper that is named, and nothing else, narrows the question."""

    index: PassageIndex
    embedder: Embedder
    reader: Reader | None
    settings: Settings
    within: Collection[int] | None = None
    synonyms: Synonyms = NO_SYNONYMS
    is_of_paper: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A question as it was understood; its hits, best first; all `candidates` as they were weighed; when it began;
    and seconds by stage: until it was embedded, which goes on beside what needs no vector, until its candidates were
    weighed, and until they were read."""

    question: Question
    hits: list[Hit]
    candidates: Sequence[Hit]
    start: float
    seconds: Mapping[str, float]

    def __post_init__(self) -> None:
        freeze(self, "seconds")


@dataclass(frozen=True, slots=True)
class _QuestionInWords:
    """The first phase of a question: all that needs no vector. `vector` comes with the time at which it was there."""

    start: float
    vector: Future[tuple[Vectors, float]]
    question: Question
    words: WordSide


class QuestionPipeline:
    """Answers questions, several at a time. Questions are embedded in threads of its own, so that those that come
    together run through the model together; `close` ends them, and the next question opens them anew."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self._opening = Lock()
        self._turns = Semaphore(cores())
        """As many questions are worked on at a time as there are cores: more would only take the interpreter from
        each other. Who waits for a vector has no turn."""

    def close(self) -> None:
        with self._opening:
            if self._threads is not None:
                self._threads.shutdown(wait=False)  # what they run they end
            self._threads = None

    def search(self, sources: Sources, asked: str, scope: Scope | None = None) -> SearchResult:
        """What an answer is made from."""
        core = QuestionText(unwrapped(asked).text or asked)
        return self._found(_narrowed(sources, scope), _in_characters(sources.index, core))

    def _found(self, sources: Sources, asked: QuestionText) -> SearchResult:
        begun = self._begin(sources, asked)
        vector = begun.vector.result()
        with self._turns:
            return _find(sources, begun, *vector)

    def answer(
        self,
        sources: Sources,
        question: str,
        *,
        citations: int = CITATIONS,
        after: str | None = None,
        scope: Scope | None = None,
    ) -> Answer:
        """The answer that the index gives, with milliseconds by stage in `timing_ms`. `after` is what the
        answer before gave as its `thread`, or the question before; `scope` says which documents to search."""
        index, shown, today = sources.index, min(citations, sources.settings.search.top_k), _today(sources.settings)
        typed = TypedQuestion.of(question, after)
        if (refusal := refused_at_once(index, typed, scope)) is not None:
            return refusal
        library = typed.core.of_library(today)
        if (told := told_by_index(index, typed, library, scope, shown, today)) is not None:
            return typed.answered_by(told, typed.completed, paper_in(told))
        asked = _in_characters(index, typed.core)
        understood = typed.completed if asked == typed.core else asked
        if (paper := of_paper(index, asked, scope)) is not None:
            sources = replace(sources, is_of_paper=scope is None)
            asked, scope = paper
        sources = _narrowed(sources, scope)
        if scope is not None and not sources.within:
            return not_found(typed, scope.explain(index))
        composed = or_none_issued(library, asked.language, self._searched(sources, asked, citations))
        if composed.answer is None and (sides := asked.sides) is not None:
            first, second = (self._searched(sources, side, citations) for side in sides)
            composed = side_by_side(composed, first, second, shown)
        if composed.answer is None and (town := asked.of_town) and (county := county_of(index, town)):
            of_county = asked.of_county(town, county)
            told = self._searched(sources, of_county, citations)
            if rules_for_all(told, county, partial(ends_of, index)):
                composed, asked, understood = told, of_county, of_county
        return typed.answered_by(composed, understood, named_in(asked, composed) or paper_in(composed))

    def _searched(self, sources: Sources, asked: QuestionText, citations: int) -> Answer:
        found = self._found(sources, asked)
        with self._turns:
            is_read, limits = sources.reader is not None, sources.settings.answer
            composed = compose(found.question, found.hits, limits, citations, is_read=is_read)
            refusal = refused(sources.index, found.question, found.hits, composed)
            composed = refusal or _over_rows(sources.index, found, composed, citations)
            composed = with_whole_list(composed, found.question, sources.index.document)
            text_of, today = partial(ends_of, sources.index), _today(sources.settings)
            composed = without_over(found.question, found.hits, composed, text_of, today)
            given = (found.candidates, citations, sources.index, text_of, today)
            composed = with_what_became(composed, *given, everywhere=sources.is_of_paper)
        total = time.perf_counter() - found.start
        seconds = {**found.seconds, "answer": total - sum(found.seconds.values()), "total": total}
        return replace(composed, timing_ms={name: round(elapsed * 1000, 2) for name, elapsed in seconds.items()})

    def _begin(self, sources: Sources, asked: QuestionText) -> _QuestionInWords:
        """The words, while the vector is computed."""
        with self._turns:
            started = time.perf_counter()
            vector = self._embedded(sources.embedder, asked.for_embedder)
            wider = asked.widened(sources.synonyms, sources.index)
            statistics = sources.index.statistics([*asked.tokens, *wider.words])
            question = Question.of(asked, statistics, wider)
            words = by_words(sources.index, question.searched, sources.settings.search.candidates, sources.within)
            return _QuestionInWords(started, vector, question, words)

    def _embedded(self, embedder: Embedder, asked: str) -> Future[tuple[Vectors, float]]:
        with self._opening:
            self._threads = self._threads or ThreadPoolExecutor(_THREADS, "embed")
            return self._threads.submit(_timed, embedder, asked)


def _find(sources: Sources, begun: _QuestionInWords, vector: Vectors, embedded_at: float) -> SearchResult:
    """Vectors and scores: what is nearest, weighed with what the words found, and read."""
    settings, question = sources.settings, begun.question
    candidates = hits = ranked_hits(sources.index, begun.words, vector, question, settings.search)
    reading_since = time.perf_counter()
    if sources.reader is not None and hits:
        text_of, today = partial(ends_of, sources.index), _today(settings)
        papers = LaterPapers(sources.index, text_of, today, [hit.stored for hit in hits])
        hits = read(question, hits, sources.reader, text_of, today, papers.ended_by)
    reading = time.perf_counter() - reading_since
    hits = distinct(hits, settings.search.top_k)
    embedding = embedded_at - begun.start
    searching = time.perf_counter() - begun.start - embedding - reading
    return SearchResult(
        question, hits, candidates, begun.start, {"embed": embedding, "search": searching, "read": reading}
    )


def _in_characters(index: PassageIndex, asked: QuestionText) -> QuestionText:
    """The question with a name in letters that sounds like a place of the documents as they write it."""
    return asked if asked.is_foreign else asked.in_characters(names_sounding_so(index, asked.spoken_names))


def _over_rows(index: PassageIndex, found: SearchResult, composed: Answer, citations: int) -> Answer:
    """What the rows of one table tell, where that is what is asked."""
    question, hits = found.question, found.hits
    told = answer_over_rows(question, hits, found.candidates, composed, citations, index.document, index.passages_of)
    return without_blank_cell(question, told or without_one_row(question, hits, composed), index.document)


def _today(settings: Settings) -> datetime.date:
    return settings.search.today or datetime.date.today()


def _timed(embedder: Embedder, question: str) -> tuple[Vectors, float]:
    """The question's vector, and when it was there."""
    return embedder.embed_questions([question])[0], time.perf_counter()


def _narrowed(sources: Sources, scope: Scope | None) -> Sources:
    """With the keys of the passages that the question is narrowed to."""
    if scope is None:
        return sources
    ids = None if (chosen := scope.chosen(sources.index)) is None else [record.document_id for record in chosen]
    return replace(sources, within=sources.index.keys(ids, scope.since, scope.until))
