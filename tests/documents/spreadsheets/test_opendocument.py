"""ODS, cell by cell, from files written as LibreOffice writes them."""

from pathlib import Path

import pytest

from retrieval.left_out import LeftOut
from tests.documents import make
from tests.documents.reading import headings, read, refusal, texts


def cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "Sheet1", style: str = "ta1") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'


EMPTY = "<table:table-cell/>"
COVERED = "<table:covered-table-cell/>"
HEADS = row(cell("村名"), cell("人口"), cell("登记日期"))
FIRST = row(cell("石桥村"), cell("1,286", 'office:value-type="float" office:value="1286"'), cell("2026-07-15"))
HIDDEN = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'


def test_each_cell_stands_behind_the_heading_of_its_column_as_it_is_shown() -> None:
    document = read("各村.ods", make.ods(table(HEADS, FIRST, row(cell("上河村"), EMPTY, cell("2026-08-01")))))
    assert texts(document) == [
        "村名：石桥村 | 人口：1,286 | 登记日期：2026-07-15",
        "村名：上河村 | 登记日期：2026-08-01",
    ]
    assert document.title == "各村"


def test_caption_unit_and_merged_cells() -> None:
    lines = [
        row(cell("收入表", 'table:number-columns-spanned="3"'), COVERED, COVERED),
        row(EMPTY, EMPTY, cell("单位：万元")),
        row(cell("村名", 'table:number-rows-spanned="2"'), cell("收入", 'table:number-columns-spanned="2"'), COVERED),
        row(COVERED, cell("种植"), cell("养殖")),
        row(cell("石桥村"), cell("98"), cell("8.5")),
        row(cell("上河村"), cell("5"), cell("4")),
    ]
    document = read("a.ods", make.ods(table(*lines, name="2025年")))
    assert texts(document)[1:3] == ["单位：万元", "村名：石桥村 | 收入·种植（万元）：98 | 收入·养殖（万元）：8.5"]
    assert headings(document) == [(2, "2025年 · 收入表")]


def test_repeated_rows_and_cells_are_no_merged_ones() -> None:
    again = row(
        cell("石桥村"), cell("7", 'table:number-columns-repeated="2"'), attributes='table:number-rows-repeated="2"'
    )
    document = read("a.ods", make.ods(table(HEADS, again)))
    assert texts(document) == ["村名：石桥村 | 人口：7 | 登记日期：7"] * 2


def test_text_with_marks_in_it_and_notes_beside_it() -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    text = "<text:p>石<text:span>桥</text:span><text:s/>村</text:p><text:p>二队</text:p>"
    marked = f"<table:table-cell>{note}{text}</table:table-cell>"
    assert texts(read("a.ods", make.ods(table(row(marked))))) == ["石桥 村 二队"]


def test_hidden_and_empty_sheets_are_told() -> None:
    secret = table(row(cell("秘密")), name="底稿", style="ta2")
    document = read("a.ods", make.ods(table(HEADS, FIRST) + secret + table(name="Sheet3"), HIDDEN))
    assert document.left_out == (LeftOut("hidden_sheets", ("底稿",)), LeftOut("empty_sheets", ("Sheet3",)))
    assert "秘密" not in document.text
    assert refusal("a.ods", make.ods(secret, HIDDEN)).startswith("holds hidden sheets alone")


def test_a_sheet_of_a_million_empty_rows_and_columns() -> None:
    empty = row(
        '<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="1048000"'
    )
    assert len(texts(read("a.ods", make.ods(table(HEADS, FIRST, empty, FIRST))))) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (make.ods(table(row(cell("a", 'table:number-columns-repeated="10000"')))), "has 10,000 columns in one "),
        (make.ods(table(row(*[cell("a")] * 900, attributes='table:number-rows-repeated="1000000"'))), "has more "),
        (make.ods("", manifest="<encryption-data/>"), "is protected by a password; save a copy without one"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is protected by a password, or a legacy .xls; "),
        (b"PK\x03\x04broken", "is not an ODS file that can be opened (broken or cut short)"),
        (make.xlsx(lambda sheet: sheet.append([1])), "is not an ODS file that can be opened (broken or cut short)"),
        (make.ods("<table:table>"), "is not an ODS file that can be opened (broken or cut short)"),
        (make.ods(""), "holds no text"),
    ],
)  # fmt: skip
def test_refused(content: bytes, reason: str) -> None:
    assert refusal("a.ods", content).startswith(reason)


def test_an_entity_is_not_followed() -> None:
    declared = b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><office:document-content"
    whole = make.repacked(
        make.ods(table(row(cell("村名 &amp; x")))),
        {"content.xml": lambda xml: xml.replace(b"<office:document-content", declared, 1).replace(b"&amp;", b"&x;")},
    )
    known = Path("/etc/passwd").read_text().splitlines()[0]
    assert known not in read("a.ods", whole).text
