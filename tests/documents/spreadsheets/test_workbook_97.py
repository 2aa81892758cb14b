"""XLS, cell by cell, from workbooks made byte by byte."""

import pytest

from retrieval.left_out import LeftOut
from tests.documents.make_xls import Day, Sheet, compound, xls
from tests.documents.reading import damaged_copies, headings, read, read_or_refused, refusal, texts

Rows = list[list[str | float | Day | None]]
VILLAGES: Rows = [["村名", "人口", "登记日期"], ["石桥村", 942, Day(46218)], ["上河村", 1286.5, None]]


def test_each_cell_stands_behind_the_heading_of_its_column() -> None:
    document = read("各村.xls", xls(Sheet("Sheet1", VILLAGES)))
    assert texts(document) == ["村名：石桥村 | 人口：942 | 登记日期：2026-07-15", "村名：上河村 | 人口：1286.5"]
    assert document.title == "各村"


def test_caption_unit_and_merged_cells() -> None:
    rows: Rows = [
        ["收入表", None, None], [None, None, "单位：万元"], ["村名", "收入", None], [None, "种植", "养殖"],
        ["石桥村", 98, 8.5], ["上河村", 5, 4],
    ]  # fmt: skip
    document = read("a.xls", xls(Sheet("2025年", rows, merged=[(0, 0, 0, 2), (2, 3, 0, 0), (2, 2, 1, 2)])))
    assert texts(document)[2] == "村名：石桥村 | 收入·种植（万元）：98 | 收入·养殖（万元）：8.5"
    assert headings(document) == [(2, "2025年 · 收入表")]


def test_hidden_and_empty_sheets_are_told() -> None:
    hidden = [Sheet("底稿", [["秘密"]], 1), Sheet("更深", [["秘密"]], 2)]
    document = read("a.xls", xls(Sheet("一", VILLAGES), *hidden, Sheet("Sheet3", [])))
    assert document.left_out == (LeftOut("hidden_sheets", ("底稿", "更深")), LeftOut("empty_sheets", ("Sheet3",)))
    assert "秘密" not in document.text
    assert refusal("a.xls", xls(*hidden)).startswith("holds hidden sheets alone; ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (xls(Sheet("一", VILLAGES), has_password=True), "is protected by a password; save a copy without one"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is not an XLS file that can be opened (broken or cut short)"),
        (xls(Sheet("一", VILLAGES))[:1500], "is not an XLS file that can be opened (broken or cut short)"),
        (compound(b"", "WordDocument"), "is not an XLS file that can be opened (broken or cut short)"),
        (xls(Sheet("一", [])), "holds no text"),
        (xls(Sheet("一", [["a"] * 250 for _ in range(4)], merged=[(0, 65535, 0, 255)] * 1000)), None),
    ],
    ids=["password", "broken", "cut short", "a text", "empty", "merged over all"],
)  # fmt: skip
def test_refused_or_read(content: bytes, reason: str | None) -> None:
    if reason is None:
        read_or_refused("a.xls", content)
    else:
        assert refusal("a.xls", content) == reason


def test_damaged_files() -> None:
    for copy in damaged_copies(xls(Sheet("一", VILLAGES, merged=[(0, 0, 0, 1)])), 300):
        read_or_refused("a.xls", copy)
