"""Do the numbers that a question names by their digits stand in what answers it?

13号 is not 113号, and 第十条 is not 第三十条.
"""

import re
from collections.abc import Iterable

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.codes import AskedCodes
from retrieval.text.codes import NUMBER, Code, articles_in, codes_in

_FILE_NUMBER = re.compile(r"\d\s*号")
_AT_START = re.compile(rf"^[\s#>*]*第\s*(?P<number>{NUMBER})\s*(?P<kind>[条章])")


def has_codes(asked: AskedCodes, setting: Setting) -> bool:
    """Whether each number of the question stands, whole, where the sentence stands."""
    held = all(pattern.search(setting.around) or pattern.search(setting.document) for pattern in asked.whole)
    if not held or _is_of_another(asked.codes, setting):
        return False
    if not asked.articles:
        return True
    under = _stands_under(asked.articles, setting)
    return bool(under) and under <= asked.articles


def tells_file_number(setting: Setting) -> bool:
    """Whether the sentence itself may give the number of a paper."""
    return _FILE_NUMBER.search(setting.sentence) is not None


def _is_of_another(asked: frozenset[Code], setting: Setting) -> bool:
    """Whether a code of the shape of an asked one was named last, and it is another: as in lists of permits."""
    shapes = {shape for shape, _ in asked}
    if shapes:
        for text in (setting.sentence, *reversed(setting.before)):
            told = {code for code in codes_in(text) if code[0] in shapes}
            if told:
                return not told & asked
    return False


def _stands_under(asked: Iterable[tuple[str, int]], setting: Setting) -> set[tuple[str, int]]:
    """Of each kind that is asked (条, 章) the one under which the sentence stands."""
    found = set()
    for kind in {kind for kind, _ in asked}:
        for text in setting.near_to_far:
            numbers = [number for k, number in articles_in(_AT_START, text) if k == kind]
            if numbers:
                found.add((kind, numbers[-1]))
                break
    return found
