"""Whether a sentence ends a paper that it names: 《供水办法》（柏政发〔2016〕3号）同时废止."""

import datetime
import re
from collections.abc import Iterator

from retrieval.query.paper import FILE, file_number
from retrieval.text.times import last_has_come

_OPEN = "建议|征求|是否|(?<![模虚])拟(?![定订制])"
"""What is not decided."""
_ENDS = re.compile(
    rf"《(?P<title>[^《》]{{1,80}})》(?:\(原?(?P<file>{FILE})\))?"
    rf"(?:(?!{_OPEN}|[不未尚原旧]|(?:施行|实施|生效)(?!之日|后|时))[^。,;《》]){{0,30}}"
    r"废止(?!之?前|与否|吗|的?(?:建议|请示|提案|征求))"
)
"""What begins between the title and 废止, or is 原办法 there, has another subject than the title."""
_NOT_DECIDED = re.compile(rf"(?:{_OPEN})[^,。;]*$|(?:[不未]|没有)[^,。;]{{0,4}}[将把]原?$")
_OF_YEAR = re.compile(r"((?:19|20)\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:[^,。;《》起]{0,20}的)?原?$")
_FROM = re.compile(r"[自从于至](\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?(?:起|(?:予以)?废止)")
_OWN_YEAR = re.compile(
    r"(?:^|\n)[^\n。,《]{0,16}[〔\[(]\s*(?P<number>(?:19|20)\d\d)\s*[〕\])]\s*第?\d{1,5}号[ \t]*(?=\n|$)"
    r"|(?P<day>(?:19|20)\d\d)年\d{1,2}月\d{1,2}日"
    r"(?:起?(?:正式)?(?:施行|实施|执行|生效|印发|发布|公布|颁布)|[ \t]*(?=\n|$))"
)
"""Of the number that stands alone on its line, or of the day on which it is signed, printed or begins."""


def ends(sentence: str, title: str, own: str, date: str, today: datetime.date) -> bool:
    """Whether the sentence has ended the paper of that title by today. `own` is the text of that paper, all three
    folded; `date` is its day, YYYY-MM-DD, empty where none is known."""
    return any(
        _is_decided(sentence, end, today) and _is_meant(sentence, end, own, date) for end in _ended(sentence, title)
    )


def _ended(text: str, title: str) -> Iterator[re.Match[str]]:
    return (match for match in _ENDS.finditer(text) if match["title"] == title)


def _is_decided(sentence: str, end: re.Match[str], today: datetime.date) -> bool:
    if _NOT_DECIDED.search(sentence, 0, end.start()):
        return False
    return last_has_come(_FROM.finditer(sentence, 0, end.end()), today)


def _is_meant(sentence: str, end: re.Match[str], own: str, date: str) -> bool:
    """Whether it is this paper that is ended, and no older one of its title, which it may have ended itself."""
    if end["file"]:
        return file_number(end["file"]).is_borne_by(own)
    if year := _OF_YEAR.search(sentence, 0, end.start()):
        years = {date[:4], *(match["number"] or match["day"] for match in _OWN_YEAR.finditer(own))}
        return year[1] in years
    return not any(_ended(own, end["title"]))
