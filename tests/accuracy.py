"""How answers are judged, for the tests that ask many questions."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retrieval.types import Answer, Document, quote


def questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def squeeze(text: str) -> str:
    """Without white space: a page may break a line inside an answer."""
    return "".join(text.split())


def rank(answer: Answer, question: dict[str, Any]) -> int | None:
    """Number of the first citation of the right file that holds an answer in at most 500 characters."""
    for citation in answer.citations:
        text = squeeze(citation.text)
        holds = any(squeeze(expected) in text for expected in question["answers"])
        if citation.document == question["doc"] and holds and len(citation.text) <= 500:
            return citation.number
    return None


def hit_at(k: int, ranks: Sequence[int | None]) -> float:
    """Share of the questions whose rank is k or better: ranks 1, 3, None give hit@1 = 1/3 and hit@5 = 2/3."""
    return sum(1 for one in ranks if one is not None and one <= k) / len(ranks)


def assert_exact(answer: Answer, documents: dict[str, Document]) -> None:
    """Each citation quotes its document at its spans, and the answer quotes its citations."""
    assert len(answer.citations) <= 5
    for citation in answer.citations:
        text = documents[citation.document_id].text
        assert citation.text == quote(text, citation.spans)
        assert 0 < len(citation.text) <= 500
    quoted = [answer.citations[q.citation - 1].text[q.start : q.end] for q in answer.quotes]
    assert (answer.answer or "") == "\n".join(quoted)
    assert all(0 < len(text) <= 200 for text in quoted)
    assert (answer.status == "answered") == (answer.answer is not None)
