"""Tables in cells of a Word file: their rows are rows, each under its own headings, below the row that holds them."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.documents import make
from tests.documents.reading import read, texts

DUTY = (("日期", "带班领导", "电话"), ("7月1日", "王大江", "0350-2233"), ("7月2日", "李小河", "0350-2244"))


def _fill(table: Any, rows: Sequence[Sequence[str]]) -> None:
    for row, line in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text


def _inside(cell: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = cell.add_table(len(rows), len(rows[0]))
    _fill(table, rows)
    return table


def _lines(fill: Callable[[Any], None]) -> list[str]:
    return texts(read("a.docx", make.docx(fill)))


def test_the_rows_of_a_table_in_a_cell_stand_below_the_row_of_the_cell() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("国庆值班安排")
        outer = document.add_table(3, 2)
        _fill(outer, (("事项", "安排"), ("值班", ""), ("报送", "每天17时前")))
        _inside(outer.cell(1, 1), DUTY)

    assert _lines(fill) == [
        *("国庆值班安排", "事项 | 安排", "值班"),
        "值班 | 日期：7月1日 | 带班领导：王大江 | 电话：0350-2233",
        "值班 | 日期：7月2日 | 带班领导：李小河 | 电话：0350-2244",
        "报送 | 每天17时前",
    ]


def test_tables_beside_each_other_and_inside_each_other() -> None:
    def fill(document: Any) -> None:
        outer = document.add_table(1, 2)
        _inside(outer.cell(0, 0), (("村名", "人口"), ("石桥村", "942")))
        middle = _inside(outer.cell(0, 1), (("农业", ""),))
        middle.cell(0, 1).text = "单位：亩"
        _inside(middle.cell(0, 1), (("作物", "面积"), ("玉米", "1200"), ("谷子", "300")))

    assert _lines(fill) == [
        *("村名：石桥村 | 人口：942", "农业 | 单位：亩"),
        "农业 | 单位：亩 | 作物：玉米 | 面积（亩）：1200",
        "农业 | 单位：亩 | 作物：谷子 | 面积（亩）：300",
    ]


def test_a_long_cell_is_not_repeated_before_each_row_and_numbers_are_counted_once() -> None:
    note = "下列人员在国庆期间轮流值班，遇到突发情况必须在半小时内到岗，并及时向县委办公室和县政府办公室报告。"

    def fill(document: Any) -> None:
        outer = document.add_table(1, 1)
        outer.cell(0, 0).text = note
        _inside(outer.cell(0, 0), DUTY)
        document.add_paragraph("报名", style="List Number")
        numbered = document.add_table(1, 1).cell(0, 0)
        numbered.paragraphs[0].style = "List Number"
        numbered.paragraphs[0].text = "审核"
        _inside(numbered, (("岗位", "人数"), ("门卫", "2")))
        document.add_paragraph("公示", style="List Number")

    assert _lines(fill) == [
        *(note, "日期：7月1日 | 带班领导：王大江 | 电话：0350-2233"),
        *("日期：7月2日 | 带班领导：李小河 | 电话：0350-2244", "1. 报名", "2. 审核"),
        *("2. 审核 | 岗位：门卫 | 人数：2", "3. 公示"),
    ]
