"""A number is the same number in each of its spellings."""

import pytest

from retrieval.text.fold import fold
from retrieval.text.spelled import numerals


@pytest.mark.parametrize(
    "alike",
    [
        ("12万元", "120000元", "120,000元", "十二万元", "一十二万元", "壹拾贰万元", "１２万元", "十二萬元"),
        ("0.5%", "0.5％", "千分之五", "百分之零点五", "5‰", "万分之五十"),
        ("百分之五十", "50%"),
        ("第3条", "第三条"),
        ("第十八届", "第18届"),
        ("一十八岁", "十八岁", "18岁", "18周岁", "十八周岁"),
        ("2025年", "二〇二五年", "二零二五年"),
        ("两百万", "200万", "2000000", "二百万"),
        ("一万二千户", "1.2万户", "12000户", "12,000户"),
        ("一百零五", "105"),
        ("1.2亿元", "一亿二千万元", "120000000元"),
    ],
)
def test_each_spelling_is_told_by_each(alike: tuple[str, ...]) -> None:
    for spelling in alike:
        (found,) = numerals(fold(spelling))
        assert {*map(fold, alike)} - {fold(spelling)} <= {*found.others}
        assert found.form not in found.others


@pytest.mark.parametrize(
    "text",
    ["", "没有", "万一不行", "千万别去", "十分好", "三三两两", "十四五规划", "五一劳动节", "二十余人", "5路",
     "0538-1234567", "G18", "10:30", "2025-06-01", "1.2.3", "012", "收拾", "伍家沟", "9" * 400, "万" * 400, "第零条"],
)  # fmt: skip
def test_what_is_no_number_or_only_about_one_has_one_spelling(text: str) -> None:
    assert list(numerals(fold(text))) == []


def test_what_stands_behind_belongs_to_it() -> None:
    """四十里铺 is the name of a town, and 40 persons are another thing."""
    (found,) = numerals("四十里铺镇")
    assert found.form == "四十里" and "40里" in found.others and "40" not in found.others
