"""A page of a PDF as a picture, with a box around each line of what is quoted from it.

A picture is PNG (https://www.w3.org/TR/png-3/): eight bits of red, green and blue, no interlacing.
"""

import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2

from retrieval.documents.isolation.packed import PNG, Picture

WIDTH = 1000
"""Pixels; the height follows, and a page that is much higher than wide is made narrower."""
_HEIGHT = 2000
_BORDER, _ROOM = 3, 3
"""Pixels of a line around the text, and between the two."""
_COLOUR = (200, 30, 30)
_QUOTED = 20_000
"""Characters that are looked for at most."""
_LEAST = 6
"""Characters of the beginning that have to stand on the page."""

Line = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the left and from the bottom of the page."""


def draw_page(data: bytes, page: int, quoted: str) -> Picture:
    """Page number `page`, from 1 on. Raises PdfiumError for a file that cannot be drawn, IndexError for a page that
    it has not."""
    with pypdfium2.PdfDocument(data) as pdf:
        if not 1 <= page <= len(pdf):
            raise IndexError(page)
        drawn = pdf[page - 1]
        scale = min(WIDTH / max(drawn.get_width(), 1), _HEIGHT / max(drawn.get_height(), 1))
        bitmap = drawn.render(scale=scale, rev_byteorder=True)
        pixels = bitmap.to_numpy()[:, :, :3].copy()
        lines, position_of = _lines(drawn.get_textpage(), quoted), bitmap.get_posconv(drawn).to_bitmap
        for left, bottom, right, top in lines:
            _box(pixels, [position_of(left, top), position_of(right, bottom)])
    return Picture(_png(pixels), len(lines))


def _lines(textpage: Any, quoted: str) -> list[Line]:
    """Where the quoted text stands, a box for each line: left, bottom, right, top, in points."""
    places: list[int] = []
    said = ""
    for place in range(textpage.count_chars()):
        character = chr(pypdfium2.raw.FPDFText_GetUnicode(textpage.raw, place))
        if character.isalnum():
            said += character
            places.append(place)
    start, end = _found(said, "".join(filter(str.isalnum, quoted[:_QUOTED])))
    return list(_joined(textpage.get_charbox(place) for place in places[start:end]))


def _found(said: str, wanted: str) -> tuple[int, int]:
    """Where it stands; of what goes on elsewhere (on the next page, in another column) where its beginning does."""
    lengths = range(1, len(wanted) + 1)
    length = bisect_left(lengths, True, key=lambda length: said.find(wanted[:length]) < 0)
    if not wanted or length < min(_LEAST, len(wanted)):
        return 0, 0
    at = said.find(wanted[:length])
    return at, at + length


def _joined(boxes: Iterable[Line]) -> Iterator[Line]:
    """Those of characters that follow each other on one line, as one."""
    line: Line | None = None
    for left, bottom, right, top in boxes:
        if line is not None and line[1] <= (bottom + top) / 2 <= line[3] and left >= line[0]:
            line = line[0], min(line[1], bottom), max(line[2], right), max(line[3], top)
            continue
        if line is not None:
            yield line
        line = left, bottom, right, top
    if line is not None:
        yield line


def _box(pixels: Any, corners: Sequence[tuple[int, int]]) -> None:
    """Draw a frame around the pixels between two corners; pixels have shape (height, width, 3)."""
    room = _BORDER + _ROOM
    (left, right), (top, bottom) = (sorted(corner[axis] for corner in corners) for axis in (0, 1))
    left, top, right, bottom = max(left - room, 0), max(top - room, 0), right + room, bottom + room
    pixels[top : top + _BORDER, left:right] = pixels[bottom - _BORDER : bottom, left:right] = _COLOUR
    pixels[top:bottom, left : left + _BORDER] = pixels[top:bottom, right - _BORDER : right] = _COLOUR


def _png(pixels: Any) -> bytes:
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * 3), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = pixels.reshape(height, width * 3)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
