"""A cell is answered with where the question names its row and its column, and with nothing where it is blank."""

from pathlib import Path

import pytest

from retrieval.answering.tables.cells import cell_fit, is_blank
from retrieval.answering.tables.read_back import squeezed, tables_of
from retrieval.documents import parse
from retrieval.query.asked.over_rows import readings
from tests.answering.rows import Asking

FEES: dict[str, str | bytes] = {
    "收费.html": """<html><head><meta charset="utf-8"><title>柏川县托育机构收费表</title></head><body>
<h1>柏川县托育机构收费表</h1><p>单位：元/月</p>
<table><tr><th rowspan="2">机构</th><th colspan="2">保育费</th><th colspan="2">住宿费</th>
<th rowspan="2">地址</th></tr>
<tr><th>乳儿班</th><th>托大班</th><th>四人间</th><th>八人间</th></tr>
<tr><td>晨星托育园</td><td>1380</td><td>980</td><td>300</td><td>160</td><td>滨河路8号</td></tr>
<tr><td>小树托育园</td><td></td><td>860</td><td>—</td><td>150</td><td>东街21号</td></tr></table></body></html>"""
}
ROSTER = """# 柏川县水务局值班表

| 日期 | 带班领导 | 值班人员 | 值班电话 |
|---|---|---|---|
| 2026-01-02 | 田永福 | 高建军 | 6022119 |
| 2026-11-03 | 谢丽华 | 石磊 | 6022120 |
"""
VILLAGES = """# 柏川县各村情况

单位：人、亩

| 片区 | 村名 | 人口 | 耕地 | 购置日期 | 存放地点 |
|---|---|---|---|---|---|
| 东片 | 石桥村 | 942 | 2105 | 2021年 | 村委会 |
| 东片 | 上河村 | 1730 | 4015 | 2022年 | 文化站 |
| 西片 | 南关村 | 2011 | 1860 | 2020年 | 老学校 |
"""


def cell(question: str, text: str, name: str = "a.md") -> str | None:
    """What the cell says that the question names; None where it names none."""
    document = parse(Path(name), text.encode())
    fits = [
        fitted
        for asked in readings(question)
        for table in tables_of(document)
        if (fitted := cell_fit(asked, table, [squeezed(document.title)])) is not None
    ]
    assert len(fits) <= 1
    found = fits[0].rows[0].cell(fits[0].label or "") if fits else None
    return found.raw if found is not None else None


def fee(question: str) -> str | None:
    page = FEES["收费.html"]
    assert isinstance(page, str)
    return cell(question, page, "a.html")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("晨星托育园乳儿班保育费多少", "1380"),
        ("小树托育园保育费托大班是多少", "860"),
        ("晨星托育园八人间多少钱", "160"),
        ("小树托育园八人间住宿一个月多少钱", "150"),
        ("小树托育园在哪里", "东街21号"),
    ],
)
def test_a_heading_of_two_rows_is_named_by_its_parts(question: str, told: str) -> None:
    assert fee(question) == told


@pytest.mark.parametrize(
    "question",
    [
        "晨星托育园保育费多少",  # of which class?
        "晨星托育园小班保育费多少",
        "晨星托育园八人间押金多少钱",
        "彩虹托育园八人间多少钱",
        "晨星托育园八人间一年多少钱",
        "晨星托育园八人间有多少人",
    ],
)
def test_what_the_table_does_not_tell_names_no_cell(question: str) -> None:
    assert fee(question) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("11月3日谁带班", "谢丽华"),
        ("1月2号值班电话是多少", "6022119"),
        ("2026年11月3日谁带班", "谢丽华"),
        ("2026年1月2号谁值班", "高建军"),
        ("2025年11月3日谁带班", None),
        ("11月2日谁带班", None),  # 1月2日 is another day
        ("1月2日谁请假", None),
    ],
)
def test_a_day_names_its_row(question: str, told: str | None) -> None:
    assert cell(question, ROSTER) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("石桥村属于哪个片区", "东片"),
        ("石桥村有多少人", "942"),
        ("南关村耕地多少亩", "1860"),
        ("南关村什么时候购置的", "2020年"),
        ("上河村存放在哪里", "文化站"),
        ("上河村流动人口多少", None),
        ("上河村交了多少人", None),
    ],
)
def test_rows_below_the_name_of_a_group(question: str, told: str | None) -> None:
    assert cell(question, VILLAGES) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("一个月用电200千瓦时电价多少", "0.52"),
        ("每月用电300千瓦时电价是多少", "0.78"),
        ("月用电170千瓦时电价多少", "0.47"),
        ("一年用电200千瓦时电价多少", None),
        ("一个月用电200吨电价多少", None),
        ("一个月用电170.5千瓦时电价多少", None),  # between two ranges
    ],
)
def test_a_figure_names_the_row_in_whose_range_it_lies(question: str, told: str | None) -> None:
    rows = "第一档,170及以下,0.47\n第二档,171—260,0.52\n第三档,261以上,0.78\n"
    assert cell(question, f"分档,月用电量(千瓦时),电价(元)\n{rows}", "电价.csv") == told


@pytest.mark.parametrize(("question", "told"), [("85岁每月津贴多少", "50"), ("90岁每月津贴多少", None)])
def test_on_the_border_of_two_ranges_neither_is_meant(question: str, told: str | None) -> None:
    rows = "80至90周岁,50\n90至99周岁,100\n100周岁以上,500\n"
    assert cell(question, f"年龄,津贴(元/月)\n{rows}", "津贴.csv") == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("白沙站7月降雨量多少毫米", "198.6"),
        ("白沙站电话号是多少", "5512002"),
        ("白沙站女性多少人", "3"),
        ("白沙站8月降雨量多少毫米", None),
        ("白沙站男性多少人", None),
    ],
)
def test_what_a_heading_says_beside_need_not_be_said(question: str, told: str | None) -> None:
    rows = "龙潭站,182.4,231.0,5512001,2\n白沙站,150.2,198.6,5512002,3\n"
    text = f"站点,6月降雨量(毫米),7月降雨量(毫米),联系电话,其中女性\n{rows}"
    assert cell(question, text, "雨情.csv") == told


@pytest.mark.parametrize(
    ("question", "told"),
    [("鼓楼小学女生多少人", "201"), ("鼓楼小学2025年预算多少", "88"), ("鼓楼小学2024年预算多少", "80")],
)
def test_parts_of_a_heading_without_a_point(question: str, told: str) -> None:
    head = "<tr><th rowspan=2>学校</th><th colspan=2>在校学生</th><th colspan=2>经费（万元）</th></tr>"
    below = "<tr><th>男</th><th>女</th><th>2024年预算数</th><th>2025年预算数</th></tr>"
    rows = "<tr><td>鼓楼小学</td><td>233</td><td>201</td><td>80</td><td>88</td></tr>"
    more = rows.replace("鼓楼", "城关").replace("201", "190")
    assert (
        cell(question, f"<html><body><h1>学校</h1><table>{head}{below}{rows}{more}</table></body></html>", "a.html")
        == told
    )


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("晨星托育园乳儿班保育费多少", True),
        ("小树托育园乳儿班保育费多少", False),
        ("小树托育园四人间住宿费多少", False),
    ],
)
def test_a_row_without_the_cell_is_no_answer(question: str, is_answered: bool, asking: Asking) -> None:
    """A reader that takes the row for the answer does not change that."""
    answer = asking(question, FEES, "托育园")
    assert (answer.status == "answered", answer.answer is not None) == (is_answered, is_answered)


def test_a_cell_with_a_dash_is_blank() -> None:
    page = FEES["收费.html"]
    assert isinstance(page, str)
    (table,) = tables_of(parse(Path("a.html"), page.encode()))
    fits = [
        cell_fit(next(readings(f"小树托育园{room}住宿费多少")), table, ["柏川县托育机构收费表"])
        for room in ("四人间", "八人间")
    ]
    assert [fitted is not None and is_blank(fitted) for fitted in fits] == [True, False]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("居民第二档电价是多少", "0.62"),
        ("居民第二档多少钱", "0.62"),
        ("居民第二档电价", None),  # nothing tells by its words which column is asked for
        ("非居民第二档电价是多少", None),
        ("商铺第二档电价是多少", None),
    ],
)
def test_a_line_above_says_of_whom_the_rows_are(question: str, told: str | None) -> None:
    rows = "| 第一档 | 170以下 | 0.51 |\n| 第二档 | 171以上 | 0.62 |\n"
    heads = "| 档次 | 用电量（千瓦时） | 价格（元/千瓦时） |\n|---|---|---|\n"
    text = f"# 电价通知\n\n一、居民生活用电执行分档电价。\n\n{heads}{rows}"
    assert cell(question, f"{text}\n二、商铺用电为0.90元。\n", "电价.md") == told
