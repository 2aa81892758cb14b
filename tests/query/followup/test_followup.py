"""Short questions after another one: what is completed, and what stays as it stands."""

import pytest

from retrieval.query.followup.completion import complete
from retrieval.query.message.dependent import goes_on

GRID = "左云县有多少网格员"
HEAD = "兴县县委书记是谁"
ENGLISH = "How many grid workers are there in Zuoyun County?"


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        # another place
        (GRID, "那兴县呢", "兴县有多少网格员"),
        (GRID, "兴县呢？", "兴县有多少网格员"),
        (GRID, "那么云溪县呢", "云溪县有多少网格员"),
        (GRID, "那興縣呢", "興縣有多少网格员"),
        ("左雲縣有多少網格員", "那興縣呢", "興縣有多少網格員"),
        ("左云有多少网格员", "兴县呢", "兴县有多少网格员"),
        (HEAD, "左云县呢", "左云县县委书记是谁"),
        ("魏家滩镇马蒲滩村的支部书记是谁", "九原坪村呢", "魏家滩镇九原坪村的支部书记是谁"),
        ("食堂一顿饭多少钱", "左云县呢", "左云县食堂一顿饭多少钱"),
        # another thing
        (GRID, "党员呢", "左云县有多少党员"),
        (GRID, "那党员呢？", "左云县有多少党员"),
        (GRID, "兼职的呢", "左云县有多少兼职网格员"),
        ("左雲縣有多少網格員", "黨員呢？", "左雲縣有多少黨員"),
        (HEAD, "县长呢", "兴县县长是谁"),
        ("敖汉旗流动党员培训班在哪办的", "食堂呢", "敖汉旗食堂在哪办的"),
        # another of the same sort, and what it is of stays
        ("轻型无人机登记多少钱", "微型的呢", "微型无人机登记多少钱"),
        ("水利局局长是谁", "副局长呢", "水利局副局长是谁"),
        ("石门村护林员的电话多少", "网格员呢", "石门村网格员的电话多少"),
        ("居民暖气费多少", "非居民呢", "非居民暖气费多少"),
        ("非居民暖气费多少", "居民呢", "居民暖气费多少"),
        ("暖气费多少钱", "物业费呢", "物业费多少钱"),
        ("停车首小时多少钱", "那全天最高呢", "停车全天最高多少钱"),
        ("养犬管理办法还有效吗", "烟花燃放管理办法呢", "烟花燃放管理办法还有效吗"),
        # what held before
        ("建房补助多少钱", "原来是多少", "原来建房补助多少钱"),
        ("县水利局局长是谁", "之前是谁", "之前县水利局局长是谁"),
        ("县水利局局长是谁", "哪天任命的", "县水利局局长哪天任命的"),
        # another way of asking
        (GRID, "什么时候", "左云县网格员什么时候"),
        (GRID, "为什么？", "左云县网格员为什么"),
        (GRID, "那是谁", "左云县网格员是谁"),
        (GRID, "在哪里呢", "左云县网格员在哪里"),
        (HEAD, "多大岁数", "兴县县委书记多大岁数"),
        (HEAD, "哪一位", "兴县县委书记哪一位"),
        (GRID, "几户", "左云县网格员几户"),
        (GRID, "咋样？", "左云县网格员咋样"),
        # what is only pointed at
        (GRID, "该县有多少社区", "左云县有多少社区"),
        (GRID, "那里有几个食堂", "左云县有几个食堂"),
        (GRID, "其中党员有多少", "左云县网格员中党员有多少"),
        (HEAD, "他多大了", "兴县县委书记多大了"),
        (GRID, "那有多少党员", "左云县有多少党员"),
        # English
        (ENGLISH, "and Xing County?", "How many grid workers are there in Xing County?"),
        (ENGLISH, "What about Xing County?", "How many grid workers are there in Xing County?"),
        (ENGLISH, "how about party members?", "How many party members are there in Zuoyun County?"),
        (ENGLISH, "when?", "when grid workers are there in Zuoyun County?"),
    ],
)
def test_a_follow_up_is_completed(previous: str, question: str, whole: str) -> None:
    assert complete(question, previous) == whole


@pytest.mark.parametrize(
    "question",
    [
        *(
            "兴县县委书记是谁",
            "苏计村支书是谁",
            "食堂几点开门",
            "有多少党员",
            "马晓凤是什么职务",
            "为老餐厅都有些啥饭",
        ),
        *("今天天气怎么样", "你好", "谢谢", "在吗", "党员", "兴县", "那个夸物业的居民住哪个小区", "", "？"),
        *("What is the capital of Australia?", "How many canteens are there?", "thanks", "Xing County"),
        "这" * 30 + "呢",
    ],
)
@pytest.mark.parametrize("previous", [GRID, HEAD, ENGLISH])
def test_a_fresh_question_is_not_bent(question: str, previous: str) -> None:
    assert complete(question, previous) is None


@pytest.mark.parametrize("question", ["那兴县呢", "什么时候", "and Xing County?"])
def test_nothing_before_nothing_to_go_on_from(question: str) -> None:
    assert complete(question, None) is None


def test_a_chain_goes_on_from_what_was_understood() -> None:
    first = complete("那兴县呢", GRID)
    assert first is not None
    assert complete("党员呢", first) == "兴县有多少党员"


@pytest.mark.parametrize("previous", ["", "？？", "\ud800", "字" * 900, "多少", "呢"])
@pytest.mark.parametrize("question", ["那兴县呢", "党员呢", "什么时候", "他呢", "when?", "what about it?"])
def test_odd_questions_before_are_survived(question: str, previous: str) -> None:
    assert complete(question, previous) is None or isinstance(complete(question, previous), str)


@pytest.mark.parametrize(
    "question",
    ["兴县呢", "那青禾县呢？", "那党员呢", "多少钱", "什么时候？", "为什么", "他是谁", "该县有多少网格员",
     "不对，我问的是青禾县", "不是左云县，是青禾县",
     "那里有几家食堂", "其中有几名党员", "還有志願者呢", "when?", "and who?", "What about Xing County?"],
)  # fmt: skip
def test_what_says_nothing_without_the_question_before_it(question: str) -> None:
    assert goes_on(question)


@pytest.mark.parametrize(
    "question",
    ["左云县有多少网格员", "低保标准是多少", "网格员", "左云县书记", "那青禾县有多少网格员", "本县有多少网格员",
     "这里几点开门", "什么是网格员", "为什么停水", "怎么报名", "谁是县长", "When was it founded?", "Zuoyun",
     "How many wardens are there in Zuoyun?"],
)  # fmt: skip
def test_what_can_be_asked_at_first(question: str) -> None:
    assert not goes_on(question)
