"""Whether texts are about different places."""

import pytest

from retrieval.text.whereabouts import are_apart, names_place


@pytest.mark.parametrize(
    ("texts", "others"),
    [
        (["左云县"], ["云溪县的网格员"]),
        (["山西省左云县"], ["山西省平山县"]),
        (["青禾县柳泉镇"], ["青禾县临河镇"]),
        (["柳泉镇卫生院"], ["云溪县"]),
        (["左云县"], ["青禾县", "柳泉镇"]),
    ],
)
def test_places_that_differ_are_apart(texts: list[str], others: list[str]) -> None:
    assert are_apart(texts, others) and are_apart(others, texts)


@pytest.mark.parametrize(
    ("texts", "others"),
    [
        (["左云县"], ["山西省左云县"]),
        (["左雲縣"], ["左云县的网格"]),
        (["柳泉镇"], ["青禾县柳泉镇"]),
        (["青禾县"], ["青禾县", "柳泉镇"]),
        (["左云县"], ["左云县、云溪县和青禾县对照"]),
        (["左云县"], ["公交线路"]),
        ([], ["左云县"]),
        (["公交线路"], []),
    ],
)
def test_the_same_place_and_an_unknown_one_are_not(texts: list[str], others: list[str]) -> None:
    assert not are_apart(texts, others) and not are_apart(others, texts)


def test_whether_a_place_is_named() -> None:
    assert names_place("关于左云县网格员") and not names_place("公交线路") and not names_place("")
