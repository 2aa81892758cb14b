"""Text recognition (OCR): pages of the samples, drawn and read again; pictures that hold nothing, or too much."""

import difflib
import io
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from config.formats import PICTURES, SUFFIXES
from config.settings import DocumentSettings
from retrieval.documents.isolation import reader_process
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.documents.structure.layout import pages_without_text
from retrieval.left_out import LeftOut, recognises
from tests.documents.reading import SAMPLES, read, refusal

ROOT = Path(reader_process.__file__).parents[3]
REPORT = SAMPLES / "云溪县基层治理年报2025.pdf"
needs_the_extra = pytest.mark.skipif(not recognises(), reason="needs the extra wenju[ocr]")


@cache
def drawn(page: int = 0) -> Any:
    """The upper part of a page of the report, as a scanner sees it."""
    with pypdfium2.PdfDocument(REPORT) as pdf:
        picture = pdf[page].render(scale=150 / 72).to_pil()
    return picture.crop((0, 0, picture.width, 484))


@cache
def written() -> str:
    with pypdfium2.PdfDocument(REPORT) as pdf:
        return "".join(pdf[0].get_textpage().get_text_bounded().split())


def saved(picture: Any, format_name: str, **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, format_name, **how)
    return file.getvalue()


def scan(*pictures: Any) -> bytes:
    first, *others = (picture.copy() for picture in pictures)  # Pillow notes in a picture how it was saved
    return saved(first, "PDF", resolution=150, title="Scan0001", save_all=True, append_images=others)


def half_a_scan() -> bytes:
    """A PDF of three pages: one with text, one that is a picture, an empty one."""
    with pypdfium2.PdfDocument(REPORT) as pdf, pypdfium2.PdfDocument(scan(drawn(1))) as scanned:
        made = pypdfium2.PdfDocument.new()
        made.import_pages(pdf, [0])
        made.import_pages(scanned)
        made.new_page(595, 842)
        file = io.BytesIO()
        made.save(file)
        made.close()
    return file.getvalue()


def likeness(text: str) -> float:
    """How much of the lines that were drawn was read, from 0 to 1."""
    found = "".join(text.split())
    return difflib.SequenceMatcher(None, written()[: len(found)], found, autojunk=False).ratio()


@needs_the_extra
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_is_read_however_it_lies(degrees: int) -> None:
    document = read("a.png", saved(drawn().rotate(degrees, expand=True), "PNG"))
    assert likeness(document.text) > 0.97
    assert document.title.startswith("云溪县基层治理年度报告")
    assert document.left_out == (LeftOut("recognised", ("1",)),)


@needs_the_extra
@pytest.mark.parametrize(
    ("name", "format_name", "mode"),
    [("a.jpg", "JPEG", "L"), ("a.webp", "WEBP", "RGBA"), ("a.bmp", "BMP", "P"), ("a.tif", "TIFF", "1")],
)
def test_pictures_of_all_formats_and_colours(name: str, format_name: str, mode: str) -> None:
    line = drawn().crop((0, 300, drawn().width, 400))
    assert "总面积1286平方公里" in "".join(read(name, saved(line.convert(mode), format_name)).text.split())


@needs_the_extra
def test_a_long_picture_is_read_whole() -> None:
    from PIL import Image

    part = drawn().crop((150, 300, 1100, 500))
    long = Image.new("RGB", (part.width, part.height * 13), "white")
    for number in (0, 6, 12):
        long.paste(part, (0, number * part.height))
    assert read("a.png", saved(long, "PNG")).text.count("1286平方公里") == 3


@needs_the_extra
def test_a_table_of_a_scan_keeps_its_columns() -> None:
    from tests.documents.pages.test_pdf_layout import by_row, lines, placed

    columns = [
        lines(60, "Village", "Stone Bridge", "Willow Gulch", "South Gate"),
        lines(220, "People", "942", "1286", "2011"),
        lines(320, "Land", "2105", "3420", "1860"),
    ]
    with pypdfium2.PdfDocument(placed(by_row(*columns))) as pdf:
        picture = pdf[0].render(scale=150 / 72).to_pil()
    assert "Village：Willow Gulch | People：1286 | Land：3420" in read("a.png", saved(picture, "PNG")).text


@needs_the_extra
def test_pages_of_a_pdf_without_text_are_read_within_the_limits_of_every_reader() -> None:
    reader = ReaderProcess()
    try:
        document = reader.read(Path("a.pdf"), half_a_scan(), DocumentSettings())
        scanned = reader.read(Path("b.pdf"), scan(drawn(), drawn(1)), DocumentSettings())
    finally:
        reader.stop()
    assert document.left_out == (LeftOut("recognised", ("2",)),)
    assert "理事由入住老人选出4人" in document.text[document.page_starts[1] :]
    assert pages_without_text(document) == [3]
    assert scanned.title.startswith("云溪县基层治理年度报告")  # and not what the scanner calls it
    assert scanned.left_out == (LeftOut("recognised", ("1", "2")),)


@needs_the_extra
def test_pages_for_which_the_time_does_not_reach_are_known() -> None:
    reader = ReaderProcess()
    try:
        document = reader.read(Path("a.pdf"), half_a_scan(), DocumentSettings(seconds=1, ocr_seconds=1))
    finally:
        reader.stop()
    assert pages_without_text(document) == [2, 3] and not document.left_out


@needs_the_extra
class TestPicturesThatAreNotRead:
    def test_a_blank_one(self) -> None:
        from PIL import Image

        assert refusal("a.png", saved(Image.new("L", (600, 800), 255), "PNG")) == "holds no text"
        assert refusal("a.png", saved(Image.new("L", (1, 1)), "PNG")) == "holds no text"

    def test_one_of_more_than_100_megapixels(self) -> None:
        from PIL import Image

        reason = refusal("a.png", saved(Image.new("1", (10_001, 10_000)), "PNG"))
        assert reason == "has 10,001 × 10,000 pixels; at most 100 million are read: save it smaller"

    def test_broken_ones(self) -> None:
        whole = saved(drawn(), "PNG")
        assert "broken or cut short" in refusal("a.png", whole[: len(whole) // 2])
        assert "broken or cut short" in refusal("a.jpg", b"no picture")
        assert "broken or cut short" in refusal("a.png", b"GIF89a" + bytes(40))


def without_the_extra(name: str, content: bytes, folder: Path) -> str:
    """Why the file is not read where the extra is not installed."""
    (folder / name).write_bytes(content)
    script = f"""
import sys
from pathlib import Path
sys.modules["rapidocr"] = None
from retrieval.documents import load, parse
from retrieval.errors import DocumentError
path = Path({str(folder / name)!r})
try:
    parse(path, load(path, 20))
except DocumentError as error:
    print(error.kind, error.reason)
"""
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_pictures_are_among_what_is_offered_where_they_are_read() -> None:
    offered = "from bot.intake import suffixes; print(*suffixes())"
    for given, pictures in (("", PICTURES if recognises() else ()), ("sys.modules['rapidocr'] = None; ", ())):
        run = subprocess.run([sys.executable, "-c", f"import sys; {given}{offered}"], cwd=ROOT, capture_output=True,
                             text=True, check=True)  # fmt: skip
        assert run.stdout.split() == [*SUFFIXES, *pictures]


def test_without_the_extra_a_line_says_how_to_have_it(tmp_path: Path) -> None:
    how = "; `pip install 'wenju[ocr]'` (or `make install-ocr`) has scans and pictures read by text recognition (OCR)"
    assert without_the_extra("a.png", b"a", tmp_path) == f"type is a picture{how}"
    from tests.documents import make

    assert without_the_extra("a.pdf", make.pdf([[]]), tmp_path) == f"no_text holds no text (a scan?){how}"
