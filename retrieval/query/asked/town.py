"""A question about a rule that names a town: what the county rules may answer it (白石镇高龄津贴每月多少钱)."""

import re
from dataclasses import dataclass

from retrieval.query.followup.further import END
from retrieval.query.followup.whom_slot import asks_value
from retrieval.text.bodies import BODIES
from retrieval.text.divisions import RANK
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW, WHAT, WHEN
from retrieval.text.places import places_in

_TOWN, _COUNTY = RANK["镇"], RANK["县"]
_ASKS_RULE = re.compile(
    rf"{HOW}|怎么|{WHEN}|(?:{WHAT}|哪些)(?:材料|手续|证件|资料|条件|要求|证明|人能|人可以)|多久|几个工作日|几天"
)
_OWN = re.compile(
    "人口|户数|面积|产[值量业]|收入|预算|决算|支出|投[资入]|资金|庙会|活动|会议|停[水电气]|招[聘标]|换届|选举"
)
"""What each place has of its own, whatever its county rules."""
_ITS_BODY = re.compile(rf"(?![公民]办)[\u4e00-\u9fff]{{0,5}}?(?:{BODIES}|政府|机关|中心|馆|(?<![厕场])所)")
"""Right behind the town, as 镇敬老院: the county's is another."""


@dataclass(frozen=True, slots=True)
class TownQuestion:
    """The (folded) `town`, the `county` where it is named before it, and the question around both."""

    town: str
    county: str | None
    before: str
    behind: str

    def of(self, county: str) -> str:
        """The question as it is asked of the county."""
        return self.before + county + self.behind


def town_question(question: str) -> TownQuestion | None:
    """None where it names no town, or another place beside its county, or does not ask what a rule tells."""
    folded = fold(question)
    named = places_in(folded)
    if len(folded) != len(question) or not named or RANK.get(named[-1][1].kind) != _TOWN or _OWN.search(folded):
        return None
    (at, town), start = named[-1], named[-1][0]
    county = None
    if len(named) == 2 and RANK.get(named[0][1].kind) == _COUNTY and named[0][0] + len(named[0][1].name) == at:
        start, county = named[0][0], named[0][1].name
    elif len(named) > 1:
        return None
    if _ITS_BODY.match(folded, at + len(town.name)) or not (
        asks_value(folded.rstrip(END)) or _ASKS_RULE.search(folded)
    ):
        return None
    return TownQuestion(town.name, county, question[:start], question[at + len(town.name) :])
