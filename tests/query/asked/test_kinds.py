"""What kind of thing a question asks for, and what holds or lacks it."""

import pytest

from retrieval.query.asked.kinds import AskedKinds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("左云县有多少网格员", "number"),
        ("左雲縣有幾個社區", "number"),
        ("How many grid workers are there?", "number"),
        ("兴县县委书记是谁", "person"),
        ("Who runs the canteen?", "person"),
        ("培训班在哪办的", "place"),
        ("舍必崖村在哪个镇", "place"),
        ("活动是哪天", "time"),
        ("新校区什么时候完工", "time"),
        ("来了哪些科室的专家", "list"),
        ("先锋队叫什么", "name"),
        ("他是什么职务", "role"),
        ("服务站的电话", "phone"),
        ("为什么能提前", "why"),
        ("怎么申请", "how"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert kind in AskedKinds(question).kinds


def test_a_wish_asks_for_no_kind() -> None:
    assert AskedKinds("介绍左云县的食堂").kinds == ()
    assert AskedKinds("介绍左云县的食堂").held_by("随便一句。") == 1


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("一顿饭多少钱", "午餐每份8元。", "食堂有52处。"),
        ("网格员一个月工资多少", "每月2450元。", "网格员有51名。"),
        ("困难家庭水费减多少", "每月减免4立方米水费。", "减免由社区受理。"),
        ("他今年多大岁数", "他今年78岁。", "他有3个孩子。"),
        ("党员占多大比例", "占18.5%。", "党员有44名。"),
        ("新校区什么时候完工", "2026年12月完工。", "新校区很大。"),
        ("几点开门", "早上8时开门。", "食堂有52处。"),
        ("几点开门", "每天8:00—18:00。", "食堂有52处。"),
        ("营业厅几点下班", "营业厅8:30—17:30。", "12月4日7:00—17:00停电。"),
        ("营业厅12月4日几点下班", "12月4日9:00—16:00营业。", "营业厅有2个。"),
        ("面试是哪天", "面试时间另行通知。", "面试占40%。"),
        ("大桥何时开工", "大桥开工时间另定。", "大桥很长。"),
        ("哪年建的", "2020年1月建成。", "7月3日开门。"),
        ("服务站的电话", "电话：0351-1234567。", "服务站有2个。"),
        ("张敏的手机号码是多少", "手机13800001234。", "电话：0351-1234567。"),
        ("张敏的手机", "手机13800001234。", "电话：0351-1234567。"),
        ("张敏的手机电话号码是多少", "手机13800001234。", "电话：0351-1234567。"),
        ("张敏的手机号码和邮箱是多少", "手机13800001234。", "电话：0351-1234567。"),
        ("张敏有手机号吗", "手机13800001234。", "电话：0351-1234567。"),
        ("用手机和电脑办医保的热线是多少", "热线：0351-1234567。", "用手机和电脑也能办。"),
        ("手机维修店的电话是多少", "电话：0351-1234567。", "手机维修店有2个。"),
        ("用手机办医保的热线是多少", "热线：0351-1234567。", "用手机也能办。"),
        ("县长是谁", "县长王明说。", "县委书记乔云说。"),
        ("村里的支书是谁", "党支部书记赵妙说。", "村民赵妙说。"),
        ("活动有多少党员参加", "五十六名党员参加。", "很多党员参加。"),
    ],
)
def test_what_plainly_cannot_answer(question: str, has: str, lacks: str) -> None:
    asked = AskedKinds(question)
    assert not asked.lacked_by(has)
    assert asked.lacked_by(lacks)


@pytest.mark.parametrize("question", ["忘记手机号和密码怎么办", "办卡需要有手机号吗"])
def test_who_speaks_of_a_mobile_number_asks_for_none(question: str) -> None:
    assert not AskedKinds(question).lacked_by("到营业厅出示身份证办理。")


@pytest.mark.parametrize(
    ("question", "fits", "does_not"),
    [
        ("有多少网格员", "配备专职网格员51名", "划分为58个小区"),
        ("有多少网格员", "51名网格员", "51名党员"),
        ("在哪个镇", "在金河镇", "在呼和浩特市"),
        ("签的是哪个社区", "与宇虹社区签约", "与马戛村签约"),
    ],
)
def test_the_very_sort_that_is_asked(question: str, fits: str, does_not: str) -> None:
    assert AskedKinds(question).unit_held_by(fits) > AskedKinds(question).unit_held_by(does_not)


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("左云县有多少网格员", ("网格", "格员")),
        ("网格员工资多少", ("工资",)),
        ("兴县县长是谁", ("县长",)),
        ("什么时候完工", ("完工",)),
        ("食堂好不好", ()),
    ],
)
def test_what_the_asking_word_stands_beside(question: str, focus: tuple[str, ...]) -> None:
    assert AskedKinds(question).focus == focus
    assert AskedKinds(question).focus_held_by("".join(focus) + "。") == (1 if focus else 0)


@pytest.mark.parametrize("question", ["接待家庭每晚补贴多少钱", "How much does a host family get a night?"])
def test_a_sum_in_another_language_is_one(question: str) -> None:
    asked = AskedKinds(question)
    assert not asked.lacked_by("host families receive 150 yuan per night.")
    assert asked.lacked_by("host families are thanked.")
    assert asked.lacked_by("共有3个接待家庭。")
