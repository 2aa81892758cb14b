"""What is told beside a quote that does not say itself what it is about."""

import pytest

from retrieval.answering.quotes import about
from tests.answering.make import passage

TITLE = "网格员队伍"


def told(quoted: str, title: str = TITLE, place: str | None = "左云县") -> str:
    """What stands beside the quote, empty where nothing does."""
    return about(passage(quoted, title=title, place=place), quoted) or ""


@pytest.mark.parametrize(
    "quoted", ["该县共有网格员51名。", "全县共有网格员51名。", "本县有网格员51名。", "网格员共有51名。"]
)
def test_a_quote_that_does_not_name_its_place_has_it_beside_it(quoted: str) -> None:
    assert "左云县" in told(quoted)
    assert told(quoted, place="云溪县").startswith("云溪县")


@pytest.mark.parametrize("quoted", ["左云县共有网格员51名。", "左云共有网格员51名。", "左雲縣共有網格員51名。"])
def test_a_quote_that_names_its_place_has_nothing_beside_it(quoted: str) -> None:
    assert told(quoted) == ""


def test_a_place_that_the_title_names_is_not_told_twice() -> None:
    assert told("该县共有网格员51名。", title="左云县网格员") == "左云县网格员"


def test_another_place_in_the_quote_is_not_its_own() -> None:
    assert "左云县" in told("比云溪县多21名网格员。")


def test_of_several_places_the_one_that_is_taken_up_is_told() -> None:
    before = "青禾县有网格员172名。左云县从小区做起。"
    title = "四地网格员队伍"
    assert about(passage(f"{before}当地有网格员51名。", title=title), "当地有网格员51名。") == "左云县"
    assert about(passage(f"{before}网格员有51名。", title=title), "网格员有51名。") is None
    assert about(passage(f"{before}云溪县当地有网格员51名。", title=title), "云溪县当地有网格员51名。") is None
    assert about(passage("当地有网格员51名。", title=title), "当地有网格员51名。") is None


def test_what_is_only_taken_up_is_named_by_the_title() -> None:
    assert told("该校有学生500名。", title="育才小学概况", place=None) == "育才小学概况"
    assert told("学生500名。", title="育才小学概况", place=None) != ""
    assert told("育才小学有学生500名。", title="育才小学概况", place=None) == ""


def test_of_what_is_not_known_nothing_is_told() -> None:
    assert about(passage("共有51名。", title=""), "共有51名。") is None


def test_only_the_part_that_is_quoted_counts() -> None:
    whole = passage("左云县不大，该县有网格员51名。", title=TITLE, place="左云县")
    assert "左云县" in (about(whole, "该县有网格员51名。") or "")
    assert "左云县" not in (about(whole, whole.text) or "")
