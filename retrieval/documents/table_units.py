"""Which columns of a table the unit above it counts: 单位：万人 is none of the schools (学校数) beside the pupils."""

import re

from retrieval.text.lexicon import UNITS

_NUMBERING = re.compile(r"序号|编号|no\.?|№", re.IGNORECASE)
_NO_MONEY = re.compile(r"人口|[户人件个次天]数|人次|人员|面积|亩|耕地|数量|产量|年龄|电话|[率比]$|占")
_MONEY = re.compile(r"[费款金额]$|补贴|补偿|收入|支出")
"""Headings of what 单位：万元 above the table does not count, and of what it counts all the same (占地补偿费)."""
_SHARE = re.compile(r"率|比例|比重|[占同环]比|[%％‰]")
_COUNT = re.compile(r"数(?![量额值据字])")
_ANY_COUNT = re.compile(
    r"(?:预算|决算|执行|调整|计划|实际|完成|累计|目标|任务|[总计年月期季初末本比额款金加减定达放])数"
)
"""预算数 counts whatever the table counts; 学校数 counts schools."""
_PEOPLE = re.compile(r"人[口员]?数|[生师工员民童者]数")
_LAST = re.compile(r"[·/／,，、\s][十百千万亿]*(?P<last>[^·/／,，、\s]+)$")
"""May be a unit that the heading names itself: 学校·所 in two rows of headings, 学校/所."""


def is_counted(heading: str, unit: str) -> bool:
    """Whether figures under the heading are in the unit of the whole table, as far as the heading says."""
    if not heading or _NUMBERING.fullmatch(heading) or re.search("[（(]", heading) or _has_own(heading):
        return False
    if _SHARE.search(heading):
        return False
    if unit.endswith("元") and _NO_MONEY.search(heading) and not _MONEY.search(heading):
        return False
    return not _COUNT.search(heading) or bool(_ANY_COUNT.search(heading)) or _counts_the_same(heading, unit)


def _has_own(heading: str) -> bool:
    last = _LAST.search(heading)
    return last is not None and last["last"] in UNITS


def _counts_the_same(heading: str, unit: str) -> bool:
    """Whether what the heading says is numbered is what the unit is of: 户数 of 万户, 学生数 of 万人."""
    thing = unit.lstrip("十百千万亿")
    return (thing in ("人", "名", "位") and bool(_PEOPLE.search(heading))) or bool(thing and f"{thing}数" in heading)
