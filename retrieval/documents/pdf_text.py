"""The text of a page of a PDF, whole and by its rectangles, as PDFium gives it.

PDFium looks at all characters of a page for the text within a rectangle, so a table of many cells is dear. Most
rectangles hold a run of characters that can be cut out of the text of the page: where each character lies in one
rectangle, and that rectangle touches no other, the run is what PDFium would give. It is asked for all others.
"""

import ctypes
import re
from collections.abc import Sequence
from math import inf
from typing import Any

import pypdfium2.raw as pdfium

from retrieval.documents.pdf_layout import Box

_LONG = 12
"""Characters of a rectangle on a line from which on asking for its text costs less than looking at each of them."""
_LINE = re.compile(r"[^\r\n]+")


class PageText:
    """What stands on a page. `textpage` is PDFium's, and open as long as the text is asked for."""

    def __init__(self, textpage: Any) -> None:
        self._page = textpage.raw
        self._textpage = textpage
        # Before each character PDFium may write a line break; a character may be a pair of surrogates.
        self._room = 4 * textpage.count_chars() + 4
        self._buffer = (ctypes.c_ushort * self._room)()
        self._whole: str | None = None
        self.boxes: list[Box] = _boxes(self._page)
        self._runs: dict[int, str] | None = None

    def whole(self) -> str:
        """The text of the page in the order in which it was written."""
        if self._whole is None:
            self._whole = self._within(self._textpage.page.get_bbox())
        return self._whole

    def of(self, numbers: Sequence[int]) -> str:
        """The text of these rectangles, one after the other, with single spaces."""
        if self._runs is None:
            self._runs = self._cut()
        if len(numbers) == 1 and (run := self._runs.get(numbers[0])) is not None:
            return run
        # What PDFium writes before and after a run joins it to the next one, or does not: it is asked itself.
        return " ".join("".join(self._within(self.boxes[number]) for number in numbers).split())

    def _within(self, box: Box) -> str:
        left, bottom, right, top = box
        length = pdfium.FPDFText_GetBoundedText(self._page, left, top, right, bottom, self._buffer, self._room)
        return ctypes.string_at(self._buffer, 2 * max(0, length)).decode("utf-16-le", "ignore").removesuffix("\0")

    def _cut(self) -> dict[int, str]:
        """The texts of the rectangles whose characters stand together and in no other, by number."""
        text, count = self.whole(), self._textpage.count_chars()
        # A hyphen at the end of a line is another character in the one text than in the other.
        if len(text) != count or text != self._textpage.get_text_range().replace("\ufffe", "\x02"):
            return {}
        runs = _runs(self._page, self.boxes, text)
        touching = _touching(self.boxes) if runs else ()
        return {
            number: " ".join(text[start:end].split())
            for number, (start, end) in runs.items()
            if number not in touching and "\n" not in text[start:end]
        }


def _boxes(page: Any) -> list[Box]:
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    boxes = []
    for number in range(pdfium.FPDFText_CountRects(page, 0, -1)):
        pdfium.FPDFText_GetRect(page, number, left, top, right, bottom)
        boxes.append((left.value, bottom.value, right.value, top.value))
    return boxes


def _runs(page: Any, boxes: Sequence[Box], text: str) -> dict[int, tuple[int, int]]:
    """Where in the text the characters of the rectangles begin and end, but for long ones; none at all where a
    character lies in no rectangle or not in the order of the rectangles."""
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    char_box, outside = pdfium.FPDFText_GetCharBox, (inf, inf, -inf, -inf)

    def lies_in(box: Box) -> bool:
        """Whether the character asked for last does, with all its extent, of which it has some."""
        return box[0] <= left.value < right.value <= box[2] and box[1] <= bottom.value < top.value <= box[3]

    runs: dict[int, tuple[int, int]] = {}
    following = [*boxes, outside, outside]
    number, first, space, box = -1, 0, -1, outside
    for line in _LINE.finditer(text):
        start, end = line.span()
        count = pdfium.FPDFText_CountRects(page, start, end - start)
        if end - start > _LONG * count and not line[0].isspace():
            number, space, box = number + count, -1, outside
            continue
        for index, character in enumerate(line[0], start):
            if character == " ":
                space = index
                continue
            char_box(page, index, left, right, bottom, top)
            if not lies_in(box):
                if not lies_in(following[number + 1]):
                    # A space may have a rectangle of its own.
                    if not lies_in(following[number + 2]) or space < 0:
                        return {}
                    char_box(page, space, left, right, bottom, top)
                    if not lies_in(following[number + 1]):
                        return {}
                    number += 1
                number, first = number + 1, index
                box = following[number]
            runs[number] = first, index + 1
            space = -1
    return runs if number == len(boxes) - 1 else {}


def _touching(boxes: Sequence[Box]) -> set[int]:
    """The numbers of the rectangles that have a part in common with another."""
    found: set[int] = set()
    open_boxes: list[tuple[float, float, float, int]] = []
    for number, (left, bottom, right, top) in sorted(enumerate(boxes), key=lambda item: -item[1][3]):
        open_boxes = [box for box in open_boxes if box[0] < top]
        for _, other_left, other_right, other in open_boxes:
            if left < other_right and other_left < right:
                found |= {number, other}
        open_boxes.append((bottom, left, right, number))
    return found
