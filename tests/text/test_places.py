"""Which county a question names, and which one a sentence speaks of."""

import pytest

from retrieval.text.divisions import full_name, short_name
from retrieval.text.places import asked_names, last_place, named_places, places_asked


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("左云县有多少网格员", [("左云", "县")]),
        ("興縣的縣委書記", [("兴", "县")]),
        ("全县有多少网格员", []),
        ("这个社区有多少网格员", []),
        ("How many grid workers", []),
    ],
)
def test_places_asked(question: str, places: list[tuple[str, str]]) -> None:
    assert places_asked(question) == places


def test_the_place_named_last_holds() -> None:
    asked = [("左云", "县")]
    assert last_place("该县有网格员。", asked, asked[0]) == asked[0]
    assert last_place("云溪县有网格员。", asked, asked[0]) == ("云溪", "县")
    assert last_place("云溪县学左云县。", asked) == asked[0]
    assert last_place("四县都有，全县推广。", asked, asked[0]) == asked[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("大同市左云县鹤儿山镇草场沟村", ["大同市", "左云县", "鹤儿山镇", "草场沟村"]),
        ("在青禾县，云口镇渡头村", ["青禾县", "云口镇", "渡头村"]),
        ("和林格尔县与和林县", ["和林格尔县", "和林县"]),
        ("該縣與左雲縣", ["左云县"]),
        ("阿拉善右旗乌兰苏木", ["阿拉善右旗", "乌兰苏木"]),
        ("全县的小区和社区、高举红旗，县委书记和该市", []),
        ("乡镇卫生院和县医院", []),
        ("和县医院在马鞍山市和县", ["和县", "马鞍山市", "和县"]),
        ("水岸康居小区的居民", []),
        ("高龄津贴乡镇要几个工作日审核完", []),
        ("云口镇有哪些村", ["云口镇"]),
        ("哪些村在云口镇", ["云口镇"]),
        ("哪些村是示范村", []),
        ("青禾县贫困村和先进村", ["青禾县"]),
        ("青禾县乡镇，云口乡有", ["青禾县", "云口乡"]),
    ],
)
def test_places_in_a_text(text: str, names: list[str]) -> None:
    assert named_places(text) == names


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("左云县", "左云"),
        ("兴县", "兴县"),
        ("黔东南苗族侗族自治州", "黔东南"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("互助土族自治县", "互助"),
        ("阿拉善右旗", "阿拉善右旗"),
        ("香港特别行政区", "香港"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("short", "name"),
    [("西安", "西安市"), ("吉林", "吉林省"), ("南昌", "南昌市"), ("清河", "清河县"), ("左云", "左云县")],
)
def test_of_places_with_one_short_name_the_largest_is_meant(short: str, name: str) -> None:
    assert full_name(short) == name


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("左云县有多少网格员", ["左云县"]),
        ("左云那个村先招哪些人", ["左云"]),
        ("遵义有多少快递员", ["遵义"]),
        ("敖汉旗在上海的服务站", ["敖汉旗", "上海"]),
        ("土左旗有多少网格员", ["土左旗"]),
        ("山西左云县有多少网格员", ["左云县", "山西"]),
        ("想当兴县村支委，得先过几关", ["兴县"]),
        ("老牛湾拿什么乡里规矩管卫生", []),
        ("给芦洲村送饭的船工叫啥", []),
        ("明天股市会涨吗", []),
        ("全县一共有多少", []),
        ("石门回县城最后一班几点", ["石门"]),
        ("白云去镇上怎么走", ["白云"]),
        *(
            (question, [])
            for question in ("新建的大桥有多长", "合作医疗交多少钱", "平安建设经费多少", "大通道工程投资多少")
        ),
        ("和平社区有多少户", ["和平"]),
        ("How many are there?", []),
    ],
)
def test_the_places_that_a_question_names(question: str, names: list[str]) -> None:
    assert asked_names(question) == names
