"""Workbooks of Excel 97 made byte by byte: BIFF8 records ([MS-XLS]) in a compound file ([MS-CFB])."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_END, _FREE, _FAT, _SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 512
_SMALL = 4096
"""Bytes below which a stream would lie elsewhere."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as the day that its number counts from the end of 1899."""

    number: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of texts, numbers and days; `state` 0 is visible, 1 hidden, 2 very hidden; areas as (top, bottom, left,
    right)."""

    name: str
    rows: Sequence[Sequence[str | float | Day | None]]
    state: int = 0
    merged: Sequence[tuple[int, int, int, int]] = ()


def xls(*sheets: Sheet, has_password: bool = False) -> bytes:
    parts = [_sheet(sheet) for sheet in sheets]
    head = (
        _begin(0x0005)
        + (_record(0x2F, b"\1" + bytes(53)) if has_password else b"")
        + _record(0x42, struct.pack("<H", 1200))
    )
    head += _record(0xE0, bytes(20)) + _record(0xE0, struct.pack("<HH16x", 0, 14))
    named = [_record(0x85, bytes(4) + bytes([sheet.state, 0]) + _text(sheet.name, "<B")) for sheet in sheets]
    at = len(head) + sum(map(len, named)) + 4
    for i, part in enumerate(parts):
        named[i] = named[i][:4] + struct.pack("<I", at) + named[i][8:]
        at += len(part)
    return compound(head + b"".join(named) + _record(0x0A) + b"".join(parts))


def stream_of_far_cells() -> bytes:
    """A workbook of one sheet whose cells lie in the first and in the last place."""
    far = _record(0x0203, struct.pack("<HHHd", 65535, 255, 0, 5)) + _record(0x0203, struct.pack("<HHHd", 0, 0, 0, 5))
    sheet = _begin(0x0010) + far + _record(0x0A)
    head = _begin(0x0005)
    named = _record(0x85, struct.pack("<I", len(head) + 16) + bytes(2) + _text("a", "<B"))
    return head + named + _record(0x0A) + sheet


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A compound file of one stream, of at most 63 KB."""
    stream = stream.ljust(_SMALL, b"\0")
    stream += bytes(-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, 2 + count), _END]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, _SMALL,
        _END, 0, _END, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *[_FREE] * 108)
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 2, len(stream)) + bytes(256)
    return header + table + entries + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", encoded, len(encoded), kind, 1, _FREE, _FREE, child, 0, start, size
    )  # fmt: skip


def _sheet(sheet: Sheet) -> bytes:
    width = max((len(row) for row in sheet.rows), default=0)
    body = _begin(0x0010) + _record(0x0200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0))
    for number, row in enumerate(sheet.rows):
        body += b"".join(_cell(number, column, value) for column, value in enumerate(row) if value is not None)
    if sheet.merged:
        areas = b"".join(struct.pack("<HHHH", *area) for area in sheet.merged)
        body += _record(0xE5, struct.pack("<H", len(sheet.merged)) + areas)
    return body + _record(0x0A)


def _cell(row: int, column: int, value: str | float | Day) -> bytes:
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHH", row, column, 0) + _text(value, "<H"))
    number, style = (value.number, 1) if isinstance(value, Day) else (value, 0)
    return _record(0x0203, struct.pack("<HHHd", row, column, style, number))


def _text(text: str, length: str) -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _record(kind: int, content: bytes | Iterable[int] = b"") -> bytes:
    data = bytes(content)
    return struct.pack("<HH", kind, len(data)) + data
