"""Numbers and what they count, in digits and in Chinese."""

from decimal import Decimal

import pytest

from retrieval.text.numbers import comparable, integer, number, quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10), ("十四", 14), ("五十一", 51), ("一百零五", 105), ("三千零五", 3005), ("一万二千", 12_000),
        ("两百万", 2_000_000), ("一亿三千万", 130_000_000), ("二〇二五", 2025), ("〇", 0), ("百", 100), ("007", 7),
        ("万", 10_000), ("十二亿", 1_200_000_000), ("廿", 20), ("廿三", 23),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, value: int) -> None:
    assert integer(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("12,000", "12000"), ("3.2", "3.2"), ("十八点五", "18.5"), ("零点零三", "0.03"), ("八", "8")]
)
def test_numbers(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "found", "value", "kind", "rounded"),
    [
        ("专职51名。", "51名", "51", "people", False),
        ("五十一人", "五十一人", "51", "people", False),
        ("５１名", "５１名", "51", "people", False),
        ("投入2000余万元", "2000余万元", "20000000", "money", True),
        ("投入2,000多万元", "2,000多万元", "20000000", "money", True),
        ("投入3.2万元", "3.2万元", "32000", "money", False),
        ("占18.5%", "18.5%", "18.5", "percent", False),
        ("占18.5％", "18.5％", "18.5", "percent", False),
        ("占百分之十八点五", "百分之十八点五", "18.5", "percent", False),
        ("约六成", "六成", "60", "percent", True),
        ("下降3.1个百分点", "3.1个百分点", "3.1", "change", False),
        ("十四届", "十四届", "14", "届", False),
        ("听课2016人次", "2016人次", "2016", "人次", False),
        ("联系8户左右", "8户", "8", "户", True),
        ("超过400名", "400名", "400", "people", True),
        ("长4.2公里", "4.2公里", "4200", "metres", False),
        ("两个小时", "两个小时", "120", "minutes", False),
        ("三年", "三年", "1576800", "minutes", False),
        ("2025年", "2025年", "2025", None, False),
        ("二〇二五年", "二〇二五年", "2025", None, False),
        ("十余次", "十余次", "10", "次", True),
        ("58 grids", "58", "58", None, False),
    ],
)
def test_what_a_number_counts(text: str, found: str, value: str, kind: str | None, rounded: bool) -> None:
    (quantity,) = quantities(text)
    assert (text[quantity.start : quantity.end], quantity.value, quantity.kind, quantity.rounded) == (
        found,
        Decimal(value),
        kind,
        rounded,
    )


@pytest.mark.parametrize(
    ("figure", "other", "agree"),
    [
        ("51名", "五十一人", True),
        ("51名", "43名", False),
        ("2000余万元", "2,013万元", True),
        ("2000余万元", "2.5亿元", False),
        ("400余名", "412名", True),
        ("约400名", "300名", False),
        ("0.2亿元", "2000万元", True),
        ("4200米", "4.2公里", True),
    ],
)
def test_figures_that_agree(figure: str, other: str, agree: bool) -> None:
    (a,), (b,) = quantities(figure), quantities(other)
    assert a.agrees(b) == b.agrees(a) == agree


def test_units_that_count_the_same() -> None:
    assert comparable("people", "people")
    assert comparable("any", "people")
    assert comparable("sites", "any")
    assert comparable(None, None)
    assert not comparable("people", "sites")
    assert not comparable("people", "percent")
    assert not comparable(None, "people")
    assert not comparable("人次", "people")


@pytest.mark.parametrize(
    "text", ["", "没有数字", "1.2.3", ",,5,,", "万万亿亿", "百分之", "９９９,９", "①②㎡", "5" * 300]
)
def test_odd_text_is_survived(text: str) -> None:
    assert all(0 <= quantity.start < quantity.end <= len(text) for quantity in quantities(text))
