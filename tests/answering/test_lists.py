"""Lists in running text: lines that lead to them, and their items."""

import pytest

from retrieval.text.lists import is_lead_in, is_listed, mark_of


@pytest.mark.parametrize("line", ["收费标准如下：", "收费标准如下:", "任命： ", "需要下列材料：\n"])
def test_a_line_that_leads_to_a_list(line: str) -> None:
    assert is_lead_in(line)


@pytest.mark.parametrize("line", ["收费：8元", "收费标准如下。", "早上8:00", ""])
def test_a_line_that_leads_nowhere(line: str) -> None:
    assert not is_lead_in(line)


@pytest.mark.parametrize(
    "line",
    [
        *("- 午餐", "  - 午餐", "* 午餐", "• 午餐", "1. 午餐", "10. 晚餐", "1、午餐", "1）午餐", "(1)午餐"),
        *("一、午餐", "十二、晚餐", "（一）午餐", "第二步 交表", "第三条 罚款", "第1项 午餐"),
    ],
)
def test_an_item_of_a_list(line: str) -> None:
    assert is_listed(line)


@pytest.mark.parametrize(
    "line", ["午餐8元。", "8元一份。", "2026年开门。", "一是午餐，二是晚餐。", "第二小学很大。", ""]
)
def test_what_is_no_item(line: str) -> None:
    assert not is_listed(line)


@pytest.mark.parametrize(
    ("items", "is_one_list"),
    [
        (["1. 午餐", "2. 晚餐", "10、夜宵"], True),
        (["（一）午餐", "（二）晚餐"], True),
        (["- 午餐", "• 晚餐"], True),
        (["1. 午餐", "二、晚餐"], False),
        (["（一）午餐", "二、晚餐"], False),
        (["（1）午餐", "1. 晚餐"], False),
        (["第一步 交表", "一、交表"], False),
    ],
)
def test_items_of_one_list_have_marks_of_one_kind(items: list[str], is_one_list: bool) -> None:
    assert (len({mark_of(item) for item in items}) == 1) == is_one_list
    assert None not in map(mark_of, items)
