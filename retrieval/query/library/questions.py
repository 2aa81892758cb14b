"""Questions about the library itself, told by form: which documents there are, how many, about what, what came last,
of which year 《…》 is, who issued it, and what its number is.

The whole question must have the form: 村里有哪些文件规定… and 图书馆有哪些资料 ask what documents say.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from retrieval.query.library.issued import NOTICES, OFFICIAL, IssuedQuestion, issued_question
from retrieval.query.library.paper import Paper, file_number
from retrieval.text.codes import FILE
from retrieval.text.fold import fold
from retrieval.text.lexicon import COUNTED_PAPERS, HOW_MANY, MANY, PLACES, WHAT, WHEN, WHICH, WHICH_DAY, WHO

LibraryWish = Literal["titles", "contents", "count", "latest", "newest", "date", "issuer", "number"]

_LIBRARY = (
    r"(?:(?:你们?|您|这个?|本)的?)?(?:知识库|资料库|文档库|文件库|索引|库|问据|wenju|机器人)"
    r"(?:这里|里面?|中|内|当中|里头)?"
)
_YOU = r"(?:你们?|您)(?:的?(?:这里|这儿|这边|这|那里|那儿|那边|那|手里|手上|手头))?|这里|这儿"
_WHERE = rf"(?:(?:{_LIBRARY}|{_YOU})(?:的)?)"
_NOW = r"(?:目前|现在|一共|总共|都|共|还|里面|到底)*"
_HOLDS = r"(?:收录|收集|包含|保存|存放|存|收|装|索引|上传)(?:了|着|的)?"
_HAS = rf"(?:有|{_HOLDS}(?:有)?)"
_FILES = r"(?:文件|文档|资料|文章|文献)"
_PAPERS = rf"(?:{_FILES}|材料|通知|公告|新闻|报道|内容|东西)"
_ISSUED = f"(?P<kind>{OFFICIAL}|{NOTICES})"
"""What is issued, and is no material that somebody has to hand in."""
_MANY = rf"(?:{HOW_MANY})[{COUNTED_PAPERS}条]?"
_WHICH = rf"(?:{WHICH}|哪几[{COUNTED_PAPERS}]|{WHAT}|些什么|些啥|{MANY}|几份)"
_ABOUT = rf"(?:关于|有关|涉及|讲到?|提到|跟|和|与)(?P<{{0}}>[^,。?!]{{{{1,20}}}}?)(?:有关|相关|方面)?的?{_PAPERS}"
_LATEST = (
    r"(?:最近|近期|最新|新近|刚刚?|刚才)(?:都|又)?(?:新?(?:增加?|添加?|加入?|收录|上传|更新|放进)|新入库|入库)了?的?"
)
_END = r"(?:呢|呀|啊)?[?。!]*"
PAPER = (
    rf"(?:《(?P<title>[^》]{{2,80}})》|(?P<file>{FILE})|"
    r"(?P<bare>(?![这那该本此哪])[^《》,。?!]{0,40}?"
    r"(?:通知|通告|公告|公示|通报|办法|规定|条例|细则|意见|方案|决定|报告|指南|名单)))"
    r"(?:这[份个篇])?(?:文件|通知|文(?!号))?"
)
"""A paper that a question names, a pattern."""
_ISSUES = r"(?:联合)?(?:发布|印发|制定|出台|下发|公布|颁布|发文|出|发|写|定)"
_WHO = rf"(?:{WHO}|(?:哪[一几两]?个?|{WHAT})(?:部门|单位|机关|机构|局|政府)|哪里)"

_FORMS: tuple[tuple[LibraryWish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(form + _END))  # type: ignore[misc]
    for wish, form in (
        ("count", rf"{_WHERE}?{_NOW}{_HAS}{_MANY}{_FILES}"),
        ("count", rf"(?:{_WHERE}{_NOW}(?:有|{_HOLDS})|{_NOW}(?:收录|索引)了?)(?:{HOW_MANY})[{COUNTED_PAPERS}]"),
        ("count", rf"{_WHERE}?{_NOW}{_HAS}{_MANY}{_ABOUT.format('a')}"),
        ("count", rf"{_WHERE}?{_NOW}(?:有|{_HOLDS})?{_ABOUT.format('b')}(?:一共|总共)?有?{_MANY}"),
        ("count", rf"{_WHERE}{_NOW}的?{_FILES}(?:一共|总共)?(?:有{_MANY}|数量?是{MANY})"),
        ("titles", rf"{_WHERE}?{_NOW}{_HAS}{_WHICH}(?:可查的|能查的)?{_FILES}"),
        ("titles", rf"{_WHERE}{_NOW}的?{_FILES}(?:都)?(?:有|是){_WHICH}"),
        ("titles", rf"{_WHERE}?{_NOW}{_HAS}{_WHICH}{_ABOUT.format('c')}"),
        ("titles", rf"{_WHERE}?(?:{_NOW})(?:有没有|有无|是否有|是不是有|有){_ABOUT.format('d')}(?:吗|么|没有?)?"),
        ("titles", rf"{_WHERE}{_NOW}(?:有没有|有无|有)(?P<i>[^,。?!]{{1,20}}?)的?{_FILES}(?:吗|么|没有?)"),
        ("titles", rf"{_WHERE}?{_ABOUT.format('e')}(?:都|一共)?有(?:没有|吗|么|{_WHICH})"),
        (
            "titles",
            rf"(?:列出|列一下|列举|显示|给我看看?)(?:一下|下)?{_WHERE}?(?:所有|全部|都有)的?{_FILES}(?:列表|目录|标题|清单)?",
        ),
        ("titles", rf"{_WHERE}(?:所有|全部)?的?{_FILES}?(?:列表|目录|清单)"),
        ("contents", rf"{_WHERE}{_NOW}{_HAS}(?:些)?(?:什么|啥|哪些)(?:内容|东西)?"),
        ("contents", rf"{_NOW}收录了?(?:些)?(?:什么|啥|哪些)(?:内容|东西)?"),
        (
            "latest",
            rf"{_WHERE}?{_NOW}{_LATEST}(?:{_WHICH}|{_MANY})?(?:新的?)?(?:{_FILES}|内容)?(?:有{_WHICH}|是{_WHICH})?",
        ),
        (
            "newest",
            rf"{_WHERE}?(?:最新|最近)的?(?:一[{COUNTED_PAPERS}])?{_FILES}(?:是(?:{_WHICH}|哪[一几]?[{COUNTED_PAPERS}]))",
        ),
        ("latest", rf"{_WHERE}?{_NOW}(?:最近|近期)有?(?:没有|什么|啥|哪些)?新(?:增|收录)?的?{_FILES}(?:吗)?"),
        (
            "date",
            rf"{PAPER}(?:是|的)?(?:在)?(?:(?:发布|印发|成文|发文)?(?:日期|时间)是?)?"
            rf"(?:{WHICH_DAY}|哪年哪月|{WHEN}|几月几[日号]|几几年)(?:出|发布|印发|发|发表|写|出台)?的?",
        ),
        ("issuer", rf"{PAPER}(?:是|由)*{_WHO}{_ISSUES}的?"),
        ("issuer", rf"{PAPER}的?{_ISSUES}(?:单位|机关|机构|部门)(?:是|叫)?(?:{WHO}|{WHAT}|哪一个|哪个|哪家|哪里)?"),
        ("issuer", rf"{_WHO}{_ISSUES}了?的?{PAPER}"),
        ("number", rf"{PAPER}的?(?:发文字号|文件编号|文号|编号|发文号)(?:是|为)?(?:{WHAT}|{MANY}|哪个)?"),
        (
            "number",
            rf"(?P<j>[^,。?!《》]{{2,24}}?)的?(?:{_PAPERS})?的?(?:发文字号|文号|发文号)(?:是|为)?(?:{WHAT}|{MANY}|哪个)?",
        ),
        ("issuer", rf"(?P<k>[^,。?!《》]{{2,24}}?)的?(?:{OFFICIAL})(?:是|由)*{_WHO}{_ISSUES}的"),
        ("count", rf"(?P<l>[^,。?!《》]{{2,20}}?)的{_ISSUED}(?:一共|总共)?有{_MANY}"),
        ("titles", rf"(?P<m>[^,。?!《》]{{2,20}}?)的{_ISSUED}(?:都|一共)?(?:有|是){_WHICH}"),
        ("titles", rf"{_WHERE}?{_NOW}{_HAS}{_WHICH}(?P<n>[^,。?!《》]{{2,20}}?)的{_ISSUED}"),
        (
            "count",
            r"how many (?:documents|files) (?:do you (?:have|know)|are there|are indexed|"
            r"are in the (?:library|index))",
        ),
        (
            "count",
            r"how many (?:documents|files) (?:do you have )?about (?P<f>.{2,60}?)(?: are there| do you have)?",
        ),
        (
            "titles",
            r"(?:what|which) (?:documents|files) (?:do you (?:have|know)|are there|"
            r"are (?:indexed|available|included)|are in the (?:library|index))",
        ),
        ("titles", r"(?:list|show)(?: me)? (?:all )?(?:your|the|all) (?:documents|files)"),
        ("titles", r"(?:what|which) (?:documents|files) (?:do you have |are there |are )about (?P<g>.{2,60}?)"),
        ("titles", r"(?:do you have|are there) (?:any )?(?:documents|files) (?:about|on) (?P<h>.{2,60}?)"),
        ("contents", r"what(?:'s|’s| is) in (?:the|your) (?:library|index|knowledge base)"),
        (
            "latest",
            r"(?:what|which (?:documents|files)) (?:was|were|have been|has been|is|are) "
            r"(?:recently added|added recently|new)",
        ),
    )
)
_NO_TOPIC = re.compile(
    rf"[{PLACES}]里?有|规定|需要|哪|什么|谁|怎么|提交|提供|携带|准备|[要应须][交带]|^(?:申[请领报]|[办领交]|参加|报[名考])|"
    rf"[之以][前后]|{_ISSUES}$|^(?:最?新|最近|近期|重要|现行|有效|相关|有关|上级)+$|"
    r"^(?:[今去前明本上]年|[昨今前]天|[上本这]个?(?:周|星期|月))"
)
"""In a topic it makes the question one that the documents answer."""
_SAYS_MATTER = 6
"""Characters of a paper that is named without the marks of a title, from which on 关于水库的通知是哪年的 asks for its
own day; of a shorter one (公示时间是什么时候) only where it says so."""
_IS_ISSUED = re.compile(rf"(?:{_ISSUES}|成文)(?:日期|时间|[的了])")


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """What is asked of the library. `topic`: of the documents about it alone; `paper`: the document that is named,
    `is_bare`: without the marks of a title (停水通知); `issued`: of those alone that were issued then, by whom it
    says, or are of that kind."""

    wish: LibraryWish
    topic: str | None = None
    paper: Paper | None = None
    issued: IssuedQuestion | None = None
    is_bare: bool = False


def library_question(question: str, today: datetime.date) -> LibraryQuestion | None:
    """None for what is asked of the documents and not about them; `today` is the day on which is asked."""
    folded = re.sub(r"\s+", " ", fold(question)).strip()
    if re.search(r"[\u4e00-\u9fff]", folded):
        folded = folded.replace(" ", "")
    if issued := issued_question(folded, today):
        return LibraryQuestion("count" if issued.is_count else "titles", issued=issued)
    for wish, form in _FORMS:
        if (match := form.fullmatch(folded)) is None:
            continue
        named = {name: text for name, text in match.groupdict().items() if text}
        is_bare = "bare" in named
        if wish == "date" and is_bare and len(named["bare"]) < _SAYS_MATTER and not _IS_ISSUED.search(folded):
            continue
        paper = paper_in(named.pop("title", None) or named.pop("bare", None), named.pop("file", None))
        kind = named.pop("kind", None)
        topic = next(iter(named.values()), None)
        if topic is None or not _NO_TOPIC.search(topic):
            is_notice = kind in NOTICES.split("|")
            return LibraryQuestion(wish, topic, paper, IssuedQuestion(kind=kind) if is_notice else None, is_bare)
    return None


def paper_in(title: str | None, file: str | None) -> Paper | None:
    """What the groups of PAPER tell: `title` or `bare`, or `file`."""
    if file is not None:
        return Paper(0, 0, file=file_number(file))
    return Paper(0, 0, title=title) if title else None
