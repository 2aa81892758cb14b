"""Whether a question asks if something is so, for the most of many, for a sum over many, or for what is planned."""

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.text.fold import fold
from retrieval.text.lexicon import MANY, PLACES, WHY

_WHETHER = re.compile(
    r"(?:吗|(?<![什怎多这那])么|不|没有?)\s*[?？]?$|[是能可会应]否|可不可以|可以.{0,6}(?:吗|(?<![什怎多这那])么)|[对行]吗|还是|"
    r"(.)[不没]\1|有没有|"
    r"^(?:is|are|do|does|can|may|must|was|were)\b"
)
PLANNED = re.compile("计划(?![生外内单])|规划(?![局和展])|设计(?![院师单])|拟|预计|力争|目标|打算|争取")
DONE = re.compile("已|实际|(?<![实出体表呈发兑展再])现(?![金场代象行任役])|目前|如今|眼下|截[至止]")
_MOST = f"最(?:[{MANY}高大小早晚长短贵便远快慢老强弱]|低(?!生活保障|工资))"
_ASKS_MOST = re.compile(
    rf"(?:哪|谁|什么(?!时))[^,，。]{{0,12}}{_MOST}|{_MOST}[^,，。]{{0,8}}(?:哪(?![天日年月])|谁|什么(?!时))"
    r"|\bwhich\b.*(?<!at )\b(?:most|least|largest|highest|lowest|biggest|smallest)\b"
)
_ASKS_SUM = re.compile(
    r"(?P<counted>(?<!第)(?:(?:[二三四五六七八九十几\d]+[个家]|两[个家]?)|各|所有|全部)"
    rf"(?:[{PLACES}]|街道|社区|学校|单位|公司|企业|项目|部门|机构))[^,，。]{{0,12}}(?:一共|总共|合计|共计)|加起来|相加|总和"
)


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """`is_whether`: it asks if something is so; `is_most`: which of many has the most; `is_sum`: for a sum, over what
    is `counted` where it says so (三个镇); `stage`: of what is planned, or done."""

    is_whether: bool
    is_most: bool
    is_sum: bool
    counted: str | None
    stage: Literal["planned", "done"] | None = None


def asked_measure(question: str) -> AskedMeasure:
    folded = fold(question)
    summed = _ASKS_SUM.search(folded)
    return AskedMeasure(
        _WHETHER.search(folded) is not None,
        _ASKS_MOST.search(folded) is not None and not re.search(WHY, folded),
        summed is not None,
        summed["counted"] if summed else None,
        _stage(folded),
    )


def _stage(folded: str) -> Literal["planned", "done"] | None:
    is_planned, is_done = PLANNED.search(folded) is not None, DONE.search(folded) is not None
    if is_planned == is_done:
        return None
    return "planned" if is_planned else "done"
