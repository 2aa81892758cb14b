"""Words of a question that only say when it is asked."""

import time

import pytest

from retrieval.query.asked.times import asked_time, timeless
from retrieval.text.times import has_impossible_day


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("目前居民医保的财政补助标准是多少", "居民医保的财政补助标准是多少"),
        ("现在的县民政局局长是谁", "县民政局局长是谁"),
        ("80岁老人高龄津贴现在每月多少钱", "80岁老人高龄津贴每月多少钱"),
        ("最新的居民医保个人缴费标准是多少", "居民医保个人缴费标准是多少"),
        ("最新规定公积金贷款最长多少年", "公积金贷款最长多少年"),
        ("按现行规定水价是多少", "水价是多少"),
        ("根据最新的政策，水价是多少", "水价是多少"),
        ("修改前80岁老人高龄津贴每月多少钱", "80岁老人高龄津贴每月多少钱"),
        ("高龄津贴修订前的标准是多少", "高龄津贴标准是多少"),
        ("项目前期工作由谁负责", "项目前期工作由谁负责"),
        ("哪些业务实现在线办理", "哪些业务实现在线办理"),
        ("最新的文件是哪一份", "最新的文件是哪一份"),
        ("现行规定是什么", "现行规定是什么"),
        ("发现行贿怎么举报", "发现行贿怎么举报"),
        ("实现行政村通客车要多少钱", "实现行政村通客车要多少钱"),
        ("去年水价是多少", "去年水价是多少"),
        ("现在呢？", "现在呢？"),
    ],
)
def test_what_is_asked_without_saying_that_it_is_asked_now(question: str, left: str) -> None:
    assert timeless(question) == left


@pytest.mark.parametrize(
    ("question", "is_now"),
    [("现在水价", True), ("项目前期工作", False), ("实现在线办理", False), ("出现行人", False)],
)
def test_parts_of_other_words_say_no_now(question: str, is_now: bool) -> None:
    assert asked_time(question, is_number=False).is_now == is_now


def test_many_months_are_looked_through_in_no_time() -> None:
    since = time.perf_counter()
    assert not has_impossible_day("满13月" * 50_000)
    assert time.perf_counter() - since < 5


@pytest.mark.parametrize(
    ("question", "month"),
    [
        *(("护理费一月多少", None), ("一月得交多少钱", None), ("停车一月要几百块", None)),
        *(("今年一月收入多少", 1), ("一月份收入多少", 1), ("一月几号放假", 1), ("十一月收入多少", 11)),
    ],
)
def test_a_month_of_a_price_is_no_january(question: str, month: int | None) -> None:
    assert {told for told, _ in asked_time(question, is_number=True).days} == ({month} if month else set())
