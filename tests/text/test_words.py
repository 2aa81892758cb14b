"""Words tell where a name by form is none."""

import pytest

from retrieval.text.words import may_be_name, words


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("今年石塘乡有多少户", "石塘乡", "乡"),
        ("蚝塘村换水管要交钱吗", "蚝塘村", "村"),
        ("云溪县县城有几个社区", "云溪县", "县"),
        ("枫溪县城有几个社区", "枫溪县", "县"),
        ("青河村支书今年多大", "青河村", "村"),
        ("云岚县的网格员", "云岚县", "县"),
        ("宁泽市博物馆馆长是谁", "宁泽市", "市"),
        ("乌兰图格旗的积分", "图格旗", "旗"),
        ("黄龙塘村有几户", "龙塘村", "村"),
        ("临堰区的社区工作者", "临堰区", "区"),
        ("南街小学校长叫什么", "南街小学", "小学"),
    ],
)
def test_what_may_be_a_name(text: str, name: str, kind: str) -> None:
    start = text.index(name)
    assert may_be_name(text, start, start + len(name) - len(kind), start + len(name))


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("上半年修乡村路的养护款", "年修乡", "乡"),
        ("去年洪水时县城没有自来水", "水时县", "县"),
        ("谁给中国队扛旗", "队扛旗", "旗"),
        ("下半年股市怎么样", "年股市", "市"),
        ("2023年兰州评出几个人", "年兰州", "州"),
        ("新的出租车等候区能站多少人", "等候区", "区"),
        ("葡萄今年进了哪家超市", "家超市", "市"),
        ("城南农贸市场有多少摊位", "农贸市", "市"),
        ("通过银行衢州分行开户", "行衢州", "州"),
        ("五一古镇来了多少游客", "一古镇", "镇"),
        ("河北涿州降雨多少", "北涿州", "州"),
    ],
)
def test_what_is_no_name(text: str, name: str, kind: str) -> None:
    start = text.index(name)
    assert not may_be_name(text, start, start + len(name) - len(kind), start + len(name))


def test_words_cover_the_text_in_order() -> None:
    text = "左云县有51名网格员, what？\n"
    assert "".join(text[word.start : word.end] for word in words(text)) == text
    assert words("") == ()
