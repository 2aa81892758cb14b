"""What a short question after another is put in the place of: a sort, an age, whom a rule is for, an attribute."""

import pytest

from retrieval.query.followup.completion import complete
from retrieval.query.message.dependent import goes_on


@pytest.mark.parametrize(
    ("previous", "question", "whole"),
    [
        # for whom
        ("培训班收多少学费", "贫困家庭呢", "贫困家庭培训班收多少学费"),
        ("2025年养老保险什么时候停缴", "那残疾人呢", "残疾人2025年养老保险什么时候停缴"),
        ("暖气费在哪里交", "低保户呢", "低保户暖气费在哪里交"),
        ("护林员补助多少钱", "保洁员呢", "保洁员补助多少钱"),
        ("村医培训班招多少人", "退伍军人呢", "村医培训班招多少退伍军人"),
        ("多少人领了救济", "孤儿院儿童呢", "多少孤儿院儿童领了救济"),
        # an age, a tier
        ("70岁老人补贴每年多少钱", "85岁以上的呢", "85岁以上老人补贴每年多少钱"),
        ("70至79岁老人补贴每年多少钱", "90岁老人呢", "90岁老人补贴每年多少钱"),
        ("60周岁补贴多少钱", "75岁呢", "75岁补贴多少钱"),
        ("居民第二档气价多少", "非居民呢", "非居民气价多少"),
        # what stands behind the words that ask
        ("谁有高级电工证", "电工呢", "谁有电工证"),
        ("谁负责除雪", "防火呢", "谁负责防火"),
        ("在哪里办健康证", "残疾证呢", "在哪里办残疾证"),
        ("什么时候供暖", "供气呢", "什么时候供气"),
        ("什么时候办理", "健康证呢", "健康证什么时候办理"),
        # what only a place has, and sorts of places
        ("河湾乡一共有多少亩林地", "那人口呢", "河湾乡一共有多少人口"),
        ("河湾乡乡长的电话是多少", "常住人口呢", "河湾乡的常住人口是多少"),
        ("石桥镇有几个村", "那贫困村呢", "石桥镇有几个贫困村"),
        ("石桥镇有哪些社区", "示范社区呢", "石桥镇有哪些示范社区"),
        ("石桥镇有几个村", "河湾乡呢", "河湾乡有几个村"),
        # what is asked of nothing that is named
        ("2025年养老保险交多少钱", "联系电话", "2025年养老保险的联系电话是多少"),
        ("残疾人补贴怎么领", "条件", "残疾人补贴的条件是什么"),
        ("2025年养老保险个人交多少", "国家补多少", "2025年养老保险国家补多少"),
        ("县图书馆在哪里", "节假日开放吗", "县图书馆节假日开放吗"),
        ("健康证怎么办", "异地能办吗", "健康证异地能办吗"),
        ("河湾乡有哪些村", "总共有多少人口", "河湾乡总共有多少人口"),
    ],
)
def test_it_is_completed(previous: str, question: str, whole: str) -> None:
    assert complete(question, previous) == whole


@pytest.mark.parametrize(
    ("previous", "question"),
    [
        ("村医培训班招多少人", "面试呢"),  # no sort of people
        ("河湾乡有哪些村", "一共有多少份文件"),  # asked of the library
        ("河湾乡有哪些村", "石桥镇一共多少人口"),
        ("气价多少", "一共多少人口"),  # of no place
    ],
)
def test_what_does_not_fit_is_taken_as_it_stands(previous: str, question: str) -> None:
    assert complete(question, previous) is None


def test_what_somebody_has_may_be_looked_up_at_first() -> None:
    assert not goes_on("咨询电话") and not goes_on("报名条件？")
    assert goes_on("电话呢") and goes_on("那电话呢")
