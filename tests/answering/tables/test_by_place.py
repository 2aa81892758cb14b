"""Places are compared over the rows of one table: by the sums of their rows, or by the rows that state them."""

import pytest

from bot.memory.answer_json import answer_of, body_of
from bot.render.json import answer_object
from bot.render.tally import tally_line, words_of
from retrieval.types import Answer
from tests.answering.rows import Asking, as_today, computed, names

QUESTION = "石桥镇和河湾乡哪个人口多"
HEADING = "村名,所属乡镇,户数（户）,人口（人）,亩产（公斤）,村支书"
ROWS = (
    "石桥村,石桥镇,320,1105,410,赵德明",
    "南坡村,石桥镇,210,742,395,钱桂芳",
    "河湾村,河湾乡,263,905,380,郑国栋",
    "上湾村,河湾乡,98,312,400,王彩霞",
    "下湾村,河湾乡,521,398,402,冯志远",
    "柳林村,柳林镇,402,1486,415,李秀英",
)


def table(*rows: str, heading: str = HEADING, name: str = "柏川县各村情况统计表") -> dict[str, str | bytes]:
    return {f"{name}.csv": "\n".join([heading, *rows]) + "\n"}


def places(answer: Answer) -> list[tuple[str, str, int]]:
    assert answer.status == "answered" and answer.tally is not None and answer.tally.kind == "compared"
    return [(place.place, place.value, place.count) for place in answer.tally.places]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (QUESTION, [("石桥镇", "1847", 2), ("河湾乡", "1615", 3)]),
        ("石桥镇和河湾乡哪个人口少", [("河湾乡", "1615", 3), ("石桥镇", "1847", 2)]),
        (
            "柏川县石桥镇、河湾乡和柳林镇哪个乡镇人口更多",
            [("石桥镇", "1847", 2), ("河湾乡", "1615", 3), ("柳林镇", "1486", 1)],
        ),
        ("石桥镇与河湾乡相比哪个户数多", [("河湾乡", "882", 3), ("石桥镇", "530", 2)]),
    ],
)
def test_the_rows_of_each_place_are_added(question: str, told: list[tuple[str, str, int]], asking: Asking) -> None:
    answer = asking(question, table(*ROWS))
    assert places(answer) == told
    assert answer.tally is not None and answer.tally.count == sum(count for _, _, count in told)
    assert answer.tally.value == told[0][1]
    assert answer.named == told[0][0]


def test_the_sums_are_told_with_the_rows_of_each(asking: Asking) -> None:
    answer = asking(QUESTION, table(*ROWS))
    assert names(answer) == ["石桥村", "河湾村", "南坡村", "上湾村", "下湾村"]
    assert len(answer.quotes) == 5 and answer.tally is not None
    line = tally_line(answer, answer.tally, words_of(answer), answer.tally.title)
    assert line == (
        "人口：石桥镇 1,847人（2 行）、河湾乡 1,615人（3 行）（按《柏川县各村情况统计表》里 5 行分别相加）："
    )
    assert answer_object(answer)["tally"]["places"][0] == {"place": "石桥镇", "value": "1847", "count": 2}
    assert answer_of(body_of(answer)) == answer


def test_of_places_alike_none_is_named(asking: Asking) -> None:
    rows = ("石桥村,石桥镇,50", "南坡村,石桥镇,20", "河湾村,河湾乡,31", "上湾村,河湾乡,39")
    answer = asking(QUESTION, table(*rows, heading="村名,所属乡镇,人口"))
    assert places(answer) == [("石桥镇", "70", 2), ("河湾乡", "70", 2)]
    assert answer.named is None


@pytest.mark.parametrize(
    "rows",
    [
        (*ROWS[:3], "上湾村,河湾乡,98,,400,王彩霞"),  # a village without a figure
        (*ROWS[:3], "上湾村,河湾乡,98,正在统计,400,王彩霞"),
        (*ROWS[:3], "上湾村,,98,312,400,王彩霞"),  # a village of no place
        (*ROWS[:3], "上湾村,同上,98,312,400,王彩霞"),
        (*ROWS[:3], "河湾乡,河湾乡,263,905,380,冯志远"),  # the place itself among its villages
        (*ROWS[:3], "石桥村,石桥镇,330,1120,410,赵德明"),  # a village twice
        (*ROWS[:3], "其中：移民,河湾乡,98,312,400,王彩霞"),
        (*ROWS[:4], "河湾片,河湾乡,361,1217,400,冯志远"),  # a total without the word
        (*ROWS[:3], "大石桥村,大石桥镇,98,312,400,王彩霞"),  # a name that holds another
        (*ROWS[:4], "石桥镇小计,石桥镇,530,1847,400,"),  # the total of one place alone
        (*ROWS[:4], "石桥镇小计,石桥镇,530,1850,400,", "河湾乡小计,河湾乡,361,1217,400,"),  # and one that is wrong
    ],
)
def test_what_is_not_sure_is_not_added(rows: tuple[str, ...], asking: Asking) -> None:
    assert as_today(asking(QUESTION, table(*rows)))


@pytest.mark.parametrize(
    "question",
    [
        "石桥镇和黑水镇哪个人口多",  # a place that is not there
        "石桥镇和河湾乡哪个亩产高",  # what is not added
        "石桥镇和河湾乡哪个老年人口多",  # of a part
        "石桥镇和河湾乡哪个村人口多",  # of single rows
        "青石县石桥镇和河湾乡哪个人口多",
    ],
)
def test_what_the_table_does_not_tell_is_not_computed(question: str, asking: Asking) -> None:
    assert as_today(asking(question, table(*ROWS)))


def test_a_table_of_some_villages_tells_nothing_of_a_place(asking: Asking) -> None:
    assert as_today(asking(QUESTION, table(*ROWS, name="柏川县示范村情况统计表")))


def test_a_place_that_goes_on_in_another_table_is_not_added(asking: Asking) -> None:
    markdown = "\n\n".join(
        f"## 表{number}\n\n| 村名 | 所属乡镇 | 人口 |\n| --- | --- | --- |\n"
        + "\n".join(f"| {' | '.join(row)} |" for row in rows)
        for number, rows in enumerate(
            (
                [("石桥村", "石桥镇", "50"), ("南坡村", "石桥镇", "20"), ("河湾村", "河湾乡", "60")],
                [("下湾村", "河湾乡", "90"), ("柳林村", "柳林镇", "80")],
            ),
            1,
        )
    )
    whole = {"村情.md": f"# 柏川县各村情况统计表\n\n{markdown.replace('下湾村 | 河湾乡', '下湾村 | 东河乡')}\n"}
    assert places(asking(QUESTION, whole)) == [("石桥镇", "70", 2), ("河湾乡", "60", 1)]
    assert as_today(asking(QUESTION, {"村情.md": f"# 柏川县各村情况统计表\n\n{markdown}\n"}))


STATED = (
    (
        "石桥村,1105,{}",
        "南坡村,742,{}",
        "石桥镇小计,1847,{}",
        "河湾村,905,{}",
        "上湾村,312,{}",
        "河湾乡小计,1217,{}",
        "合计,3064,{}",
    ),
    (
        "石桥村,1105,石桥镇",
        "南坡村,742,石桥镇",
        "小计,1847,石桥镇",
        "河湾村,905,河湾乡",
        "上湾村,312,河湾乡",
        "小计,1217,河湾乡",
    ),
    ("石桥镇合计,1847,", "河湾乡合计,1217,", "柳林镇合计,1486,", "全县合计,4550,"),
)


@pytest.mark.parametrize("rows", STATED)
def test_rows_that_state_the_totals_are_compared(rows: tuple[str, ...], asking: Asking) -> None:
    stated = [row.format("").rstrip(",") + "," * (row.count(",") < 2) for row in rows]
    answer = asking(QUESTION, table(*stated, heading="单位,人口（人）,乡镇"))
    assert computed(answer) == ("maximum", "1847", "人", 2)
    assert names(answer) == ["石桥镇"] == [answer.named]
    assert answer.answer is not None and "1847" in answer.answer
    answer = asking("石桥镇和河湾乡哪个人口少", table(*stated, heading="单位,人口（人）,乡镇"))
    assert names(answer) == ["河湾乡"]
