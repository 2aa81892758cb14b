"""What a question asks of the force of a paper: whether it still has any, from when, and whether it was changed.

Each form is what stands behind the paper, of folded text without blanks.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from retrieval.query.library.paper import Paper
from retrieval.query.library.questions import PAPER, paper_in
from retrieval.text.fold import fold
from retrieval.text.lexicon import WHAT, WHEN, WHICH_DAY, WHO

ForceWish = Literal["force", "effect", "change"]

_NOW = "(?:现在|目前|如今|至今|到现在)?"
_STILL = "(?:还|仍然?|依然|已经?|早就|被|在|是|继续|开始|正式|又|后来)*"
_WHETHER = "(?:是否|是不是|有没有|有无|能不能|还是不是)"
_SO = "(?:了|过|的|着)*"
_ANY = "(?:吗|么|没有?)"
_WHEN = rf"(?:{WHEN}|{WHICH_DAY}|哪年哪月|几月几[日号])"
_BEGINS = "(?:施行|实施|执行|生效|试行)"
_IN_FORCE = "(?:有效|失效|废止|作废|过期|取代|管用|能用)"
_CHANGED = "(?:修改|修订|修正|改动|变动)"


def _asked(verb: str) -> str:
    return rf"{_NOW}(?:{_STILL}{verb}{_SO}{_ANY}|{_STILL}{_WHETHER}{_STILL}{verb}{_SO}{_ANY}?)"


_END = "(?:呢|呀|啊)?[?。!]*"
_FORMS: tuple[tuple[ForceWish, str], ...] = (
    ("effect", rf"(?:是|应该|到底)*[从自在于]?{_WHEN}(?:起|才|开始|正式|就)*{_BEGINS}的?"),
    ("effect", rf"的?(?:开始|正式)?{_BEGINS}(?:日期|时间|日)(?:[是为]?(?:{_WHEN}|{WHAT}))?"),
    ("effect", rf"{_NOW}(?:(?:已经?|开始|正式)*{_BEGINS}了{_ANY}|{_WHETHER}(?:已经?|开始|正式)*{_BEGINS})"),
    ("force", _asked(rf"(?:{_IN_FORCE}|(?<=[还在])(?:执行|施行|实施))")),
    ("force", rf"(?:是|被)*(?:哪[个份部]|{WHAT})(?:新的?)?文件(?:所|给)?(?:废止|取代|替代)了?的?"),
    ("force", rf"(?:是)?[从自在于]?{_WHEN}(?:起|被)*(?:废止|失效|作废)了?的?"),
    ("change", _asked(_CHANGED)),
)
"""The first that fits tells what is asked."""
_OF_PAPER = tuple((wish, re.compile(rf"{PAPER}(?P<asks>{form}){_END}")) for wish, form in _FORMS)
_OF_ISSUE = (
    rf"(?:是|由)*(?:{WHO}|哪[一几两]?个?(?:部门|单位|局))(?:联合)?(?:发布|印发|制定|出台|下发|发)的",
    rf"(?:是|在)*(?:{_WHEN})(?:发布|印发|出台|发)的",
)
_ASKS = "|".join((*(form for _, form in _FORMS), *_OF_ISSUE))
_KINDS = "文件|政策|办法|规定|条例|细则|通知|通告|公告|意见|方案|决定"
_OF_IT = re.compile(
    rf"(?:那么?|请问)?(?P<at>[这那该此本](?:[个份项部篇])?(?:{_KINDS})|[这那]个?|它)?(?P<asks>{_ASKS}){_END}"
)


@dataclass(frozen=True, slots=True)
class ForceQuestion:
    """What is asked of which paper."""

    wish: ForceWish
    paper: Paper


def force_question(question: str) -> ForceQuestion | None:
    """None where the whole question has no such form."""
    folded = "".join(fold(question).split())
    for wish, form in _OF_PAPER:
        if match := form.fullmatch(folded):
            paper = paper_in(match["title"] or match["bare"], match["file"])
            return ForceQuestion(wish, paper) if paper else None
    return None


def asked_of_paper(folded: str) -> str | None:
    """What is asked of the paper that is named: 还有效吗 in 养犬管理办法还有效吗."""
    return next((match["asks"] for _, form in _OF_PAPER if (match := form.fullmatch(folded))), None)


def asked_of_it(folded: str) -> str | None:
    """What is asked of a paper that is only pointed at, or left out: 还有效吗 in 这个办法还有效吗."""
    match = _OF_IT.fullmatch(folded)
    return match["asks"] if match else None


def asks_which(folded: str, of_several: Callable[[], bool] = bool) -> bool:
    """Whether it says nothing without the paper: 什么时候施行 alone may be asked of a single document."""
    match = _OF_IT.fullmatch(folded)
    return match is not None and (match["at"] is not None or re.search(_WHEN, folded) is None or of_several())
