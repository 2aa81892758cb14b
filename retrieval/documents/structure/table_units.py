"""The unit above a table, and which columns it counts: 单位：万人 is none of the schools (学校数) beside the pupils.
Of several units (单位：人、亩、万元) a column has the one that its heading tells."""

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
_LONGEST = 10
"""Characters of a unit."""
_LAST = re.compile(r"[·/／,，、\s][十百千万亿]*(?P<last>[^·/／,，、\s]+)$")
"""May be a unit that the heading names itself: 学校·所 in two rows of headings, 学校/所."""

_BODY = re.compile(r"[局委办府院校司社处站厅部队会县市区镇乡村]$")  # 单位：云溪县水务局 is who made the table
_UNIT = re.compile(
    r"(?:^|[。；;，,（(\s])(?:计量)?单位\s*[：:]\s*(?P<units>[^；;。：:()（）]{1,20}?)\s*[)）]?\s*[：:]?$"
)
_SEPARATOR = re.compile(r"\s*[、，,]\s*")
_OF_CLASS = {
    "people": re.compile("人口|[人员生工]数|人员$|劳动?力"),
    "money": re.compile("收入|支出|[费款金额价]|补贴|补助|补偿|产值|投资"),
    "area": re.compile("面积|[耕林草园]地|水面"),
    "weight": re.compile("产量|重量"),
    "户": re.compile("户数|[农住]户$"),
}
"""Headings that tell which of several units is theirs."""


def unit_of(text: str) -> str:
    """万元 of the line （单位：万元） above a table, or with which a line ends that leads to it; of several units all
    of them (人、亩、万元). Empty where it names none."""
    match = _UNIT.search(text.strip())
    units = _SEPARATOR.split(match["units"].strip()) if match else [""]
    if len(units) > 1:
        return "、".join(units) if all(_class_of(unit) for unit in units) else ""
    return "" if len(units[0]) > _LONGEST or _BODY.search(units[0]) else units[0]


def is_unit_line(text: str) -> bool:
    """Whether the line tells the unit and nothing else."""
    match = _UNIT.search(text.strip())
    return match is not None and match.start() == 0 and bool(unit_of(text))


def unit_under(heading: str, units: str) -> str:
    """That of the figures under the heading, empty where it is none of these."""
    told = [unit for unit in units.split("、") if unit and is_counted(heading, unit)]
    if "、" in units:
        told = [unit for unit in told if (of := _OF_CLASS.get(_class_of(unit))) and of.search(heading)]
    return told[0] if len(told) == 1 else ""


def _class_of(unit: str) -> str:
    return UNITS.get(unit) or UNITS.get(unit.lstrip("十百千万亿"), "")


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
