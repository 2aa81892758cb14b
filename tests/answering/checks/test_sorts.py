"""Of things that a word tells apart no sentence about the other answers."""

import pytest

from retrieval.answering.checks.objections import KIND
from retrieval.text.sorts import sorts_in
from tests.answering.make import objection, passage


@pytest.mark.parametrize(
    ("question", "here", "there"),
    [
        ("教师招聘面试是哪天", "面试定于5月9日进行。", "笔试定于4月12日进行。"),
        ("公交首班几点", "首班5:50发车。", "末班20:10发车。"),
        ("城南片区报修打哪个电话", "城南片区报修电话0351-1234567。", "城北片区报修电话0351-7654321。"),
        ("老博物馆面积多大", "老馆面积1200平方米。", "新馆面积6400平方米，比老馆大四倍。"),
        ("新博物馆面积多大", "新馆面积6400平方米。", "旧馆面积1200平方米。"),
        ("人民医院有多少床位", "人民医院有床位300张。", "中医院有床位90张。"),
        ("住院一年最多报多少钱", "住院每年最多报销15万元。", "门诊每年最多报销300元。"),
        ("转正后月薪多少", "转正后月薪4800元。", "试用期月薪3600元。"),
        ("非居民用电一度多少钱", "非居民每度0.71元。", "居民每度0.52元。"),
        ("女子组冠军奖多少钱", "女子组冠军奖3000元。", "男子组冠军奖3000元。"),
        ("秋季学期交多少钱", "秋季学期交320元。", "春季学期交300元。"),
        ("晚餐多少钱一份", "晚餐每份12元。", "早餐每份6元。"),
        ("硕士租房补贴每月多少钱", "硕士每月800元。", "博士每月1500元。"),
        ("幼儿园小班招多少人", "小班招60人。", "大班招30人。"),
        ("大型车停一次多少钱", "小型车免费，大巴车每次15元。", "小型车每次5元。"),
        ("大型车停一天多少钱", "大型车每天20元。", "小型车每天10元。"),
        ("工伤保险费率是多少", "工伤保险费率为0.4%。", "失业保险费率为0.5%。"),
    ],
)
def test_what_a_sentence_says_of_the_other_is_no_answer(question: str, here: str, there: str) -> None:
    assert objection(question, passage(here)) is None
    assert objection(question, passage(there)) == KIND
    assert objection(question, passage(f"{here[:-1]}，{there}")) is None


@pytest.mark.parametrize(
    ("question", "title", "other"),
    [
        ("燃气开户费多少钱", "青禾县燃气公司收费公示", "青禾县自来水公司收费公示"),
        ("停电的补偿多少钱", "青禾县供电公司公告", "青禾县热力公司公告"),
        ("中医院挂专家号多少钱", "就诊须知（中医医院）", "就诊须知（人民医院）"),
        ("居民医保大病起付线多少钱", "居民医保待遇", "职工医保待遇"),
    ],
)
def test_a_paper_of_the_other_tells_nothing(question: str, title: str, other: str) -> None:
    assert objection(question, passage("收费80元。", title=title)) is None
    assert objection(question, passage("收费80元。")) is None
    assert objection(question, passage("收费80元。", title=other)) == KIND
    assert objection(question, passage("收费80元。", title=f"{title}、{other}")) is None


def test_a_section_may_say_what_is_asked() -> None:
    told = passage("笔试成绩前三名的，5月9日到场。", section="四、面试")
    assert objection("面试是哪天", told) is None
    paper = "南坪镇面试公告"
    assert objection("面试是哪天", passage("笔试定于4月12日进行。", title=paper, section=paper)) == KIND


def test_whether_something_is_so_may_be_met_with_the_other() -> None:
    assert objection("门诊看病能报销吗", passage("住院产生的费用才能报销。")) is None
    assert objection("职工医保能替家里人交费吗", passage("能，可以交居民医保。")) is None


@pytest.mark.parametrize(
    ("question", "here", "there"),
    [
        ("大坝什么时候建成", "大坝2024年3月开工，2026年10月建成。", "大坝2024年3月开工，总投资2亿元。"),
        ("庙会哪天闭幕", "庙会2月20日闭幕。", "庙会2月12日开幕。"),
        ("登记什么时候结束", "登记5月30日结束。", "登记5月8日开始。"),
    ],
)
def test_when_something_ends_is_not_when_it_begins(question: str, here: str, there: str) -> None:
    assert objection(question, passage(here)) is None
    assert objection(question, passage(there)) == KIND


def test_a_span_has_both_ends() -> None:
    for span in ("5月8日至30日", "5月8日—5月30日", "从5月8日起，到5月30日", "5月8日9:00-12:00"):
        assert objection("登记什么时候结束", passage(f"登记开始了，{span}。")) is None
    assert objection("夏令营哪天开始", passage("夏令营7月6日开营，7月19日结束。")) is None


def test_only_the_clause_that_asks_tells_them_apart() -> None:
    told = passage("中医院看皮肤病。")
    assert objection("卫生院看不了皮肤病，该去哪里看", told) is None
    assert objection("卫生院在哪里看皮肤病", told) == KIND


def test_words_that_only_begin_so_tell_nothing_apart() -> None:
    for text in ("新增车站3座", "老年活动站", "敬老院新址", "门诊楼和住院部", "居民委员会"):
        assert {*sorts_in(text)} <= ({"age"} if "新址" in text else set())
