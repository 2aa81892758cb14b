"""Questions over the rows of one table or the items of one list, asked through the service of real files."""

import io

import pytest
from openpyxl import Workbook

from retrieval.answering.tables.told_beside import is_of_place
from retrieval.query.asked.over_rows import RowsQuestion
from tests.answering.rows import VILLAGES, Asking, as_today, computed, csv, names

NAMES = [f"{first}{second}" for first in "赵钱孙李周吴郑王冯陈" for second in ("建国", "秀英", "志强", "桂兰")]
THREE = csv(
    "石门村,902,2110,一般村",
    "南坪村,1530,2980,示范村",
    "北坪村,644,1875,一般村",
    heading="村名,人口,耕地（亩）,类型",
)
LICENSED: dict[str, str | bytes] = {
    "名单.md": "# 云溪县持证社会工作者名单\n\n"
    + "\n".join(f"{n}. {name}，{('石桥镇', '白石镇')[n % 2]}，助理社会工作师证" for n, name in enumerate(NAMES, 1))
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("白石镇一共有多少亩耕地", ("sum", "10385", "亩", 4)),
        ("白石镇各村耕地面积合计多少亩", ("sum", "10385", "亩", 4)),
        ("白石镇全镇一共多少人", ("sum", "4362", None, 4)),
        ("白石镇示范村一共多少人", ("sum", "2816", None, 2)),
        ("白石镇各村平均有多少亩耕地", ("average", "2596.25", "亩", 4)),
        ("白石镇哪个村人口最多", ("maximum", "1530", None, 4)),
        ("白石镇耕地最少的村是哪个", ("minimum", "1875", "亩", 4)),
        ("白石镇哪个村亩产最高", ("maximum", "410", "公斤", 3)),
        ("白石镇有多少个村", ("count", "4", None, 4)),
        ("白石镇人口超过一千人的村有几个", ("count", "2", None, 2)),
        ("白石镇人口超过1000的有哪些村", ("rows", None, None, 2)),
        ("白石镇哪些村耕地不足3000亩", ("rows", None, None, 3)),
        ("白石镇耕地在200公顷以上的村有哪些", ("rows", None, None, 1)),
        ("白石镇哪些村是示范村", ("rows", None, None, 2)),
    ],
)
def test_what_the_rows_come_to(question: str, told: tuple[str, str | None, str | None, int], asking: Asking) -> None:
    assert computed(asking(question)) == told


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("石门村和南坪村哪个人口多", ("maximum", "1530", None, 2)),
        ("石门村和北坪村哪个村的耕地更少", ("minimum", "1875", "亩", 2)),
        ("石门村、北坪村人口哪个多", ("maximum", "902", None, 2)),
        ("石门村和北坪村哪个人多", ("maximum", "902", None, 2)),
    ],
)
def test_two_rows_are_compared(question: str, told: tuple[str, str | None, str | None, int], asking: Asking) -> None:
    assert computed(asking(question, THREE)) == told


def test_the_largest_is_shown_with_its_row(asking: Asking) -> None:
    answer = asking("白石镇哪个村人口最多")
    assert names(answer) == ["南坪村"]
    assert answer.answer is not None
    assert "村名：南坪村" in answer.answer
    assert "柳树沟村" not in answer.answer


def test_rows_without_a_figure_are_told(asking: Asking) -> None:
    answer = asking("白石镇哪个村亩产最高")
    assert answer.tally is not None
    assert answer.tally.blank == 1


def test_the_largest_of_several_alike_are_all_shown(asking: Asking) -> None:
    assert names(asking("哪个村人口最多", csv("甲子村,50,8", "乙丑村,70,9", "丙寅村,70,7"))) == ["乙丑村", "丙寅村"]


def test_many_that_answer_alike_are_counted_and_the_first_quoted(asking: Asking) -> None:
    answer = asking("谁有助理社会工作师证", LICENSED)
    assert computed(answer) == ("rows", None, None, len(NAMES))
    assert names(answer) == NAMES
    assert len(answer.quotes) == 5
    assert answer.answer is not None
    begun = [f"{number}. {name}，" for number, name in enumerate(NAMES[:5], 1)]  # as the page shows them
    assert [line[: len(start)] for line, start in zip(answer.answer.split("\n"), begun, strict=True)] == begun


def test_who_has_a_lesser_certificate_is_none_of_them(asking: Asking) -> None:
    rows = ("景秀莲,水厂,助理工程师证", "贺建平,水厂,工程师证", "蔺小雨,电站,助理工程师证", "仝志远,电站,工程师证")
    documents = csv(*rows, heading="姓名,单位,证书")
    assert names(asking("谁有工程师证", documents)) == ["贺建平", "仝志远"]
    assert computed(asking("有工程师证的有几人", documents)) == ("count", "2", None, 2)
    higher = csv(*rows, "师文静,水厂,高级工程师证", heading="姓名,单位,证书")
    assert as_today(asking("谁有工程师证", higher)), "who has the higher may have it as well"


def test_those_that_a_cell_tells_apart(asking: Asking) -> None:
    assert names(asking("石桥镇谁有助理社会工作师证", LICENSED)) == NAMES[1::2]


def test_a_sentence_that_states_the_sum_stays_the_answer(asking: Asking) -> None:
    told = "白石镇一共有耕地10400亩。"
    page = VILLAGES["村情.html"]
    assert isinstance(page, str)
    documents: dict[str, str | bytes] = {"村情.html": page.replace("以上数据由镇政府统计。", told)}
    answer = asking("白石镇一共有多少亩耕地", documents, liked="10400")
    assert answer.answer is not None
    assert answer.answer.endswith(told)
    assert answer.tally is None


@pytest.mark.parametrize(("told", "is_count"), [("全镇共有4个村。", False), ("全镇共有示范村2个。", True)])
def test_a_sentence_that_counts_them_all_is_no_count_of_some(told: str, is_count: bool, asking: Asking) -> None:
    report: dict[str, str | bytes] = {"白石镇工作报告.txt": f"白石镇工作报告\n\n{told}\n"}
    answer = asking("白石镇有几个村是示范村", VILLAGES | report, liked=told)
    assert (told in (answer.answer or "")) == as_today(answer) == is_count
    assert is_count or computed(answer) == ("count", "2", None, 2)


@pytest.mark.parametrize(
    ("told", "is_list"), [("白石镇的示范村推行网格化管理。", False), ("白石镇示范村有柳树沟村、南坪村。", True)]
)
def test_a_sentence_that_names_none_of_them_is_no_list(told: str, is_list: bool, asking: Asking) -> None:
    answer = asking(
        "白石镇哪些村是示范村", VILLAGES | {"白石镇工作报告.txt": f"白石镇工作报告\n\n{told}\n"}, liked=told
    )
    assert answer.answer is not None
    assert (told in answer.answer) == as_today(answer) == is_list
    assert is_list or names(answer) == ["柳树沟村", "南坪村"]


def test_a_row_with_the_total_is_quoted_and_never_added(asking: Asking) -> None:
    rows = csv("甲子村,50,8", "乙丑村,70,9", "合计,120,17")
    answer = asking("清泉镇一共有多少亩耕地", rows)
    assert answer.answer == "村名：合计 | 人口：120 | 耕地（亩）：17"
    assert answer.tally is None
    assert computed(asking("清泉镇哪个村人口最多", rows)) == ("maximum", "70", None, 2)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("小班一共招多少人", "园所：合计 | 小班·班数：5 | 小班·人数：121 | 大班·班数：6 | 大班·人数：170"),
        ("大班总共有几个班", None),  # 班 is no unit
        ("中班一共招多少人", None),
    ],
)
def test_of_two_columns_with_the_same_beginning_the_unit_tells_which(
    question: str, told: str | None, asking: Asking
) -> None:
    table = (
        "<h1>清泉镇2026年幼儿园招生通知</h1><table><caption>各园招生表（单位：人）</caption>"
        "<tr><th rowspan=2>园所</th><th colspan=2>小班</th><th colspan=2>大班</th></tr>"
        "<tr><th>班数</th><th>人数</th><th>班数</th><th>人数</th></tr>"
        "<tr><td>清泉幼儿园</td><td>3</td><td>76</td><td>4</td><td>108</td></tr>"
        "<tr><td>桥头幼儿园</td><td>2</td><td>45</td><td>2</td><td>62</td></tr>"
        "<tr><td>合计</td><td>5</td><td>121</td><td>6</td><td>170</td></tr></table>"
    )
    answer = asking(question, {"招生.html": table})
    assert answer.tally is None
    assert (answer.answer if answer.status == "answered" else None) == told


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("柳树沟村耕地有多少亩", "柳树沟村"),
        ("石门村有多少人", "石门村"),
        ("白石镇北坪村的耕地是多少亩", "北坪村"),
        ("南坪村的村支书是谁", "南坪村"),
    ],
)
def test_the_cell_of_one_row(question: str, row: str, asking: Asking) -> None:
    answer = asking(question)
    assert answer.status == "answered"
    assert answer.answer is not None
    assert answer.answer.startswith(f"村名：{row} |")
    assert answer.tally is None


@pytest.mark.parametrize("question", ["示范村和一般村哪个人口多", "石门村和黑石村哪个人口多"])
def test_only_rows_of_the_table_are_compared(question: str, asking: Asking) -> None:
    assert as_today(asking(question, THREE))


def test_the_place_in_the_name_of_a_body_is_no_other_place() -> None:
    own, other = (RowsQuestion("cell", "", "", None, f"{place}便民中心电话") for place in ("白石镇", "青石镇白石镇"))
    assert is_of_place(own, ["白石镇便民中心"], ["云溪县通讯录"])
    assert not is_of_place(other, ["白石镇便民中心"], ["云溪县通讯录"])


@pytest.mark.parametrize("question", ["民政局的负责人是谁", "县民政局的电话是多少", "云溪县民政局电话是多少"])
def test_a_body_is_called_without_the_place_of_the_table(question: str, asking: Asking) -> None:
    rows = ("单位,负责人,电话", "云溪县教育局,郭振宇,5521002", "云溪县民政局,陈佩琳,5521001")
    answer = asking(question, {"云溪县通讯录.csv": "\n".join(rows)})
    assert answer.answer == "单位：云溪县民政局 | 负责人：陈佩琳 | 电话：5521001"


def test_a_sum_may_be_a_heading(asking: Asking) -> None:
    rows = ("水务局,710,5390,6100", "教育局,800,6250,7050")
    documents = csv(*rows, heading="部门,基本支出,项目支出,合计")
    documents = {"云溪县2026年部门预算支出表.csv": documents["清泉镇各村情况.csv"]}
    answer = asking("教育局2026年预算合计多少", documents)
    assert answer.answer == "部门：教育局 | 基本支出：800 | 项目支出：6250 | 合计：7050"
    assert computed(asking("各部门项目支出合计多少", documents)) == ("sum", "11640", None, 2)


@pytest.mark.parametrize(
    "question",
    [
        "云溪县一共有多少亩耕地",  # of which these are a part
        "全县一共有多少亩耕地",
        "黑石镇一共有多少亩耕地",
        "白石镇一共有多少亩林地",
        "白石镇2019年一共有多少亩耕地",
        "白石镇哪个镇人口最多",
        "白石镇有多少个社区",
        "白石镇哪些村不是示范村",
        "白石镇除了石门村一共多少人",
        "白石镇各村亩产一共多少公顷",
        "白石镇示范村和一般村有哪些村",
        "平均每人多少亩耕地",
        "上石门村一共有多少人",
    ],
)
def test_what_does_not_fit_is_not_computed(question: str, asking: Asking) -> None:
    assert as_today(asking(question))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (csv("甲子村,50,8", "乙丑村,约70,9", "丙寅村,90,1"), "words among numbers"),
        (csv("甲子村,50人,8", "乙丑村,7户,9", "丙寅村,90人,1"), "mixed units"),
        (csv("甲子村,50,8", "乙丑村,70,9", "清泉片,120,17"), "a total without the word"),
        (csv("清泉镇,500,8", "乙丑村,70,9", "丙寅村,90,1"), "a town among its villages"),
        (csv("一、北片,500,8", "甲子村,70,9", "丙寅村,90,1"), "a group among its rows"),
        (csv("甲子村,50,8", "其中女性,20,9", "丙寅村,90,1"), "a part of a row"),
        (csv("甲子村,50,8", "甲子村,20,9", "丙寅村,90,1"), "a row twice"),
        (csv("甲,50,a", "乙,50,a", "丙,60,b", "丁,60,b", heading="村名,人口,所属片区"), "merged cells"),
        (csv("甲子村,50%,8", "乙丑村,70%,9", heading="村名,人口,耕地（亩）"), "shares"),
    ],
)
def test_a_sum_that_might_be_wrong_is_not_computed(rows: dict[str, str | bytes], why: str, asking: Asking) -> None:
    assert as_today(asking("清泉镇一共多少人口", rows)), why


def test_a_table_of_some_is_not_taken_for_all(asking: Asking) -> None:
    documents: dict[str, str | bytes] = {"清泉镇示范村名单.csv": "村名,人口\n甲子村,50\n乙丑村,70\n"}
    assert as_today(asking("清泉镇有多少个村", documents))
    assert computed(asking("清泉镇示范村有多少个村", documents)) == ("count", "2", None, 2)


def test_of_two_tables_none_is_chosen(asking: Asking) -> None:
    tables = {
        f"{town}各村情况.csv": f"村名,人口\n甲{n}村,5{n}\n乙{n}村,7{n}\n"
        for n, town in enumerate(("清泉镇", "黑水镇"))
    }
    assert as_today(asking("哪个村人口最多", tables))
    assert names(asking("黑水镇哪个村人口最多", tables)) == ["乙1村"]


def test_a_value_that_may_mean_more_than_it_says(asking: Asking) -> None:
    documents = csv("甲子村,示范村", "乙丑村,省级示范村", heading="村名,类型")
    assert as_today(asking("清泉镇哪些村是示范村", documents))


def test_a_workbook(asking: Asking) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["清泉镇各村粮食产量"],
        ["单位：吨"],
        ["村名", "产量"],
        ["甲子村", 120.5],
        ["乙丑村", 80],
        ["丙寅村", 30],
    ):
        sheet.append(row)
    book.save(file)
    assert computed(asking("清泉镇粮食产量一共多少吨", {"粮食.xlsx": file.getvalue()})) == ("sum", "230.5", "吨", 3)


def test_all_towns_of_a_county_are_no_name_of_a_town(asking: Asking) -> None:
    rows = "".join(f"| {town} | {tons} |\n" for town, tons in (("柳河镇", 1200), ("石门镇", 950), ("南坪镇", 470)))
    table = {"用水.md": f"# 青石县各乡镇用水统计表\n\n| 乡镇 | 用水（吨） |\n|---|---|\n{rows}"}
    counted = asking("青石县各乡镇一共用水多少吨", table).tally
    assert counted is not None and (counted.kind, counted.value, counted.count) == ("sum", "2620", 3)
    assert asking("青石县一共用水多少吨", table).tally == counted
    assert asking("石门镇一共用水多少吨", table).tally is None


def test_all_rows_may_be_counted_in_the_question(asking: Asking) -> None:
    rows = csv("甲村,100,20", "乙村,200,30", "丙村,410,45")
    assert computed(asking("三个村一共有多少人", rows))[:2] == ("sum", "710")
    assert as_today(asking("四个村一共有多少人", rows))


def test_persons_of_several_villages_are_named_by_their_names(asking: Asking) -> None:
    rows = csv("甲村,赵丽,网格员,86", "甲村,钱大,护林员,", "乙村,孙虎,网格员,112", heading="村名,姓名,职务,负责户数")
    assert names(asking("哪个网格员负责的户数最多", rows)) == ["孙虎"]


def test_a_bound_tells_by_its_unit_what_is_bounded(asking: Asking) -> None:
    rows = csv("甲村,100,20", "乙村,200,30", "丙村,410,45", heading="村名,人口（人）,耕地（亩）")
    assert names(asking("超过150人的村有哪些", rows)) == ["乙村", "丙村"]
