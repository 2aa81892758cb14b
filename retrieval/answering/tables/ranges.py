"""Rows for a range of figures (171—260, 261以上), of which the question says one: 一个月用电200千瓦时电价多少."""

import re
from collections.abc import Sequence
from decimal import Decimal

from retrieval.answering.tables.cell_figures import unit_in
from retrieval.answering.tables.read_back import Row
from retrieval.query.asked.bounds import GAP

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"[^\d\s()—–~-]{0,4}?"
_RANGE = re.compile(
    rf"(?:(?P<low>{_NUMBER}){_UNIT}(?:[—–~至-]+(?P<high>{_NUMBER}))(?P<unit>{_UNIT})|(?P<from>{_NUMBER})(?P<above>{_UNIT})"
    rf"及?(?:\(含\))?以上|(?P<to>{_NUMBER})(?P<below>{_UNIT})及?(?:\(含\))?以下)(?:\(含\))?"
)
_ONE = re.compile("一个?(?=[年月天日])")
"""一个月用电 says no more than 月用电量."""


def within_range(rest: str, rows: Sequence[Row], labels: Sequence[str]) -> tuple[Row, str, str] | None:
    """The one row whose range holds the figure that the question says, the heading of the ranges, and the question
    without the figure; None where none or several do."""
    found = []
    for label in labels:
        told = unit_in(label).split("/")[0]
        for row in rows:
            cell = row.cell(label)
            match = _RANGE.fullmatch(cell.text) if cell is not None else None
            unit = (told or match["unit"] or match["above"] or match["below"] or "") if match is not None else ""
            said = re.search(
                rf"(?<![\d.])({_NUMBER})(?:{re.escape(unit)}|{re.escape(unit.removeprefix('周'))})", rest
            )
            if match is None or not unit or said is None:
                continue
            low, high = match["low"] or match["from"], match["high"] or match["to"]
            if (not low or Decimal(low) <= Decimal(said[1])) and (not high or Decimal(said[1]) <= Decimal(high)):
                found.append((row, label, rest[: said.start()] + GAP + rest[said.end() :]))
    if len(found) != 1:
        return None
    row, label, left = found[0]
    return row, label, _ONE.sub(GAP, left)
