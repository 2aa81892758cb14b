"""The page: whole by itself, escaped, and with each miss."""

import re
from html.parser import HTMLParser

from retrieval.evaluation.report import page
from tests.evaluation.make import answer, evaluation, item, question

GRID = "全县有专职网格员51名。"
FOUND = item(
    question("有多少网格员", answers=(("51名",),), document="a.txt", evidence=(GRID,)),
    answer(GRID, quoted=[(1, GRID)], confidence=0.9),
)
LATE = item(question("<b>谁</b>", answers=(("51名",),), document="a.txt"), answer("<script>无", GRID, confidence=0.3))
LOST = item(question("在哪", answers=(("田",),), document="gone.txt"), answer(confidence=0.1))
DECLINED = item(question("你好", kind="chitchat", why="chitchat"), answer(GRID, quoted=[(1, GRID)], confidence=0.6))
PAGE = page(evaluation(FOUND, LATE, LOST, DECLINED, missing=("gone.txt",)))


class Tags(HTMLParser):
    """Opened and closed tags, and all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.extend(attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.extend(attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_from_elsewhere() -> None:
    tags = Tags()
    tags.feed(PAGE)
    assert tags.open == []
    assert not {name for name, _ in tags.attributes} & {"src", "href", "srcset", "data", "action", "background"}
    assert not re.search(r"url\(|@import|https?://|<script|<link|<iframe", PAGE)
    assert "default-src 'none'" in PAGE


def test_texts_are_escaped() -> None:
    assert "&lt;b&gt;谁&lt;/b&gt;" in PAGE
    assert "&lt;script&gt;无" in PAGE


def test_each_miss_is_told_with_what_is_known_and_what_came() -> None:
    articles = re.findall(r"<article>(.*?)</article>", PAGE, re.DOTALL)
    lost, declined, late = articles
    assert "在哪" in lost
    assert "its document is not in the index" in lost
    assert "no answer (chitchat)" in declined
    assert "confidence 0.60" in declined
    assert "the first hit is at rank 2" in late
    assert "<mark>51名</mark>" in late
    assert not any("有多少网格员" in article for article in articles)


def test_the_plots_show_the_figures() -> None:
    """Of three questions with an answer one is hit at rank 1 and two at rank 2; the line of those without an answer
    falls behind 0.6."""
    plots = re.findall(r"<svg.*?</svg>", PAGE, re.DOTALL)
    assert len(plots) == 4
    assert ">0.33<" in plots[0]
    assert ">0.67<" in plots[0]
    assert "easy" in plots[1]
    assert "answered 0.15" in plots[2]
    assert "341.6,20.0 346.6,220.0" in plots[2], "x = 44 + 496 c: 0.60 and 0.61"
    assert plots[3].count("<circle") == 4


def test_a_page_of_one_sort_of_questions() -> None:
    for only in (FOUND, DECLINED):
        assert "Calibration" in page(evaluation(only))


def test_what_was_not_told_is_a_miss_with_what_must_be_told() -> None:
    missed = question("去年多少钱", kind="time", told=(("380元", "380 元"), ("一年",)), not_told=("400元",))
    told = item(question("今年多少钱", kind="time", told=(("400元",),)), answer("每人400元。", quoted=[(1, "400元")]))
    text = page(evaluation(FOUND, told, item(missed, answer("每人380元。", quoted=[(1, "380元")]))))
    (article,) = re.findall(r"<article>(.*?)</article>", text, re.DOTALL)
    assert "380元 / 380 元; 一年" in article and "not 400元" in article
    assert "<mark>380元</mark>" in article
    assert "no hit in the first" not in article, "which citations are hits is not known"
    assert "the answer tells all that must be told" in text
    ranks, kinds, *_ = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert ranks.count(">1.00<") == 10, "only the question with known hits has ranks"
    assert "time" in kinds and ">0.50<" in kinds
