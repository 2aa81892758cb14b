"""Figures that disagree: different ones for the same thing, from different places, dates or documents.

A wrong "they disagree" is worse than none: figures are compared only where the words before the thing are the same
(专职 is not 兼职) and the units of one class, and a document that contradicts itself is left out.
"""

from collections.abc import Iterable, Sequence

from retrieval.answering.statements import Reader, Statement
from retrieval.query.question import Terms
from retrieval.query.second import second_part
from retrieval.query.wanted import wanted
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


def disagreeing(question: str, hits: Sequence[Hit], ranked: Sequence[Evidence], terms: Terms) -> tuple[Figure, ...]:
    """The figures that the sentences near the best one give for what is asked, each with its place and date; none
    when they agree. `ranked` is best first, and hit i is citation i + 1."""
    asked = wanted(question)
    if asked is None or not ranked or second_part(question) is not None:
        return ()
    near = [one for one in ranked if one.hit < len(hits) and one.cosine >= ranked[0].cosine - _MARGIN]
    leading = [one for one in near if one.score >= ranked[0].score - _LEAD]
    for head, dropped in [("", "")] if asked.is_date else asked.heads():
        reader = Reader(asked, head, terms.only(tokenize(f"{asked.rest} {dropped}")))
        first = next(filter(None, (list(reader.statements(hits, one)) for one in leading)), None)
        if first:
            rest = [one for evidence in near for one in reader.statements(hits, evidence) if one not in first]
            kinds = dict.fromkeys(one.which for one in first)
            groups = [[one for one in [*first, *rest] if _same_thing(one, which, first)] for which in kinds]
            found = [one for group in groups for one in _different(group)]
            return tuple(_figure(one) for one in sorted(found, key=lambda one: one.hit))
    return ()


def states_figure(question: str, hits: Sequence[Hit], evidence: Evidence, terms: Terms) -> bool:
    """Whether the sentence gives a figure for the very thing that is asked, of the place that is asked: by form, so
    that it needs no reader to be sure."""
    asked = wanted(question)
    if asked is None or asked.is_date or second_part(question) is not None:
        return False
    readers = (Reader(asked, head, terms.only(tokenize(f"{asked.rest} {left}"))) for head, left in asked.heads())
    return any(next(reader.statements(hits, evidence), None) is not None for reader in readers)


def _same_thing(one: Statement, which: str, first: Sequence[Statement]) -> bool:
    """Whether it counts what the first one with these words counts, for a place of the same level if for any."""
    anchor = next(other for other in first if other.which == which)
    if one.which != which or (one.place and anchor.place and one.place.level != anchor.place.level):
        return False
    if isinstance(one.value, Quantity) and isinstance(anchor.value, Quantity):
        return comparable(one.value.kind, anchor.value.kind)
    return True


def _agree(one: Statement, other: Statement) -> bool:
    if isinstance(one.value, Quantity):
        return isinstance(other.value, Quantity) and one.value.agrees(other.value)
    return isinstance(other.value, Day) and one.value.agrees(other.value)


def _different(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, one for each place and figure, if any two disagree."""
    statements = list(statements)
    placed = {(one.document_id, one.text) for one in statements if one.place}
    told: dict[tuple[str, Key | None], list[Statement]] = {}
    for one in statements:
        # A passage that begins below the name of its place repeats what another one tells with it.
        if one.place or (one.document_id, one.text) not in placed:
            told.setdefault((one.document_id, one.where), []).append(one)
    sure = [one for same in told.values() for one in _of_one_document(same)]
    found: list[Statement] = []
    for one in sure:
        if not any(one.where == other.where and _agree(one, other) for other in found):
            found.append(one)
    differ = any(not _agree(one, other) for one in found for other in found)
    return found if differ else []


def _of_one_document(statements: Sequence[Statement]) -> list[Statement]:
    """What one document says of one place: of figures that contradict one another the one whose sentence is clearly
    the best, none where none is; but those of different years do not contradict one another."""
    kept: list[Statement] = []
    for one in sorted(statements, key=lambda one: -one.score):
        against = [other for other in kept if not (_agree(one, other) or _years_differ(one, other))]
        if any(other.score - one.score < _CLEAR for other in against):
            return []
        if not against:
            kept.append(one)
    return kept


def _years_differ(one: Statement, other: Statement) -> bool:
    return one.date is not None and other.date is not None and one.date[:4] != other.date[:4]


def _figure(one: Statement) -> Figure:
    place = one.place.name + one.place.kind if one.place else None
    return Figure(one.hit + 1, one.start, one.end, one.text, place, one.date)
