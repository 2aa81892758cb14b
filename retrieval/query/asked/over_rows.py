"""Questions over the rows of a table, told by form: which of them, how many, the sum, the largest, more than 1000.

What is left of the question when the asking words are taken off must be found again in the table, all of it: see
`answering.tables.fitting`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from retrieval.query.asked.bounds import GAP, Bound, bounded
from retrieval.text.fold import fold
from retrieval.text.lexicon import (
    COUNTED,
    HOW_MANY,
    MANY,
    PLACE_WORDS,
    PLACES,
    SIZES,
    UNITS,
    WHAT,
    WHEN,
    WHERE,
    WHICH,
    WHICH_DAY,
    WHO,
    without,
)

RowsWish = Literal["rows", "count", "sum", "average", "maximum", "minimum", "cell"]

PERSON = "人"
PLACE = "地点"
"""Sort of a cell that 在哪里 asks for."""
_SORT = (
    rf"乡镇(?!企业)|{PLACE_WORDS}|[{PLACES}]|小区|单位|部门|学校|企业|公司|合作社|机构|项目|人(?!口|均|数|次)|户(?!数|籍)|"
    r"月份|年份"
)
_MEASURE = f"[{without(COUNTED, '户')}]"
_UNIT = "|".join(map(re.escape, sorted({*UNITS, "钱"}, key=len, reverse=True)))
_POLITE = re.compile(
    rf"请问|想问一下|问一下|帮我|请|目前|现在|到底|究竟|大约|大概|(?<=..)[了过](?=(?:{HOW_MANY}))|[,。?!;、]+$|(?:呢|呀|啊|吗|吧)+[?。!]*$"
)
_SUM = re.compile(rf"一共|总共|合计|共计|总计|总和|加起来|加在一起|(?<!公)共(?=有?(?:{MANY}))")
_AVERAGE = re.compile(rf"平均每[个家所]?(?P<sort>{_SORT})|(?<!人)平均(?!每)")
_MOST = re.compile(r"最[多大高长]")
_LEAST = re.compile(r"最[少小低短]")
_COMPARED = re.compile(
    rf"(?:,|相比|比较)?哪一?(?:{_MEASURE})?(?P<sort>{_SORT})?的?(?P<what>[\u4e00-\u9fff]{{0,8}}?)更?"
    r"(?:[多大高长]|(?P<less>[少小低短]))$"
)
_BOTH = re.compile("[和与跟、]")
_WHICH_ONE = re.compile(rf"哪一?(?:{_MEASURE})?(?P<sort>{_SORT})?|(?P<who>{WHO})")
_ALL = re.compile(
    rf"(?:都|包括|包含|一共|总共)?有?(?:{WHICH}|哪几(?:{_MEASURE}))(?P<sort>{_SORT})?|(?P<who>都有(?:{WHO})|有(?:{WHO})|(?:{WHO})有|都是(?:{WHO}))"
)
_OF = re.compile(rf"(?:的(?P<sort>{_SORT}))(?:都|一共|总共)?(?:有|是)?(?={GAP}|$)")
_COUNT = re.compile(
    rf"(?P<before>{_SORT})(?:一共|总共|共)?有(?:{HOW_MANY})(?:{_MEASURE})$|(?:{HOW_MANY})(?:{_MEASURE})?(?P<sort>{_SORT})|"
    rf"(?:{HOW_MANY})(?:{_MEASURE})(?=[\u4e00-\u9fff]{{1,8}}?(?P<behind>{_SORT})$)"
)
"""Where it is said which of them (示范村), that stays with the rest: a cell may say so."""
_PERSONS = rf"(?:一共|总共)?有?(?:{HOW_MANY})[个名位]?{PERSON}?"
_HAS = "是|有|持|拿|获|取得|具有|属于|考[上取过]|[评当]上"
_HOW_MANY_PERSONS = re.compile(rf"{_PERSONS}(?=(?:{_HAS}).)|(?<=[的师员工者]){_PERSONS}$")
"""几个人是党员, 有电工证的有几人, 焊工有几人: persons of whom more is said than where they are."""
_HOW_MUCH = re.compile(
    rf"(?:{HOW_MANY})(?P<scale>[万亿]?)(?P<unit>(?:{_UNIT})(?!口))?|多[{without(SIZES, '久远重宽深')}]"
)
_WHEN = re.compile(rf"是?在?(?:{WHEN}|{WHICH_DAY}|几点钟?)")
_HOW_OFTEN = re.compile(
    rf"(?:多久|多长时间|(?:{HOW_MANY})个?[天日周月年])(?P<what>[\u4e00-\u9fff]{{0,4}}?)一[次回趟]"
)
_PRICE = re.compile("价是?为?$")
"""Of money, where no unit is said: 水价是多少."""
_WHERE = re.compile(rf"是?在?(?:{WHERE})")
_WHICH_OF = re.compile(rf"(?:是|在|属于|归)哪一?个?(?P<sort>{_SORT}|片区)的?$")
_OTHER = re.compile(rf"(?:是|叫)?(?:{WHO}|{WHAT})|是$")
_ADDED = ("人", "户")


@dataclass(frozen=True, slots=True)
class RowsQuestion:
    """What is asked of rows. `sort` is what a row is (村, 人; empty where it is not said), `unit` that of the figure
    asked; `rest` the folded question without what was understood, with gaps."""

    wish: RowsWish
    sort: str
    unit: str
    bound: Bound | None
    rest: str


def over_rows(question: str) -> RowsQuestion | None:
    """None for what is surely no question over rows."""
    return next(readings(question), None)


def readings(question: str) -> Iterator[RowsQuestion]:
    """What it may ask of rows, the likeliest first: 合计多少 asks for a sum, or for what stands under 合计."""
    rest = _POLITE.sub("", "".join(fold(question).split()))
    rest = _POLITE.sub("", rest)
    without_bound = bounded(rest)
    if without_bound is None:
        return
    rest, bound = without_bound
    for read in (_extreme, _compared, _average, _list, _count, _sum, _cell):
        found = read(rest)
        if found is not None:
            wish, sort, unit, left = found
            if wish != "cell" or bound is None:
                yield RowsQuestion(wish, sort, unit, bound, left)
            if wish == "cell":
                yield from _persons(rest, bound)
            if wish != "sum":
                return


_Read = tuple[RowsWish, str, str, str]


def _extreme(rest: str) -> _Read | None:
    most, least = _MOST.search(rest), _LEAST.search(rest)
    extreme = most or least
    if extreme is None or (most and least):
        return None
    rest = rest[: extreme.start()] + GAP + rest[extreme.end() :]
    which = _WHICH_ONE.search(rest)
    if which is None:
        return None
    sort = which["sort"] or (PERSON if which["who"] else "")
    rest = rest[: which.start()] + GAP + rest[which.end() :]
    of = None if sort else _OF.search(rest)  # 人口最多的村是哪个
    if of is not None:
        sort, rest = of["sort"], rest[: of.start()] + GAP + rest[of.end() :]
    return ("maximum" if most else "minimum"), sort, "", rest


def _compared(rest: str) -> _Read | None:
    """石门村和南坪村哪个人口多: the larger of those that are named."""
    match = _COMPARED.search(rest)
    if match is None or not _BOTH.search(rest, 0, match.start()):
        return None
    left = rest[: match.start()] + GAP + match["what"]
    wish: RowsWish = "minimum" if match["less"] else "maximum"
    if match["sort"] in _ADDED and not match["what"]:  # 哪个人多: where there are more of them
        return wish, "", match["sort"], left
    return wish, match["sort"] or "", "", left


def _average(rest: str) -> _Read | None:
    match = _AVERAGE.search(rest)
    much = _HOW_MUCH.search(rest)
    if match is None or much is None or match["sort"] in _ADDED:  # 平均每人 is over persons, and not over rows
        return None
    return "average", match["sort"] or "", much["unit"] or "", _cut(rest, match, much)


def _list(rest: str) -> _Read | None:
    match = _ALL.search(rest)
    if match is None:
        return None
    sort = match["sort"] or (PERSON if match["who"] else "")
    rest = _cut(rest, match)
    of = None if sort else _OF.search(rest)  # 超过1000人的村有哪些
    if of is not None:
        sort, rest = of["sort"], _cut(rest, of)
    return "rows", sort, "", rest


def _count(rest: str) -> _Read | None:
    match = _COUNT.search(rest)
    sort = match["before"] or match["sort"] or match["behind"] if match is not None else None
    if match is None or sort is None or sort in _ADDED:  # 多少人 asks for a column's figures
        return None
    added = _SUM.search(rest)
    left = _cut(rest, match, *([added] if added else []))
    return "count", sort, "", left[: match.start()] + (match["before"] or "") + left[match.start() :]


def _persons(rest: str, bound: Bound | None) -> Iterator[RowsQuestion]:
    """几个人有高级证: where no column has figures of persons, rows that name them may be counted."""
    match = _HOW_MANY_PERSONS.search(rest)
    if match is not None:
        yield RowsQuestion("count", PERSON, "", bound, re.sub(rf"{GAP}(?:{_HAS})", GAP, _cut(rest, match)))


def _sum(rest: str) -> _Read | None:
    match, much = _SUM.search(rest), _HOW_MUCH.search(rest)
    if match is None:
        return None
    return (
        "sum",
        "",
        (much["unit"] or "") if much else "",
        _cut(rest, *_SUM.finditer(rest), *([much] if much else [])),
    )


def _cell(rest: str) -> _Read | None:
    which = _WHICH_OF.search(rest)  # 石桥村属于哪个片区
    if which is not None:
        return "cell", which["sort"], "", _cut(rest, which)
    where = _WHERE.search(rest)
    if where is not None:
        return "cell", PLACE, "", _cut(rest, where)
    often = _HOW_OFTEN.search(rest)  # 多久清运一次: what stands under 清运次数
    if often is not None:
        return "cell", "", "", _cut(rest, often).replace(GAP, often["what"] or GAP, 1)
    match = _WHEN.search(rest) or _HOW_MUCH.search(rest) or _OTHER.search(rest)
    if match is None:
        return None
    unit = match["unit"] if match.re is _HOW_MUCH else ""
    if not unit and _PRICE.search(rest, 0, match.start()):
        unit = "元"
    return "cell", "", unit or "", _cut(rest, match)


def _cut(rest: str, *matches: re.Match[str]) -> str:
    """The text without what matched in it; matches may overlap."""
    taken = {place for match in matches for place in range(*match.span())}
    return "".join(GAP if place in taken else character for place, character in enumerate(rest))
