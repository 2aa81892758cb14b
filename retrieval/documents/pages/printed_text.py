"""What PDFium tells of the text of a page: its pieces, and what stands in each.

A piece is a run of characters of one text object. What stands within a box PDFium finds by looking through all the
characters of the page, and finds the first letter of the next piece, or of a stamp, where both touch: it is asked
where the text of the page does not tell what the piece holds.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, repeat
from typing import Any

from pypdfium2 import raw

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""
_PIECE = 512
"""Characters for which there is room at once; a piece of a line has fewer."""
_PLAIN = re.compile(
    r"[\r\n -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2000-\u200a\u2010-\u2027\u2030-\u205f"
    r"\u2070-\u20cf\u2100-\u2bff\u2e80-\u3029\u3030-\u3098\u309b-\ua48f\uac00-\ud7a3\ue000-\ufaff\ufe30-\ufe4f\uff01-\uffee]*"
)
"""Characters that have a width and follow each other from left to right: of others PDFium may make no box, or another
order than that in which it found them."""

_object_at = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(raw.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
"""The text object of a character as a number, which ctypes does not make of its own pointers; 0 or None for none."""


class PrintedText:
    """The text of a page. What stands within a box is asked for once and not twice, first for its length."""

    def __init__(self, textpage: Any) -> None:
        self._textpage, self._buffer = textpage, (ctypes.c_ushort * _PIECE)()
        self._boxes = [*_boxes(textpage)]
        self._texts: dict[Box, str] | None = None

    def count_rects(self) -> int:
        return len(self._boxes)

    def get_rect(self, number: int, /) -> Box:
        return self._boxes[number]

    def get_text_bounded(self, *box: float) -> str:
        if not box:
            return str(self._textpage.get_text_bounded())
        if self._texts is None:
            self._texts = _texts(self._textpage, self._boxes)
        left, bottom, right, top = box
        if (known := self._texts.get((left, bottom, right, top))) is not None:
            return known
        asked = (self._textpage, left, top, right, bottom, self._buffer, _PIECE)
        if (length := raw.FPDFText_GetBoundedText(*asked)) < _PIECE:
            return bytes(self._buffer)[: 2 * length].decode("utf-16-le", "ignore").rstrip("\0")
        return str(self._textpage.get_text_bounded(*box))


def _boxes(textpage: Any) -> Iterator[Box]:
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    for number in range(textpage.count_rects()):
        raw.FPDFText_GetRect(textpage, number, left, top, right, bottom)
        yield left.value, bottom.value, right.value, top.value


def _texts(textpage: Any, boxes: Sequence[Box]) -> dict[Box, str]:
    """What stands in each box, none of them where some are not as they are taken to be."""
    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer).decode("utf-16-le", "ignore")[:-1]
    runs = [*_runs(textpage.raw, text)] if len(text) == count and _PLAIN.fullmatch(text) else []
    return dict(zip(boxes, runs, strict=True)) if len(runs) == len(boxes) else {}


def _runs(textpage: Any, text: str) -> Iterator[str]:
    """The characters of each text object, with the space that follows them: what PDFium put between is of none."""
    textpage, start = ctypes.cast(textpage, ctypes.c_void_p).value, 0
    for line in text.split("\r\n"):
        end = start + len(line)
        if line and (first := _object_at(textpage, start)) and first == _object_at(textpage, end - 1):
            yield line
        elif line:
            objects = [*map(_object_at, repeat(textpage), range(start, end))]
            begins = [objects.index(own) for own in dict.fromkeys(filter(None, objects))]
            for begin, following in pairwise([*begins, len(line)]):
                yield line[begin:following] + " " * line.startswith(" ", following)
        start = end + 2
