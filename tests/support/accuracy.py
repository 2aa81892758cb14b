"""What holds for every answer, for the tests that ask many questions."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from retrieval.evaluation.questions import LabelledQuestion
from retrieval.evaluation.run import Evaluation
from retrieval.types import Answer, Document, quote

PARTS = [pytest.param(0, id="a part"), pytest.param(1, id="the others", marks=pytest.mark.slow)]
"""The first part of a set is asked by `make test`, the other one by `make test-slow`; each has floors of its own."""


def part_of(questions: Sequence[LabelledQuestion], part: int, every: int) -> list[LabelledQuestion]:
    """Every second or third conversation, or the others; questions that go on from the same one are of one part."""
    begun = [question.after[:1] or (question.text,) for question in questions]
    numbers = {first: number for number, first in enumerate(dict.fromkeys(begun))}
    return [
        question for question, first in zip(questions, begun, strict=True) if min(numbers[first] % every, 1) == part
    ]


def questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def assert_exact(answer: Answer, documents: dict[str, Document], most: int = 5) -> None:
    """Each of at most so many citations quotes its document at its spans, and the answer quotes its citations."""
    assert len(answer.citations) <= most
    for citation in answer.citations:
        text = documents[citation.document_id].text
        assert citation.text == quote(text, citation.spans)
        assert 0 < len(citation.text) <= 500
    quoted = [answer.citations[q.citation - 1].text[q.start : q.end] for q in answer.quotes]
    assert (answer.answer or "") == "\n".join(quoted)
    assert all(0 < len(text) <= 200 for text in quoted)
    assert (answer.status == "answered") == (answer.answer is not None)


def shares(evaluation: Evaluation) -> dict[str, dict[str, int]]:
    """By kind how many questions there are, how many were answered right, and how many wrong."""
    found: dict[str, Counter[str]] = {}
    for item in evaluation.items:
        kept = item.values
        right = kept.get("told", kept.get("refused", kept.get("not_answered"))) == 1.0
        wrong = not right and item.answer.status == "answered"
        found.setdefault(item.question.kind, Counter()).update(questions=1, right=right, wrong=wrong)
    return {kind: dict(counts) for kind, counts in found.items()}


def assert_floors(evaluation: Evaluation, floors: Mapping[str, Mapping[str, int]]) -> None:
    """Of each kind as many questions as the floors say, as many right at least, and as many wrong at most."""
    seen = shares(evaluation)
    asked_of = {kind: counts["questions"] for kind, counts in seen.items()}
    assert asked_of == {kind: floor["questions"] for kind, floor in floors.items()}
    below = {kind: seen[kind] for kind, floor in floors.items() if seen[kind]["right"] < floor["right"]}
    above = {kind: seen[kind] for kind, floor in floors.items() if seen[kind]["wrong"] > floor["wrong"]}
    assert not (below or above), f"less is right: {below}, more is wrong: {above}"
