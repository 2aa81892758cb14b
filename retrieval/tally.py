"""What was counted or computed over the rows of one table, or the items of one list: values, without a word."""

from dataclasses import dataclass
from typing import Literal

TallyKind = Literal["rows", "count", "sum", "average", "maximum", "minimum", "compared"]


@dataclass(frozen=True, slots=True)
class TallyRow:
    """A row as it stands at [start, end) of the document's text: what names it, and the cell that took part (None
    where rows are only counted)."""

    name: str
    figure: str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """What `count` rows of a place come to, in the unit of the tally."""

    place: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` rows of a document matched, were added or compared; `rows` are these in their order (for the largest
    and the smallest those that have it), at most `ROWS` of them. `value` is what was computed, exact (an average to
    two places), in `unit`; `column` the heading above the figures, `blank` how many rows had none there. Where
    rows were added for each of several places (`compared`) these are in `places`, that which is asked for first, with
    its sum as `value`."""

    kind: TallyKind
    count: int
    rows: tuple[TallyRow, ...]
    document_id: str
    title: str
    value: str | None = None
    unit: str | None = None
    column: str | None = None
    blank: int = 0
    places: tuple[PlaceSum, ...] = ()


ROWS = 1_000
"""Rows that travel with an answer at most; the count is of all."""
