"""An answer over the rows of one table or the items of one list, where the question is plainly for that.

It takes the place of what `compose` made only where a single row was quoted, or nothing: what states all stays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from retrieval.answering.citations import cite
from retrieval.answering.compose import ANSWERED, only_related
from retrieval.answering.quotes import about
from retrieval.answering.tables.aggregate import NOTHING_SAID, Outcome, outcome
from retrieval.answering.tables.by_place import by_place
from retrieval.answering.tables.cell_figures import base_of
from retrieval.answering.tables.cells import cell_fit, is_blank
from retrieval.answering.tables.fitting import Fit, fit
from retrieval.answering.tables.placed import LONGEST, rows_in_passages
from retrieval.answering.tables.read_back import Row, Table, squeezed, tables_of
from retrieval.query.asked.over_rows import RowsQuestion
from retrieval.query.question import Question
from retrieval.ranking.evidence import sentence_texts
from retrieval.tally import ROWS, Tally, TallyRow
from retrieval.text.fold import fold
from retrieval.text.lists import is_row
from retrieval.types import Answer, Citation, Document, Hit, Quote, StoredPassage

_SHOWN = 5
"""Rows that are quoted at first."""
_PASSAGES = 2_000
"""Passages of a document whose tables are read at most: it must not cost seconds."""
_BETWEEN, _LINES = " | ", 3
_SURE = 0.9
"""What is counted or quoted by form alone is taken to be right so often; it was not measured."""

DocumentOf = Callable[[str], Document | None]
TakenApart = Callable[[str], tuple[Document, Sequence[Table]] | None]
PassagesOf = Callable[[str], Sequence[StoredPassage]]


def answer_over_rows(
    question: Question,
    hits: Sequence[Hit],
    near: Sequence[Hit],
    composed: Answer,
    count: int,
    document_of: DocumentOf,
    passages_of: PassagesOf,
) -> Answer | None:
    """`near` is all that was weighed, of which `hits` are the best. None where the question is no such one, or not
    one table fits it; what was composed where it tells the same."""
    if not hits or count < 1:
        return None

    @cache  # once each, however many ways the question is understood
    def taken_apart(document_id: str) -> tuple[Document, Sequence[Table]] | None:
        document = document_of(document_id)
        return None if document is None else (document, tables_of(document))

    fitting = (
        [*_found(asked, near, taken_apart, of_places=of_places)]
        for asked in question.over_rows
        for of_places in (False, True)
    )
    all_found = next((candidates for candidates in fitting if candidates), [])
    found = [candidate for candidate in all_found if candidate.outcome.rows] or all_found[:1]
    outcomes = {(candidate.outcome.kind, candidate.outcome.value, candidate.texts) for candidate in found}
    if len(outcomes) != 1:
        return None
    if not found[0].outcome.rows:
        return _without_blank(question, composed, found[0])
    if _is_told(composed, hits, found[0]):
        return composed
    return _answer(composed, hits, found[0], count, passages_of)


def _without_blank(question: Question, composed: Answer, found: "_FoundTable") -> Answer | None:
    """Only related where it quotes the row that says nothing of what is asked; None where it quotes anything else."""
    row = found.fit.rows[0]
    if composed.answer is None or not any(line.text in composed.answer for line in row.lines):
        return None
    return only_related(question, composed)


@dataclass(frozen=True, slots=True)
class _FoundTable:
    document_id: str
    document: Document
    fit: Fit
    outcome: Outcome

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(row.line(self.fit.label).text for row in self.outcome.rows)


def _told(asked: RowsQuestion, table: Table, beside: Sequence[str]) -> tuple[Fit, Outcome] | None:
    """How the table fits, and what comes of its rows."""
    fitted = fit(asked, table, beside) or cell_fit(asked, table, beside)
    result = outcome(asked, fitted) if fitted is not None else None
    if result is None and fitted is not None and asked.wish == "cell" and is_blank(fitted):
        result = NOTHING_SAID
    return (fitted, result) if fitted is not None and result is not None else None


def _told_of_places(
    asked: RowsQuestion, table: Table, tables: Sequence[Table], beside: Sequence[str]
) -> tuple[Fit, Outcome] | None:
    """The same of the places in which its rows lie."""
    places = by_place(asked, table, tables)
    found = _told(asked, places.table, beside) if places is not None else None
    return found if places is None or found is None else places.told(*found)


def _found(
    asked: RowsQuestion, hits: Sequence[Hit], taken_apart: TakenApart, *, of_places: bool
) -> Iterator[_FoundTable]:
    """The tables that fit, each with what comes of it."""
    first = {hit.stored.document.document_id: hit.stored for hit in reversed(hits)}
    holding = {hit.stored.document.document_id for hit in hits if _may_hold(asked, hit.stored)}
    for document_id in dict.fromkeys(hit.stored.document.document_id for hit in hits):
        told = taken_apart(document_id) if document_id in holding else None
        if told is None:  # or removed a moment ago
            continue
        document, tables = told
        place = first[document_id].passage.context.place
        names = (document.title, document.path.stem, document.path.parent.name, place)
        beside = [squeezed(name) for name in names if name]
        for table in tables:
            found = _told_of_places(asked, table, tables, beside) if of_places else _told(asked, table, beside)
            if found is not None:
                yield _FoundTable(document_id, document, *found)


def _may_hold(asked: RowsQuestion, stored: StoredPassage) -> bool:
    """Whether rows of a table stand in the passage, or short lines one below the other, where a list may answer."""
    if stored.document.passages > _PASSAGES:
        return False
    if _BETWEEN in stored.text:
        return True
    if asked.wish not in ("rows", "count"):
        return False
    lines = [b for a, b in pairwise(stored.sentences) if a.spans[-1][1] != b.spans[0][0] and b.length() <= LONGEST]
    return len(lines) >= _LINES


def _is_told(composed: Answer, hits: Sequence[Hit], found: _FoundTable) -> bool:
    """Whether the answer is that of a sentence that is no row, or quotes the very rows already. A sentence that names
    none of the things that are asked for is no list of them, and one that does not say which are counted may count
    them all."""
    if composed.answer is None:
        return False
    if found.outcome.kind in (None, "rows") and all(text in composed.answer for text in found.texts):
        rest = composed.answer
        for text in found.texts:
            rest = rest.replace(text, "", 1)
        if not any(character.isalnum() for character in rest):
            return True
    names = {_row(row, found.fit).name for row in found.outcome.rows}
    if found.outcome.kind == "rows" and not any(name in composed.answer for name in names):
        return False
    best = hits[0]
    sentence = sentence_texts(best.stored)[best.sentence_scores.index(best.score)].strip()
    said = squeezed(f"{best.stored.passage.section or ''}\n{sentence}")
    if found.outcome.kind == "count" and not all(value in said for value in found.fit.values):
        return False
    rows = (line.text for table in tables_of(found.document) for row in table.rows for line in row.lines)
    return not is_row(fold(sentence)) and not any(sentence in text for text in rows)


def _answer(
    composed: Answer, hits: Sequence[Hit], found: _FoundTable, count: int, passages_of: PassagesOf
) -> Answer | None:
    """The first rows as quotes with their citations, and the tally of all of them."""
    lines = [row.line(found.fit.label) for row in found.outcome.rows[:_SHOWN]]
    placed = [*rows_in_passages(lines, passages_of(found.document_id), count)]
    if not placed:
        return None
    cited = dict.fromkeys(stored.passage.passage_id for stored, _, _ in placed)
    numbers = {passage_id: number for number, passage_id in enumerate(cited, 1)}
    citations = {numbers[s.passage.passage_id]: _cited(numbers, s, composed, hits) for s, _, _ in placed}
    quotes = tuple(
        Quote(numbers[stored.passage.passage_id], start, end, about(stored, stored.text[start:end]))
        for stored, start, end in placed
    )
    return replace(
        composed,
        status=ANSWERED,
        confidence=max(composed.confidence, _SURE),
        relevance=max(composed.relevance, _SURE),
        reason=None,
        answer="\n".join(stored.text[start:end] for stored, start, end in placed),
        quotes=quotes,
        citations=tuple(citations[number] for number in sorted(citations)),
        figures=(),
        tally=_tally(found),
    )


def _cited(numbers: dict[str, int], stored: StoredPassage, composed: Answer, hits: Sequence[Hit]) -> Citation:
    passage_id = stored.passage.passage_id
    shown = next((citation for citation in composed.citations if citation.passage_id == passage_id), None)
    if shown is not None:
        return replace(shown, number=numbers[passage_id])
    also = next((hit.also for hit in hits if hit.stored.passage.passage_id == passage_id), ())
    return cite(numbers[passage_id], stored, also=also)


def _tally(found: _FoundTable) -> Tally | None:
    fitted, result = found.fit, found.outcome
    if result.kind is None:
        return None
    column = fitted.column
    rows = tuple(_row(row, fitted) for row in result.rows[:ROWS])
    value = None if result.value is None else f"{result.value.normalize():f}"
    is_of_figures = column is not None and result.kind not in ("rows", "count")
    return Tally(
        result.kind,
        result.count,
        rows,
        found.document_id,
        found.document.title,
        value,
        column.unit or None if column is not None and is_of_figures else None,
        base_of(column.label) if column is not None else None,
        result.blank,
        result.places,
    )


def _row(row: Row, fitted: Fit) -> TallyRow:
    line = row.line(fitted.label)
    name = row.cell(fitted.name) if fitted.name else row.cells[0]
    figure = row.cell(fitted.label) if fitted.label else None
    return TallyRow(name.raw if name else "", figure.raw if figure else None, line.text, *line.span)
