"""The numbers that a question names by their digits."""

import re
from dataclasses import dataclass

from retrieval.text.codes import NUMBER, Code, articles_in, codes_in
from retrieval.text.fold import fold

_FILE_NUMBER = re.compile(r"[〔\[(]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号")
_LOOSE = re.compile(r"(?<![\d号楼栋])第?(?P<number>\d{1,5})号(?:文|令|公告|决议|通告|通知)")
_ARTICLE = re.compile(rf"第\s*(?P<number>{NUMBER})\s*(?P<kind>[条章])")


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
    codes = frozenset(codes_in(rest))
    whole = (*files, *(_spelled(code) for _, code in codes))
    return AskedCodes(whole, codes, frozenset(articles_in(_ARTICLE, folded)))


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


def _spelled(code: str) -> re.Pattern[str]:
    inner = r"[\s·•-]*".join(map(re.escape, code))
    return re.compile(rf"(?<![a-z0-9]){inner}(?![a-z0-9])", re.IGNORECASE)
