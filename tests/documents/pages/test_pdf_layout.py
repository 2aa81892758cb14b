"""What stands beside each other on a page: columns one after the other, tables row by row, headers of pages once."""

from collections.abc import Sequence

import pytest

from retrieval.documents.pages.running_lines import without_running_lines
from retrieval.documents.structure.layout import pages_without_text
from tests.documents import make
from tests.documents.reading import read, texts

Piece = tuple[int, int, str]


def placed(*pages: Sequence[Piece], drawn: Sequence[str] = ()) -> bytes:
    """A PDF whose pages hold each text at its place, in points from the left and the bottom, in this order; `drawn`
    is what each of them draws before."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, pieces in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        texts_shown = "".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in pieces)
        stream = ("".join(drawn[number : number + 1]) + texts_shown).encode()
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    return make.pdf_of(objects, b"/Root 1 0 R")


VILLAGES = (("Stone Bridge", 942), ("Willow Gulch", 1286), ("South Gate", 2011), ("Upper River", 655))


def lines(x: int, *texts: str, top: int = 700) -> list[Piece]:
    return [(x, top - 16 * i, text) for i, text in enumerate(texts)]


LEFT = ("The canteen of the village", "opened on the third of", "July and serves ninety", "old people every day.")
RIGHT = ("The harvest of the wheat", "began on the first of", "July and will last until", "the end of the month.")


def by_row(*columns: Sequence[Piece]) -> list[Piece]:
    return sorted((piece for column in columns for piece in column), key=lambda piece: (-piece[1], piece[0]))


def squeezed(document: object) -> list[str]:
    return [" ".join(text.split()) for text in texts(document)]  # type: ignore[arg-type]


def test_columns_that_were_written_line_by_line_are_read_one_after_the_other() -> None:
    found = squeezed(read("a.pdf", placed(by_row(lines(60, *LEFT), lines(320, *RIGHT)))))
    assert " ".join(LEFT) in " ".join(found) and " ".join(RIGHT) in " ".join(found)
    assert not any("village The harvest" in text for text in found)


def test_what_stands_above_and_below_the_columns_stays_there() -> None:
    head, foot = (60, 740, "The daily news of the county, Monday"), (60, 560, "Printed by the office of the county")
    found = " ".join(squeezed(read("a.pdf", placed([head, *by_row(lines(60, *LEFT), lines(320, *RIGHT)), foot]))))
    assert found.index("daily news") < found.index("canteen") < found.index("harvest") < found.index("Printed")


def test_a_longer_column_goes_on_below_the_shorter_one() -> None:
    right = [*RIGHT, "Nobody knows how much it", "will be in the end."]
    found = " ".join(squeezed(read("a.pdf", placed(by_row(lines(60, *LEFT), lines(320, *right))))))
    assert found.index("old people every day.") < found.index("The harvest") < found.index("will be in the end.")


WIDE = (
    "Everybody who lives in the county and is older than eighty years is asked to come to the hall",
    "of the town before the end of July, with the card that the office of the county gave to them,",
    "and whoever cannot walk so far is visited at home.",
)


def test_lines_of_columns_are_joined_by_the_width_of_their_column_and_others_by_that_of_the_page() -> None:
    narrow = (
        "The new bridge of the",
        "town is three hundred",
        "metres long and twelve",
        "metres wide.",
        "It is free.",
    )
    columns = by_row(lines(60, *narrow, top=600), lines(320, *narrow[:-1], "It was built in May.", top=600))
    found = squeezed(read("a.pdf", placed([*lines(60, *WIDE, *WIDE, top=740), *columns])))
    told = " ".join(narrow[:4])
    assert found == [" ".join(WIDE), " ".join(WIDE), told, "It is free.", told, "It was built in May."]


def test_lines_of_a_column_that_no_width_cut_stay_lines() -> None:
    names = (
        "Ann Smith, of the canteen",
        "Bob Miller",
        "Carol Fisher, of the hall",
        "Dan Potter",
        "Eve Baker",
        "Fred Hill",
    )
    notes = (
        "looks after the old people",
        "cooks",
        "plays the organ on Sundays",
        "mends roofs",
        "bakes",
        "sows and reaps",
    )
    found = squeezed(
        read("a.pdf", placed([*lines(60, *WIDE, top=740), *by_row(lines(60, *names), lines(320, *notes))]))
    )
    assert "Bob Miller" in found and "mends roofs" in found


def test_a_column_of_blanks_says_nothing() -> None:
    told = [f"What stands here is told in line {i} of the column." for i in range(5)]
    blank = ["\\240\\240\\240"] * 5
    document = read("a.pdf", placed(by_row(lines(60, *blank), lines(320, *told))))
    assert squeezed(document) == told


def test_the_rows_of_a_table_say_what_their_figures_are() -> None:
    columns = [
        lines(60, "Village", "Stone Bridge", "Willow Gulch", "South Gate"),
        lines(220, "People", "942", "1286", "2011"),
        lines(320, "Land", "2105", "3420", "1860"),
    ]
    found = texts(read("a.pdf", placed([(60, 740, "The villages of the town"), *by_row(*columns)])))
    assert "Village：Willow Gulch | People：1286 | Land：3420" in found
    assert "Village：South Gate | People：2011 | Land：1860" in found


def test_an_empty_cell_of_a_table_stays_empty() -> None:
    columns = [
        lines(60, "Village", "Stone Bridge", "Willow Gulch", "South Gate"),
        [*lines(220, "People", "942"), (220, 652, "2011")],
        lines(320, "Land", "2105", "3420", "1860"),
    ]
    assert "Village：Willow Gulch | Land：3420" in texts(read("a.pdf", placed(by_row(*columns))))


def test_a_page_of_one_column_is_as_pdfium_gives_it() -> None:
    wide = ["The canteen of the village opened on the third of July and serves ninety old people.", "It is free."]
    assert squeezed(read("a.pdf", placed(lines(60, *wide)))) == [wide[0], wide[1]]


def page(number: int, *text: str) -> str:
    return "\n".join(["Gazette of the county, No. 6", *text, f"- {number} -"])


def test_the_header_of_the_pages_is_kept_once_and_their_numbers_never() -> None:
    pages = [page(12, "Each old person gets"), page(13, "five hundred yuan."), page(14, "The end.")]
    assert without_running_lines(pages) == [
        "Gazette of the county, No. 6\nEach old person gets",
        "five hundred yuan.",
        "The end.",
    ]


def test_a_sentence_goes_on_over_header_and_page_number() -> None:
    first = ["Everybody who lives in the county and is older than a hundred years", "gets every month the sum of"]
    last = ["five hundred yuan.", "The rest is told on the last of the pages of this paper."]
    pages = [["Gazette of the county, No. 6", *first, "- 12 -"], ["Gazette of the county, No. 6", *last, "- 13 -"]]
    pages.append(["Gazette of the county, No. 6", "Nothing more is said here.", "- 14 -"])
    assert any("the sum of five hundred yuan." in text for text in squeezed(read("a.pdf", make.pdf(pages))))


def test_figures_at_the_edges_of_pages_are_no_headers() -> None:
    pages = ["\n".join([name, f"people: {n}", f"the rest of {name}.", f"total: {3 * n}"]) for name, n in VILLAGES]
    assert without_running_lines(pages) == pages


def test_a_number_that_counts_the_pages_goes_wherever_it_stands() -> None:
    pages = [f"Page {number} of 9\nText of {name}." for number, (name, _) in enumerate(VILLAGES, 3)]
    assert without_running_lines(pages) == [f"Text of {name}." for name, _ in VILLAGES]


def test_a_dash_in_a_cell_stays_in_its_row() -> None:
    columns = [
        lines(60, "Village", "Stone Bridge", "Willow Gulch", "South Gate"),
        lines(220, "People", "-", "1286", "2011"),
        lines(320, "Land", "2105", "3420", "1860"),
    ]
    found = texts(read("a.pdf", placed(by_row(*columns))))
    assert "Village：Stone Bridge | People：- | Land：2105" in found


def test_a_table_of_many_columns_is_read_row_by_row() -> None:
    pieces = [(20 + 38 * j, 820 - 13 * i, f"{i}.{j}") for j in range(14) for i in range(60)]  # written by column
    assert " | ".join(f"59.{j}" for j in range(14)) in read("a.pdf", placed(pieces)).text


def test_text_in_a_font_that_is_not_there_is_read() -> None:
    """Its letters have no height, but for the digits, which PDFium has; they are no stamp across the text."""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< "
        b"/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (GB1) /Supplement 2 >> /DW 1000 >>] >>"
    )
    columns = [lines(60, "景点", "翠屏山", "清水湖", "古城墙"), lines(220, "成人票", "30元", "20元", "免费")]
    rows = [piece for pair in zip(*columns, strict=True) for piece in pair]
    stream = "".join(
        f"BT /F1 11 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, text in rows
    ).encode()
    data = make.pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            font,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        ],
        b"/Root 1 0 R",
    )
    assert "景点：翠屏山 | 成人票：30元" in texts(read("a.pdf", data))


def test_a_row_without_headings_goes_on_in_no_other_line() -> None:
    columns = [
        lines(60, "Stone Bridge", "Willow Gulch", "South Gate"),
        lines(220, "free of any charge", "free of any charge", "free for all"),
        lines(380, "the whole year round and", "the whole year round and", "in summer"),
    ]
    found = texts(read("a.pdf", placed(by_row(*columns))))
    assert [text for text in found if "Bridge" in text and "Gulch" in text] == []


@pytest.mark.parametrize("count", [1, 2])
def test_of_few_pages_nothing_is_taken(count: int) -> None:
    pages = [page(number, "The same.") for number in range(count)]
    assert without_running_lines(pages) == pages


HEADER, MATTER = "Notices of the audit office", "What the county spent on roads in 2023"
LETTER = (
    [
        HEADER,
        "Page 1 of 2",
        MATTER,
        "In the year of 2023 the county spent the sum of six million on roads, of which it",
    ],
    [HEADER, "Page 2 of 2", "gave two to the towns, and three of these did not use what they got before the end."],
)


def test_of_two_pages_that_are_numbered_header_and_numbers_are_taken() -> None:
    document = read("a.pdf", make.pdf(LETTER))
    assert squeezed(document) == [HEADER, MATTER, f"{LETTER[0][3]} {LETTER[1][2]}"]
    assert document.title == MATTER


def test_the_first_line_of_a_text_is_no_title_below_a_header() -> None:
    first, second = ([line for line in page if line != MATTER] for page in LETTER)
    assert read("a.pdf", make.pdf([first, second])).title == HEADER


def test_of_two_pages_without_numbers_a_line_that_comes_again_is_kept() -> None:
    pages = ["\n".join(line for line in page if not line.startswith("Page")) for page in LETTER]
    assert without_running_lines(pages) == pages


def test_a_sentence_goes_on_over_the_header_of_two_pages_without_numbers() -> None:
    footer = "Printed by the county"
    pages = [[*(line for line in page if not line.startswith("Page")), footer] for page in LETTER]
    said = [HEADER, MATTER, f"{LETTER[0][3]} {LETTER[1][2]}", footer, HEADER, footer]
    assert squeezed(read("a.pdf", make.pdf(pages))) == said


def test_lines_of_the_text_that_come_again_are_kept() -> None:
    pages = ["\n".join(["One.", "Two.", "The same.", "Three.", f"No {name}."]) for name in ("a", "b", "c", "d")]
    assert all("The same." in text for text in without_running_lines(pages))


def test_pages_without_text_are_known() -> None:
    document = read("a.pdf", make.pdf([["Report"], [], ["The end."], []]))
    assert pages_without_text(document) == [2, 4]
    assert pages_without_text(read("b.pdf", make.pdf([["Report"], ["The end."]]))) == []
