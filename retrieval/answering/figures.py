"""Figures that disagree: different ones for the same thing, from different places, dates or documents.

A wrong "they disagree" is worse than none: figures are compared only where the words before the thing are the same
(专职 is not 兼职) and the units of one class, and a document that contradicts itself is left out.
"""

from collections.abc import Iterable, Sequence

from retrieval.answering.statements import Statement, StatementReader
from retrieval.query.question import Question
from retrieval.ranking.evidence import Evidence
from retrieval.text.mentions import Key
from retrieval.text.numbers import Day, Quantity, comparable
from retrieval.text.tokens import tokenize
from retrieval.types import Figure, Hit

_MARGIN = 0.08
"""How much farther from the question than the best sentence another may be, as a cosine."""
_LEAD = 1.4
"""How far the score of a sentence may lie below the best one's for it to set which thing is meant and in which
unit."""
_CLEAR = 2.3
"""How much better the best of two sentences of a document is that contradict each other."""


def disagreeing(question: Question, hits: Sequence[Hit], ranked: Sequence[Evidence]) -> tuple[Figure, ...]:
    """The figures that the sentences near the best one give for what is asked, each with its place and date; none
    when they agree. `ranked` is best first, and hit i is citation i + 1."""
    asked = question.wanted_figure
    if asked is None or not ranked or question.has_second_part:
        return ()
    near = [
        evidence for evidence in ranked if evidence.hit < len(hits) and evidence.cosine >= ranked[0].cosine - _MARGIN
    ]
    leading = [evidence for evidence in near if evidence.score >= ranked[0].score - _LEAD]
    for head, dropped in [("", "")] if asked.is_date else asked.heads():
        reader = StatementReader(asked, head, question.terms.only(tokenize(f"{asked.rest} {dropped}")))
        first = next(filter(None, (list(reader.statements(hits, evidence)) for evidence in leading)), None)
        if first:
            rest = [
                statement
                for evidence in near
                for statement in reader.statements(hits, evidence)
                if statement not in first
            ]
            kinds = dict.fromkeys(statement.which for statement in first)
            groups = [
                [statement for statement in [*first, *rest] if _same_thing(statement, which, first)]
                for which in kinds
            ]
            found = [statement for group in groups for statement in _different(group)]
            return tuple(_figure(statement) for statement in sorted(found, key=lambda statement: statement.hit))
    return ()


def states_figure(question: Question, hits: Sequence[Hit], evidence: Evidence) -> bool:
    """Whether the sentence gives a figure for the very thing that is asked, of the place that is asked: by form, so
    that it needs no reader to be sure."""
    asked = question.wanted_figure
    if asked is None or asked.is_date or question.has_second_part:
        return False
    readers = (
        StatementReader(asked, head, question.terms.only(tokenize(f"{asked.rest} {left}")))
        for head, left in asked.heads()
    )
    return any(next(reader.statements(hits, evidence), None) is not None for reader in readers)


def _same_thing(statement: Statement, which: str, first: Sequence[Statement]) -> bool:
    """Whether it counts what the first one with these words counts, for a place of the same level if for any."""
    anchor = next(other for other in first if other.which == which)
    if statement.which != which or (statement.place and anchor.place and statement.place.level != anchor.place.level):
        return False
    if isinstance(statement.value, Quantity) and isinstance(anchor.value, Quantity):
        return comparable(statement.value.kind, anchor.value.kind)
    return True


def _agree(statement: Statement, other: Statement) -> bool:
    if isinstance(statement.value, Quantity):
        return isinstance(other.value, Quantity) and statement.value.agrees(other.value)
    return isinstance(other.value, Day) and statement.value.agrees(other.value)


def _different(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, one for each place and figure, if any two disagree."""
    statements = list(statements)
    placed = {(statement.document_id, statement.text) for statement in statements if statement.place}
    told: dict[tuple[str, Key | None], list[Statement]] = {}
    for statement in statements:
        # A passage that begins below the name of its place repeats what another one tells with it.
        if statement.place or (statement.document_id, statement.text) not in placed:
            told.setdefault((statement.document_id, statement.where), []).append(statement)
    sure = [statement for same in told.values() for statement in _of_one_document(same)]
    found: list[Statement] = []
    for statement in sure:
        if not any(statement.where == other.where and _agree(statement, other) for other in found):
            found.append(statement)
    differ = any(not _agree(statement, other) for statement in found for other in found)
    return found if differ else []


def _of_one_document(statements: Sequence[Statement]) -> list[Statement]:
    """What one document says of one place: of figures that contradict one another the one whose sentence is clearly
    the best, none where none is; but those of different years do not contradict one another."""
    kept: list[Statement] = []
    for statement in sorted(statements, key=lambda statement: -statement.score):
        against = [other for other in kept if not (_agree(statement, other) or _years_differ(statement, other))]
        if any(other.score - statement.score < _CLEAR for other in against):
            return []
        if not against:
            kept.append(statement)
    return kept


def _years_differ(statement: Statement, other: Statement) -> bool:
    return statement.date is not None and other.date is not None and statement.date[:4] != other.date[:4]


def _figure(statement: Statement) -> Figure:
    place = statement.place.name + statement.place.kind if statement.place else None
    return Figure(statement.hit + 1, statement.start, statement.end, statement.text, place, statement.date)
