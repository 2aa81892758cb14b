"""When a row of a table that was quoted is no answer.

学生最多的学校是哪个 is not answered with the first school that is found, where the table could not be taken as a
whole (`over_rows.py`). And a row that says nothing under the heading that is asked for is no answer, whatever else it
says.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from retrieval.answering.compose import only_related
from retrieval.answering.tables.cell_figures import base_of
from retrieval.answering.tables.cells import says_nothing
from retrieval.answering.tables.read_back import Row, Table, tables_of
from retrieval.query.asked.over_rows import PERSON
from retrieval.query.question import Question
from retrieval.ranking.evidence import sentence_texts
from retrieval.text.fold import fold
from retrieval.text.lists import is_row
from retrieval.types import Answer, Document, Hit

_TOTAL = re.compile(r"[^:|]*:\s*(?:合计|总计|共计|总数|小计)")
_PEOPLE_TOLD = re.compile(r"(?:人|口|职工|学生)[^|:]*:\s*\d|\d\s*多?余?[人名位]")
"""Figures of people in a row: one that only names somebody does not say how many there are."""
_SHORTEST = 2
_ENUMERATED = "、"
"""Stands in a cell that lists what is asked for."""


def without_one_row(question: Question, hits: Sequence[Hit], composed: Answer) -> Answer:
    """As it was composed, but only related where it quotes a row for what all rows are asked about. A total stays
    for a sum, and a cell that holds the list for a list."""
    if composed.answer is None or not hits:
        return composed
    best = hits[0]
    row = fold(sentence_texts(best.stored)[best.sentence_scores.index(best.score)])
    if question.asks_which and is_row(row) and _TOTAL.match(row):  # a total is none of several
        return only_related(question, composed)
    is_count = any((asked.wish, asked.sort) == ("count", PERSON) for asked in question.over_rows)
    if (
        is_row(row)
        and not _TOTAL.match(row)
        and (is_count or (question.asks_how_many_people and not _PEOPLE_TOLD.search(row)))
    ):
        return only_related(question, composed)
    asked = next(iter(question.over_rows), None)
    if asked is None or (asked.wish == "cell" and asked.bound is None):
        return composed
    is_told = (asked.wish == "sum" and _TOTAL.match(row)) or (
        asked.wish == "rows" and asked.bound is None and _ENUMERATED in row
    )
    if is_told or not is_row(row):
        return composed
    return only_related(question, composed)


def without_blank_cell(question: Question, told: Answer, document_of: Callable[[str], Document | None]) -> Answer:
    """As it was told, but only related where it quotes a row that says nothing under the heading that is asked for:
    玉米·产量 of a village is no answer for its 小麦·产量."""
    if told.tally is not None or " | " not in (told.answer or ""):
        return told
    rows = [*_quoted(told, document_of)]
    named = [(row, table) for row, table in rows if _names(row, question)] or rows
    return only_related(question, told) if any(_is_blank(question, *each) for each in named) else told


def _quoted(told: Answer, document_of: Callable[[str], Document | None]) -> Iterator[tuple[Row, Table]]:
    """The rows that the answer quotes, whole or in part, with their tables."""
    for quote in told.quotes:
        citation = told.citations[quote.citation - 1]
        document, text = document_of(citation.document_id), citation.text[quote.start : quote.end]
        for table in tables_of(document) if document is not None and is_row(fold(text)) else ():
            held = (row for row in table.rows if any(line.text in text or text in line.text for line in row.lines))
            yield from ((row, table) for row in held)


def _names(row: Row, question: Question) -> list[str]:
    """What the row says that the question says as well."""
    return [cell.text for cell in row.cells if len(cell.text) >= _SHORTEST and question.says(cell.text)]


def _is_blank(question: Question, row: Row, table: Table) -> bool:
    """Whether the row has nothing under the headings of which the question says most, and says it last: 电话 of
    负责人电话."""
    names = _names(row, question)
    said = {label: question.places_of(base_of(label), names) for label in table.labels}
    most = {label: places for label, places in said.items() if places and not any(map(places.__lt__, said.values()))}
    last = max(map(max, most.values()), default=0)
    asked = [label for label, places in most.items() if max(places) == last]
    return bool(asked) and all((cell := row.cell(label)) is None or says_nothing(cell.text) for label in asked)
