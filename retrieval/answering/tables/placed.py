"""Where lines of rows stand in the passages of their document."""

from collections.abc import Iterator, Sequence

from retrieval.answering.tables.read_back import RowLine
from retrieval.types import Span, StoredPassage

LONGEST = 200
"""Characters of a quote at most."""


def rows_in_passages(
    lines: Sequence[RowLine], passages: Sequence[StoredPassage], count: int
) -> Iterator[tuple[StoredPassage, int, int]]:
    """Where the lines stand in passages, at most so many of these; a line too long to be quoted is left out."""
    chosen: list[StoredPassage] = []
    for line in lines:
        holding = [(stored, at) for stored in [*chosen, *passages] if (at := _offset(stored, line.span)) is not None]
        if not holding or line.span[1] - line.span[0] > LONGEST:
            continue
        stored, at = holding[0]
        if stored not in chosen:
            if len(chosen) == count:
                return
            chosen.append(stored)
        yield stored, at, at + line.span[1] - line.span[0]


def _offset(stored: StoredPassage, span: Span) -> int | None:
    """Where in the passage's text the span begins, None where the passage does not hold it whole."""
    before = 0
    for start, end in stored.passage.spans:
        if start <= span[0] and span[1] <= end:
            return before + span[0] - start
        before += end - start
    return None
