"""What a question asks of the force of a paper: whether it still has any, from when, and whether it was changed.

Each form is what stands behind the paper, of folded text without blanks.
"""

from typing import Literal

from retrieval.text.lexicon import WHAT, WHEN, WHICH_DAY

Wish = Literal["force", "effect", "change"]

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


FORMS: tuple[tuple[Wish, str], ...] = (
    ("effect", rf"(?:是|应该|到底)*[从自在于]?{_WHEN}(?:起|才|开始|正式|就)*{_BEGINS}的?"),
    ("effect", rf"的?(?:开始|正式)?{_BEGINS}(?:日期|时间|日)(?:[是为]?(?:{_WHEN}|{WHAT}))?"),
    ("effect", rf"{_NOW}(?:(?:已经?|开始|正式)*{_BEGINS}了{_ANY}|{_WHETHER}(?:已经?|开始|正式)*{_BEGINS})"),
    ("force", _asked(rf"(?:{_IN_FORCE}|(?<=[还在])(?:执行|施行|实施))")),
    ("force", rf"(?:是|被)*(?:哪[个份部]|{WHAT})(?:新的?)?文件(?:所|给)?(?:废止|取代|替代)了?的?"),
    ("force", rf"(?:是)?[从自在于]?{_WHEN}(?:起|被)*(?:废止|失效|作废)了?的?"),
    ("change", _asked(_CHANGED)),
)
"""The first that fits tells what is asked."""
