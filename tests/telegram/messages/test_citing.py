"""Which passages of an answer are about another place, and so stand last behind ➕ under a heading that says so."""

import pytest

from bot.telegram.messages.pages import more_page
from bot.telegram.messages.phrases import phrases
from retrieval.reasons import Reason
from retrieval.types import Answer, Citation, Figure, Quote

COMPARED, RELATED = "三县网格员对照", Reason("only_related", "zh")


def cited(number: int, title: str, place: str | None = None, section: str | None = None, text: str = "") -> Citation:
    text = text or f"第{number}段。"
    known = ("名.txt", "/x/名.txt", None, "0" * 16, "A" * 22, title, section, place, None, None)
    return Citation(number, *known, ((0, len(text)),), text, 1.0)


def parted(answer: Answer) -> tuple[list[int], list[int]]:
    """The numbers of the passages that ➕ shows: of the answer's own place or no known one, and of others."""
    page = more_page(answer, "WenjuTestBot", phrases("zh")).plain
    here, _, elsewhere = page.partition("别的地方的段落")
    numbers = [citation.number for citation in answer.citations]
    return [n for n in numbers if f"[{n}]" in here], [n for n in numbers if f"[{n}]" in elsewhere]


@pytest.mark.parametrize(
    ("own", "about"),
    [
        (cited(1, COMPARED, "左云县", text="全县有网格员51名。"), None),
        (cited(1, COMPARED, text="全县有网格员51名。"), "左云县"),
        (cited(1, "左云县的网格", text="全县有网格员51名。"), None),
        (cited(1, COMPARED, text="左云县有网格员51名。"), None),
        (cited(1, COMPARED, section="左云县：小区", text="全县有网格员51名。"), None),
    ],
    ids=["passage", "said of the sentence", "title", "sentence", "section"],
)
def test_however_the_place_is_known_those_of_others_come_last(own: Citation, about: str | None) -> None:
    more = (
        cited(2, COMPARED, "云溪县"), cited(3, COMPARED, "左云县"), cited(4, "左云县的小区"),
        cited(5, "云溪县的网格员"), cited(6, COMPARED), cited(7, COMPARED, section="平山县：乡镇"),
    )  # fmt: skip
    quoted = Quote(1, 0, len(own.text), about)
    answered = Answer("问", "answered", 0.9, None, "x", (quoted,), (own, *more), {})
    related = Answer("问", "related", 0.2, RELATED, None, (), (own, *more), {}, closest=quoted)
    for answer in (answered, related):
        assert parted(answer) == ([3, 4, 6], [2, 5, 7])


def test_each_place_that_is_compared_is_its_own() -> None:
    own = cited(1, COMPARED, text="左云县51名。"), cited(2, "云溪县", text="全县36名。")
    more = cited(3, COMPARED, "云溪县"), cited(4, COMPARED, "左云县"), cited(5, COMPARED, "平山县")
    answer = Answer("问", "answered", 0.9, None, "x", (Quote(1, 0, 8), Quote(2, 0, 6)), (*own, *more), {})
    assert parted(answer) == ([2, 3, 4], [5])
    figures = tuple(Figure(number, 0, 3, "51名", place, None) for number, place in ((1, "左云县"), (2, "平山县")))
    differing = Answer("问", "answered", 0.9, None, "x", (Quote(1, 0, 8),), (*own, *more), {}, figures=figures)
    assert parted(differing) == ([4, 5], [2, 3])


def test_where_no_place_is_known_nothing_is_elsewhere() -> None:
    answer = Answer("问", "answered", 0.9, None, "x", (Quote(1, 0, 4),), (cited(1, "公交"), cited(2, "云溪县")), {})
    assert parted(answer) == ([2], [])
