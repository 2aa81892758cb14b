"""What stands in a piece of a page is the same, told by the text of the page or asked of PDFium."""

from collections.abc import Iterator, Sequence

import pypdfium2
import pytest

from retrieval.documents.pages.printed_text import PrintedText
from retrieval.samples import SAMPLES
from tests.documents.pages.test_pdf_layout import Piece, by_row, lines, placed

ROWS = by_row(lines(60, "Name", "Stone Bridge", "South Gate"), lines(200, "Land", "942 mu", "\\267 2011"))
BLANKS = [(60, 700, "Land"), (85, 700, "\\240"), (95, 700, "942"), (60, 684, "  South Gate ")]
CUT = [(60, 700, "The hall of the coun-"), (60, 688, "ty was opened."), (320, 688, "Land")]


def told(textpage: pypdfium2.PdfTextPage) -> Iterator[tuple[str, str]]:
    """What each piece of the page holds by the text of the page, and by PDFium."""
    printed = PrintedText(textpage)
    for number in range(printed.count_rects()):
        box = printed.get_rect(number)
        yield printed.get_text_bounded(*box), textpage.get_text_bounded(*box)


@pytest.mark.parametrize("pieces", [ROWS, BLANKS, CUT])
def test_a_piece_holds_what_pdfium_finds_in_its_box(pieces: Sequence[Piece]) -> None:
    found = [*told(pypdfium2.PdfDocument(placed(pieces))[0].get_textpage())]
    assert found and [own.split() for own, _ in found] == [asked.split() for _, asked in found]


def test_a_piece_holds_nothing_of_another_that_touches_it() -> None:
    touching = [(60, 700, "Stone Bridge"), (117, 700, "South Gate"), (62, 703, "Draft"), (300, 700, "942")]
    found = [own.strip() for own, _ in told(pypdfium2.PdfDocument(placed(touching))[0].get_textpage())]
    assert sorted(found) == ["942", "Draft", "South Gate", "Stone Bridge"]


def test_the_pieces_of_the_samples_hold_what_pdfium_finds_in_their_boxes() -> None:
    files = sorted(SAMPLES.glob("*.pdf"))
    assert files
    for file in files:
        for page in pypdfium2.PdfDocument(file):
            found = [*told(page.get_textpage())]
            assert [own.split() for own, _ in found] == [asked.split() for _, asked in found]
