"""Asking the questions, and what came of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from retrieval.answering.compose import NOT_FOUND
from retrieval.errors import EvaluationError
from retrieval.evaluation import metrics
from retrieval.evaluation.judge import CITATION_LENGTH, RANKS, SHOWN, is_there, judge, rank_of
from retrieval.evaluation.questions import LabelledQuestion, squeeze
from retrieval.query.followup.thread import thread_of
from retrieval.service import KnowledgeBase, ignore
from retrieval.types import Answer, Span


@dataclass(frozen=True, slots=True)
class Item:
    """One question, its answer with up to ten citations, the rank of the first that is a hit, and what the answer is
    worth. `unshown` is what a declined question would have been answered, had it an answer."""

    question: LabelledQuestion
    answer: Answer
    rank: int | None
    values: metrics.Values
    unshown: Answer | None = None

    @property
    def unshown_rank(self) -> int | None:
        return None if self.unshown is None else rank_of(self.question, self.unshown.citations)

    @property
    def right(self) -> float:
        """Whether what was shown is right: the quoted words where there are any and it is known which ones answer,
        else the first citation."""
        if (told := self.values.get("told")) is not None:
            return told
        quoted = self.values.get("highlight") if self.answer.quotes else None
        return (self.values.get("hit@1") or 0.0) if quoted is None else quoted


@dataclass(frozen=True)
class Evaluation:
    """What came of all questions. `missing` names documents that questions are about and that are not in the index;
    `thresholds` are those by which the answers were given: answered, related."""

    items: tuple[Item, ...]
    missing: tuple[str, ...]
    documents: int
    thresholds: tuple[float, float]

    @cached_property
    def means(self) -> dict[str, float | None]:
        return metrics.means([item.values for item in self.items])

    @cached_property
    def intervals(self) -> dict[str, metrics.Interval | None]:
        return metrics.intervals([item.values for item in self.items])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many questions judge each metric."""
        return {name: sum(item.values.get(name) is not None for item in self.items) for name in metrics.METRICS}

    @cached_property
    def kinds(self) -> dict[str, dict[str, float | int | None]]:
        return metrics.grouped([item.values for item in self.items], [item.question.kind for item in self.items])

    @cached_property
    def by_document(self) -> dict[str, dict[str, float | int | None]]:
        """Only of documents that people named: those that a set brings with it are many, with few questions each."""
        named = [item.question.document if item.question.span is None else None for item in self.items]
        return metrics.grouped([item.values for item in self.items], named)

    @cached_property
    def latency(self) -> dict[str, float]:
        return metrics.percentiles([item.answer.timing_ms["total"] for item in self.items])


def evaluate(
    base: KnowledgeBase, questions: Sequence[LabelledQuestion], progress: Callable[[int], None] = ignore
) -> Evaluation:
    """Ask all questions, one after another; `progress` is told how many were asked.

    Raises EvaluationError when there are none, or when none of the documents that they are about is in the index."""
    if not questions:
        raise EvaluationError("There are no questions to ask. Name a file with some in it.")
    records = base.documents()
    wanted = dict.fromkeys(question.document for question in questions if question.document is not None)
    missing = wanted.keys() - {record.name for record in records}
    if missing and len(missing) == len(wanted):
        raise EvaluationError(
            f"None of the documents that the questions are about is in the index ({_listed(sorted(missing))}).",
            "name_corpus",
        )
    relevant = _Relevant(base, questions)

    @cache
    def thread(turns: Sequence[str]) -> str | None:
        """What the next question goes on from, after all the turns, each of which is asked once."""
        if not turns:
            return None
        before = thread(turns[:-1])
        return thread_of(base.ask(turns[-1], after=before)) or before

    items = []
    for number, question in enumerate(questions, start=1):
        items.append(_ask(base, question, thread(question.after), relevant))
        progress(number)
    return Evaluation(
        tuple(items),
        tuple(sorted(missing)),
        len(records),
        base.settings.answer.thresholds(read=base.settings.reader != "none"),
    )


def _ask(base: KnowledgeBase, question: LabelledQuestion, before: str | None, relevant: "_Relevant") -> Item:
    answer = base.ask(question.text, citations=RANKS, after=before)
    values = dict(judge(question, answer))
    if question.why is not None or question.told:
        return Item(question, answer, None, values)
    cited = [citation.passage_id for citation in answer.citations]
    values[f"ndcg@{RANKS}"] = metrics.ndcg(cited, relevant.to(question), RANKS)
    unshown = _ask_anyway(base, question, before) if answer.status == NOT_FOUND else None
    return Item(question, answer, rank_of(question, answer.citations), values, unshown)


def _ask_anyway(base: KnowledgeBase, question: LabelledQuestion, before: str | None) -> Answer:
    """What would be shown if no question were declined: it tells whether the passage was not found or not trusted."""
    usual = base.settings
    base.settings = usual.model_copy(update={"answer": usual.answer.model_copy(update={"answered": 0, "related": 0})})
    try:
        return base.ask(question.text, citations=RANKS, after=before)
    finally:
        base.settings = usual


class _Relevant:
    """Which passages of the index hold an answer: what an ideal ranking would have on top."""

    def __init__(self, base: KnowledgeBase, questions: Iterable[LabelledQuestion]) -> None:
        documents = {question.document for question in questions if question.answers}
        self._everywhere = None in documents
        self._passages: dict[str | None, list[tuple[str, str, tuple[Span, ...], str]]] = defaultdict(list)
        for record in base.documents() if documents else ():
            if self._everywhere or record.name in documents:
                rows = self._passages[None if self._everywhere else record.name]
                rows += [
                    (stored.passage.passage_id, record.name, stored.passage.spans, squeeze(stored.text))
                    for stored in base.passages_of(record.document_id)
                    if len(stored.text) <= CITATION_LENGTH
                ]

    def to(self, question: LabelledQuestion) -> list[str]:
        rows = self._passages[None if self._everywhere else question.document]
        spellings = [squeeze(spelling) for spelling in question.spellings]
        return [
            passage_id
            for passage_id, name, spans, text in rows
            if is_there(question, name, spans) and any(spelling in text for spelling in spellings)
        ]


def summary(evaluation: Evaluation, *, items: bool = False) -> dict[str, Any]:
    """The evaluation as plain values; with `items` each question too."""
    answerable = sum(item.question.why is None for item in evaluation.items)
    figures: dict[str, Any] = {
        "questions": len(evaluation.items),
        "answerable": answerable,
        "unanswerable": len(evaluation.items) - answerable,
        "documents": evaluation.documents,
        "missing_documents": list(evaluation.missing),
        **evaluation.means,
        "ci": {name: None if span is None else list(span) for name, span in evaluation.intervals.items()},
        "counts": evaluation.counts,
        "by": {"kind": evaluation.kinds, "document": evaluation.by_document},
        "latency_ms": evaluation.latency,
    }
    if items:
        figures["items"] = [_plain(item) for item in evaluation.items]
    return figures


def _plain(item: Item) -> dict[str, Any]:
    question, answer = item.question, item.answer
    return {
        "id": question.id,
        "question": question.text,
        "kind": question.kind,
        "gold": {
            "answers": [list(spellings) for spellings in question.answers],
            "document": question.document,
            "evidence": list(question.evidence),
        },
        "status": answer.status,
        "confidence": answer.confidence,
        "understood": answer.understood,
        "answer": answer.answer,
        "rank": item.rank,
        "unshown_rank": item.unshown_rank,
        "values": item.values,
        "citations": [
            {"document": citation.document, "title": citation.title, "score": citation.score, "text": citation.text}
            for citation in answer.citations[:SHOWN]
        ],
        "timing_ms": answer.timing_ms["total"],
    }


def missing_note(evaluation: Evaluation) -> str | None:
    """What to say of documents that are not in the index, None when all are."""
    if not evaluation.missing:
        return None
    lost = sum(item.question.document in evaluation.missing for item in evaluation.items)
    return f"Not in the index: {_listed(evaluation.missing)}. Questions about them, counted as missed: {lost}."


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
