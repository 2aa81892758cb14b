"""An evaluation → one HTML page that needs nothing beside it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from retrieval.answering.compose import NOT_FOUND
from retrieval.evaluation.judge import RANKS, SHOWN
from retrieval.evaluation.metrics import calibration
from retrieval.evaluation.run import Evaluation, Item
from retrieval.types import Answer

_TEMPLATE = "report.html.j2"
_CITATIONS = 3
"""Citations shown of a miss."""
_MOST = 200
"""Misses of the lighter sorts that are shown."""
_STEPS = 100

MEANINGS = {
    "hit@1": "the first citation is of the right place and holds an answer",
    "hit@3": "one of the first three does",
    "hit@5": "one of the first five does",
    "mrr@10": "1 / rank of the first that does",
    "ndcg@10": "how near the ranking is to one with all such passages on top",
    "highlight": "the quoted words hold an answer and are the right ones",
    "right_when_answered": "of the answers shown as such, the quoted words are right",
    "kept": "a question with an answer was not met with not_found",
    "refused": "a question from elsewhere was met with not_found",
    "not_answered": "a missing fact or false premise was not met with an answer",
    "complete@5": "all things asked for stand in the first five citations",
    "told": "the answer tells all that must be told and nothing that must not",
}


@dataclass(frozen=True, slots=True)
class Miss:
    """One question that was not answered as it should be: what failed, what is known, what came instead, and why."""

    item: Item
    failed: tuple[str, ...]
    reasons: tuple[str, ...]
    citations: tuple[tuple[str, str, float, tuple[tuple[str, bool], ...]], ...]
    """Document, title, score, and the text in parts, each with whether it is an answer."""
    shown: bool
    """Whether the citations were shown, or would have been had the question not been declined."""


@dataclass(frozen=True, slots=True)
class MissGroup:
    title: str
    misses: tuple[Miss, ...]
    total: int


def page(evaluation: Evaluation) -> str:
    """The whole page: figures, plots, and each miss with what came instead."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE).render(
        evaluation=evaluation,
        meanings=MEANINGS,
        answerable=sum(item.question.why is None for item in evaluation.items),
        ranks=_hits_by_rank(evaluation.items),
        kinds=_kinds(evaluation),
        curves=_curves(evaluation.items),
        bins=calibration([item.answer.confidence for item in evaluation.items], [i.right for i in evaluation.items]),
        sections=list(_sections(evaluation)),
    )


def _hits_by_rank(items: Sequence[Item]) -> list[float]:
    """Share of the questions whose hits are known that have one at each rank or before it."""
    ranks = [item.rank for item in items if "hit@1" in item.values]
    if not ranks:
        return []
    return [sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in range(1, RANKS + 1)]


def _kinds(evaluation: Evaluation) -> list[dict[str, Any]]:
    """For each kind a dark bar inside a light one: hit@1 in hit@5, or the share that told or was declined rightly."""
    return [
        {"name": name, "questions": group["questions"], "dark": dark, "light": light}
        for name, group in evaluation.kinds.items()
        for dark, light in [_bars(group)]
    ]


def _bars(group: Mapping[str, float | int | None]) -> tuple[float | int | None, float | int | None]:
    if group["hit@1"] is not None:
        return group["hit@1"], group["hit@5"]
    right = next(group[name] for name in ("told", "refused", "not_answered") if group[name] is not None)
    return right, right


def _curves(items: Sequence[Item]) -> dict[str, list[tuple[float, float]]]:
    """Confidence → share of the questions that reach it, apart for those with an answer and those without."""
    groups = {
        "answerable": [item.answer.confidence for item in items if item.question.why is None],
        "unanswerable": [item.answer.confidence for item in items if item.question.why is not None],
    }
    levels = [step / _STEPS for step in range(_STEPS + 1)]
    return {
        name: [(level, sum(value >= level for value in values) / len(values)) for level in levels] if values else []
        for name, values in groups.items()
    }


def _sections(evaluation: Evaluation) -> Iterator[MissGroup]:
    """The misses by what went wrong, the gravest first, each question once."""
    left = [item for item in evaluation.items if _failed(item)]
    wanted: dict[str, Callable[[set[str]], object]] = {
        f"Not among the first {SHOWN}": lambda failed: f"hit@{SHOWN}" in failed,
        "Should have been declined": lambda failed: failed & {"refused", "not_answered"},
        "Found, but other words were quoted, or none, or not all that was asked for": lambda failed: (
            failed & {"highlight", "complete@5"}
        ),
        "Not all that must be told, or what must not": lambda failed: "told" in failed,
        "Found, but not first": lambda failed: "hit@1" in failed,
    }
    for number, (title, belongs) in enumerate(wanted.items()):
        here = [item for item in left if belongs(set(_failed(item)))]
        left = [item for item in left if item not in here]
        most = len(here) if number < 2 else _MOST
        if here:
            yield MissGroup(title, tuple(_miss(evaluation, item) for item in here[:most]), len(here))


def _failed(item: Item) -> tuple[str, ...]:
    graded = ("kept", "hit@5", "hit@1", "highlight", "complete@5", "told", "refused", "not_answered")
    return tuple(name for name in graded if item.values.get(name) == 0)


def _miss(evaluation: Evaluation, item: Item) -> Miss:
    source, question = item.unshown or item.answer, item.question
    spellings = (*question.spellings, *chain.from_iterable(question.told))
    return Miss(
        item,
        _failed(item),
        tuple(_reasons(evaluation, item)),
        tuple(
            (citation.document, citation.title, citation.score, _parts(citation.text, spellings))
            for citation in source.citations[:_CITATIONS]
        ),
        item.unshown is None,
    )


def _reasons(evaluation: Evaluation, item: Item) -> Iterator[str]:
    answer, least = item.answer, evaluation.thresholds
    if item.question.why is not None:
        yield f"status {answer.status}: {_sureness(answer)} (least: {least[0]:g}, {least[1]:g})"
        return
    if item.question.document in evaluation.missing:
        yield "its document is not in the index"
        return
    if answer.status == NOT_FOUND:
        yield f"not_found, so nothing was shown: {_reason(answer)}"
    yield f"status {answer.status}: {_sureness(answer)} (least: {least[0]:g}, {least[1]:g})"
    if item.question.told:
        return
    rank = item.unshown_rank if item.unshown else item.rank
    yield f"the first hit is at rank {rank}" if rank else f"no hit in the first {RANKS}"
    if not rank and (of_document := _rank_of_document(item, item.unshown or answer)):
        yield f"another passage of its document is at rank {of_document}"
    if item.values.get("highlight") == 0 and answer.quotes:
        yield f"quoted from citation {', '.join(str(quote.citation) for quote in answer.quotes)}"
    elif item.values.get("highlight") == 0 and answer.status != NOT_FOUND:
        yield "nothing quoted: the confidence is too low, or the sentence lacks the form of what is asked"


def _reason(answer: Answer) -> str:
    """The code, with the names that no document has."""
    reason = answer.reason
    return "no reason" if reason is None else " ".join([reason.code, *reason.names])


def _sureness(answer: Answer) -> str:
    return f"confidence {answer.confidence:.2f}, relevance {answer.relevance:.2f}"


def _rank_of_document(item: Item, answer: Answer) -> int | None:
    wanted = item.question.document
    return next((citation.number for citation in answer.citations if citation.document == wanted), None)


def _parts(text: str, spellings: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The text cut where an answer begins and ends."""
    if not spellings:
        return ((text, False),)
    found = re.compile("|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True)))
    cut = re.split(f"({found.pattern})", text)
    return tuple((part, number % 2 == 1) for number, part in enumerate(cut) if part)
