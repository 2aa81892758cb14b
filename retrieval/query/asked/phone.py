"""Whose telephone number a question asks for, and nothing else: 王明的电话是多少, 县残联咨询电话."""

import re

from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW_MANY, WHAT

_ASKS = re.compile(
    r"(?P<whose>[^\W\d_]{2,16}?)的?(?:咨询|联系|值班|服务|办公|手机)?"
    r"(?:电话|手机|联系方式|热线)(?:号码?)?(?:是|为|呢)?"
    rf"(?:{HOW_MANY}|{WHAT})?[?。!]*"
)
_NOBODY = re.compile(r"^[的该这那本]|[和与及或跟]|咨询$|联系$|负责人$|报名$|投诉$|举报$|监督$|值班$")
"""What names nobody, or several, or is a telephone for something: 报名电话."""


def phone_owner(question: str) -> str | None:
    """The (folded) name of the person or the body; None where the question asks anything else."""
    found = _ASKS.fullmatch(fold(question).strip())
    whose = found["whose"] if found else None
    return None if whose is None or _NOBODY.search(whose) else whose
