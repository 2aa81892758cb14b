"""Do the numbers that a question names by their digits stand in what answers it?

13号 is not 113号, and 第十条 is not 第三十条.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

_NUMBER = "[0-9一二三四五六七八九十百零〇]{1,5}"
_FILE_NUMBER = re.compile(r"[〔\[(]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号")
_LOOSE = re.compile(r"(?<![\d号楼栋])第?(?P<number>\d{1,5})号(?:文|令|公告|决议|通告|通知)")
_CODE = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9-]{0,40}\d)(?:[a-z]{1,8}-?){1,4}\d[a-z0-9-]*"
    r"|(?<![\d.,年月-])\d{4,}(?![\d.,]|年|[万亿]?[元名人亩吨户米个])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][a-z0-9]{5,6}", re.IGNORECASE
)
_ARTICLE = re.compile(rf"第\s*(?P<number>{_NUMBER})\s*(?P<kind>[条章])")
_AT_START = re.compile(rf"^[\s#>*]*第\s*(?P<number>{_NUMBER})\s*(?P<kind>[条章])")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class AskedCodes:
    """`whole` are patterns that must stand in the passage, its headings or its document; `articles` are (kind,
    number) of the articles under which the sentence must stand."""

    whole: tuple[re.Pattern[str], ...]
    articles: frozenset[tuple[str, int]]


def asked_codes(question: str) -> AskedCodes:
    folded = fold(question)
    return AskedCodes(tuple(_whole(folded)), frozenset(_articles(_ARTICLE, folded)))


def _whole(folded: str) -> Iterator[re.Pattern[str]]:
    rest = folded
    for match in _FILE_NUMBER.finditer(folded):
        year, number = match["year"], match["number"]
        yield re.compile(rf"[〔\[(]\s*{year}\s*[〕\])]\s*(?:第\s*)?0*{int(number)}\s*号")
        rest = rest.replace(match[0], " ")
    for match in _LOOSE.finditer(rest):
        yield re.compile(rf"(?<!\d)0*{int(match['number'])}\s*号")
        rest = rest.replace(match[0], " ")
    for pattern in (_PLATE, _CODE):
        for match in pattern.finditer(rest):
            if not _YEAR.fullmatch(match[0]):
                inner = r"[\s-]*".join(map(re.escape, match[0].replace("-", "")))
                yield re.compile(rf"(?<![a-z0-9]){inner}(?![a-z0-9])", re.IGNORECASE)
        rest = pattern.sub(" ", rest)


def _articles(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[str, int]]:
    return ((match["kind"], integer(match["number"])) for match in pattern.finditer(folded))


def has_codes(asked: AskedCodes, setting: Setting) -> bool:
    """Whether each number of the question stands, whole, where the sentence stands."""
    held = all(one.search(setting.around) or one.search(setting.document) for one in asked.whole)
    return held and (not asked.articles or bool(asked.articles & _stands_under(asked.articles, setting)))


def _stands_under(asked: Iterable[tuple[str, int]], setting: Setting) -> set[tuple[str, int]]:
    """Of each kind that is asked (条, 章) the one under which the sentence stands."""
    found = set()
    for kind in {kind for kind, _ in asked}:
        for text in setting.near_to_far:
            numbers = [number for k, number in _articles(_AT_START, text) if k == kind]
            if numbers:
                found.add((kind, numbers[-1]))
                break
    return found
