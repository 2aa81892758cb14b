"""What holds for every answer, for the tests that ask many questions."""

import json
from pathlib import Path
from typing import Any

from retrieval.types import Answer, Document, quote


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
