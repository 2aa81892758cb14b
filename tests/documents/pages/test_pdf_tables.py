"""Tables of a PDF are read by their ruled lines: merged headings, blank cells, and where they go on over the page."""

from collections.abc import Callable, Sequence

import pytest

from tests.documents.pages.test_pdf_layout import Piece, placed
from tests.documents.reading import read, texts

XS, HEIGHT = (60, 180, 260, 340, 440), 20
Box = tuple[float, float, float, float]
"""Left, bottom, width, height."""
HEADINGS = ((0, 0, 1, 2, "Office"), (0, 1, 2, 1, "Basic"), (0, 3, 1, 2, "Projects"), (1, 1, 1, 1, "Staff"))
"""Row, column, how many columns and rows, and what stands there."""
MERGED = (*HEADINGS, (1, 2, 1, 1, "Running"))


def table(
    rows: Sequence[Sequence[str]], top: int, merged: Sequence[tuple[int, int, int, int, str]] = ()
) -> tuple[list[Piece], list[Box]]:
    """What stands in a table, and its boxes: merged cells, and below them the rows."""
    cells = [*merged]
    first = max((row + count for row, _, _, count, _ in merged), default=0)
    cells += [(first + i, j, 1, 1, text) for i, row in enumerate(rows) for j, text in enumerate(row)]
    pieces, boxes = list[Piece](), list[Box]()
    for row, column, columns, count, text in cells:
        upper, left = top - row * HEIGHT, XS[column]
        boxes.append((left, upper - count * HEIGHT, XS[column + columns] - left, count * HEIGHT))
        pieces += [(left + 4, upper - 14, text)] if text else []
    return pieces, boxes


def stroked(boxes: Sequence[Box]) -> str:
    return "".join(f"{x:g} {y:g} {width:g} {height:g} re S\n" for x, y, width, height in boxes)


def filled(boxes: Sequence[Box]) -> str:
    """Each side a thin rectangle, as word processors write it."""
    sides = [
        side
        for x, y, width, height in boxes
        for side in (
            (x, y, width, 0.5),
            (x, y + height, width, 0.5),
            (x, y, 0.5, height),
            (x + width, y, 0.5, height),
        )
    ]
    return "".join(f"{x:g} {y:g} {width:g} {height:g} re f\n" for x, y, width, height in sides)


def in_one_path(boxes: Sequence[Box]) -> str:
    corners = ((x, y, x + width, y + height) for x, y, width, height in boxes)
    return "".join(f"{x} {y} m {a} {y} l {a} {b} l {x} {b} l h\n" for x, y, a, b in corners) + "S\n"


BUDGET = (
    ("Schools", "182", "21", "96"),
    ("Roads", "77", "", "41"),
    ("Water", "", "14", ""),
    ("Woods", "9", "3", "5"),
)


@pytest.mark.parametrize("draw", [stroked, filled, in_one_path])
def test_headings_are_merged_across_and_down_and_blank_cells_stay_blank(
    draw: Callable[[Sequence[Box]], str],
) -> None:
    pieces, boxes = table(BUDGET, 700, MERGED)
    found = texts(read("a.pdf", placed([(60, 740, "The budget of the county"), *pieces], drawn=[draw(boxes)])))
    assert found == [
        "The budget of the county",
        "Office：Schools | Basic·Staff：182 | Basic·Running：21 | Projects：96",
        "Office：Roads | Basic·Staff：77 | Projects：41",
        "Office：Water | Basic·Running：14",
        "Office：Woods | Basic·Staff：9 | Basic·Running：3 | Projects：5",
    ]


def continued(*above: Piece, xs: int = 0) -> list[str]:
    """A table whose rows go on on a second page, below what stands above there."""
    (first, boxes), (second, others) = table(BUDGET[:2], 300, MERGED), table(BUDGET[2:], 740)
    second = [(x + xs, y, text) for x, y, text in second]
    moved = [(x + xs, y, width, height) for x, y, width, height in others]
    pages = [[(60, 740, "The budget of the county, unit: none"), *first], [*above, *second]]
    return texts(read("a.pdf", placed(*pages, drawn=[stroked(boxes), stroked(moved)])))


def test_headings_are_carried_over_to_the_next_page() -> None:
    assert "Office：Water | Basic·Running：14" in continued((60, 800, "The county"))


def test_they_are_not_carried_to_another_table() -> None:
    others = [(60, 815 - 15 * i, f"Something else is told here, in line {i} of five.") for i in range(5)]
    assert "Water | 14" in continued(*others)
    assert "Water | 14" in continued((60, 800, "The county"), xs=40)


ABOVE = [(64, 731, "Office"), (184, 731, "Staff"), (264, 731, "Running"), (344, 731, "Projects")]
BELOW = [(64, 719, "of the county"), (184, 719, "(people)"), (264, 719, "(cars)")]


def headed(*above: Piece, band: Sequence[Box] = ()) -> list[str]:
    pieces, boxes = table((*BUDGET[:2], ("Water", "12", "14", "8")), 710)
    return texts(read("a.pdf", placed([*above, *pieces], drawn=[stroked([*boxes, *band])])))


def test_headings_above_the_lines_of_a_table_are_its_headings_in_one_line_or_two() -> None:
    title = (60, 760, "The budget of the county")
    assert headed(title, *((x, 719, text) for x, _, text in ABOVE))[:2] == [
        title[2],
        "Office：Schools | Staff：182 | Running：21 | Projects：96",
    ]
    assert headed(title, *ABOVE, *BELOW)[:2] == [
        title[2],
        "Office of the county：Schools | Staff (people)：182 | Running (cars)：21 | Projects：96",
    ]


def test_a_band_of_headings_that_no_lines_divide_heads_its_columns() -> None:
    band = [(XS[0], 710, XS[-1] - XS[0], 34)]
    rows = "Office of the county：Schools | Staff (people)：182 | Running (cars)：21 | Projects：96"
    assert headed(*ABOVE, *BELOW, band=band)[0] == rows
    assert headed((64, 719, "The budget of the county"), band=band)[:2] == [
        "The budget of the county",
        "Schools | 182 | 21 | 96",
    ]


def test_headings_that_say_the_same_of_several_columns_head_none() -> None:
    groups = [(184, 731, "In the year 2023"), (344, 731, "In 2024")]
    names = [(x, 719, text) for x, text in ((64, "Office"), (184, "Men"), (264, "Women"), (344, "Men"))]
    assert "Schools | 182 | 21 | 96" in headed(*groups, *names)


def test_other_lines_above_a_table_are_none_of_its_headings() -> None:
    told = "The budget of the county is told below, in millions, for each of its offices."
    assert headed((60, 719, told))[:2] == [told, "Schools | 182 | 21 | 96"]
    assert headed((64, 719, "Table 3"))[:2] == ["Table 3", "Schools | 182 | 21 | 96"]
    assert headed(*((x, 760, text) for x, _, text in ABOVE))[1] == "Schools | 182 | 21 | 96"


def test_lines_of_a_cell_are_of_one_cell() -> None:
    pieces, boxes = table(
        (("Office", "Staff", "Runs", "Projects"), ("", "4", "5", "6"), ("Roads", "7", "8", "9")), 700
    )
    pieces += [(64, 670, "Schools and"), (64, 662, "nurseries")]
    found = texts(read("a.pdf", placed(pieces, drawn=[stroked(boxes)])))
    assert "Office：Schools and nurseries | Staff：4 | Runs：5 | Projects：6" in found


def test_text_beside_a_box_keeps_its_columns() -> None:
    """Columns of a newspaper, of which one has a box: they are found by their gaps."""
    pieces, boxes = table((("A", "1", "2", "3"), ("B", "4", "5", "6")), 700)
    column = [(460, 698 - 12 * i, f"line {i} of the text") for i in range(4)]
    found = " ".join(texts(read("a.pdf", placed([*pieces, *column], drawn=[stroked(boxes)]))))
    assert all(f"line {i} of the text" in found for i in range(4))


def test_a_frame_and_a_drawing_are_no_tables() -> None:
    frame = stroked([(40, 40, 500, 760)]) + "60 60 m 90 200 160 80 200 300 c S\n" + stroked([(300, 300, 5, 5)] * 40)
    sentences = [(60, 700, "The canteen of the village opened in July."), (60, 680, "It is free.")]
    assert texts(read("a.pdf", placed(sentences, drawn=[frame]))) == [text for _, _, text in sentences]


def test_a_page_of_very_many_lines_is_read_without_them() -> None:
    grid = "".join(f"{i} 0 m {i} 842 l S 0 {i} m 595 {i} l S\n" for i in range(0, 4000, 5))
    assert texts(read("a.pdf", placed([(60, 700, "The map of the county.")], drawn=[grid])))
