"""Several questions in one message: 左云县有多少网格员？青禾县呢？"""

import re

from retrieval.query.asked.kinds import AskedKinds
from retrieval.query.message.likeness import asks
from retrieval.query.message.wrapping import unwrapped
from retrieval.query.words.content import content_part

# Not where Latin letters go on without a space: https://example.org/a?id=3
_AFTER_MARK = re.compile(r"(?:(?<=？)|(?<=\?)(?![!-~])|(?<![!-~]\?)(?<=\?))(?![?？!！”’\"'」』》）)])")
_NUMBERED = re.compile(r"^\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十])[)）、.．]|问题?\s*[一二三\d]?[:：])")
_MOST = 3


def questions_in(text: str) -> list[str]:
    """Its questions in order, without the numbers in front of them and without those that ask nothing (是吗？), three
    at most: what is beyond stays with the third. A text that is not several questions is given back as it is."""
    found = list[str]()
    for piece in _AFTER_MARK.split(text):
        is_question = piece.endswith(("?", "？")) or asks(piece)
        if is_question and _is_empty(piece):
            continue
        if is_question and sum(map(str.isalnum, piece)) > 1 and len(found) < _MOST:
            found.append(_NUMBERED.sub("", piece, count=1).strip())
        elif found:
            found[-1] += piece
    return found if len(found) > 1 else [text]


def _is_empty(piece: str) -> bool:
    """Whether there is nothing in it to look up, and it does not go on asking (为什么？): 请问一下？是吗？"""
    asked = unwrapped(piece).text
    return not asked or not (any(map(str.isalnum, content_part(asked))) or asks(asked) or AskedKinds(asked).kinds)
