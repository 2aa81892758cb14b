"""The short forms that a text defines for names: 最低生活保障（以下简称“低保”）.

Only what is short for it by its form is taken, characters of the name in their order and not in one piece: the office
that one paper calls 中心 or 甲方 is another in the next.
"""

import re
from collections.abc import Iterator

DEFINES = "简称"
"""Stands in every definition."""
_DEFINITION = re.compile(
    r"(?P<before>[^。！？!?；;，,：:\n（(]{2,60})[（(]?[，,]?\s*(?:以下|下文|全文|可|也)?(?:统一)?简称(?:为|作|[：:])?\s*"
    r"(?:[“”\"「『《〈](?P<quoted>[^“”\"「」『』《》〈〉]{2,10})[“”\"」』》〉]|(?P<bare>[^\s“”\"（()），,。；;、：:]{2,8})(?=[）)，,。；;、]))"
)
_NAMED = re.compile(r"[《“「『\"]([^《》“”「」『』\"]{3,40})[》”」』\"]$")
_RUN = re.compile(r"[\u4e00-\u9fff]+$")
_END = 4
"""Characters of a name that may follow the last one that its short form has: 文明城市[创建工作]."""


def abbreviations(folded: str) -> Iterator[tuple[str, str]]:
    """(short form, name) for each that a folded text defines. Where a name begins cannot be seen in running text: it
    is then taken from the first character that the short form has, 低生活保障 for 低保."""
    for match in _DEFINITION.finditer(folded):
        short, before = match["quoted"] or match["bare"], match["before"].rstrip()
        named = _NAMED.search(before)
        if named is not None:
            name: str | None = named[1]
        else:
            run = _RUN.search(before)
            name = _shortest(short, run[0]) if run else None
        if name is None or short in name:
            continue
        if _is_short_for(short, name) or (named is not None and short.isascii()):
            yield short, name


def _is_short_for(short: str, name: str) -> bool:
    """Whether the characters of one stand in the other in this order, near its end too."""
    at = -1
    for character in short:
        at = name.find(character, at + 1)
        if at < 0:
            return False
    return len(name) - 1 - name.rfind(short[-1]) <= _END


def _shortest(short: str, run: str) -> str | None:
    """The shortest end of the run that has the characters of the short form in their order."""
    at = len(run)
    for character in reversed(short):
        at = run.rfind(character, 0, at)
        if at < 0:
            return None
    return run[at:]
