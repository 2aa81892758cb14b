"""Places named in running text, told by form."""

import pytest

from retrieval.text.mentions import asked_mentions, mentions, names_smaller


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("左云县有网格员", ["左云县"]),
        ("山西省左云县的网格", ["左云县"]),
        ("云溪县白塘镇的渡口", ["云溪县", "白塘镇"]),
        ("在敖汉旗，兴县", ["敖汉旗", "兴县"]),
        ("阿拉善右旗转场", ["阿拉善右旗"]),
        ("咱县有网格员，俺村有食堂", ["县", "村"]),
        ("左云县、青禾县、云溪县", ["左云县", "青禾县", "云溪县"]),
        ("白塘镇：荷叶社区", ["白塘镇", "荷叶社区"]),
        ("目前青石县共有", ["青石县"]),
        ("阳江至茂名市", ["茂名市"]),
        ("该县有网格员，全市排第一", ["县", "市"]),  # taken up again
        ("把52个小区编成58个网格", []),
        ("各乡镇，行政村，农村，山区", []),
        (
            "枫山县，鞍山市，鹤儿山镇，小山乡，枫山村，香山街道",
            ["枫山县", "鞍山市", "鹤儿山镇", "小山乡", "枫山村", "香山街道"],
        ),
        ("房山区，石景山区，枫山区", ["房山区", "石景山区", "枫山区"]),
        ("太行山区，偏远山区，深山区，小山村，偏远山村", []),
        ("县委，左云县委", []),
        ("四县情况不同", []),
        ("网格员51名", []),
        ("", []),
    ],
)
def test_places_named(text: str, names: list[str]) -> None:
    found = list(mentions(text))
    assert [mention.name + mention.kind for mention in found] == names
    assert all(text[mention.start : mention.end].endswith(mention.name + mention.kind) for mention in found)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("左云县有多少网格员", ["左云县"]),
        ("云溪县白塘镇有几条船", ["白塘镇"]),
        ("左云县和云溪县各有多少网格员", ["左云县", "云溪县"]),
        ("九原坪村有多少户", ["九原坪村"]),
        ("请问北京市石景山区有多少小区", ["石景山区"]),
        ("吕梁山区有多少小山村", []),
        ("高龄津贴乡镇要几个工作日审核完", []),
        ("云溪县乡镇有几个", ["云溪县"]),
        ("有多少小区", []),
        ("社区工作者有多少人", []),
        ("全县有多少人", []),
    ],
)
def test_places_asked(question: str, names: list[str]) -> None:
    assert [mention.name + mention.kind for mention in asked_mentions(question)] == names


def test_two_spellings_of_a_place_have_one_key() -> None:
    (asked,), (other,) = asked_mentions("说说云溪县"), mentions("云溪县")
    assert asked.key == other.key == ("云溪", "县")


def test_a_smaller_place_than_the_question_names() -> None:
    assert names_smaller("云溪县白塘镇有网格员", "云溪县有多少网格员")
    assert names_smaller("其中荷叶社区", "云溪县有多少网格员")
    assert not names_smaller("白塘镇有网格员", "白塘镇有多少网格员")
    assert not names_smaller("云溪县各乡镇的52个小区", "云溪县有多少网格员")
