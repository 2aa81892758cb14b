"""Questions with their answers, as tables keep them: each pair a heading and its text, so that a question like it
finds the answer, and the answer is what is quoted."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.documents.structure.assemble import Block
from retrieval.documents.structure.tables import WHOLE, Cell, Grid

_QUESTION = re.compile(r"(?:常见)?问题?|提问|咨询(?:问题|内容)|标准问题?|questions?|q", re.IGNORECASE)
_ANSWER = re.compile(r"答案?|回答|解答|答复(?:内容)?|回复(?:内容)?|标准答案?|answers?|a", re.IGNORECASE)
_NUMBERING = re.compile(r"序号|编号|no\.?|№|id", re.IGNORECASE)
_ENDS = re.compile(r"[?？。！!：:]$")
_LEVEL, _GROUP_LEVEL = 3, 2
_GROUP = 40
"""Characters of a heading over several questions, at most."""


class _Columns(NamedTuple):
    question: int
    answer: int


def is_of_questions(grid: Grid) -> bool:
    """Whether the first row says that one column holds questions and another their answers."""
    return bool(grid) and len(grid) > 1 and _columns(grid[0]) is not None


def pair_blocks(grid: Grid) -> Iterator[Block]:
    """A heading and its answer a row; what other columns say stands behind the answer. A question without an answer,
    and an answer without a question, are lines as they are; what is merged over both heads the pairs below it."""
    columns = _columns(grid[0])
    assert columns is not None
    for row in grid[1:]:
        question, answer = row[columns.question].text, row[columns.answer].text
        if question and answer and question != answer:
            # It is asked also where it says so without a mark, and what answers is told by the mark.
            yield Block(
                question if _ENDS.search(question) else f"{question}{'?' if question.isascii() else '？'}", _LEVEL
            )
            yield Block(answer, whole=len(answer) <= WHOLE)
        elif question or answer:
            is_group = row[columns.question] is row[columns.answer] and len(question) <= _GROUP
            yield Block(question or answer, _GROUP_LEVEL if is_group else 0)
        yield from (Block(line) for line in _others(grid[0], row, columns))


def _columns(heads: Sequence[Cell]) -> _Columns | None:
    texts = ["".join(cell.text.split()) for cell in heads]
    questions = [i for i, text in enumerate(texts) if _QUESTION.fullmatch(text)]
    answers = [i for i, text in enumerate(texts) if _ANSWER.fullmatch(text)]
    return _Columns(questions[0], answers[0]) if len(questions) == len(answers) == 1 else None


def _others(heads: Sequence[Cell], row: Sequence[Cell], columns: _Columns) -> Iterator[str]:
    told = [row[i] for i in columns]
    for i, cell in enumerate(row):
        is_merged = any(cell is earlier for earlier in told)  # into what was told already
        if cell.text and not is_merged and i not in columns and not _NUMBERING.fullmatch(heads[i].text):
            yield f"{heads[i].text}：{cell.text}" if heads[i].text else cell.text
