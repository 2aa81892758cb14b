"""Do the numbers that a question names by their digits stand in what answers it?

13号 is not 113号, and 第十条 is not 第三十条.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.answering.setting import Setting
from retrieval.text.fold import fold
from retrieval.text.numbers import integer

NUMBER = "[0-9一二三四五六七八九十百千零〇]{1,9}"
"""Of an article, in digits or characters."""
_FILE_NUMBER = re.compile(r"[〔\[(]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号")
_LOOSE = re.compile(r"(?<![\d号楼栋])第?(?P<number>\d{1,5})号(?:文|令|公告|决议|通告|通知)")
_CODE = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9-]{0,40}\d)(?:[a-z]{1,8}-?){1,4}\d[a-z0-9-]*|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<![\d.,年月-])\d{4,}(?![\d.,]|年|[万亿]?[元名人亩吨户米个])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][\s·•-]?[a-z0-9]{5,6}(?![a-z0-9])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s·•-]")
_ARTICLE = re.compile(rf"第\s*(?P<number>{NUMBER})\s*(?P<kind>[条章])")
_AT_START = re.compile(rf"^[\s#>*]*第\s*(?P<number>{NUMBER})\s*(?P<kind>[条章])")
_YEAR = re.compile(r"(?:19|20)\d\d")


Code = tuple[str, str]
"""(shape, code): a plate is like any other, CVE-2024-3094 is like what has its letters and as many digits."""


@dataclass(frozen=True, slots=True)
class AskedCodes:
    """`whole` are patterns that must stand in the passage, its headings or its document; of `codes` (plates, permits,
    telephones) none of the same shape may stand nearer to the sentence; `articles` are (kind, number) of the articles
    under which the sentence must stand."""

    whole: tuple[re.Pattern[str], ...]
    codes: frozenset[Code]
    articles: frozenset[tuple[str, int]]


def asked_codes(question: str) -> AskedCodes:
    folded = fold(question)
    files, rest = _files(folded)
    codes = frozenset(_codes(rest))
    whole = (*files, *(_spelled(code) for _, code in codes))
    return AskedCodes(whole, codes, frozenset(_articles(_ARTICLE, folded)))


def _files(folded: str) -> tuple[list[re.Pattern[str]], str]:
    """What finds the numbers of files that a text names, and the text without them."""
    found, rest = [], folded
    for match in _FILE_NUMBER.finditer(folded):
        year, number = match["year"], match["number"]
        found.append(re.compile(rf"[〔\[(]\s*{year}\s*[〕\])]\s*(?:第\s*)?0*{int(number)}\s*号"))
        rest = rest.replace(match[0], " ")
    for match in _LOOSE.finditer(rest):
        found.append(re.compile(rf"(?<!\d)0*{int(match['number'])}\s*号"))
        rest = rest.replace(match[0], " ")
    return found, rest


def _codes(folded: str) -> Iterator[Code]:
    for match in _PLATE.finditer(folded):
        yield "plate", _BETWEEN.sub("", match[0])
    for match in _CODE.finditer(_PLATE.sub(" ", folded)):
        if not _YEAR.fullmatch(match[0]):
            code = _BETWEEN.sub("", match[0])
            yield re.sub(r"\d", "0", code), code


def _spelled(code: str) -> re.Pattern[str]:
    inner = r"[\s·•-]*".join(map(re.escape, code))
    return re.compile(rf"(?<![a-z0-9]){inner}(?![a-z0-9])", re.IGNORECASE)


def _articles(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[str, int]]:
    return ((match["kind"], integer(match["number"])) for match in pattern.finditer(folded))


def has_codes(asked: AskedCodes, setting: Setting) -> bool:
    """Whether each number of the question stands, whole, where the sentence stands."""
    held = all(one.search(setting.around) or one.search(setting.document) for one in asked.whole)
    if not held or _is_of_another(asked.codes, setting):
        return False
    if not asked.articles:
        return True
    under = _stands_under(asked.articles, setting)
    return bool(under) and under <= asked.articles


def _is_of_another(asked: frozenset[Code], setting: Setting) -> bool:
    """Whether a code of the shape of an asked one was named last, and it is another: as in lists of permits."""
    shapes = {shape for shape, _ in asked}
    if shapes:
        for text in (setting.sentence, *reversed(setting.before)):
            told = {code for code in _codes(text) if code[0] in shapes}
            if told:
                return not told & asked
    return False


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
