"""The codes, and the numbers of articles and papers, that a text names."""

import re
from collections.abc import Iterator

from retrieval.text.numbers import integer

NUMBER = "[0-9一二三四五六七八九十百千零〇]{1,9}"
"""Of an article, in digits or characters."""
YEAR_AND_NUMBER = r"[〔\[(]\s{0,3}(?:19|20)\d\d\s{0,3}[〕\])]\s{0,3}第?\s{0,3}\d{1,5}\s{0,3}号"
MAKER = 12
"""Characters before the year that are looked at: the short name of who issued it, or the end of a longer one."""
FILE = rf"[\u4e00-\u9fff]{{0,{MAKER}}}\s{{0,3}}{YEAR_AND_NUMBER}"
"""The number of a paper: 云政发〔2024〕21号, folded."""
_CODE = re.compile(
    r"(?<![a-z0-9])(?=[a-z0-9-]{0,40}\d)(?:[a-z]{1,8}-?){1,4}\d[a-z0-9-]*|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<![\d.,年月-])\d{4,}(?![\d.,]|年|[万亿]?[元名人亩吨户米个])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][\s·•-]?[a-z0-9]{5,6}(?![a-z0-9])",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s·•-]")
_YEAR = re.compile(r"(?:19|20)\d\d")

Code = tuple[str, str]
"""(shape, code): a plate is like any other, CVE-2024-3094 is like what has its letters and as many digits."""


def codes_in(folded: str) -> Iterator[Code]:
    """The plates, permits and telephones that a folded text names."""
    for match in _PLATE.finditer(folded):
        yield "plate", BETWEEN.sub("", match[0])
    for match in _CODE.finditer(_PLATE.sub(" ", folded)):
        if not _YEAR.fullmatch(match[0]):
            code = BETWEEN.sub("", match[0])
            yield re.sub(r"\d", "0", code), code


def articles_in(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[str, int]]:
    """(kind, number) of the articles that the pattern finds."""
    return ((match["kind"], integer(match["number"])) for match in pattern.finditer(folded))
