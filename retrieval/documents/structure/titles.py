"""Titles and addresses as documents tell them, brought to one form."""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from retrieval.documents.structure.heads import HEAD_LINES, title_among
from retrieval.text.codes import NUMBER
from retrieval.text.lexicon import SURNAMES

TITLE_LENGTH = 80
_SHEETS = r"工作[表簿]|表格|数据表|演示文稿|幻灯片|(?:work|spread)?sheet|workbook|book|presentation|slides?"
_KINDS = rf"(?:{_SHEETS}|文字文稿|文[档本件稿]|写字板|图像|document|file|drawing)"
_MADE_BY = r"(?:(?:microsoft|office|wps|word|excel|power\s?point|rtf|docx?|xlsx?|pptx?|txt|文本|文字)\s*)"
_COUNTED = r"(?:\s*[-–—]?\s*(?:副本|复件|copy))?\s*[(（]?\d{0,6}[)）]?"
# What word processors, scanners and accounts write where a title belongs.
_NO_TITLE = re.compile(
    r"^(?:untitled.*|无标题.*|未命名.*|未标题.*|microsoft \w+ - .*"
    rf"|(?:新建|新|new)\s*(?:{_MADE_BY}{{0,4}}{_KINDS}|{_MADE_BY}{{1,4}}){_COUNTED}"
    rf"|{_MADE_BY}{{0,3}}{_KINDS}{_COUNTED}"
    r"|administrator|admin|user|owner|(?:微软|默认)?用户|管理员"
    r"|[\W\d_]*|.*\.(?:docx?|pdf|wps|txt|pptx?|xlsx?|indd|s?html?|md|rtf|od[tsp]|csv|png|jpe?g|tiff?))$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"。|\s.*[a-z]\.$")
"""Prose; 老人吃饭怎么办？社区办起食堂 may be a title."""
_LEADS_ON = re.compile(r"[：:，,、；;]$")
_FIRST = re.compile(r"\S.{0,999}")
_PERSON = re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}")
_DIVISION = re.compile(
    rf"第{NUMBER}[编章节条部]|[一二三四五六七八九十]{{1,3}}[、．.]|[(（][一二三四五六七八九十\d]{{1,3}}[)）]|\d{{1,2}}[.、．](?!\d)"
)
"""Begins the heading of a part, which is no title of the whole."""


def first_line(text: str) -> str:
    """The title among the first lines that hold anything, cut to its length; the first of them where none is one."""
    return clean_title(title_among([line[0].strip() for line in islice(_FIRST.finditer(text), HEAD_LINES)]))


def title_of(lines: Sequence[tuple[str, int]], path: Path) -> str:
    """The title of a text of (line, level of a heading): its first heading, but for those of parts, else its first
    line or the file's name, and the heading of a part where neither may be a title."""
    texts = [line for line, _ in lines]
    heading = next((i for i, (line, level) in enumerate(lines) if level and not _DIVISION.match(line)), None)
    if heading is not None and (title := clean_title(title_among(texts[heading : heading + HEAD_LINES]))):
        return title
    title = title_or_name(first_line("\n".join(texts)), path)
    return title if is_title(title) else next((clean_title(line) for line, level in lines if level), title)


def is_title(line: str) -> bool:
    """Whether the line may be a title by its form: no sentence, nothing that leads to what follows, not too long, and
    more than one letter."""
    letters = sum(map(str.isalpha, line[:TITLE_LENGTH]))
    return letters > 1 and len(line) < TITLE_LENGTH and not (_SENTENCE.search(line) or _LEADS_ON.search(line))


def title_or_name(line: str, path: Path) -> str:
    """The line where it may be a title, else the name of the file where that is one, else the line all the same."""
    if is_title(line):
        return line
    name = metadata_title(path.stem)
    return name if is_title(name) else line


def clean_title(title: str) -> str:
    # YAML and JSON may write one character as two halves, which no UTF-8 file or database takes.
    title = " ".join(title.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


def metadata_title(title: object) -> str:
    """The title field of a file's metadata, empty when it is one that a program made up."""
    cleaned = clean_title(title) if isinstance(title, str) else ""
    return "" if _NO_TITLE.match(cleaned) else cleaned


def property_title(title: object) -> str:
    """As metadata_title, of the properties of an office file, where programs and people put who wrote it."""
    given = metadata_title(title)
    return "" if _PERSON.fullmatch(given) else given


def web_address(value: object) -> str | None:
    """The address when it is one that a browser can open safely."""
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"https?://[^\s<>\"\ud800-\udfff]{1,2000}", text) else None
