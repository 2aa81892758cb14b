"""An answer that is told from the index itself, without a search."""

from retrieval.answering.citations import quoted_text
from retrieval.answering.compose import ANSWERED, NOT_FOUND, RELATED
from retrieval.reasons import Reason
from retrieval.types import Answer, Citation, Quote, Status


def index_answer(
    question: str,
    reason: Reason,
    citations: tuple[Citation, ...] = (),
    quotes: tuple[Quote, ...] = (),
    status: Status | None = None,
) -> Answer:
    """Answered where something is quoted; nothing was searched, and the index is certain of what it holds."""
    told = quoted_text(quotes, citations) if quotes else None
    if status == NOT_FOUND or not citations:
        return Answer(question, NOT_FOUND, 0.0, reason, None, (), (), {"total": 0.0})
    sure = 1.0 if quotes else 0.0
    return Answer(
        question, ANSWERED if quotes else RELATED, sure, reason, told, quotes, citations, {"total": 0.0}, 1.0
    )
