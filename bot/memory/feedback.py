"""Feedback → rows of a question set."""

from datetime import UTC, datetime
from typing import Any

from bot.memory.memory import Verdict


def exported(verdict: Verdict) -> dict[str, Any]:
    """A row in the form of data/questions.jsonl.

    Of an answer judged good the quotation is the expected evidence, and a refusal judged good becomes a question to
    refuse. For one judged bad `answers` is empty and `doc` null: `wenju eval` refuses it until somebody has filled
    them in. What was shown and how sure it was stands under `feedback`, which `wenju eval` passes over.
    """
    answer = verdict.answer
    cited = {citation.number: citation for citation in answer.citations}
    quoted = [cited[quote.citation].text[quote.start : quote.end] for quote in answer.quotes]
    row: dict[str, Any] = {"question": answer.understood or answer.question}
    if verdict.rating == "up" and answer.status == "not_found":
        row |= {"why": "other_topic"}
    elif verdict.rating == "up" and quoted:
        document = cited[answer.quotes[0].citation].document
        row |= {"answers": quoted, "doc": document, "evidence": quoted[0]}
    else:
        row |= {"answers": [], "doc": None}
    shown = [
        {"doc": citation.document, "passage_id": citation.passage_id, "score": citation.score, "text": citation.text}
        for citation in answer.citations
    ]
    at = datetime.fromtimestamp(verdict.at, UTC).isoformat(timespec="seconds")
    known = {"rating": verdict.rating, "reason": verdict.reason, "at": at, "status": answer.status}
    scores = {"confidence": answer.confidence, "relevance": answer.relevance}
    return {**row, "feedback": {**known, **scores, "quotes": quoted, "shown": shown}}
