"""Whether a sentence ends a paper that it names: 《供水办法》同时废止, 下列文件予以废止：《供水办法》."""

import datetime
import re
from collections.abc import Iterator

from retrieval.query.library.paper import file_number
from retrieval.text.codes import FILE
from retrieval.text.times import last_has_come

_OPEN = "建议|征求|提请|是否|(?<![模虚])拟(?![定订制])"
"""What is not decided."""
_DRAFT = re.compile(f"{_OPEN}|草案|送审稿")
_PAPER = re.compile(rf"《(?P<title>(?:[^《》]|《[^《》]{{1,80}}》){{1,80}})》(?:\(原?(?P<file>{FILE})\))?")
_ANY = re.sub(r"\?P<\w+>", "?:", _PAPER.pattern)
_OF = "(?:[^。,;、《》前后]{0,20}的)?原?"
_PAPERS = rf"(?>{_ANY}(?:(?:(?:、|,?(?:以及|[和与及])){_OF})?{_ANY}){{0,50}})"
_IN_PART = "第[0-9一二三四五六七八九十百]+[编章节条款项]|部分条|个别条|条款|内容"
"""An article of it is ended, and not the paper."""
_END = "(?:废止|失效)"
_THESE = "(?:以下|下列)"
_OBJECT = rf"(?:了|{_THESE}(?:(?!{_IN_PART})[^。,;《》]){{0,20}})?{_OF}(?=《)"
_LISTED = (
    rf"(?:{_THESE}(?:不再|(?!{_OPEN}|{_IN_PART})[^。;:《》不未尚应需前后修继保原旧其]){{0,40}}{_END}"
    rf"|(?<![不未尚应需]){_END}的?(?:(?!{_IN_PART}|{_OPEN}|[修保继替新执])[^。,;:《》不前后]){{0,20}}(?:目录|清单|文件|规章))"
    r"(?:,自[^,。;:《》]{0,16}起(?:不再|停止)(?:执行|施行|实施|适用))?"
    rf"(?:,?(?:具体|目录|名单|公布|通知|公告){{0,2}}如下)?(?:\([^()《》]{{0,20}}\))?:{_OF}(?=《)"
)
"""下列文件予以废止：, 废止的文件目录（共3件）："""
_ENDS = re.compile(
    rf"(?P<subject>{_PAPERS})"
    rf"(?:(?!{_OPEN}|{_IN_PART}|[不未尚原旧]|(?:施行|实施|生效)(?!之日|后|时))[^。,;《》]){{0,30}}"
    rf"(?:废止|(?:宣布|予以|同时|自行|即行|已经?)失效)(?!之?前|与否|吗|的?(?:建议|请示|提案|征求)|{_OBJECT})"
    rf"|(?P<verb>废止{_OBJECT}|{_LISTED})(?P<object>{_PAPERS})"
    rf"(?!(?:[中的里])?(?:{_IN_PART})|[^。,;《》]{{0,12}}(?:建议|请示|提案|征求))"
)
"""What begins between the title and 废止, or is 原办法 there, has another subject than the title."""
_NOT_DECIDED = re.compile(rf"(?:{_OPEN})[^,。;]*$|(?:[不未]|没有)[^,。;]{{0,4}}(?:[将把]原?|废止{_OF})$")
_BRACKETS = re.compile("[《》〈〉]")
_OF_YEAR = re.compile(r"((?:19|20)\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:[^,。;《》起]{0,20}的)?原?$")
_FROM = re.compile(r"[自从于至](\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?(?:起|(?:予以)?废止)")
_OWN_YEAR = re.compile(
    r"(?:^|\n)[^\n。,《]{0,16}[〔\[(]\s*(?P<number>(?:19|20)\d\d)\s*[〕\])]\s*第?\d{1,5}号[ \t]*(?=\n|$)"
    r"|(?P<day>(?:19|20)\d\d)年\d{1,2}月\d{1,2}日"
    r"(?:起?(?:正式)?(?:施行|实施|执行|生效|印发|发布|公布|颁布)|[ \t]*(?=\n|$))"
)
"""Of the number that stands alone on its line, or of the day on which it is signed, printed or begins."""


def is_draft(title: str) -> bool:
    """Whether the folded title says that its paper is not decided: 关于拟废止文件的公示, 决定（征求意见稿）."""
    return _DRAFT.search(title) is not None


def ends(sentence: str, title: str, own: str, date: str, today: datetime.date) -> bool:
    """Whether the sentence has ended the paper of that title by today. `own` is the text of that paper, all three
    folded; `date` is its day, YYYY-MM-DD, empty where none is known."""
    return any(
        _is_decided(sentence, end, today) and _is_meant(sentence, paper, own, date)
        for end, paper in _ended(sentence, title)
    )


def _ended(text: str, title: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """What ends the paper of that title, and where it is named there."""
    for end in _ENDS.finditer(text):
        papers = end.span("object" if end["verb"] else "subject")
        yield from ((end, paper) for paper in _PAPER.finditer(text, *papers) if _may_be(paper, title))


def _may_be(paper: re.Match[str], title: str) -> bool:
    """Whether it is called so. With a number a part will do: 《供水办法》 is issued by 关于印发供水办法的通知."""
    named, own = _bare(paper["title"]), _bare(title)
    is_part = named in own or own in named
    return named == own or (is_part and paper["file"] is not None and file_number(paper["file"]).maker != "")


def _bare(title: str) -> str:
    return _BRACKETS.sub("", title)


def _is_decided(sentence: str, end: re.Match[str], today: datetime.date) -> bool:
    begins = [end.start("verb"), end.start("object")] if end["verb"] else [end.start("subject")]
    if any(_NOT_DECIDED.search(sentence, 0, at) for at in begins):
        return False
    return last_has_come(_FROM.finditer(sentence, 0, end.end()), today)


def _is_meant(sentence: str, paper: re.Match[str], own: str, date: str) -> bool:
    """Whether it is this paper that is ended, and no older one of its title, which it may have ended itself."""
    if paper["file"]:
        file = file_number(paper["file"])
        return file.year in own and file.number in own and file.is_borne_by(own)
    if year := _OF_YEAR.search(sentence, 0, paper.start()):
        years = {date[:4], *(match["number"] or match["day"] for match in _OWN_YEAR.finditer(own))}
        return year[1] in years
    return not any(_ended(own, paper["title"]))
