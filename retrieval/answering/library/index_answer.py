"""An answer that is told from the index itself, without a search."""

from retrieval.answering.citations import quoted_text
from retrieval.answering.compose import ANSWERED, NOT_FOUND, RELATED
from retrieval.query.question_text import QuestionText
from retrieval.reasons import Reason
from retrieval.types import Answer, Citation, Quote, Status


def index_answer(
    question: QuestionText,
    reason: Reason,
    citations: tuple[Citation, ...] = (),
    quotes: tuple[Quote, ...] = (),
    status: Status | None = None,
) -> Answer:
    """Answered where something is quoted; nothing was searched, and the index is certain of what it holds."""
    told = quoted_text(quotes, citations) if quotes else None
    if status == NOT_FOUND or not citations:
        return Answer(question.as_shown, NOT_FOUND, 0.0, reason, None, (), (), {"total": 0.0})
    sure = 1.0 if quotes else 0.0
    found: Status = ANSWERED if quotes else RELATED
    return Answer(question.as_shown, found, sure, reason, told, quotes, citations, {"total": 0.0}, 1.0)
