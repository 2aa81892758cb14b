"""What a body is called in short, where the documents only write its name: 医保局 for 医疗保障局.

Such a name is short by its form: the first character of both is the same, the others stand in the name in their order
and near its end, and both are of one kind (局). Where the documents write the short name too, or several names fit
it, it says nothing.
"""

import re
from collections.abc import Iterator

from retrieval.index.base import PassageIndex
from retrieval.text.fold import fold
from retrieval.text.lexicon import ASKING_CHARACTERS, PLACES, without
from retrieval.text.tokens import tokenize

_KINDS = {"局": "局", "委": "委(?:员会)?", "厅": "厅"}
_HAN = r"\u4e00-\u9fff"
_NO_PART = rf"市(?![场监政])|(?<!城)乡|[{without(PLACES, '市乡')}局委厅省]"
_BETWEEN = rf"(?:(?!{_NO_PART})[{_HAN}])"
_IN_SHORT = rf"(?!{_NO_PART}|[{ASKING_CHARACTERS}的了是在有和与及到去找给问打我你他])[{_HAN}]"
_SHORT = re.compile(rf"(?P<stem>(?:{_IN_SHORT}){{2,4}})(?P<kind>[局厅]|委(?![员托派]))")
_GAP, _END = 6, 4
"""Characters of the name between two of the short one, and behind the last of them: 市场监[督管理]局."""
_SHORTEST = 2
_LOOKED_AT = 50


def bodies_in_full(folded: str, index: PassageIndex) -> Iterator[tuple[str, str]]:
    """(short name, name) for each body that a folded question names in short."""
    for match in _SHORT.finditer(folded):
        stem, kind = match["stem"], match["kind"]
        for at in range(len(stem) - _SHORTEST + 1):  # the first characters may be no part of it: 联系医保局
            short = f"{stem[at:]}{kind}"
            if _is_written(short, index):
                break
            names = _names(stem[at:], kind, index)
            if len(names) == 1:
                yield short, names.pop()
                break


def is_short_for(short: str, body: str) -> bool:
    """Whether the (folded) name ends in what the short one, a place before it or none, is short for: 县住建局 for
    青溪县住房和城乡建设局."""
    match = next((found for found in _SHORT.finditer(short) if found.end() == len(short)), None)
    if match is None:
        return False
    before = re.escape(short[: match.start()]) or rf"(?:^|[{PLACES}])"
    return re.search(rf"{before}{_written(match['stem'], match['kind'])}$", body) is not None


def _is_written(short: str, index: PassageIndex) -> bool:
    return any(short in fold(stored.text) for stored in index.holding(tokenize(short), _LOOKED_AT))


def _names(stem: str, kind: str, index: PassageIndex) -> set[str]:
    """The names in the documents for which this is short."""
    name = re.compile(_written(stem, kind))
    holding = index.holding([*stem, kind], _LOOKED_AT)
    return {match[0] for stored in holding for match in name.finditer(fold(stored.text))}


def _written(stem: str, kind: str) -> str:
    """A pattern of the names for which this is short."""
    between = rf"{_BETWEEN}{{0,{_GAP}}}?".join(stem)
    return rf"{between}{_BETWEEN}{{0,{_END}}}?{_KINDS[kind]}"
