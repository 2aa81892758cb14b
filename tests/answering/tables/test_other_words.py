"""Tables that are asked about in other words than they are written in: headings in part, verbs, ways to count."""

import pytest

from tests.answering.rows import Asking, computed, csv, names

GRAIN: dict[str, str | bytes] = {
    "补贴.md": (
        "# 青石镇2026年耕地地力保护补贴公示\n\n根据县农业农村局安排，现将各村核定情况公示如下。\n\n"
        "| 村名 | 补贴户数 | 核定面积（亩） | 补贴金额（元） | 包村干部 |\n|---|---|---|---|---|\n"
        "| 石门村 | 210 | 1250 | 116250 | 乔万山 |\n| 南坪村 | 160 | 970 | 90210 | 乔万山 |\n"
        "| 北坪村 | 305 | 1730 | 160890 | 冉秋月 |\n"
    )
}
LICENCES: dict[str, str | bytes] = {
    "名单.md": (
        "# 云溪县特种作业人员名单\n\n| 序号 | 姓名 | 部门 | 证书 |\n|---|---|---|---|\n"
        "| 1 | 祁长庚 | 供水所 | 电工（高级） |\n| 2 | 冉秋月 | 供水所 | 电工（中级） |\n"
        "| 3 | 乔万山 | 环卫所 | 焊工 |\n| 4 | 邬小满 | 环卫所 | 电工（中级） |\n"
    )
}
WATER: dict[str, str | bytes] = {
    "水费.md": (
        "# 2026年上半年水费收缴表\n\n| 供水站 | 用水户数 | 实收水费 |\n|---|---|---|\n"
        "| 东沟供水站 | 310 | 27100 |\n| 西沟供水站 | 205 | 16900 |\n| 合计 | 515 | 44000 |\n"
    )
}


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("哪个村领到的钱最多", "北坪村"),  # the only column of money
        ("户数最少的是哪个村", "南坪村"),  # of all figures the title says 补贴
        ("哪个村核定面积最大", "北坪村"),
    ],
)
def test_the_column_is_known_by_what_it_is_of(question: str, row: str, asking: Asking) -> None:
    assert names(asking(question, GRAIN)) == [row]


def test_what_a_row_is_stands_above_its_name(asking: Asking) -> None:
    assert names(asking("哪个供水站的用水户最多", WATER)) == ["东沟供水站"]


def test_figures_with_their_unit_in_the_heading_are_added(asking: Asking) -> None:
    assert computed(asking("三个村加起来一共有几户拿补贴", GRAIN)) == ("sum", "675", None, 3)


def test_a_bound_in_spoken_words(asking: Asking) -> None:
    assert computed(asking("面积上了一千亩的有哪几个村", GRAIN)) == ("rows", None, None, 2)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("谁有焊工证", ["乔万山"]),
        ("有电工（中级）证的都有谁", ["冉秋月", "邬小满"]),
        ("环卫所有哪些电工（中级）", ["邬小满"]),
    ],
)
def test_a_cell_with_the_beginning_of_its_heading(question: str, told: list[str], asking: Asking) -> None:
    assert names(asking(question, LICENCES)) == told


HEADS = ("是否贫困村", "贫困村（是/否）", "贫困村")


@pytest.mark.parametrize(("head", "yes", "no"), [*zip(HEADS, ("是", "是", "√"), ("否", "否", ""), strict=True)])
def test_a_cell_says_that_something_is_so(head: str, yes: str, no: str, asking: Asking) -> None:
    rows = [f"石门村,210,{yes}", f"南坪村,160,{no}", f"北坪村,305,{yes}（2019年）"]
    villages = csv(*rows, heading=f"村名,户数,{head}")
    for question in ("哪些村是贫困村", "清泉镇贫困村有哪些"):
        assert names(asking(question, villages)) == ["石门村", "北坪村"]
    for question in ("贫困村有几个", "清泉镇有多少个贫困村", "有几个村是贫困村"):
        assert computed(asking(question, villages)) == ("count", "2", None, 2)
    assert names(asking("贫困村里哪个村户数最多", villages)) == ["北坪村"]
    for question in ("哪些村不是贫困村", "非贫困村有几个", "省级贫困村有几个"):
        assert asking(question, villages).tally is None


def test_rows_that_name_persons_are_counted(asking: Asking) -> None:
    assert computed(asking("有几个人是电工（中级）", LICENCES)) == ("count", "2", None, 2)
    assert computed(asking("有焊工证的有几个人", LICENCES)) == ("count", "1", None, 1)
    for question in ("有多少人考上焊工", "焊工有几人", "焊工一共有几个人"):
        assert computed(asking(question, LICENCES)) == ("count", "1", None, 1)
    assert asking("供水所有多少人", LICENCES).tally is None  # the list tells of some alone


def test_whom_a_village_belongs_to(asking: Asking) -> None:
    assert names(asking("乔万山包的是哪些村", GRAIN)) == ["石门村", "南坪村"]


def test_rows_that_the_title_makes_some_of_all_are_not_ranked(asking: Asking) -> None:
    some = csv("石门村,90,8", "南坪村,70,9", "北坪村,60,7", heading="村名,参训户数,核定亩数")
    assert names(asking("哪个村参训户数最多", some)) == ["石门村"]
    renamed: dict[str, str | bytes] = {"清泉镇示范村名单.csv": next(iter(some.values()))}
    assert asking("哪个村参训户数最多", renamed).tally is None


def test_a_total_is_none_of_several(asking: Asking) -> None:
    assert asking("水费全部收齐的是哪个供水站", WATER, liked="合计").status != "answered"


def test_what_is_paid_is_not_what_is_got(asking: Asking) -> None:
    paid: dict[str, str | bytes] = {
        "水费.md": "# 青石镇2026年水费收缴情况公示\n\n| 村名 | 应缴金额（元） |\n|---|---|\n"
        "| 石门村 | 11620 |\n| 南坪村 | 9020 |\n| 北坪村 | 16080 |\n"
    }
    assert names(asking("哪个村交的钱最多", paid)) == ["北坪村"]
    for question in ("哪个村领到的钱最多", "三个村一共领了多少钱", "三个村一共发了多少钱"):
        assert asking(question, paid).tally is None
    for question in ("哪个村交的钱最多", "哪个村收的钱最多"):
        assert asking(question, GRAIN).tally is None


def test_a_character_of_a_heading_is_no_verb(asking: Asking) -> None:
    income: dict[str, str | bytes] = {
        "收入.md": "# 云溪县农业农村局2026年各村收入情况表\n\n| 村名 | 人口 | 收入（万元） |\n|---|---|---|\n"
        "| 石门村 | 1210 | 620 |\n| 南坪村 | 1160 | 920 |\n| 北坪村 | 1305 | 680 |\n"
    }
    for question in ("哪个村农业收入最高", "各村农业收入一共多少"):
        assert asking(question, income).tally is None


def test_a_title_of_some_people_makes_them_not_all(asking: Asking) -> None:
    some: dict[str, str | bytes] = {
        "流动.md": "# 青石镇流动人口和出租房屋登记表\n\n| 村名 | 流动人口 | 出租房屋（间） |\n|---|---|---|\n"
        "| 石门村 | 210 | 62 |\n| 南坪村 | 160 | 92 |\n| 北坪村 | 305 | 68 |\n"
    }
    assert names(asking("哪个村流动人口最多", some)) == ["北坪村"]
    for question in ("哪个村人口最多", "人口超过200人的村有哪些", "哪个村房屋最多"):
        assert asking(question, some).tally is None


def test_who_lets_is_not_who_rents(asking: Asking) -> None:
    leases: dict[str, str | bytes] = {
        "租赁.md": "# 商铺租赁台账\n\n| 铺面 | 月租（元） | 出租人 | 租户 |\n|---|---|---|---|\n"
        "| 一号铺 | 3000 | 祁长庚 | 大勇餐饮 |\n| 二号铺 | 2000 | 冉秋月 | 小满百货 |\n"
        "| 三号铺 | 2500 | 祁长庚 | 小满百货 |\n"
    }
    assert names(asking("小满百货租的是哪些铺面", leases)) == ["二号铺", "三号铺"]
    assert asking("祁长庚租的是哪些铺面", leases).tally is None


def test_heads_of_households_and_of_bodies_are_not_their_people(asking: Asking) -> None:
    households: dict[str, str | bytes] = {
        "救助.md": "# 石门村2026年救助对象公示\n\n| 户主 | 家庭人口 | 类别 |\n|---|---|---|\n"
        "| 祁长庚 | 4 | 低保 |\n| 冉秋月 | 3 | 五保 |\n| 乔万山 | 5 | 低保 |\n"
    }
    bodies: dict[str, str | bytes] = {
        "名录.md": "# 云溪县合作社名录\n\n| 合作社 | 负责人 | 社员人数 | 等级 |\n|---|---|---|---|\n"
        "| 石门果品 | 祁长庚 | 40 | 省级 |\n| 南坪粮食 | 冉秋月 | 30 | 市级 |\n| 北坪蔬菜 | 乔万山 | 55 | 省级 |\n"
    }
    assert asking("有多少人属于低保", households).tally is None
    assert asking("有几个人拿低保", households).tally is None
    assert asking("省级的有多少人", bodies).tally is None


def test_a_list_of_some_does_not_tell_how_many_of_a_group_there_are(asking: Asking) -> None:
    some: dict[str, str | bytes] = {
        "民兵.md": "# 石门村民兵花名册\n\n| 姓名 | 政治面貌 | 组别 |\n|---|---|---|\n"
        "| 祁长庚 | 党员 | 一组 |\n| 冉秋月 | 群众 | 一组 |\n| 乔万山 | 党员 | 二组 |\n"
    }
    assert computed(asking("石门村民兵里有几个人是党员", some)) == ("count", "2", None, 2)
    assert asking("一组有几个人是党员", some).tally is None


@pytest.mark.parametrize(
    ("title", "heading", "question"),
    [
        ("青石镇残疾人养老保险代缴情况表", "参保人数", "哪个村参保人数最多"),
        ("青石镇移民户春季技能培训统计", "就业人数", "哪个村就业人数最多"),
        ("2026年乡村振兴先进集体名单", "党员数", "哪个村党员最多"),
    ],
)
def test_figures_of_some_people_are_not_ranked_as_those_of_all(
    title: str, heading: str, question: str, asking: Asking
) -> None:
    rows = (
        f"| 村名 | {heading} | 金额 |\n|---|---|---|\n| 石门村 | 21 | 4 |\n| 南坪村 | 16 | 9 |\n| 北坪村 | 35 | 7 |\n"
    )
    assert asking(question, {"表.md": f"# {title}\n\n{rows}"}).tally is None


def test_the_strongest_are_not_all(asking: Asking) -> None:
    some: dict[str, str | bytes] = {
        "十强.md": "# 云溪县2026年纳税十强企业\n\n| 企业名称 | 纳税额（万元） | 用工人数 |\n|---|---|---|\n"
        "| 云溪纺织 | 610 | 520 |\n| 青石水泥 | 530 | 310 |\n| 南坪食品 | 420 | 450 |\n"
    }
    assert asking("用工人数最少的企业是哪家", some).tally is None


def test_a_figure_that_two_headings_state_is_that_of_neither(asking: Asking) -> None:
    areas = csv(
        "石门村,1850,1250", "南坪村,970,970", "北坪村,1730,1730", heading="村名,承包面积（亩）,核定面积（亩）"
    )
    assert names(asking("哪个村核定面积最大", areas)) == ["北坪村"]
    assert asking("哪个村面积最大", areas).tally is None


def test_what_two_headings_begin_with_names_neither(asking: Asking) -> None:
    grants = csv("石门村,1250,10", "南坪村,970,35", "北坪村,800,20", heading="村名,补贴面积（亩）,补贴金额（万元）")
    assert names(asking("哪个村补贴金额最多", grants)) == ["南坪村"]
    assert asking("哪个村补贴最多", grants).tally is None


BUSES: dict[str, str | bytes] = {
    "公交线路.md": (
        "# 云溪县公交\n\n| 线路 | 票价（元） | 检修次数 | 学校 |\n|---|---|---|---|\n"
        "| 2路 | 2 | 每月1次 | 云溪县第二中学 |\n| 3路 | 1 | 每月2次 | 云溪县第三中学 |\n"
    )
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("3路公交票价多少", "票价（元）：1"),  # 公交 stands in the title, and holds a verb
        ("2路多久检修一次", "每月1次"),
        ("第三中学的公交票价多少", "票价（元）：1"),  # in the county the school goes without its name
    ],
)
def test_a_cell_is_found_by_form(question: str, told: str, asking: Asking) -> None:
    answer = asking(question, BUSES)
    assert told in (answer.answer or "") and "\n" not in (answer.answer or "")
