"""Which column a question over rows names: by its heading, by what that is of, or by the unit of its figures."""

import re
from collections.abc import Iterator, Sequence

from retrieval.answering.tables.cell_figures import base_of, column_of, same_class
from retrieval.answering.tables.read_back import Row, Table
from retrieval.answering.tables.told_beside import FILLING
from retrieval.query.asked.bounds import GAP
from retrieval.query.asked.over_rows import RowsQuestion

NUMBERING = re.compile(r"序号|编号|no\.?|№", re.IGNORECASE)
_GENERIC = "面积|数量|总数|人数|数|总量|总|情况"
"""What a question may add to a heading (耕地面积: 耕地), or leave out."""
_GENERAL = re.compile(
    rf"(?:[总全]|常住|户籍|其中)?(?:人口|户|人|面积|耕地|收入|金额|资金|费用)?(?:{_GENERIC})?(?:总|合计)?"
)
"""Headings that say little of their own: what they are of stands in the title (移民搬迁户数)."""
_STATED = re.compile("核定|实有|实际|确认")
_COUNTED_UNITS = ("人", "户", "个", "名", "位")
_SHORTEST = 2
_MONEY = "钱"
_GETS, _PAYS = re.compile("[拿领得]"), re.compile("[交缴付]")
_GIVEN = re.compile("补|奖|助|津贴|抚恤|救济|发放|分红|工资")
_TAKEN = re.compile("[缴费税罚租]|交(?!通)")
_MATTER = re.compile(r"(?:补[贴助偿]|奖[励补]|救助|收缴)")
"""What is given or taken: a title says it of all figures below it, and makes no sort of people of them."""


def named_column(
    asked: RowsQuestion, table: Table, rows: Sequence[Row], rest: str, name: str, beside: Sequence[str]
) -> tuple[str, str, str] | None:
    """The heading that the question names, the words by which it does, and what is left of it."""
    labels = [label for label in table.labels if label != name and not NUMBERING.fullmatch(label)]
    exact = [label for label in labels if len(base_of(label)) >= _SHORTEST and base_of(label) in rest]
    longest = [
        label for label in exact if not any(label != other and base_of(label) in base_of(other) for other in exact)
    ]
    if len(longest) == 1:
        label, said = longest[0], base_of(longest[0])
    elif longest:
        return None
    else:
        loose = [
            (label, said)
            for label in labels
            if (said := _without_generic(base_of(label))) in rest and len(said) >= _SHORTEST
        ]
        unit = asked.unit or (asked.bound.unit if asked.bound else "")
        counted = [*_counted(labels, unit, rest)]
        if len(counted) == 1:
            loose = counted  # 一年级 in 人, and they are 一年级班数 and 一年级人数
        elif any(base_of(other).startswith(said) for label, said in loose for other in labels if other != label):
            return None  # 补贴, and they are 补贴面积 and 补贴金额
        pieces = [piece for part in rest.split(GAP) if len(piece := FILLING.sub("", part)) >= _SHORTEST]
        loose = loose or [
            (label, said) for label in labels for said in pieces if _is_all_of(base_of(label), said, beside)
        ]
        if any(_STATED.search(label) and _is_said_of_others(label, said, labels) for label, said in loose):
            return None  # 面积, and they are 承包面积 and 核定面积
        loose = loose or [*counted, *_of_money(labels, rows, rest)]
        loose = loose or [(label, "") for label in labels if unit and is_of_unit(unit, label, rows)]
        if len(loose) != 1:
            return None
        label, said = loose[0]
    column = column_of(label, rows)
    if asked.wish != "cell" and column is None:
        return None
    if asked.unit and column is not None and column.unit and not same_class(asked.unit, column.unit):
        return None
    rest = GAP.join(GAP if said and FILLING.sub("", part) == said else part for part in rest.split(GAP))
    rest = rest.replace(said, GAP) if said else rest
    return label, said, re.sub(rf"(?:{_GENERIC})(?={GAP}|$)|(?<={GAP})(?:{_GENERIC})", GAP, rest)


def _is_said_of_others(label: str, said: str, labels: Sequence[str]) -> bool:
    return any(said in base_of(other) for other in labels if other != label)


def goes_as_asked(rest: str, label: str, title: str) -> bool:
    """Whether money goes the way that the question says: what a village pays is not what it is paid."""
    gets, pays = _GETS.search(rest) is not None, _PAYS.search(rest) is not None
    told = next((text for text in (base_of(label), title) if _GIVEN.search(text) or _TAKEN.search(text)), "")
    is_given = _GIVEN.search(told) is not None
    return not (gets or pays) or (told != "" and gets == is_given and pays != is_given)


def is_general(label: str) -> bool:
    return _GENERAL.fullmatch(base_of(label)) is not None


def _counted(labels: Sequence[str], unit: str, rest: str) -> Iterator[tuple[str, str]]:
    """计划户数 for 计划多少户: headings that say of what the figures are, and name their unit behind it."""
    for label in labels if unit in _COUNTED_UNITS else ():
        said = re.sub(f"{unit}数$", "", base_of(label))
        if said != base_of(label) and len(said) >= _SHORTEST and said in rest:
            yield label, said


def _of_money(labels: Sequence[str], rows: Sequence[Row], rest: str) -> Iterator[tuple[str, str]]:
    """补贴金额（元） for 领的钱: the only column of money."""
    if _MONEY in rest:
        columns = ((label, column_of(label, rows)) for label in labels)
        yield from ((label, _MONEY) for label, column in columns if column and same_class("元", column.unit))


def _is_all_of(base: str, said: str, beside: Sequence[str]) -> bool:
    """Whether the heading says no more than what is asked, or what the title says is given or taken: 人口数 is 人口,
    and not 流动人口."""
    more = base.replace(said, "", 1)
    if said in base and _MATTER.fullmatch(more) and any(more in text for text in beside):
        return True
    return said in base and not re.sub(rf"{_GENERIC}|合计|小计|{_STATED.pattern}|[全共]|年末|年底|\d+年?", "", more)


def _without_generic(base: str) -> str:
    return re.sub(rf"(?:{_GENERIC})$", "", base) or base


def is_of_unit(unit: str, label: str, rows: Sequence[Row]) -> bool:
    column = column_of(label, rows)
    if column is None or (column.unit and not same_class(unit, column.unit)):
        return False
    base = base_of(label)
    if unit in _COUNTED_UNITS:  # 劳动力（人） are not all people
        return re.sub(_GENERIC, "", base) in ("", unit, f"{unit}口")
    return bool(column.unit)
