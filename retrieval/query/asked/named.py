"""Questions that only name what shall be shown: an article by its number, a paper by the number of its file.

第三条是什么 is answered by the article itself, 云政发〔2024〕21号是什么文件 by the title of that very paper. Nothing
is left to be read out of them, so that form alone decides.
"""

import re
from dataclasses import dataclass

from retrieval.query.library.paper import FileNumber, named_paper
from retrieval.text.codes import NUMBER
from retrieval.text.fold import fold
from retrieval.text.lexicon import HOW_MANY, WHAT
from retrieval.text.numbers import integer

_REST = r"[的里中内容具体全文原部是说讲写规定了些有什么啥怎样如何哪呢吗吧?。,，\s]*$"
_ARTICLE = re.compile(
    rf"(?:第|(?<=办法)的?|(?<=规定|条例|细则|章程|公约|法典)的?|(?<=》)的?)\s*(?P<number>{NUMBER})\s*条(?:之(?P<inserted>{NUMBER}))?{_REST}"
)
"""第 may be left out behind what articles are of: 管理办法三条."""
_ENGLISH = re.compile(
    r"(?:what (?:does|is)|show(?: me)?|read(?: me)?)?\s*(?:the )?article\s+(?P<number>\d{1,4})"
    r"(?: (?:of|in) [^?]{2,80}?)?(?:\s+says?| about)?\s*\?*"
)
_REST_OF_FILE = re.compile(r"[的是份个这文件通知公告讲说写关于哪方面什么啥内容主题标题名称叫做有了呢吗?。\s]*")
_ASKS_MORE = re.compile(
    rf"谁|哪|何|怎|{HOW_MANY}|{WHAT}|违反|修改|废止|适用|依照|按照|根据|签发|印发|第[^条]{{1,9}}条|〕"
)
"""Before what is named: then more is asked than what it says."""


@dataclass(frozen=True, slots=True)
class NamedText:
    """What a question names and asks nothing else of: the number of an `article`, with that of one `inserted` behind
    it (第三条之一), or of a `file`."""

    article: int | None = None
    inserted: int | None = None
    file: FileNumber | None = None


def named_whole(question: str) -> NamedText | None:
    """None for questions that ask more."""
    folded = fold(question).strip()
    if match := _ENGLISH.fullmatch(folded):
        return NamedText(article=int(match["number"]))
    if match := _ARTICLE.search(folded):
        inserted = integer(match["inserted"]) if match["inserted"] else None
        is_more = _ASKS_MORE.search(folded[: match.start()])
        return None if is_more else NamedText(integer(match["number"]), inserted)
    paper = named_paper(folded)
    if paper is None or paper.file is None or not _REST_OF_FILE.fullmatch(folded, paper.end):
        return None
    return None if _ASKS_MORE.search(folded[: paper.start] + paper.file.maker) else NamedText(file=paper.file)
