"""The day that a document tells of itself, brought to one form."""

import datetime
import re

from retrieval.text.numbers import integer

_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
_DATE = re.compile(_DAY)
_SPELLED = re.compile(
    r"([一二][〇零○O0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_SHORT_YEAR = re.compile(r"((?:时间|日期)[:：]\s*)(\d\d-\d\d-\d\d)(?!\d)")
_DATE_LINE = re.compile(
    # \s*+ gives nothing back: runs beside each other could be divided in as many ways as they are long.
    r"[(（\[【]?\s*+(?:(?:发布|更新|发文|成文|刊发)?(?:时间|日期)|来源[:：]\S{1,30}|发布于)?\s*+[:：]?\s*+"
    rf"{_DAY}"
    r"\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_DATE_LAST = re.compile(rf"[(（][^()（）。]{{0,40}}?{_DAY}\s*日?\s*[)）]$")
_SIGNED = re.compile(r"[\u4e00-\u9fff]{2,28}[\s　]+(\d{4}年\d{1,2}月\d{1,2}日)")
_BYLINE = re.compile(rf"(?:^|[\s|])(?:发布|更新|发文|成文|刊发)?(?:时间|日期)[:：]\s*{_DAY}(?!\d)")
_OF_BYLINES = re.compile(r"(?:来源|作者|编辑|点击|浏览|阅读|访问)\S{0,4}[:：]")
"""Stands in a line that tells of a page and of no event."""
_MADE = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日(?:(?!\d{4}年|起施行).){0,80}?(?:通过|公布|发布|颁布|批准|印发|修正|修订)(?=[\s，,；;）)自])"
)
_HEAD, _END = 8, 4
"""Lines at the head and at the end of a paper where its date may stand."""
_DATE_LINE_REST = re.compile(r"\s*(?:$|[，,]\s*正文[:：]|[)）\]】]|[，,\s][^。]{0,40}[)）]?$)")


def in_digits(line: str) -> str:
    """With 二〇二五年十一月五日 as 2025年11月5日, and the year whole in 时间：23-08-08."""
    line = _SPELLED.sub(
        lambda day: "{}年{}月{}日".format(*(integer(re.sub("[○O0]", "〇", of)) for of in day.groups())), line
    )
    return _SHORT_YEAR.sub(r"\g<1>20\2", line)


def iso_date(value: object) -> str | None:
    """YYYY-MM-DD from a date, a time stamp, or text that begins with one (2025-07-03, 2025年7月3日). A month
    alone is no day."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    match = _DATE.search(in_digits(value)) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return datetime.date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None


def date_line(line: str) -> str | None:
    """YYYY-MM-DD when the line is there to tell a date: 2026年1月15日, (2026-01-15, who), 发布时间：…"""
    line = in_digits(line)
    if made := _made(line):
        return made
    match = _DATE_LINE.match(line)
    if match is None or not _DATE_LINE_REST.match(line, match.end()):
        match = _DATE_LAST.match(line) or (_BYLINE.search(line) if _OF_BYLINES.search(line) else None)
    if match is None:
        return None
    return iso_date("-".join(match.groups()))


def _made(line: str) -> str | None:
    """The last day on which a rule was adopted, issued or amended, as the line below its title tells in brackets
    (2013年3月20日…通过 自2013年5月1日起施行); not that from which it is in force."""
    if not re.fullmatch(r"[(（].{8,400}[)）]", line):
        return None
    return max(filter(None, (iso_date("-".join(day.groups())) for day in _MADE.finditer(line))), default=None)


def told_date(text: str) -> str | None:
    """YYYY-MM-DD of the line at the head of a paper, or else at its end, that tells its date, alone or signed;
    None where there is none. What stands between is told of other days."""
    lines = [line.strip(" \t　*#>|") for line in text.split("\n") if line.strip()]
    for line in (*lines[:_HEAD], *lines[_HEAD:][-_END:]):
        signed = _SIGNED.fullmatch(in_digits(line))
        if date := iso_date(signed[1]) if signed else date_line(line):
            return date
    return None
