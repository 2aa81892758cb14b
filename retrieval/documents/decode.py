"""Bytes to text: UTF-8, then GB18030, the two encodings in which Chinese documents are kept."""

import codecs
import re

from retrieval.text.fold import fold

_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_STRAY_CONTROLS = 10
_ENOUGH = 16
"""Characters beyond ASCII from which on that share says something."""
_LOOKED_AT = 100_000
_COMMON = 0.8
"""Below this share of everyday characters, bytes that happen to be GB18030 were not meant as GB18030."""
# This many characters beyond ASCII decoded as UTF-8 before the first fault: the file is UTF-8, and damaged.
# In GB18030 text the bytes look like UTF-8 for two or three characters at most.
_SURELY_UTF8 = 10


class UndecodableError(ValueError):
    """The bytes are not text in an encoding that Wenju reads; the message is the reason."""


def decode(data: bytes) -> str:
    """Text with `\\n` line ends and without BOM. UTF-16 is read when its BOM announces it.

    Raises UndecodableError for binary data, damaged UTF-8 and foreign encodings.
    """
    text = _decode_bytes(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or len(_CONTROL.findall(text)) > max(_STRAY_CONTROLS, len(text) // 1000):
        raise UndecodableError("holds binary data, not text")
    return text


def _decode_bytes(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UndecodableError("announces UTF-16 but is damaged; save it again as UTF-8") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        sound = data[: error.start].decode("utf-8")
        if sum(1 for character in sound if not character.isascii()) >= _SURELY_UTF8:
            reason = f"is UTF-8 but damaged at byte {error.start}; save it again as UTF-8"
            raise UndecodableError(reason) from None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise UndecodableError("is neither UTF-8 nor GB18030; save it as UTF-8") from None
    if _common_share(text) < _COMMON:
        raise UndecodableError("is in an encoding that is neither UTF-8 nor GB18030 (Big5?); save it as UTF-8")
    return text


def _common_share(text: str) -> float:
    """Share of the characters beyond ASCII that are everyday ones (in GB 2312, once simplified)."""
    foreign = [character for character in fold(text[:_LOOKED_AT]) if not character.isascii()]
    common = sum(1 for character in foreign if character.encode("gb2312", "ignore"))
    return common / len(foreign) if len(foreign) >= _ENOUGH else 1.0
