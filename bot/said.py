"""What people say beside asking, known by its form: thanks, a greeting, 再说一遍, 不对, 还有呢, 为什么."""

import re

from retrieval.text.lexicon import (
    AGREED,
    ENGLISH_HELLO,
    ENGLISH_HELLO_OF_DAY,
    ENGLISH_THANKS,
    GOODBYE,
    HELLO,
    HELLO_OF_DAY,
    THANKS,
    WHY,
)

_BETWEEN = re.compile(r"[,，.。!！?？~～、…;；:：\n]+")
_SIMPLIFIED = str.maketrans(
    "請麻煩說講發複對這錯問個還別麼嗎沒內為謝見羅囉後", "请麻烦说讲发复对这错问个还别么吗没内为谢见罗啰后"
)
_SAID = {
    "again": (
        r"(?:请|麻烦)?[你您]?(?:再|重新)(?:说|讲|发|答|回答)?(?:一遍|一次|一下)(?:吧|好吗)?",
        r"重复(?:一遍|一次|一下)?|(?:please )?(?:say|repeat|show) (?:that|it)(?: again)?|once more|repeat",
    ),
    "wrong": (
        r"这?不对[吧啊呀的]?|(?:[你您]?这?(?:答|说|回答|搞|弄))?错[了啦]吧?|答非所问|不是这个意思",
        r"(?:that['’]?s |that is |you['’]?re |you are )?(?:wrong|not right|incorrect)",
    ),
    "more": (
        r"那?还有(?:别的|其他的?|更多的?)?(?:呢|吗|么|没有)|[看要]?更多(?:段落|内容)?|再来(?:一些|点)",
        r"(?:show )?(?:me )?more|(?:anything|what) else",
    ),
    "why": (rf"(?:{WHY})[呢啊呀]?|(?:有什么)?(?:依据|根据)(?:呢|是什么)?|why",),
    "thanks": (
        rf"(?:{THANKS}|谢|辛苦)(?:大家|[你您啦了哈啊呀])*|🙏+",
        rf"{ENGLISH_THANKS}|ty",
    ),
    "hello": (
        rf"(?:{HELLO})[啊呀]?|{HELLO_OF_DAY}|早上?好?",
        rf"{ENGLISH_HELLO}|{ENGLISH_HELLO_OF_DAY}",
    ),
    "bye": (rf"{GOODBYE}|bye(?: bye)?|goodbye|good night|see you",),
    "agreed": (
        rf"{AGREED}|好+的?[吧呀啊嘞]?|噢+|行吧|可以|(?:知道|明白|收到|了解)[了啦]?",
        r"got it|i see|👌+|👍+",
    ),
}
_FORMS = {kind: re.compile("|".join(forms), re.IGNORECASE) for kind, forms in _SAID.items()}


def what_is_said(text: str) -> str | None:
    """Its kind, None for a question. Of several at once (好的，谢谢) the one that stands first above counts."""
    parts = [part.strip() for part in _BETWEEN.split(text.translate(_SIMPLIFIED)) if part.strip()]
    words = [word for part in parts for word in ([part] if _kind(part) else part.split())]
    kinds = {_kind(word) for word in words}
    return None if None in kinds else next((kind for kind in _FORMS if kind in kinds), None)


def _kind(text: str) -> str | None:
    return next((kind for kind, form in _FORMS.items() if form.fullmatch(text)), None)
