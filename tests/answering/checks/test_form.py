"""What has the form of an answer: it states something, says more than the question, and has the kind asked for."""

import pytest

from retrieval.answering.checks.objections import FORM, KIND
from tests.answering.make import objection, passage

FEES = "食堂怎样收费"
PRICE = "食堂一顿饭多少钱"

# -- what states nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 6])
def test_a_heading_answers_nothing(level: int) -> None:
    assert objection(FEES, passage("食堂午餐每份8元。", levels=[level])) == FORM
    assert objection(FEES, passage("食堂午餐每份8元。", levels=[0])) is None


@pytest.mark.parametrize(
    "line",
    [
        "食堂午餐8元的收费标准……12",
        "三、食堂午餐8元的收费标准………………………… 12",
        "食堂午餐8元的收费标准........12",
        "食堂午餐8元的收费标准 . . . . 12",
        "食堂午餐8元的收费标准·····12",
        "食堂午餐8元的收费标准……",
        "三、食堂午餐8元的收费标准…………",
        "目录",
        "目 录",
    ],
)
def test_a_line_of_contents_answers_nothing(line: str) -> None:
    assert objection(FEES, passage(line)) == FORM


@pytest.mark.parametrize(
    "line",
    ["食堂午餐每份8元怎样收费？", "问：食堂午餐8元怎样收费?", "“食堂午餐8元怎样收费？”", "食堂午餐8元贵吗？）"],
)
def test_a_question_answers_nothing(line: str) -> None:
    assert objection(FEES, passage(line)) == FORM
    assert objection(FEES, passage(line, "答：午餐每份8元。")) is None


@pytest.mark.parametrize("lead", ["食堂午餐收费标准如下：", "收费如下:", "食堂收费标准公示如下： "])
def test_a_lead_in_answers_only_with_what_it_leads_to(lead: str) -> None:
    assert objection(FEES, passage(lead)) == FORM
    assert objection(FEES, passage(lead, "午餐每份8元。"), number=0) is None
    assert objection(FEES, passage("午餐每份8元。", lead)) == FORM


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("护林员名单有哪些人", "护林员由各村推荐产生，名单见附件。", FORM),
        ("护林员名单有哪些人", "护林员名单附后，公示5天。", FORM),
        ("护林员名单有哪些人", "护林员名单为张志强、李桂兰，分工见附件。", None),
        ("护林员名单在哪里看", "护林员由各村推荐产生，名单见附件。", None),
        ("护林员由谁推荐", "护林员由各村推荐产生，张志强审核，名单见附件。", None),
    ],
)
def test_that_a_list_lies_elsewhere_is_not_the_list(question: str, sentence: str, said: str | None) -> None:
    assert objection(question, passage(sentence)) == said


# -- the question's own words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (FEES, "食堂怎样收费。"),
        (FEES, "食堂收费。"),
        (FEES, "关于食堂的收费。"),
        (FEES, "问：食堂怎样收费。"),
        ("左云县有哪些食堂", "左云县的食堂。"),
        ("左云县民政局在哪里", "左云县民政局。"),
        ("先锋队叫什么", "先锋队。"),
        ("先锋队叫什么？", "这个先锋队。"),
        ("哪里可以买什么", "可以买。"),
    ],
)
def test_the_words_of_the_question_alone_answer_nothing(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) == FORM


def test_what_is_known_beside_the_sentence_is_nothing_new() -> None:
    assert objection("有哪些食堂", passage("左云县的食堂。", title="左云县食堂")) == FORM
    assert objection("有哪些食堂", passage("左云县有云口、渡头两个食堂。", title="左云县食堂")) is None


def test_a_person_whom_the_title_names_is_new_to_who_asks_for_one() -> None:
    title = "云溪县人民政府关于郭志远等同志职务任免的通知"
    assert objection("县水务局局长是谁", passage("郭志远为县水务局局长；", title=title)) is None
    assert objection("县水务局局长是谁", passage("县水务局局长的职务。", title=title)) == FORM


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (FEES, "食堂午餐每份8元。"),
        (FEES, "答：午餐每份8元。"),
        (FEES, "食堂不收费，免费。"),
        ("停车收什么费", "停车免费。"),
        ("左云县民政局在哪里", "左云县民政局在云中路5号。"),
        ("先锋队叫什么", "先锋队叫“红马甲”。"),
        ("有几处食堂", "食堂有3处。"),
    ],
)
def test_who_says_more_than_the_question_may_answer(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("食堂周末开门吗", "食堂周末开门。"),
        ("食堂周末开门吗？", "食堂周末不开门。"),
        ("食堂周末是否开门", "食堂周末开门。"),
        ("食堂周末开不开门", "食堂周末开门。"),
        ("食堂周末开门么", "食堂周末开门。"),
        ("食堂周末开门不", "食堂周末开门。"),
        ("食堂周末开门没有", "食堂周末开门。"),
        ("外地户口可不可以申请低保", "外地户口可以申请低保。"),
        ("外地户口能不能申请低保", "外地户口不能申请低保。"),
        ("外地户口能否申请低保", "外地户口能申请低保。"),
        ("外地户口可否申请低保", "外地户口可以申请低保。"),
        ("Is the canteen open?", "The canteen is open."),
    ],
)
def test_whether_something_is_so_may_be_met_with_the_same_words(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) is None
    assert objection(question, passage(sentence, levels=[1])) == FORM
    assert objection(question, passage(f"{sentence[:-1]}？")) == FORM


# -- the kind that is asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "fits", "lacks"),
    [
        (PRICE, "食堂午餐每份8元。", "食堂的饭菜非常好。"),
        (PRICE, "食堂午餐每份八元。", "食堂有52处。"),
        (PRICE, "70岁以上的老人免费。", "70岁以上的老人很多。"),
        ("食堂是哪年开的", "食堂2019年开张。", "食堂至今开了六年多。"),
        ("食堂是哪一年开的", "食堂二〇一九年开张。", "食堂至今开了6年多。"),
        ("办理身份证要多少钱", "首次办理不收费。", "首次办理须带照片。"),
        ("办理身份证要多少钱", "首次申领免收工本费。", "首次申领要交照片2张。"),
        ("停车收多少费用", "停车免费。", "停车场有300个车位。"),
        ("办理身份证要多久", "须10个工作日。", "须带照片。"),
        ("办理身份证要多久", "自受理起二十个工作日内办结。", "须交照片2张。"),
        ("办理身份证要多少天", "须10个工作日。", "须交照片2张。"),
        ("办理身份证需要多长时间", "30日内办结。", "须交照片2张。"),
        ("报名截止到哪天", "报名截止到7月15日。", "报名须带照片。"),
        ("最晚哪天报名", "报名到7月15日为止。", "报名须带照片。"),
        ("When does the heating start?", "Central heating starts on 15 November.", "Central heating is free."),
        ("When does the gate shut?", "The gate will close at 11:30 p.m.", "The gate is new."),
        ("什么时候能看到回放", "节目将在近期上线。", "节目很精彩。"),
        ("篮球场有多大", "场地面积600平方米。", "场地共用3个月建成。"),
        ("他今年多大了", "他今年37岁。", "他有3个孩子。"),
        ("有多少人得流感", "流行性感冒6905例。", "流行性感冒占65%。"),
        ("低保户交多少租金", "低保户按10%缴纳。", "低保户有3户。"),
        ("报名截止到哪天", "报名截止到2026-07-15。", "报名费8元。"),
        ("报名截止到哪天", "报名截止到2026.8.2。", "报名人数有30人。"),
        ("报名截止到哪天", "报名截止到七月十五日。", "报名点在学校。"),
        ("报名什么时候截止", "2026-07-15截止。", "报名须带照片。"),
        ("哪年建的", "二〇一八年建成。", "7月建成。"),
        ("几点开门", "早上8:00开门。", "食堂每天开门。"),
        ("几点开门", "早上八点开门。", "食堂每天开门。"),
        ("服务站的电话是多少", "电话：0351-1234567。", "服务站在云中路5号。"),
        ("服务站的电话是多少", "请拨打13812345678。", "服务站有2个。"),
        ("服务站的电话", "请拨1234567。", "服务站有2部座机。"),
    ],
)
def test_the_kind_that_is_asked(question: str, fits: str, lacks: str) -> None:
    assert objection(question, passage(fits)) is None
    assert objection(question, passage(lacks)) == KIND


def test_a_list_may_hold_the_kind_for_the_line_that_leads_to_it() -> None:
    lead = "食堂收费如下："
    assert objection(PRICE, passage(lead, "午餐8元。"), number=0) is None
    assert objection(PRICE, passage(lead, "午餐很好。"), number=0) == KIND


# -- rows of tables ------------------------------------------------------------------------------------------------


def test_the_cells_of_a_row_need_no_units() -> None:
    asked = "柳树沟村有多少亩耕地"
    assert objection(asked, passage("村名：柳树沟村 | 人口：1286 | 耕地：3420")) is None
    assert objection(asked, passage("柳树沟村的耕地都在河边。")) == KIND


def test_a_row_of_another_village_is_of_another_place() -> None:
    asked = "柳树沟村有多少亩耕地"
    assert objection(asked, passage("村名：石桥村 | 人口：942 | 耕地：2105")) == "place"


# -- the most of many, a sum over many -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "told", "one_of_many"),
    [
        ("哪个村人口最多", "南关村人口最多，有2011人。", "南关村有2011人。"),
        ("谁得票最多", "得票最多的是张建国。", "张建国得了310票。"),
        ("人口最少的是哪个村", "下营村人口655人，是全镇最少的。", "下营村有655人。"),
        ("三个县投资一共多少亿元", "三县合计完成投资66.6亿元。", "左云县完成投资18.4亿元。"),
        ("两家公司加起来多少人", "两家公司共有300人。", "甲公司有120人。"),
    ],
)
def test_one_of_many_is_neither_the_most_nor_the_sum(question: str, told: str, one_of_many: str) -> None:
    assert objection(question, passage(one_of_many)) == KIND
    assert objection(question, passage(told)) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("最晚几点关门", "图书馆22:00关门。"),
        ("贷款最高多少万元", "贷款额度为60万元。"),
        ("一共多少人", "全村有942人。"),
    ],
)
def test_a_limit_or_a_plain_total_asks_for_no_comparison(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) is None


def test_a_row_without_a_figure_answers_no_question_for_one() -> None:
    row = "村名：柳树沟村 | 支书：韩景春 | 会计：王芳"
    assert objection("柳树沟村有多少人", passage(row)) == KIND
    assert objection("柳树沟村的支书是谁", passage(row)) is None


def test_a_row_may_tell_in_words_that_nothing_is_to_be_paid() -> None:
    assert objection("查封登记要交多少钱", passage("类型：查封登记 | 收费标准：不收费 | 时限：当日")) is None
    assert objection("查封登记要交多少钱", passage("类型：查封登记 | 收费标准：见公告 | 时限：当日")) == KIND


@pytest.mark.parametrize(
    "row",
    [
        "乡镇：石门镇 | 用水（吨）：950 | 户数：260",
        "村：王家庄 | 镇：石门镇 | 备注：无",
        "单位：水务局 | 电话：5520088",
    ],
)
def test_a_row_without_a_person_does_not_tell_who_holds_an_office(row: str) -> None:
    assert objection("县长是谁", passage(row)) == KIND


@pytest.mark.parametrize(
    "row",
    [
        "职务：县长 | 姓名：阿依古丽 | 电话：5520088",
        "县长：石磊 | 副县长：王芳",
        "单位：县政府 | 负责人：石磊",
        "姓名：石磊 | 职务：县长",
    ],
)
def test_a_row_with_the_holder_of_an_office_answers(row: str) -> None:
    assert objection("县长是谁", passage(row)) is None


def test_what_sort_of_persons_may_be_told_without_a_name() -> None:
    question = "哪些人可以先分到公租房"
    assert objection(question, passage("烈士遗属、环卫工人家庭同等条件下先配租。")) is None


def test_dots_that_end_a_sentence_make_no_line_of_contents() -> None:
    assert objection("老人以前由谁带去看病", passage("老人说，原先都是子女带她去，预约、挂号、排队……")) is None


def test_a_title_that_is_the_sentence_itself_takes_nothing_away_from_it() -> None:
    sentence = "在欧洲，梵语的学术研究由两位德国学者开创。"
    assert objection("谁开创了欧洲对梵语的学术研究", passage(sentence, title=sentence)) is None
    assert objection("梵语的学术研究由谁开创", passage("梵语的学术研究由此开创。", title=sentence)) == FORM


@pytest.mark.parametrize(
    ("question", "sentence", "said"),
    [
        ("残疾证有效期几年", "残疾证有效期十年。", None),
        ("合同期限几年", "合同期限一年。", None),
        ("残疾证有效期几年", "残疾证有效期。", FORM),
        ("护林员的保险要自己掏多少钱", "护林员购买意外保险，费用由县财政承担。", None),
        ("护林员的保险要自己掏多少钱", "护林员应当购买意外保险。", KIND),
        ("补贴多少天发到卡里", "补贴发放到子女年满三周岁。", KIND),
        ("补贴多少天发到卡里", "补贴在三周内发到卡里。", None),
    ],
)
def test_figures_in_characters_and_in_words(question: str, sentence: str, said: str | None) -> None:
    assert objection(question, passage(sentence)) == said


@pytest.mark.parametrize(
    ("sentence", "is_answer"),
    [
        ("申请条件：无房的职工。", False),
        ("申请地点：住建局窗口。", True),
        ("申请材料：在镇政府领取的申请表。", True),
        ("住建局窗口受理。", True),
    ],
)
def test_a_line_that_tells_something_else_tells_no_place(sentence: str, is_answer: bool) -> None:
    assert (objection("公租房在哪里申请", passage(sentence, title="公租房指南")) is None) == is_answer


def test_a_telephone_number_tells_not_whether_something_is_so() -> None:
    for line in ("户籍窗口：0351-1234567。", "户籍窗口6127725，出入境窗口6127726。"):
        assert objection("户籍窗口周日办公吗", passage(line)) == FORM
        assert objection("户籍窗口有电话吗", passage(line)) is None
        assert objection("户籍窗口的电话是多少", passage(line)) is None
    assert objection("户籍窗口周日办公吗", passage("户籍窗口周日不办公，急事打0351-1234567。")) is None
