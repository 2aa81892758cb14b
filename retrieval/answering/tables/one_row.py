"""A row of a table is no answer to a question over all of them: 学生最多的学校是哪个 is not answered with the first
school that is found, where the table could not be taken as a whole (`over_rows.py`)."""

import re
from collections.abc import Sequence

from retrieval.answering.compose import only_related
from retrieval.query.over_rows import PERSON
from retrieval.query.question import Question
from retrieval.ranking.evidence import sentence_texts
from retrieval.text.fold import fold
from retrieval.text.lists import is_row
from retrieval.types import Answer, Hit

_TOTAL = re.compile(r"[^:|]*:\s*(?:合计|总计|共计|总数|小计)")
_PEOPLE_TOLD = re.compile(r"(?:人|口|职工|学生)[^|:]*:\s*\d|\d\s*多?余?[人名位]")
"""Figures of people in a row: one that only names somebody does not say how many there are."""
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
