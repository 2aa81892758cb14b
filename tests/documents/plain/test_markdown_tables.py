"""Tables of Markdown files, cell by cell."""

from retrieval.documents.structure.tables import SPAN_LIMIT
from retrieval.types import quote
from tests.documents.reading import headings, read, texts

TABLE = "| 村名 | 人口 | 耕地（亩） |\n|---|---:|---|\n| 石桥村 | 942 | 2310 |\n| 柳树沟村 | 1286 | 3420 |\n"
LINES = ["村名：石桥村 | 人口：942 | 耕地（亩）：2310", "村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420"]


def test_each_row_is_quoted_with_its_headings_between_what_stands_around_it() -> None:
    document = read("a.md", f"# 各村情况\n\n前面的一段。\n\n{TABLE}\n后面的*一段*。\n")
    assert texts(document) == ["各村情况", "前面的一段。", *LINES, "后面的一段。"]
    assert document.text == f"# 各村情况\n\n前面的一段。\n\n{LINES[0]}\n{LINES[1]}\n\n后面的*一段*。\n"
    assert [paragraph.whole for paragraph in document.paragraphs] == [False, False, True, True, False]
    assert headings(document) == [(1, "各村情况")]


def test_front_matter_before_and_several_tables() -> None:
    document = read("a.md", f"---\ntitle: 台账\n---\n\n{TABLE}\n## 二\n\n{TABLE}\n完。\n")
    assert texts(document) == [*LINES, "二", *LINES, "完。"]
    assert document.title == "台账"


def test_the_unit_above_a_table_counts_its_figures() -> None:
    document = read("a.md", f"（单位：万元）\n\n{'| 村名 | 收入 |'}\n|---|---|\n| 石桥村 | 98 |\n| 上河村 | 5 |\n")
    assert texts(document)[1] == "村名：石桥村 | 收入（万元）：98"


def test_cells_hold_what_a_reader_of_the_page_sees() -> None:
    row = r"| **石桥**村 | 甲\|乙 | [办事处](https://example.org/a) | `x` &amp; y<br>z |"
    document = read("a.md", f"| 村名 | 组 | 地点 | 备注 |\n|---|---|---|---|\n{row}\n")
    assert texts(document) == ["村名：石桥村 | 组：甲|乙 | 地点：办事处 | 备注：x & y z"]


def test_an_empty_cell_is_left_out_and_a_short_row_slides_under_no_other_heading() -> None:
    document = read("a.md", "| 村名 | 男 | 女 |\n|---|---|---|\n| 石桥村 | | 7 |\n| 上河村 | 5 |\n")
    assert texts(document) == ["村名：石桥村 | 女：7", "村名：上河村 | 男：5"]


def test_a_table_in_a_quotation() -> None:
    document = read("a.md", "> | 村名 | 人口 |\n> |---|---|\n> | 石桥村 | 942 |\n\n完。\n")
    assert texts(document) == ["村名：石桥村 | 人口：942", "完。"]


def test_a_long_row_becomes_several_lines_with_its_name_in_each() -> None:
    heads = [f"第{i}项指标的名称" for i in range(12)]
    rows = [
        "| 村名 | " + " | ".join(heads) + " |",
        "|---" * 13 + "|",
        "| 石桥村 | " + " | ".join(["12345678"] * 12) + " |",
    ]
    lines = texts(read("a.md", "\n".join(rows)))
    assert len(lines) > 1
    assert all("石桥村" in line and len(line) <= 200 for line in lines)


def test_a_table_of_many_columns_keeps_every_cell() -> None:
    count = SPAN_LIMIT * 2
    document = read(
        "a.md", "|名称" * count + "|\n" + "|---" * count + "|\n" + "".join(f"|{i}" for i in range(count)) + "|\n"
    )
    shown = "\n".join(quote(document.text, paragraph.spans) for paragraph in document.paragraphs)
    assert all(str(i) in shown for i in range(count))
