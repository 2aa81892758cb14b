"""Titles, dates and addresses as documents tell them, brought to one form."""

import datetime
import re

TITLE_LENGTH = 80
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
# What word processors and scanners write into a PDF's title field in place of a title.
_NO_TITLE = re.compile(
    r"^(untitled.*|无标题.*|未命名.*|新建.{0,12}文[档本].*|microsoft \w+ (?:- .*|文[档本].*)"
    r"|(?:document|文档|(?:powerpoint )?(?:presentation|演示文稿)|book|工作簿)\s*\d*"
    r"|.*\.(docx?|pdf|wps|txt|pptx?|indd))$",
    re.IGNORECASE,
)


_FIRST = re.compile(r"\S.{0,999}")


def first_line(text: str) -> str:
    """The first line that holds anything, cut to a title's length."""
    line = _FIRST.search(text)
    return clean_title(line[0]) if line else ""


def clean_title(title: str) -> str:
    # YAML and JSON may write one character as two halves, which no UTF-8 file or database takes.
    title = " ".join(title.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


def metadata_title(title: object) -> str:
    """The title field of a file's metadata, empty when it is one that a program made up."""
    cleaned = clean_title(title) if isinstance(title, str) else ""
    return "" if _NO_TITLE.match(cleaned) else cleaned


def iso_date(value: object) -> str | None:
    """YYYY-MM-DD from a date, a time stamp, or text that begins with one (2025-07-03, 2025年7月3日)."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    match = _DATE.search(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return datetime.date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None


_DATE_LINE = re.compile(
    # \s*+ gives nothing back: runs beside each other could be divided in as many ways as they are long.
    r"[(（\[【]?\s*+(?:(?:发布|更新|发文|成文|刊发)?(?:时间|日期)|来源[:：]\S{1,30}|发布于)?\s*+[:：]?\s*+"
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_DATE_LAST = re.compile(r"[(（][^()（）。]{0,40}?(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*[)）]$")
_DATE_LINE_REST = re.compile(r"\s*(?:$|[，,]\s*正文[:：]|[)）\]】]|[，,\s][^。]{0,40}[)）]?$)")


def date_line(line: str) -> str | None:
    """YYYY-MM-DD when the line is there to tell a date: 2026年1月15日, (2026-01-15, who), 发布时间：…"""
    match = _DATE_LINE.match(line)
    if match is None or not _DATE_LINE_REST.match(line, match.end()):
        match = _DATE_LAST.match(line)
    if match is None:
        return None
    return iso_date("-".join(match.groups()))


def web_address(value: object) -> str | None:
    """The address when it is one that a browser can open safely."""
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"https?://[^\s<>\"\ud800-\udfff]{1,2000}", text) else None
