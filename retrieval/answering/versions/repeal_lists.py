"""Papers that are ended in a list or a table: 下列文件予以废止： above 1. 《供水办法》（柏政发〔2016〕3号）."""

import re
from collections.abc import Sequence

from retrieval.text.codes import FILE
from retrieval.text.lists import is_lead_in, is_row

_MARK = r"(?:[-•·●*]|[(]?[0-9一二三四五六七八九十]{1,3}[)、.．]?)?"
_OTHER = "[修除不]|条|款|部分|继续|保留|[试暂]行"
"""Another paper, or no end of this one: 办法（试行）, 办法（第三条除外）."""
_IS_KEPT = re.compile("修改|保留|继续|部分|条款|除外|不予|废止|第[0-9一二三四五六七八九十百]+[条款项]")
"""What another cell of its row may say of it."""
_REMARKS = rf"(?:\((?!(?:[^()]|\([^()]*\))*(?:{_OTHER}))(?=[^)]*\d)(?:[^()]|\([^()]*\))*\))*[;。,、]?"
"""Number and day, （柏政发〔2016〕3号，2016年3月1日印发）."""
_SIGNED = r"(?:(?<=[)》;。])[^\W\d]{2,24}(?:政府|委员会|办公室|[局厅]))?"
"""Who signs below the last entry, where nothing ends that."""
_ISSUED = r"[^\W\d]{0,30}关于(?:印发|发布|公布|颁布|下发)"
_ISSUER = r"(?![^\W\d]*[转批]发)[^\W\d]{2,30}(?:政府|办公室|[局委厅会处])(?=关于)"
_ANY = re.compile(
    rf"{_MARK}(?:{_ISSUED})?《(?:[^《》]|《[^《》]+》)+》(?:的通知)?{_REMARKS}|{_MARK}[^《》。;:|]+\({FILE}\)[;。]?"
)
_TITLE_MARKS = re.compile(r"[《》〈〉\s]")
_SPACES = re.compile(r"\s")
_OF_YEAR = re.compile(r"\([^()]*?((?:19|20)\d\d)年")
_ENDED = re.compile("(?:予以|宣布|已)?(?P<end>废止|失效)")
_OF_ISSUE = re.compile("关于(?:印发|发布|公布|颁布|下发)(?P<paper>.{4,})的通知$")


def is_named(title: str, line: str) -> bool:
    """Whether the line names the paper of that title, or the one that it issues; both folded."""
    return _issued(_unmarked(title)) in _unmarked(line)


def as_sentence(line: str, title: str, above: Sequence[str]) -> tuple[str, int] | None:
    """The entry for all of the paper with that title as a sentence that ends it, 下列文件予以废止:《供水办法》, and
    the number of the line among those `above` that leads to it (their count where the row itself says so); None where
    it is no such entry. All are folded."""
    paper = _paper(line, _unmarked(title))
    if paper is None:
        return None
    if said := next(filter(None, map(_ENDED.fullmatch, _cells(line)[1:])), None):
        return f"{paper}予以{said['end']}", len(above)
    for number in range(len(above) - 1, -1, -1):
        text = _SPACES.sub("", above[number])
        if is_lead_in(text) or not ((is_row(above[number]) and is_row(line)) or _ANY.fullmatch(text)):
            return f"{text.rstrip('。:')}:{paper}", number
    return None


def _paper(line: str, title: str) -> str | None:
    """The paper as a sentence names it, 2016年的《供水办法》 or 《供水办法》(柏政发〔2016〕3号)."""
    paper = _issued(title)
    entry = re.compile(rf"{_MARK}(?:{_ISSUED}|{_ISSUER})?{re.escape(paper)}(?:的通知)?{_REMARKS}{_SIGNED}")
    cells = [_unmarked(cell) for cell in _cells(line)]
    own = [cell for cell in cells if entry.fullmatch(cell)]
    others = [cell for cell in cells if cell not in own and not _ENDED.fullmatch(cell)]
    if len(own) != 1 or any(map(_IS_KEPT.search, others)):
        return None
    file = re.search(FILE, _SPACES.sub("", line.replace("原", "")))
    year = _OF_YEAR.search(own[0])
    named = title if title in own[0] else paper
    if file is not None:
        return f"《{named}》({file[0]})"
    return f"{year[1]}年的《{named}》" if year is not None else f"《{named}》"


def _unmarked(text: str) -> str:
    """Without the marks of titles, which a list may set otherwise: 关于印发〈供水办法〉的通知."""
    return _TITLE_MARKS.sub("", text)


def _issued(title: str) -> str:
    """The title of the paper that the one of this (unmarked) title issues; its own where it issues none."""
    match = _OF_ISSUE.search(title)
    return match["paper"] if match else title


def _cells(line: str) -> list[str]:
    return [cell.partition(":")[2].strip() for cell in line.split(" | ")] if is_row(line) else [line]
