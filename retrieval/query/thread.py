"""What a follow-up goes on from: the question before as it was understood, and below it whom its answer named.

It is one text, which a front end keeps and hands back as it is; a question has one line.
"""

from retrieval.types import Answer

_LONGEST = 40
"""Characters of a name at most."""


def thread_of(answer: Answer) -> str | None:
    """None where nothing was asked of documents, a greeting: what was asked before that is gone on from."""
    if not answer.was_searched and (answer.reason is None or not answer.reason.is_of_paper):
        return None
    asked = " ".join((answer.understood or answer.question).split())
    return f"{asked}\n{answer.named}" if answer.named else asked


def split(after: str | None) -> tuple[str | None, str | None]:
    """The question before, and whom or what its answer named; None for what is not there."""
    if after is None:
        return None, None
    asked, _, named = after.strip().partition("\n")
    return asked, (named if named and "\n" not in named and len(named) <= _LONGEST else None)
