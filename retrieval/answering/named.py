"""Questions that only name what shall be shown: an article by its number, a paper by the number of its file.

第三条是什么 is answered by the article itself, 云政发〔2024〕21号是什么文件 by the title of that very paper. Nothing
is left to be read out of them, so that form alone decides.
"""

import re
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

_NUMBER = "[0-9一二三四五六七八九十百零〇]{1,5}"
_REST = r"[的里中内容具体全文原部是说讲写规定了些有什么啥怎样如何哪呢吗吧?。,，\s]*$"
_ARTICLE = re.compile(
    rf"第?\s*(?P<number>{_NUMBER})\s*条{_REST}|\barticle\s+(?P<english>\d{{1,4}})(?:\s+says?)?\s*\??$"
)
_BEGINS = re.compile(rf"^[\s#>*]*(?:第\s*(?P<number>{_NUMBER})\s*条|article\s+(?P<english>\d{{1,4}})\b)")
_DIVISION = re.compile(rf"^[\s#>*]*第\s*{_NUMBER}\s*[编章节条]")
_FILE = re.compile(
    r"[〔\[(]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])]\s*第?\s*(?P<number>\d{1,5})\s*号"
    r"[的是份个这文件通知公告讲说写关于哪方面什么啥内容主题标题名称叫做有了呢吗?。\s]*$"
)
_ALONE = r"(?:^|\n)[^\n。，,]{0,16}[〔\[(]\s*%s\s*[〕\])]\s*第?\s*0*%s\s*号[ \t\u3000]*(?:\n|$)"


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names and asks nothing else of: the number of an `article`, or (year, number) of a `file`."""

    article: int | None = None
    file: tuple[str, str] | None = None


def named_whole(question: str) -> Named | None:
    """None for questions that ask more."""
    folded = fold(question)
    if match := _ARTICLE.search(folded):
        return Named(article=integer(match["number"] or match["english"]))
    if match := _FILE.search(folded):
        return Named(file=(match["year"], str(int(match["number"]))))
    return None


def is_named(named: Named | None, setting: Setting) -> bool:
    """Whether the sentence begins what is named: the article, or the paper under whose title its number stands."""
    if named is None:
        return False
    if named.article is not None:
        match = _BEGINS.match(setting.sentence)
        return match is not None and integer(match["number"] or match["english"]) == named.article
    assert named.file is not None
    begins = setting.number == 0 and setting.stored.passage.first == 0
    return begins and re.search(_ALONE % named.file, setting.document) is not None


def begins_division(folded: str) -> bool:
    """Whether a chapter, section or article begins here."""
    return _DIVISION.match(folded) is not None
