"""What is not computed over the rows of a table, because it might be wrong: totals, parts, what a text above says."""

import pytest

from tests.answering.rows import Asking, as_today, computed, csv

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
