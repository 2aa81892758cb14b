"""Rows of another thing than the question names are no answers, as the other rows of their table tell."""

import pytest

from retrieval.answering.checks.other_rows import of_lesser, of_many, of_more, of_others, one_of_several
from tests.answering.make import passage, setting
from tests.support.hits import asking

PERSONS = (
    "村名：上河村 | 姓名：钱大力 | 职务：护林员",
    "村名：下河村 | 姓名：孙小虎 | 职务：网格员",
)
DRONES = (
    "项目：微型无人机登记 | 收费（元/次）：0",
    "项目：轻型无人机登记 | 收费（元/次）：30",
    "项目：操控员培训 | 收费（元/次）：1800",
)
SCHOOLS = (
    "学校：石桥镇小学 | 食堂管理员：米兰香",
    "学校：石桥镇小学东校区 | 食堂管理员：巩建业",
)


def passed_over(question: str, rows: tuple[str, ...]) -> list[int]:
    table = passage(*rows)
    settings = {number: setting(table, number) for number in range(len(rows))}
    return of_others(asking(question), settings, settings.values())


@pytest.mark.parametrize(
    ("question", "rows", "others"),
    [
        ("石桥镇小学东校区谁管食堂", SCHOOLS, [0]),
        ("石桥镇小学谁管食堂", SCHOOLS, [1]),
        ("石桥镇小学和石桥镇小学东校区谁管食堂", SCHOOLS, []),
        ("下河村护林员是谁", PERSONS, [0, 1]),
        ("下河村网格员是谁", PERSONS, [0]),
        ("护林员是谁", PERSONS, [1]),
        ("孙小虎和钱大力是什么职务", PERSONS, []),
        ("谁管森林防火", PERSONS, []),
        ("重型无人机登记多少钱", DRONES, [0, 1]),
        ("轻型无人机登记多少钱", DRONES, [0, 2]),
        ("无人机登记多少钱", DRONES, []),
    ],
)
def test_a_row_is_told_from_the_others(question: str, rows: tuple[str, ...], others: list[int]) -> None:
    assert passed_over(question, rows) == others


def test_a_sentence_is_no_row() -> None:
    told = passage(*PERSONS, "下河村没有护林员。")
    settings = {2: setting(told, 2)}
    assert of_others(asking("下河村护林员是谁"), settings, [setting(told, number) for number in range(3)]) == []


def test_one_row_of_several_is_no_list() -> None:
    days = (
        "日期：1月1日 | 带班：江涛 | 值班：何敏",
        "日期：1月2日 | 带班：冯波 | 值班：罗刚",
        "日期：1月3日 | 带班：江涛 | 值班：孟晓",
    )
    table = passage(*days)
    rows = {number: setting(table, number) for number in range(3)}
    assert one_of_several(asking("江涛哪几天带班"), rows, rows.values()) == [0, 2]
    assert one_of_several(asking("江涛和何敏哪几天值班"), rows, rows.values()) == [2]
    assert one_of_several(asking("哪几天有人值班"), rows, rows.values()) == []


@pytest.mark.parametrize(
    ("question", "many"),
    [("这个村有多少户", [0, 1]), ("该村有多少户", [0, 1]), ("上湾村有多少户", []), ("一共有多少户", [])],
)
def test_where_a_place_is_only_pointed_at_no_row_of_several_answers(question: str, many: list[int]) -> None:
    table = passage("村名：上湾村 | 户数（户）：98", "村名：下湾村 | 户数（户）：121")
    rows = {number: setting(table, number) for number in range(2)}
    assert of_many(asking(question), rows, rows.values()) == many
    assert of_many(asking(question), {0: rows[0]}, rows.values()) == []


@pytest.mark.parametrize(
    ("question", "told", "more"),
    [
        ("焊工有多少人", "全所共有特种作业人员26人。", [0]),
        ("焊工有多少人", "全所共有焊工9人。", []),
        ("特种作业人员有多少人", "全所共有特种作业人员26人。", []),
        ("焊工几号考试", "考试定于12月6日举行。", []),
        ("南坪村有多少人", "全村共有326人。", []),
    ],
)
def test_of_all_persons_of_a_list_is_not_of_some(question: str, told: str, more: list[int]) -> None:
    register = passage(told, "姓名：祁长庚 | 村名：南坪村 | 工种：焊工", "姓名：冉秋月 | 村名：石门村 | 工种：电工")
    everything = [setting(register, number) for number in range(3)]
    assert of_more(asking(question), {0: everything[0]}, everything) == more


def test_what_all_rows_have_tells_none_apart() -> None:
    register = passage("全所共有26人。", "姓名：祁长庚 | 工种：焊工", "姓名：冉秋月 | 工种：焊工")
    everything = [setting(register, number) for number in range(3)]
    assert of_more(asking("焊工有多少人"), {0: everything[0]}, everything) == []


@pytest.mark.parametrize(
    ("question", "sentence", "is_lesser"),
    [
        ("谁有工程师证", "贺建平取得助理工程师证。", True),
        ("哪些人是党员", "葛小燕是预备党员。", True),
        ("谁有工程师证", "贺建平取得工程师证。", False),
        ("谁有工程师证", "贺建平取得助理工程师证，后来取得工程师证。", False),
        ("谁有助理工程师证", "贺建平取得助理工程师证。", False),
        ("工程师证怎么办", "助理工程师证在人社局办。", False),
        ("谁有社会工作师证", "贺建平经核准社会工作师证有效。", False),
        ("谁是养殖户", "标准养殖户是贺建平。", False),
        ("谁是副业带头人", "贺建平是副业带头人。", False),
    ],
)
def test_a_lesser_rank_is_another(question: str, sentence: str, *, is_lesser: bool) -> None:
    assert of_lesser(asking(question), {1: setting(passage(sentence))}, []) == [1] * is_lesser
