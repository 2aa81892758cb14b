"""Which cell of a table a question names: a row by what one of its cells says, and a column by its heading.

Where rows are for ranges (171—260), a figure names the row as well. Headings of two rows (护理费·全护理) are named by
their parts, in any order, and a part that only one column has is enough. As in `fitting.py`, whatever else the
question says must stand beside the table, or nothing is found.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from retrieval.answering.tables.cell_figures import base_of, column_of, same_class, unit_in
from retrieval.answering.tables.columns import NUMBERING, goes_as_asked, is_of_unit
from retrieval.answering.tables.fitting import Fit
from retrieval.answering.tables.named_rows import narrowed
from retrieval.answering.tables.ranges import within_range
from retrieval.answering.tables.read_back import Row, Table
from retrieval.answering.tables.told_beside import is_of_place, is_told, is_unmodified, place_before
from retrieval.answering.tables.totals import is_part, is_total
from retrieval.query.asked.bounds import GAP
from retrieval.query.asked.over_rows import PLACE, RowsQuestion

_BLANK = re.compile(r"[-—–−/…]*")
_PARTS = re.compile(r"[·/]|(?<=\d年)(?!度)|(?<=年度)")
_KINDS_OF = (
    "次数|频[次率]|面积|数量|总数|人数|[数量价费额率名]|价格|金额|费用|标准|名称|内容|情况|日期|时间|地点|领导|"
    "人员|人|者"
)
"""Behind what a heading is of: 购置日期, 工作内容. A question may leave it out."""
_ENDS = re.compile(rf"(?:{_KINDS_OF})$")
_BEGINS = re.compile("^(?:联系|咨询|办公(?=电话)|其中|所在|所属|总)")
"""Before what it is of: 联系电话, 其中女性."""
_SITE = re.compile("地[点址]|位置|[场处]所")
_LEFT_OUT = re.compile("[做干收交领发付花吃住坐放要需属于到号]")
_GOT = re.compile("[领得到]")
"""Says nothing of its own beside a heading; where only the unit tells the column, 交了多少钱 is not 领了多少钱."""
_BRACKETS = re.compile("[(（][^()（）]*[)）]")
_SEXES = ("男", "女")
_RATE = re.compile(r"[(（][^()（）]*/(?P<each>[^()（）]+)[)）]")
_EACH = "每{0}|一个?{0}"
_SHORTEST = 2


def cell_fit(asked: RowsQuestion, table: Table, beside: Sequence[str]) -> Fit | None:
    """The row and the column that the question names; None where it names none, or several. The row may lack the
    cell."""
    rows = tuple(row for row in table.rows if not is_total(row, table) and not is_part(row, table))
    if asked.wish != "cell" or not table.labels or not rows:
        return None
    found = narrowed(asked.rest, rows, place_before(beside[0]) if beside else "", None)
    if found is None:
        return None
    headings = [label for label in table.labels if not NUMBERING.fullmatch(label)]
    context = [*beside, *table.near]
    if not found[2] and (ranged := within_range(asked.rest, rows, headings)) is not None:
        row, of, rest = ranged
        naming, values, context = {of}, [cell.text for cell in row.cells if cell.label == of], [*context, base_of(of)]
    elif len(found[0]) == 1 and found[2]:
        (row,), rest, values = found
        naming = {cell.label for cell in row.cells if cell.text in values}
    else:
        return None
    named = _named(asked, [label for label in headings if label not in naming], rows, rest)
    if named is None:
        return None
    label, said = named
    is_told_of = _is_told_of(asked, label, said, _without_rate(rest, label), [*context, *table.above])
    if not is_told_of or not _is_unit(asked.unit, label, rows) or not is_of_place(asked, values, context):
        return None
    return Fit(table, (row,), None, label, row.cells[0].label, tuple(values))


def _is_told_of(asked: RowsQuestion, label: str, said: Sequence[str], rest: str, context: Sequence[str]) -> bool:
    """Whether what the question says beside the row is said by heading and context."""
    for part in said:
        others = _without(rest, [other for other in said if other not in part])
        if not is_unmodified(others, part, base_of(label), "", context):
            return False
    left = _without(rest, [*said, *filter(None, [unit_in(label)])])
    if context and not (said or asked.sort) and not goes_as_asked(left, label, context[0]):
        return False
    left = GAP.join(piece for piece in left.split(GAP) if piece not in base_of(label))
    return is_told(left, context, "", _LEFT_OUT if said or asked.sort else _GOT)


def _is_unit(unit: str, label: str, rows: Sequence[Row]) -> bool:
    """Whether the figures are in the unit that is asked for, as far as either is known."""
    column = column_of(label, rows)
    if not unit or column is None or not column.unit:
        return True
    return same_class(unit, column.unit.split("/")[0])


def is_blank(fit: Fit) -> bool:
    """Whether the row says nothing under the heading that is asked for."""
    if len(fit.rows) != 1 or not fit.values or fit.label is None:
        return False
    cell = fit.rows[0].cell(fit.label)
    return cell is None or says_nothing(cell.text)


def says_nothing(text: str) -> bool:
    """Whether a cell is blank, or holds but a dash."""
    return _BLANK.fullmatch(text) is not None


def _named(
    asked: RowsQuestion, headings: Sequence[str], rows: Sequence[Row], rest: str
) -> tuple[str, list[str]] | None:
    """The one heading of which the question names more than of all others, and the words by which it does."""
    if asked.sort:
        of_sort = [label for label in headings if _is_of_sort(base_of(label), asked.sort)]
        return (of_sort[0], []) if len(of_sort) == 1 else None
    said = {label: [*_said(label, rest)] for label in headings}
    if not any(said.values()):
        of_unit = [label for label in said if asked.unit and _is_of_unit(asked.unit, label, rows)]
        return (of_unit[0], []) if len(of_unit) == 1 else None
    parts = {word for words in said.values() for word in words}
    best = [label for label, words in said.items() if words and _covers(words, parts)]
    if len(best) > 1:
        best = [label for label in best if len(said[label]) == len(_parts(label))]
    return (best[0], said[best[0]]) if len(best) == 1 else None


def _is_of_unit(unit: str, label: str, rows: Sequence[Row]) -> bool:
    """Whether the figures are in the unit, or so much of it each: 元/立方米."""
    column = column_of(label, rows)
    each = column.unit.split("/") if column is not None else []
    return is_of_unit(unit, label, rows) or (len(each) > 1 and same_class(unit, each[0]))


def _is_of_sort(base: str, sort: str) -> bool:
    return _SITE.search(base) is not None if sort == PLACE else _ENDS.sub("", base).endswith(sort)


def _covers(words: Sequence[str], parts: Collection[str]) -> bool:
    return all(any(part in word for word in words) for part in parts)


def _parts(label: str) -> list[str]:
    return [part for part in _PARTS.split(_BRACKETS.sub("", label)) if part]


def _said(label: str, rest: str) -> Iterator[str]:
    """The parts of the heading that the question says, or what they are of."""
    for part in _parts(label):
        forms = (part, _ENDS.sub("", part), _BEGINS.sub("", part))
        said = next((form for form in forms if len(form) >= _SHORTEST and form in rest), None)
        if said is not None:
            yield said
        elif part in _SEXES and (person := re.search(f"{part}[生性]?", rest)):
            yield person[0]


def _without(text: str, words: Sequence[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, GAP)
    return text


def _without_rate(rest: str, label: str) -> str:
    """The question without 每月 and 一个月, where the figures are those of a month (元/月)."""
    rate = _RATE.search(label)
    each = [re.escape(unit) for unit in re.split(r"[·/、.]", rate["each"])] if rate else []
    return re.sub("|".join(_EACH.format(unit) for unit in each), GAP, rest) if each else rest
