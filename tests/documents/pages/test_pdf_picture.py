"""A page of a PDF as a picture: what is quoted is boxed where it stands, and nothing else."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest

from config.settings import DocumentSettings
from retrieval.documents.isolation.packed import PNG, Frame, Picture, unpack_picture
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.documents.pages.pdf import read_pdf
from retrieval.documents.pages.pdf_picture import WIDTH, draw_page
from retrieval.errors import DocumentError
from retrieval.samples import SAMPLES

FILE = SAMPLES / "云溪县基层治理年报2025.pdf"
RED = (200, 30, 30)


@pytest.fixture(scope="module")
def data() -> bytes:
    return FILE.read_bytes()


@pytest.fixture(scope="module")
def pages(data: bytes) -> list[str]:
    document = read_pdf(FILE, data)
    ends = [*document.page_starts[1:], len(document.text)]
    return [document.text[start:end] for start, end in zip(document.page_starts, ends, strict=True)]


def pixels(picture: Picture) -> Any:
    """Decoded by the letter of the format: chunks with their checksums, rows without a filter."""
    assert picture.png.startswith(PNG)
    chunks = dict(_chunks(picture.png[len(PNG) :]))
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert form == [8, 2, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def _chunks(rest: bytes) -> Iterator[tuple[bytes, bytes]]:
    while rest:
        (size,), name = struct.unpack(">I", rest[:4]), rest[4:8]
        body, rest = rest[8 : 8 + size], rest[8 + size :]
        assert struct.unpack(">I", rest[:4])[0] == zlib.crc32(name + body)
        yield name, body
        rest = rest[4:]


def red_rows(picture: Picture) -> list[int]:
    return [int(row) for row in np.flatnonzero((pixels(picture) == RED).all(axis=2).any(axis=1))]


def test_each_line_of_what_is_quoted_is_boxed(data: bytes, pages: list[str]) -> None:
    first, last = (line for line in (pages[2].split("\n")[1], pages[2].split("\n")[-1]))
    assert pixels(draw_page(data, 3, "")).shape[1] == WIDTH and not red_rows(draw_page(data, 3, ""))
    above, below = draw_page(data, 3, first), draw_page(data, 3, last)
    assert above.boxes == below.boxes == 1
    assert max(red_rows(above)) - min(red_rows(above)) < 60, "one line"
    assert max(red_rows(above)) < min(red_rows(below))
    both = draw_page(data, 3, "\n".join(pages[2].split("\n")[1:4]))
    assert both.boxes == 3 and min(red_rows(both)) == min(red_rows(above))


def test_what_goes_on_on_the_next_page_is_boxed_as_far_as_it_stands_on_this(data: bytes, pages: list[str]) -> None:
    last = pages[1].strip().split("\n")[-1]
    whole = draw_page(data, 2, last + "\n" + pages[2].split("\n")[0])
    assert whole.boxes == 1 and whole.png == draw_page(data, 2, last).png
    assert draw_page(data, 3, "这一页上没有的一句话").boxes == 0


def test_a_page_that_is_not_there_is_refused(data: bytes) -> None:
    for page in (0, -1, 4):
        with pytest.raises(IndexError):
            draw_page(data, page, "")


@pytest.mark.parametrize("size", [(14_400, 14_400), (10, 14_400), (14_400, 3), (3, 3)])
def test_a_page_of_any_size_is_a_picture_of_bounded_size(tmp_path: Path, size: tuple[float, float]) -> None:
    with pypdfium2.PdfDocument.new() as pdf:
        pdf.new_page(*size)
        pdf.save(tmp_path / "a.pdf")
    height, width, _ = pixels(draw_page((tmp_path / "a.pdf").read_bytes(), 1, "")).shape
    assert 1 <= width <= WIDTH + 1 and 1 <= height <= 2 * WIDTH + 1


def test_it_is_drawn_in_the_process_that_reads_files(data: bytes) -> None:
    reader, limits = ReaderProcess(), DocumentSettings()
    try:
        assert reader.draw(FILE, data, limits, 1, "云溪县").png.startswith(PNG)
        for wrong, page in ((b"no pdf", 1), (data, 9)):
            with pytest.raises(DocumentError):
                reader.draw(FILE, wrong, limits, page, "")
        assert reader.read(FILE, data, limits).text, "and the process goes on"
    finally:
        reader.stop()


@pytest.mark.parametrize("frame", [Frame({"boxes": 1}, b"GIF"), Frame({"boxes": -1}, PNG), Frame({}, PNG)])
def test_a_reply_that_is_no_picture_is_not_taken_for_one(frame: Frame) -> None:
    with pytest.raises((ValueError, KeyError)):
        unpack_picture(frame)
