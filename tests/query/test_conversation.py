"""Conversations: the question before as it was understood, what is asked then, and what that means.

Place, time, thing, number and document are kept apart: a follow-up puts another in the place of one, and keeps the
others. A fresh question drops all.
"""

import pytest

from retrieval.query.followup import complete

GRID = "左云县有多少网格员"
HEAD = "兴县县委书记是谁"
PENSION = "高龄津贴怎么领"
PERMIT = "办居住证需要什么材料"

TURNS = [
    # the place, then the thing
    (GRID, "兴县呢", "兴县有多少网格员"),
    ("兴县有多少网格员", "那党员呢", "兴县有多少党员"),
    ("兴县有多少党员", "左云县呢", "左云县有多少党员"),
    ("2024年左云县有多少网格员", "兴县呢", "2024年兴县有多少网格员"),
    ("2024年左云县有多少网格员", "党员呢", "2024年左云县有多少党员"),
    ("2024年左云县有多少网格员", "那有多少党员", "2024年左云县有多少党员"),
    ("白石镇高龄津贴怎么领", "青石镇呢", "青石镇高龄津贴怎么领"),
    # the time
    (GRID, "去年呢", "左云县去年有多少网格员"),
    (GRID, "那2024年呢", "左云县2024年有多少网格员"),
    ("左云县去年有多少网格员", "前年呢", "左云县前年有多少网格员"),
    ("左云县去年有多少网格员", "2023年呢？", "左云县2023年有多少网格员"),
    ("2024年左云县有多少网格员", "现在呢", "现在左云县有多少网格员"),
    ("2024年左云县财政收入多少", "上半年呢", "2024年上半年左云县财政收入多少"),
    ("2024年上半年左云县财政收入多少", "下半年呢", "2024年下半年左云县财政收入多少"),
    ("2024年上半年左云县财政收入多少", "那2023年呢", "2023年上半年左云县财政收入多少"),
    ("左云县上半年财政收入多少", "第三季度呢", "左云县第三季度财政收入多少"),
    ("食堂今天几点开门", "明天呢", "食堂明天几点开门"),
    ("食堂几点开门", "周末呢", "周末食堂几点开门"),
    ("3月份左云县有多少网格员", "那4月份呢", "4月份左云县有多少网格员"),
    ("左云县去年有多少网格员", "那兴县今年呢", "兴县今年有多少网格员"),
    # what has a number
    ("条例第一条是什么", "第二条呢", "条例第二条是什么"),
    ("《水价办法》第三条规定了什么", "那第四条呢", "《水价办法》第四条规定了什么"),
    ("《水价办法》是哪年的", "第二条呢", "《水价办法》第二条是什么"),
    ("5路公交车改走哪条路", "2路呢", "2路公交车改走哪条路"),
    ("一期工程什么时候完工", "二期呢", "二期工程什么时候完工"),
    ("80岁老人的高龄津贴是多少", "90岁呢", "90岁老人的高龄津贴是多少"),
    ("第一阶梯水价是多少", "第三阶梯呢", "第三阶梯水价是多少"),
    # the document
    ("《水价办法》什么时候施行", "《气价办法》呢", "《气价办法》什么时候施行"),
    ("津贴标准在柏政办发〔2023〕12号里是多少", "那柏水发〔2025〕18号呢", "津贴标准在柏水发〔2025〕18号里是多少"),
    ("津贴标准在柏政办发〔2023〕12号里是多少", "在柏水发〔2025〕18号里呢", "津贴标准在柏水发〔2025〕18号里是多少"),
    ("津贴标准在柏政办发〔2023〕12号里是多少", "第三条呢", "柏政办发〔2023〕12号第三条是什么"),
    # what belongs to somebody, or to something
    (HEAD, "她的电话呢", "兴县县委书记的电话是多少"),
    (HEAD, "那他的职务呢", "兴县县委书记的职务是什么"),
    (HEAD, "电话呢", "兴县县委书记的电话是多少"),
    (HEAD, "她的电话是多少", "兴县县委书记的电话是多少"),
    ("马晓凤是什么职务", "她的电话呢", "马晓凤的电话是多少"),
    ("兴县县委书记的电话是多少", "那县长呢", "兴县县长的电话是多少"),
    ("兴县县委书记的电话是多少", "地址呢", "兴县县委书记的地址在哪里"),
    ("兴县县委书记的电话是多少", "左云县呢", "左云县县委书记的电话是多少"),
    ("便民中心在哪里", "电话呢？", "便民中心的电话是多少"),
    ("便民中心的电话是多少", "那地址呢", "便民中心的地址在哪里"),
    (GRID, "他们的工资呢", "左云县网格员的工资是多少"),
    (GRID, "工资呢", "左云县网格员的工资是多少"),
    # what is asked more of the same
    (PENSION, "从哪天开始", "高龄津贴从哪天开始"),
    (PENSION, "什么时候开始发？", "高龄津贴什么时候开始发"),
    (PENSION, "需要什么材料", "高龄津贴需要什么材料"),
    (PENSION, "每月多少钱", "高龄津贴每月多少钱"),
    (PENSION, "去哪里办", "高龄津贴去哪里办"),
    (PENSION, "谁能领", "高龄津贴谁能领"),
    (PENSION, "那要带什么证件呢", "高龄津贴要带什么证件"),
    ("高龄津贴从哪天开始", "怎么申请", "高龄津贴怎么申请"),
    (PERMIT, "这个要多少钱", "办居住证要多少钱"),
    (PERMIT, "这个怎么办理？", "办居住证怎么办理"),
    (PERMIT, "要多少钱", "办居住证要多少钱"),
    (PERMIT, "多久能办好", "办居住证多久能办好"),
    (PERMIT, "收费吗", "办居住证收费吗"),
    (PERMIT, "可以代办吗", "办居住证可以代办吗"),
    ("谁能领高龄津贴", "从什么时候起", "高龄津贴从什么时候起"),
    ("左云县幸福食堂几点开门", "这个食堂在哪里", "左云县幸福食堂在哪里"),
    ("左云县幸福食堂几点开门", "它是谁办的", "左云县幸福食堂是谁办的"),
    # who or what it is meant for
    ("老年食堂一顿饭多少钱", "低保户呢", "低保户老年食堂一顿饭多少钱"),
    ("老年食堂一顿饭多少钱", "70岁以上的呢", "70岁以上老年食堂一顿饭多少钱"),
    ("老年食堂一顿饭多少钱", "晚上呢", "晚上老年食堂一顿饭多少钱"),
    ("公积金要连续缴存多少天", "外地的呢", "外地公积金要连续缴存多少天"),
    ("县城居民用水价格是多少", "非居民呢", "非居民县城居民用水价格是多少"),
    ("县城居民用水价格是多少", "第二阶梯呢", "第二阶梯县城居民用水价格是多少"),
    ("左云县财政收入多少", "固定资产投资呢", "左云县固定资产投资多少"),
    ("食堂明天中午几点开门", "晚上呢", "食堂明天晚上几点开门"),
    ("公积金要连续缴存多少天", "去年是多少", "去年公积金要连续缴存多少天"),
    ("便民中心在哪里", "电话是多少", "便民中心的电话是多少"),
    (HEAD, "那办公地址在哪里", "兴县县委书记的办公地址在哪里"),
    ("兴县有几个老年食堂", "一共花了多少钱", "兴县老年食堂一共花了多少钱"),
    ("谁负责左云县的网格工作", "她的电话呢", "负责左云县的网格工作的人的电话是多少"),
    ("为什么东街封路", "到什么时候结束", "东街封路到什么时候结束"),
    ("左雲縣有多少網格員", "去年呢", "左雲縣去年有多少網格員"),
    # English
    ("How many grid workers were there in Zuoyun County in 2024?", "and in 2023?",
     "How many grid workers were there in Zuoyun County in 2023?"),
    ("How many grid workers are there in Zuoyun County?", "what about last year?",
     "How many grid workers are there in Zuoyun County last year?"),
]  # fmt: skip
NAMED = [
    # what the answer before named: a person, a village
    (HEAD, "马晓凤", "她的电话呢", "马晓凤的电话是多少"),
    (HEAD, "马晓凤", "那她的办公地点在哪里", "马晓凤的办公地点在哪里"),
    (HEAD, "马晓凤", "她还分管哪些局", "马晓凤还分管哪些局"),
    (HEAD, "马晓凤", "她还在任吗？", "马晓凤还在任吗"),
    (HEAD, "马晓凤", "他们的电话呢", "兴县县委书记的电话是多少"),
    (HEAD, "马晓凤", "左云县呢", "左云县县委书记是谁"),
    (HEAD, "马晓凤", "电话呢", "兴县县委书记的电话是多少"),
    ("哪个村人口最多", "柳林村", "这个村有多少户", "柳林村有多少户"),
    ("哪个村人口最多", "柳林村", "该村的支书是谁", "柳林村的支书是谁"),
    ("哪个村人口最多", "柳林村", "它的面积呢", "柳林村的面积是多少"),
    ("哪个村人口最多", "柳林村", "户数呢", "哪个村户数最多"),
]
AGAIN = [
    ("城市低保标准是多少", "农村呢", "农村低保标准是多少"),
    ("首次申领居住证多少钱", "补领呢", "补领申领居住证多少钱"),
    ("左云县民政局局长是谁", "水利局呢", "左云县水利局局长是谁"),
    ("云政发〔2024〕3号规定的标准是多少", "云政发〔2025〕7号呢", "云政发〔2025〕7号规定的标准是多少"),
    ("云政发〔2024〕3号规定的标准是多少", "财政补助呢", "云政发〔2024〕3号规定的财政补助是多少"),
    ("《水价办法》里水费是多少", "《气价办法》呢", "《气价办法》里水费是多少"),
    ("办犬证要多少钱", "丢了怎么办", "办犬证丢了怎么办"),
    ("左云县老年食堂的电话是多少", "兴县的呢", "兴县老年食堂的电话是多少"),
    ("左云县有多少网格员", "xingxian呢", "xingxian有多少网格员"),
]
FRESH = [
    *("兴县有多少党员", "食堂几点开门", "左云县去年有多少网格员", "有多少党员", "党员的电话是多少", "谁能领高龄津贴"),
    *("居住证要多少钱", "公交车什么时候开始改道", "从左云县到兴县有多远", "去年有哪些大事", "第二条是什么", "这"),
    *(
        "你好",
        "谢谢",
        "还有吗",
        "还有呢",
        "继续",
        "更多",
        "这个",
        "怎么了",
        "那个夸物业的居民住哪个小区",
        "今天天气怎么样",
    ),
    *("怎么办理居住证", "需要什么材料才能办居住证", "在哪里办居住证", "多少钱一吨水", "谁是县长", "哪里有食堂"),
]


@pytest.mark.parametrize(("previous", "asked", "understood"), TURNS)
def test_a_turn(previous: str, asked: str, understood: str) -> None:
    assert complete(asked, previous) == understood


@pytest.mark.parametrize(("previous", "named", "asked", "understood"), NAMED)
def test_a_pronoun_means_whom_the_answer_named(previous: str, named: str, asked: str, understood: str) -> None:
    assert complete(asked, previous, named) == understood


@pytest.mark.parametrize(("previous", "asked", "understood"), AGAIN)
def test_another_of_the_same_sort(previous: str, asked: str, understood: str) -> None:
    assert complete(asked, previous) == understood


@pytest.mark.parametrize("asked", FRESH)
@pytest.mark.parametrize("previous", [GRID, HEAD, PENSION])
def test_a_fresh_question_drops_all(asked: str, previous: str) -> None:
    assert complete(asked, previous) is None


def talked(*turns: str) -> list[str]:
    """Each turn as it is understood, going on from the one before it."""
    understood: list[str] = []
    for turn in turns:
        understood.append(complete(turn, understood[-1] if understood else None) or turn)
    return understood


def test_a_long_conversation_keeps_its_slots_apart() -> None:
    assert talked(GRID, "兴县呢", "那党员呢", "去年呢", "左云县呢", "工资呢", "兴县有多少食堂", "那左云县呢") == [
        GRID,
        "兴县有多少网格员",
        "兴县有多少党员",
        "兴县去年有多少党员",
        "左云县去年有多少党员",
        "左云县去年党员的工资是多少",
        "兴县有多少食堂",
        "左云县有多少食堂",
    ]
    assert talked(HEAD, "她的电话呢", "那县长呢", "左云县呢", PENSION, "从哪天开始", "需要什么材料", "白石镇呢") == [
        HEAD,
        "兴县县委书记的电话是多少",
        "兴县县长的电话是多少",
        "左云县县长的电话是多少",
        PENSION,
        "高龄津贴从哪天开始",
        "高龄津贴需要什么材料",
        "白石镇高龄津贴需要什么材料",
    ]


@pytest.mark.parametrize("asked", [asked for _, asked, _ in TURNS])
@pytest.mark.parametrize(
    "previous", [None, "", "？？", "呢", "多少", "\ud800", "字" * 900, "第零条", "什么时候开始" * 150]
)
def test_a_follow_up_to_nothing_is_survived(asked: str, previous: str | None) -> None:
    assert complete(asked, previous) is None or previous is not None


@pytest.mark.parametrize("asked", ["13月呢", "第零条呢", "0呢"])
def test_what_is_no_month_and_no_article_is_put_in_no_place(asked: str) -> None:
    assert complete(asked, GRID) is None
