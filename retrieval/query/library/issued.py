"""Questions for the documents of a period, or of who issued them: 2026年发了哪些文件, 今年有哪些通知, 县水务局发过
什么文件, 上周新增了哪些文件.

Which 办法 and 规定 there are (今年有哪些规定) the documents tell, and the library which of them were issued.
"""

import datetime
import re
from dataclasses import dataclass

from retrieval.query.library.paper import BODIES
from retrieval.query.library.period import PERIOD, days_of
from retrieval.text.lexicon import COUNTED_PAPERS, HOW_MANY, WHAT, WHICH

_ISSUED = r"(?:新?(?:发布|印发|制定|出台|下发|公布|颁布|签发|发出|发|出)[了过]?)"
_ADDED = r"(?:新?(?:增加?|添加|加入|上传|入库)|新收录)[了过]?"
OFFICIAL = "文件|文档|公文"
"""What an office issues, of whatever kind."""
NOTICES = "通知|通告|公告"
_KINDS = f"{OFFICIAL}|{NOTICES}|办法|规定|条例|意见|方案|决定|细则"
_BODY = rf"(?:(?![的哪谁])[\u4e00-\u9fff]){{1,20}}?(?:{BODIES}|[府委]办)"
_NOW = r"(?:目前|现在|一共|总共|都|共|又|还)*"
_WHICH = rf"(?P<which>(?:过?(?:{WHICH}|哪几[{COUNTED_PAPERS}]|{WHAT}))|(?P<count>(?:{HOW_MANY})[{COUNTED_PAPERS}]?))"
_HAS = rf"{_NOW}(?:有|收录了?)"
_OF = rf"(?:(?P<period>{PERIOD})[,，]?由?(?P<body>{_BODY})?|(?P<body_first>{_BODY})(?P<period_last>{PERIOD})?)的?"
_END = r"(?:呢|呀|啊)?[?。!]*"
_FORMS = tuple(
    re.compile(form + _END)
    for form in (
        rf"{_OF}{_NOW}{_ISSUED}{_WHICH}(?P<kind>{_KINDS})",
        rf"{_OF}{_ISSUED}?的?(?:所有|全部)?(?P<kind>{_KINDS}){_NOW}[有是]{_WHICH}",
        rf"{_OF}{_HAS}{_WHICH}{_ISSUED}的(?P<kind>{_KINDS})",
        rf"{_OF}{_HAS}{_WHICH}(?P<kind>{OFFICIAL}|{NOTICES})",
        rf"{_HAS}{_WHICH}{_OF}{_ISSUED}?的?(?P<kind>{_KINDS})",
        rf"{_NOW}(?:有没有|有无|是否有|有){_OF}{_ISSUED}?的?(?P<kind>{_KINDS})(?:吗|么|没有?)?",
        rf"(?P<added>{PERIOD}){_NOW}{_ADDED}的?(?:{_WHICH})?(?P<kind>{OFFICIAL})(?:[有是](?:{WHICH}|{WHAT}))?",
        rf"(?:列出|列一下|列举)(?:所有|全部)?{_OF}{_ISSUED}?的?(?:所有|全部)?(?P<kind>{_KINDS})",
    )
)


@dataclass(frozen=True, slots=True)
class IssuedQuestion:
    """Between which days, YYYY-MM-DD, by whom, and of which kind (通知); None: any. `is_count`: how many is asked;
    `is_added`: the days are those on which they were added to the library."""

    since: str | None = None
    until: str | None = None
    issuer: str | None = None
    kind: str | None = None
    is_count: bool = False
    is_added: bool = False


def issued_question(folded: str, today: datetime.date) -> IssuedQuestion | None:
    """From a folded question without blanks."""
    match = next((match for form in _FORMS if (match := form.fullmatch(folded))), None)
    if match is None:
        return None
    named = dict.fromkeys(("period", "period_last", "body", "body_first", "added")) | match.groupdict()
    period = named["period"] or named["period_last"] or named["added"]
    issuer = named["body"] or named["body_first"]
    since, until = days_of(period, today) if period else (None, None)
    kind = None if named["kind"] in OFFICIAL.split("|") else named["kind"]
    is_count = named.get("count") is not None
    return IssuedQuestion(since, until, issuer, kind, is_count, named["added"] is not None)
