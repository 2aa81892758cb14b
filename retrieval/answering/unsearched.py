"""What a question is met with before anything is searched."""

import datetime

from retrieval.answering.compose import not_found
from retrieval.answering.library.from_index import answer_from_index
from retrieval.answering.refusal import no_question
from retrieval.answering.versions.force import answer_of_force
from retrieval.index.base import PassageIndex
from retrieval.query.library.questions import LibraryQuestion
from retrieval.query.scope import Scope
from retrieval.query.typed import TypedQuestion
from retrieval.reasons import Reason
from retrieval.types import Answer


def refused_at_once(index: PassageIndex, typed: TypedQuestion, scope: Scope | None) -> Answer | None:
    """Where nothing is asked, or not of what."""
    if typed.asks_nothing:
        return not_found(typed, no_question(typed, next(iter(index.documents(0, 1))).title))
    if scope is None and typed.only_goes_on:
        return not_found(typed, Reason("goes_on", typed.language))
    if scope is None and typed.asks_which_paper(lambda: index.count() > 1):
        return not_found(typed, Reason("which_paper", typed.language))
    return None


def told_by_index(
    index: PassageIndex,
    typed: TypedQuestion,
    library: LibraryQuestion | None,
    scope: Scope | None,
    count: int,
    today: datetime.date,
) -> Answer | None:
    """What is asked about the library itself, or about the force of a paper."""
    if library is not None and (typed.completed is None or library.paper or library.issued):
        return answer_from_index(index, library, typed, scope, count)
    if typed.core.of_force is not None and scope is None:
        # Of documents that are chosen none may be the one that ended it.
        return answer_of_force(index, typed.core.of_force, typed, count, today)
    return None
