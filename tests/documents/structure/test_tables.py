"""Tables as lines that say what their figures are, from Word and from web pages."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from retrieval.documents.office.word import read_docx
from retrieval.documents.structure.table_units import unit_of
from retrieval.documents.structure.tables import CELL_LIMIT, SPAN_LIMIT, Cell, grid_of, table_blocks
from retrieval.documents.web.html import read_html

FILLER = (
    "<p>为方便群众了解情况，现将有关事项公布如下，请各村各单位认真核对，如有出入请在十日内向镇政府办公室反映。</p>"
)


def lines(*rows: str, unit: str = "") -> list[str]:
    """Of a table whose rows are written a|b|c."""
    grid = grid_of([[Cell(text) for text in row.split("|")] for row in rows])
    return [block.text for block in table_blocks(grid, unit)]


def html(table: str) -> list[str]:
    page = (
        "<html><head><title>白石镇各村情况</title></head>"
        f"<body><h1>白石镇各村情况</h1>{FILLER}{table}{FILLER}</body></html>"
    )
    return read_html(Path("a.html"), page.encode()).text.split("\n")


def word(
    tmp_path: Path, rows: list[list[str]], merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> list[str]:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    for first, last in merges:
        table.cell(*first).merge(table.cell(*last))
    document.save(str(tmp_path / "a.docx"))
    return read_docx(tmp_path / "a.docx", (tmp_path / "a.docx").read_bytes()).text.split("\n")


def test_each_cell_stands_behind_the_heading_of_its_column() -> None:
    assert lines("村名|人口|耕地（亩）", "柳树沟村|1286|3420", "石桥村|942|2105") == [
        "村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420",
        "村名：石桥村 | 人口：942 | 耕地（亩）：2105",
    ]


def test_an_empty_cell_is_left_out_and_none_slides_into_its_place() -> None:
    assert (
        lines("村名|人口|耕地|收入", "上河村|1730||58", "下营村||400|22")[0] == "村名：上河村 | 人口：1730 | 收入：58"
    )


def test_keys_and_values_are_a_line_each() -> None:
    told = lines("受理机构|乡镇人民政府", "办理时限|25个工作日", "收费标准|不收费")
    assert told == ["受理机构：乡镇人民政府", "办理时限：25个工作日", "收费标准：不收费"]


def test_keys_and_values_side_by_side() -> None:
    told = lines(
        "索 引 号：|YX000-2026-0045|发布机构：|云溪县教育局", "文　号：|云教发〔2026〕19号|发布日期：|2026-08-12"
    )
    assert told == [
        "索引号：YX000-2026-0045",
        "发布机构：云溪县教育局",
        "文号：云教发〔2026〕19号",
        "发布日期：2026-08-12",
    ]


def test_a_table_without_headings_keeps_its_rows() -> None:
    assert lines("张三|12|男", "李四|15|女") == ["张三 | 12 | 男", "李四 | 15 | 女"]


def test_years_may_head_a_column() -> None:
    assert lines("项目|2024年|2025年", "粮食（吨）|120|135")[0] == "项目：粮食（吨） | 2024年：120 | 2025年：135"


def test_the_unit_above_the_table_goes_to_the_columns_of_figures() -> None:
    assert lines("项目|承办单位|金额", "修路|交通局|120", unit="万元") == [
        "项目：修路 | 承办单位：交通局 | 金额（万元）：120"
    ]


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"),
        ("（单位：元/人·月）", "元/人·月"),
        ("计量单位: 吨", "吨"),
        ("单位：人、亩、万元", "人、亩、万元"),
        ("单位：张三、李四", ""),
        ("现将收费标准公布如下（单位：元/月）：", "元/月"),
        ("自3月1日起执行。单位：元", "元"),
        ("主管单位：元", ""),
        ("单位：云溪县水务局", ""),
        ("各单位：", ""),
        ("", ""),
    ],
)
def test_the_line_of_the_unit(line: str, unit: str) -> None:
    assert unit_of(line) == unit


def test_of_several_units_each_column_has_its_own() -> None:
    told = lines("村名|人口|耕地|集体收入|户主|电话", "石桥村|942|2105|31|7|7620118", unit="人、亩、万元")
    assert told == [
        "村名：石桥村 | 人口（人）：942 | 耕地（亩）：2105 | 集体收入（万元）：31 | 户主：7 | 电话：7620118"
    ]


def test_a_unit_that_may_be_that_of_two_is_told_to_none() -> None:
    assert lines("村名|人口|收入", "石桥村|942|31", unit="元、万元") == ["村名：石桥村 | 人口：942 | 收入：31"]


def test_the_unit_goes_to_a_column_that_is_mostly_blank() -> None:
    table = lines("村|谷子产量|豆子产量", "石桥村|310|92", "上河村||75", "南关村||81", unit="亩、吨")
    assert table == [
        "村：石桥村 | 谷子产量（吨）：310 | 豆子产量（吨）：92",
        "村：上河村 | 豆子产量（吨）：75",
        "村：南关村 | 豆子产量（吨）：81",
    ]


def test_a_long_row_is_several_lines_that_each_name_it() -> None:
    heads = "|".join(["村名", *(f"第{i}项指标的名称" for i in range(20))])
    told = lines(heads, "|".join(["柳树沟村", *(str(1000 + i) for i in range(20))]))
    assert len(told) > 1 and all(line.startswith("村名：柳树沟村 | ") and len(line) < 200 for line in told)
    assert sum(line.count("项指标的名称：") for line in told) == 20


def test_a_running_number_does_not_name_a_row() -> None:
    heads = "|".join(["序号", "村名", *(f"第{i}项指标的名称" for i in range(20))])
    told = lines(heads, "|".join(["7", "柳树沟村", *(str(1000 + i) for i in range(20))]))
    assert all("村名：柳树沟村" in line for line in told)


def test_a_heading_across_the_table_names_what_follows() -> None:
    group = Cell("东片", columns=3)
    rows = [[Cell("村名"), Cell("人口"), Cell("耕地")], [group], [Cell("石桥村"), Cell("942"), Cell("2105")]]
    told = [block.text for block in table_blocks(grid_of(rows))]
    assert told == ["东片", "东片 | 村名：石桥村 | 人口：942 | 耕地：2105"]


def test_merged_cells_cover_no_more_than_a_table_has() -> None:
    grid = grid_of([[Cell("a", columns=1_000_000, rows=1_000_000)], [Cell("b")], *[[Cell("c")]] * 300])
    assert [len(row) for row in grid] == [SPAN_LIMIT + 1] * len(grid)
    assert sum(row[0].text == "a" for row in grid) == SPAN_LIMIT


def test_a_table_of_too_many_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="too many cells"):
        grid_of([[Cell("a")] * 2000] * (CELL_LIMIT // 2000 + 1))


def test_no_row_of_a_long_table_is_lost() -> None:
    rows = [f"{i}号村|{i}|{i + 1}" for i in range(25_000)]
    assert len(lines("村名|人口|耕地", *rows)) == 25_000


def test_a_cell_that_goes_on_below_keeps_its_column_over_a_short_row() -> None:
    rows = [[Cell("村名"), Cell("支书"), Cell("人口")], [Cell("柳树沟村"), Cell("张三", rows=2), Cell("1286")]]
    told = [block.text for block in table_blocks(grid_of([*rows, [], [Cell("石桥村"), Cell("李四"), Cell("942")]]))]
    assert told[-1] == "村名：石桥村 | 支书：李四 | 人口：942"


@pytest.mark.parametrize(
    "rows",
    [
        ("张三|李四|王五", "赵六|钱七|孙八", "周九|吴十|郑一"),
        ("柳树沟村|张建国|支书", "石桥村|王大明|主任"),
        ("义诊|2026-03-01|文化馆", "放电影|2026-04-01|广场"),
    ],
)
def test_a_first_row_like_all_others_is_no_heading(rows: tuple[str, ...]) -> None:
    assert lines(*rows) == [row.replace("|", " | ") for row in rows]


def test_a_value_over_several_columns_is_the_value_of_one_key() -> None:
    title = Cell("关于公布古树名木的通知", columns=3)
    rows = [[Cell("索引号："), Cell("YX-2024-001"), Cell("发文机关："), Cell("县政府")], [Cell("标题："), title]]
    told = [block.text for block in table_blocks(grid_of(rows))]
    assert told == ["索引号：YX-2024-001", "发文机关：县政府", "标题：关于公布古树名木的通知"]


def test_units_go_to_figures_and_not_to_numbers_and_years() -> None:
    told = lines("序号|年份|项目|金额", "1|2024|修路|120", "2|2025|修桥|80", unit="万元")
    assert told[0] == "序号：1 | 年份：2024 | 项目：修路 | 金额（万元）：120"


@pytest.mark.parametrize(
    ("heading", "unit", "is_counted"),
    [
        ("在校学生", "万人", True), ("在校学生数", "万人", True), ("参保人数", "万人", True), ("户数", "万户", True),
        ("学校数", "万人", False), ("村个数", "万人", False), ("户数", "万人", False), ("学校/所", "万人", False),
        ("参保率", "万人", False), ("占全县比例", "万人", False), ("比上年增长%", "万元", False),
        ("学校数", "万元", False), ("预算数", "万元", True), ("2024年决算数", "万元", True), ("数量", "吨", True),
        ("个人所得税", "万元", True), ("同比", "万元", False),
    ],
)  # fmt: skip
def test_the_unit_goes_to_headings_that_count_nothing_else(heading: str, unit: str, is_counted: bool) -> None:
    told = lines(f"地区|{heading}", "石桥镇|15", "白石镇|20", unit=unit)
    assert told[0] == f"地区：石桥镇 | {heading}{f'（{unit}）' if is_counted else ''}：15"


def test_a_unit_in_the_second_row_of_headings_is_that_of_its_column() -> None:
    rows = [
        [Cell("地区", rows=2), Cell("学校"), Cell("学生")],
        [Cell("所"), Cell("")],
        [Cell("石桥镇"), Cell("15"), Cell("3")],
    ]
    told = [block.text for block in table_blocks(grid_of(rows), "万人")]
    assert told == ["地区：石桥镇 | 学校·所：15 | 学生（万人）：3"]


def test_what_names_a_row_is_cut_where_it_comes_again() -> None:
    heads = "|".join(["项目", *(f"第{i}项指标的名称" for i in range(20))])
    told = lines(heads, "|".join(["很长的名称" * 40, *(str(1000 + i) for i in range(20))]))
    assert len(told) > 1 and all(len(line) < 200 for line in told[1:])


class TestWebPages:
    def test_a_cell_over_two_rows_stands_in_both(self) -> None:
        table = (
            "<table><tr><td>学校</td><td>学区</td><td>班数</td></tr>"
            "<tr><td rowspan=2>实验小学</td><td>人民路以东</td><td>4</td></tr>"
            "<tr><td>河滨花园小区</td><td>2</td></tr></table>"
        )
        assert "学校：实验小学 | 学区：河滨花园小区 | 班数：2" in html(table)

    def test_two_rows_of_headings(self) -> None:
        table = (
            "<table><tr><th rowspan=2>机构</th><th colspan=2>护理费</th></tr><tr><th>自理</th><th>全护理</th></tr>"
            "<tr><td>松鹤养老院</td><td>600</td><td>1800</td></tr></table>"
        )
        assert "机构：松鹤养老院 | 护理费·自理：600 | 护理费·全护理：1800" in html(table)

    def test_a_table_that_lays_out_the_page_stays_text(self) -> None:
        table = (
            f"<table><tr><td>左栏</td><td>{FILLER * 3}</td></tr><tr><td>右栏</td><td>{FILLER * 3}</td></tr></table>"
        )
        assert not any("左栏：" in line for line in html(table))

    def test_the_date_of_issue_in_the_table_at_the_head(self) -> None:
        page = (
            "<html><body><table><tr><td>文号：</td><td>云教发〔2026〕19号</td></tr>"
            "<tr><td>发布日期：</td><td>2026-08-12</td></tr>"
            f"</table><h1>招生公告</h1>{FILLER * 4}</body></html>"
        )
        assert read_html(Path("a.html"), page.encode()).date == "2026-08-12"

    def test_spans_that_are_no_numbers(self) -> None:
        table = (
            '<table><tr><td colspan="x">村名</td><td rowspan="-3">人口</td></tr>'
            '<tr><td colspan="99999999999">石桥村</td><td>942</td></tr></table>'
        )
        assert any("石桥村" in line for line in html(table))


class TestWord:
    def test_merged_down_and_across(self, tmp_path: Path) -> None:
        rows = [["片区", "村名", "人口"], ["东片", "柳树沟村", "1286"], ["", "石桥村", "942"]]
        assert word(tmp_path, rows, [((1, 0), (2, 0))]) == [
            "片区：东片 | 村名：柳树沟村 | 人口：1286",
            "片区：东片 | 村名：石桥村 | 人口：942",
        ]

    def test_two_rows_of_headings(self, tmp_path: Path) -> None:
        rows = [["机构", "护理费", ""], ["", "自理", "全护理"], ["松鹤养老院", "600", "1800"]]
        assert word(tmp_path, rows, [((0, 0), (1, 0)), ((0, 1), (0, 2))]) == [
            "机构：松鹤养老院 | 护理费·自理：600 | 护理费·全护理：1800"
        ]


def test_the_row_of_a_table_is_one_sentence() -> None:
    document = read_html(
        Path("a.html"),
        f"<html><body><h1>指南</h1>{FILLER * 3}"
        "<table><tr><td>申请材料</td><td>1.申请书；2.户口簿；3.收入证明。</td></tr>"
        "<tr><td>办理时限</td><td>25个工作日</td></tr><tr><td>收费</td><td>免费</td></tr></table></body></html>".encode(),
    )
    whole = [document.text[p.spans[0][0] : p.spans[-1][1]] for p in document.paragraphs if p.whole]
    assert whole == ["申请材料：1.申请书；2.户口簿；3.收入证明。", "办理时限：25个工作日", "收费：免费"]
