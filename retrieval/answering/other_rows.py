"""Whether a row beside the one that answers is of another thing than the question names."""

import re

from retrieval.answering.tables import cells_of
from retrieval.query.question import Question
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACE_WORDS, PLACES
from retrieval.text.lists import is_row

_KIND = re.compile(rf"(?<=..)(?:{PLACE_WORDS}|[{PLACES}])$")
_FIGURE = re.compile(r"(?!(?:19|20)\d\d年?$)[\d.,%-]+")
"""Years are none."""
_SHORTEST = 2
"""Characters of a name."""


def is_of_another(line: str, row: str, asked: Question) -> bool:
    """Whether the line is a row like that one and of another thing: the question names the row by a cell
    (村名：石门村), and not what stands there in the line."""
    if not (is_row(fold(line)) and is_row(fold(row))):
        return False
    others = {cell.label: cell.text for cell in cells_of(line)}
    return any(
        others.get(cell.label, cell.text) != cell.text
        and _is_named(cell.text, asked)
        and not _is_named(others[cell.label], asked)
        for cell in cells_of(row)
    )


def _is_named(name: str, asked: Question) -> bool:
    return len(name) >= _SHORTEST and not _FIGURE.fullmatch(name) and asked.says(_KIND.sub("", name))
