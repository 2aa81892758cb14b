"""What is not computed over the rows of a table, because it might be wrong: totals, parts, what a text above says."""

from pathlib import Path

import pytest

from retrieval.answering.tables.aggregate import outcome
from retrieval.answering.tables.fitting import fit
from retrieval.answering.tables.read_back import tables_of
from retrieval.documents import parse
from retrieval.query.asked.over_rows import over_rows
from tests.answering.rows import Asking, as_today, computed, csv, names

Documents = dict[str, str | bytes]


def page(*above: str, rows: tuple[str, ...], title: str = "清泉镇各村情况") -> Documents:
    """A Markdown page with the lines above its table."""
    cells = [f"| {row.replace(',', ' | ')} |" for row in rows]
    ruled = [cells[0], "|" + "---|" * (rows[0].count(",") + 1), *cells[1:]]
    return {"情况.md": "\n\n".join([f"# {title}", *above, "\n".join(ruled)]) + "\n"}


TEAMS = (
    "机构,服务范围,床位（张）,备注",
    "松鹤养老院,全县,45,",
    "康宁养老院,青石镇,120,累计",
    "长青养老院,白水镇,60,其中护理床位20张",
    "敬亲养老院,黄土乡,200,",
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云溪县养老机构有多少家机构", ("count", "4", None, 4)),
        ("云溪县养老机构的床位一共多少张", ("sum", "425", "张", 4)),
        ("云溪县养老机构床位最少的机构是哪个", ("minimum", "45", "张", 4)),
    ],
)
def test_only_what_names_a_row_makes_it_a_total(
    question: str, told: tuple[str, str | None, str | None, int], asking: Asking
) -> None:
    assert computed(asking(question, page(rows=TEAMS, title="云溪县养老机构名单"))) == told


@pytest.mark.parametrize("total", ["合计（万元）", "合计数", "合计4人", "总计（3个村）", "上半年合计数", "小计1"])
def test_a_total_is_told_by_how_it_begins(total: str, asking: Asking) -> None:
    documents = csv("甲子村,50,8", "乙丑村,75,9", "丙寅村,90,10", f"{total},999,99")
    assert computed(asking("清泉镇哪个村人口最多", documents)) == ("maximum", "90", None, 3)
    assert computed(asking("清泉镇有多少个村", documents)) == ("count", "3", None, 3)


def test_a_subtotal_of_a_group_of_rows(asking: Asking) -> None:
    documents = csv(
        "北片,甲子村,50",
        "北片,乙丑村,75",
        "北片,小计,125",
        "南片,丙寅村,90",
        "南片,丁卯村,20",
        "南片,小计,110",
        heading="片区,村名,人口",
    )
    assert computed(asking("清泉镇哪个村人口最多", documents)) == ("maximum", "90", None, 4)


SUMMED = csv("东组,30", "甲户,10", "乙户,20", "西组,75", "丙户,30", "丁户,45", heading="名称,人口")


@pytest.mark.parametrize(
    "question",
    [
        "清泉镇人口一共多少",
        "清泉镇平均有多少人口",
        "清泉镇人口最多的是哪个",
        "清泉镇人口最少的是哪个",
        "清泉镇人口超过25的有哪些",
    ],
)
def test_a_row_that_is_the_sum_of_its_neighbours(question: str, asking: Asking) -> None:
    assert as_today(asking(question, SUMMED))


def test_what_is_told_of_all_is_quoted_though_its_parts_are_in_doubt(asking: Asking) -> None:
    rows = ("东组,30", "甲户,10", "乙户,20", "西组,75", "丙户,30", "丁户,45", "合计,105")
    answer = asking("清泉镇人口一共多少", csv(*rows, heading="名称,人口"))
    assert answer.answer == "名称：合计 | 人口：105"


def test_places_of_several_kinds_are_no_villages(asking: Asking) -> None:
    documents = csv("甲子村,51,8", "乙丑村,75,9", "清泉街,90,1")
    assert as_today(asking("清泉镇有多少个村", documents))
    assert as_today(asking("清泉镇哪个村人口最多", documents))


ROWS = ("村名,人口,耕地（亩）", "甲子村,51,8", "乙丑村,75,9", "丙寅村,90,10")
OVER_ALL = ("清泉镇有多少个村", "清泉镇一共有多少亩耕地", "清泉镇哪个村人口最多", "清泉镇各村平均有多少亩耕地")


@pytest.mark.parametrize("question", OVER_ALL)
@pytest.mark.parametrize(
    "above",
    [
        ("暴雨后，以下村受灾严重，已经上报县应急管理局。",),
        ("下列村：",),
        ("部分村情况如下：",),
        ("说明：统计的是移民搬迁的村。", "各村情况如下："),
        ("移民搬迁的村如下。", "单位：亩"),
        ("## 示范村建设", "### 基本情况"),
    ],
)
def test_a_table_that_the_text_above_calls_a_part(question: str, above: tuple[str, ...], asking: Asking) -> None:
    assert as_today(asking(question, page(*above, rows=ROWS)))


@pytest.mark.parametrize("question", OVER_ALL)
@pytest.mark.parametrize("above", [(), ("各村情况如下：",), ("## 各村基本情况一览表",), ("单位：亩",)])
def test_a_table_of_all(question: str, above: tuple[str, ...], asking: Asking) -> None:
    assert not as_today(asking(question, page(*above, rows=ROWS)))


@pytest.mark.parametrize("title", ["清泉镇行政村基本情况表（2025年底）", "清泉镇各村耕地预算表"])
def test_what_a_title_says_of_its_sort_is_no_part(title: str, asking: Asking) -> None:
    assert not as_today(asking("清泉镇一共有多少亩耕地", page(rows=ROWS, title=title)))


def test_a_unit_above_says_nothing_of_which_rows_these_are(asking: Asking) -> None:
    rows = ("部门,基本支出,项目支出", "水务局,710,5390", "教育局,800,6250")
    documents = page("单位：万元", rows=rows, title="清泉镇2026年部门预算支出表")
    assert names(asking("哪个部门项目支出最多", documents)) == ["教育局"]


COUNTY_TITLE = "云溪县基本情况"
TOWNS = ("乡镇,人口,耕地（亩）", "龙桥镇,52000,8000", "王坪镇,11000,9000", "古槐镇,9000,7500")


@pytest.mark.parametrize(
    "question",
    [
        "云溪县农业人口一共多少人",
        "云溪县农村人口最多的是哪个",
        "云溪县农业人口超过10000人的有哪些",
    ],
)
def test_what_says_which_of_the_figures_stands_with_their_heading(question: str, asking: Asking) -> None:
    documents = {"农业农村局.md": page(rows=TOWNS, title=COUNTY_TITLE)["情况.md"]}
    assert as_today(asking(question, documents))
    assert not as_today(asking(question.replace("农业人口", "人口").replace("农村人口", "人口"), documents))


def test_what_stands_with_the_heading_may_be_asked(asking: Asking) -> None:
    farmers = ("乡镇,农业人口", *(row.rsplit(",", 1)[0] for row in TOWNS[1:]))
    assert computed(asking("云溪县农业人口一共多少", page(rows=farmers, title=COUNTY_TITLE)))[:2] == (
        "sum",
        "72000",
    )
    plain = page(rows=("乡镇,产量（吨）", "龙桥镇,30", "王坪镇,50"), title="云溪县粮食产量统计表")
    assert computed(asking("云溪县粮食产量一共多少吨", plain)) == ("sum", "80", "吨", 2)


COUNTY = ("乡镇,人口（万人）,学校数", "云溪县,8.9,15", "龙桥镇,5.2,5", "王坪镇,1.1,4", "古槐镇,2.6,3")


@pytest.mark.parametrize(
    "question",
    [
        "云溪县人口超过1万人的有哪些",
        "云溪县人口超过1的有哪些",
        "云溪县学校数超过2的有哪些",
        "云溪县学校数一共多少",
    ],
)
def test_a_county_is_none_of_its_towns(question: str, asking: Asking) -> None:
    assert as_today(asking(question, page(rows=COUNTY, title=COUNTY_TITLE)))


def test_a_bound_in_the_unit_of_the_column(asking: Asking) -> None:
    documents = page(rows=(COUNTY[0], *COUNTY[2:]), title=COUNTY_TITLE)
    assert names(asking("云溪县人口超过2万人的有哪些", documents)) == ["龙桥镇", "古槐镇"]
    assert as_today(asking("云溪县人口超过2的有哪些", documents))


def test_a_unit_in_the_line_above_may_be_that_of_the_figures(asking: Asking) -> None:
    rows = tuple(row.replace("（万人）", "") for row in (COUNTY[0], *COUNTY[2:]))
    documents = page("单位：万人", rows=rows, title=COUNTY_TITLE)
    assert as_today(asking("云溪县人口低于5000人的有哪些", documents))
    assert as_today(asking("云溪县人口一共多少人", documents))


@pytest.mark.parametrize("cell", ["刘志远", "-", "—", "/", "无", "不详"])
def test_a_cell_that_says_nothing_is_no_answer(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "清泉镇各村情况.csv"
    path.write_text(f"村名,人口,村支书\n甲子村,50,赵志高\n乙丑村,75,{cell}\n")
    asked = over_rows("乙丑村的村支书是谁")
    (table,) = tables_of(parse(path, path.read_bytes()))
    assert asked is not None
    fitted = fit(asked, table, ["清泉镇各村情况"])
    assert fitted is not None
    assert (outcome(asked, fitted) is None) == (cell != "刘志远")


def test_those_of_a_place_are_more_than_those_of_a_list(asking: Asking) -> None:
    """东关村有哪些人 is not asked of those who were helped."""
    helped = [f"{first}玉梅" for first in "赵钱孙李周吴郑王"]
    rows = (
        "姓名,村,金额（元）",
        *(f"{person},甲子村,{at}00" for at, person in enumerate(helped, 3)),
        "冯志高,乙丑村,900",
    )
    documents = page(rows=rows, title="清泉镇临时救助名册")
    assert as_today(asking("甲子村有哪些人", documents))
    assert names(asking("甲子村临时救助的有哪些人", documents)) == helped
