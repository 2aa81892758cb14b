"""Which county a question names, and which one a sentence speaks of."""

import pytest

from retrieval.text.places import last_place, places_asked


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
