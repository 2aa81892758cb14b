"""What a follow-up goes on from: the question before as it was understood, and behind it whom its answer named.

It is one text, which a front end keeps and hands back as it is. What lies between the two nobody types, so that a
question of two lines is one question.
"""

from retrieval.types import Answer

_BETWEEN = "\x1f"
"""Unit separator (ASCII)."""
_LONGEST = 90
"""Characters of a name at most."""


def thread_of(answer: Answer) -> str | None:
    """None where nothing was asked of documents, a greeting: what was asked before that is gone on from."""
    reason = answer.reason
    if not answer.was_searched and reason and not (reason.is_of_paper or reason.code == "documents_issued"):
        return None
    asked = _on_one_line(answer.understood or answer.question)
    return f"{asked}{_BETWEEN}{answer.named}" if answer.named else asked


def split(after: str | None) -> tuple[str | None, str | None]:
    """The question before, and whom or what its answer named; None for what is not there."""
    if after is None:
        return None, None
    asked, _, named = after.strip().partition(_BETWEEN)
    return _on_one_line(asked), (named if named and _BETWEEN not in named and len(named) <= _LONGEST else None)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
