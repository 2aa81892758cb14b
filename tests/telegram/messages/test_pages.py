"""Messages are made so that Telegram takes them, whatever stands in documents, titles and names."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.telegram.messages import keyboards
from bot.telegram.messages.citing import others
from bot.telegram.messages.links import sentence_link, web_address
from bot.telegram.messages.markup import MESSAGE, Markup, clip, one_line, units, window
from bot.telegram.messages.pages import answer_page, inline_page, more_page, passage_page
from bot.telegram.messages.phrases import phrases
from bot.wording import worded
from config.language import Language
from retrieval.reasons import ListedDocument, Reason, ReasonCode
from retrieval.types import (
    Answer,
    Citation,
    Context,
    DocumentRecord,
    Figure,
    Passage,
    Quote,
    Reprint,
    Sentence,
    Status,
    StoredPassage,
)
from tests.telegram import strict

BOT = "WenjuTestBot"
RELATED, MISSING = Reason("only_related", "zh"), Reason("no_answer", "zh")
DIFFER = Reason("figures_differ", "zh")
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However slow the machine is just now."""
NASTY = [
    "<b>&\"'</b>",
    "&lt;",
    "😀",
    "👨‍👩‍👧",
    "\u202e",
    "\u200b",
    "\x00",
    "\ud800",
    "שלום",
    "左云县",
    "\n",
    " ",
    "]]>",
    "“",
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=20).map("".join)
long_texts = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 1, 30]))
some_days = st.none() | st.just("2026-01-01")
reasons = st.builds(
    Reason, st.sampled_from(get_args(ReasonCode)), st.sampled_from(["zh", "en"]),
    names=st.lists(long_texts, max_size=3).map(tuple),
    documents=st.integers(0, 10**9), topic=st.none() | long_texts, title=st.none() | long_texts, day=some_days,
    since=some_days, until=some_days, shown=st.none() | st.integers(0, 5),
    listed=st.lists(st.builds(ListedDocument, long_texts, some_days), max_size=5).map(tuple),
)  # fmt: skip
addresses = [
    *("https://例子.中国/新闻?甲=乙#丙", "http://user:pw@example.org/", "javascript:alert(1)", "http://localhost/x"),
    *("https://example.org:99999/", "HTTPS://EXAMPLE.ORG", "https://[::1]/", "//example.org/x"),
    "https://example.org/" + "a" * 3000,
]
urls = st.none() | texts | texts.map(lambda tail: f"https://example.org/{tail}") | st.sampled_from(addresses)


@st.composite
def citations(draw: st.DrawFn, number: int) -> Citation:
    text = draw(texts.map(lambda piece: (piece * 40)[:500])) or "。"
    breaks = sorted(draw(st.sets(st.integers(1, max(1, len(text) - 1)), max_size=5)))
    return replace(
        _citation(text), number=number, document=draw(long_texts), url=draw(urls), title=draw(long_texts),
        section=draw(st.none() | long_texts), place=draw(st.none() | long_texts), page=draw(st.none() | st.just(7)),
        date=draw(st.none() | st.just("2026-06-30")), breaks=tuple(breaks),
        also=(Reprint(draw(long_texts), "/x", "0" * 16, "p" * 22, "", None),) * draw(st.integers(0, 3)),
        became=draw(st.none() | st.builds(Reason, st.just("repealed"), st.just("zh"), title=long_texts)),
    )  # fmt: skip


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    cited = tuple(draw(citations(number)) for number in range(1, draw(st.integers(0, 5)) + 1))
    statuses: list[Status] = ["answered", "related", "not_found"]
    status: Status = draw(st.sampled_from(statuses)) if cited else "not_found"
    spans = []
    for citation in cited[: draw(st.integers(1, 2))]:
        start = draw(st.integers(0, len(citation.text) - 1))
        spans.append((citation.number, start, draw(st.integers(start + 1, len(citation.text)))))
    answered = status == "answered"
    quotes = tuple(Quote(*span) for span in spans) if answered else ()
    figures = tuple(
        Figure(number, start, end, draw(long_texts), draw(st.none() | long_texts), None)
        for number, start, end in spans * draw(st.integers(0, 3))
    )
    return Answer(
        draw(long_texts), status, 0.5, draw(reasons) if not answered or figures else None,
        "x" if answered else None, quotes, cited if status != "not_found" else (), {}, 0.5,
        draw(st.none() | long_texts), figures if answered else (),
        closest=Quote(*spans[0], draw(long_texts)) if status == "related" and draw(st.booleans()) else None,
    )  # fmt: skip


def taken(page: Markup) -> strict.Formatted:
    """As the strict server takes it."""
    formatted = strict.formatted(page.html, "HTML")
    assert formatted.text == page.plain and strict.utf16(page.plain) == page.units <= MESSAGE
    strict.formatted(page.plain, None)
    return formatted


def buttons(markup: Any) -> list[list[dict[str, Any]]]:
    return strict.keyboard(json.dumps(markup.to_dict()))


@FEW
@given(answers(), st.sampled_from(["zh", "en"]), st.none() | long_texts)
def test_any_answer_is_taken(answer: Answer, language: Language, within: str | None) -> None:
    say = phrases(language)
    taken(answer_page(answer, BOT, say, within))
    taken(answer_page(answer, BOT, say, within, in_group=True, question=answer.question))
    buttons(keyboards.answer_keyboard(answer, 2**40, say, within=within is not None, reasons=True))
    below = keyboards.answer_keyboard(answer, 2**40, say, within=within is not None, in_group=True)
    assert sum(map(len, buttons(below))) <= 2
    if others(answer):
        taken(more_page(answer, BOT, say))
        buttons(keyboards.more_keyboard(answer, 2**40, say))
    for citation in answer.citations:
        taken(inline_page(answer, citation, BOT, say))


@pytest.mark.parametrize("piece", NASTY)
def test_a_hundred_thousand_characters_are_cut(piece: str) -> None:
    huge = piece * (100_000 // len(piece))
    citation = replace(
        _citation(huge[:500] or "。"), document=huge, url=f"https://example.org/{huge}", title=huge,
        section=f"{huge}。", place=huge, also=(Reprint(huge, "/x", "0" * 16, "p" * 22, "", None),),
    )  # fmt: skip
    cited = tuple(replace(citation, number=number) for number in range(1, 6))
    figures = (Figure(1, 0, 1, huge, huge, None),) * 5
    quotes = (Quote(1, 0, len(citation.text)),) * 2
    reason = Reason("names_missing", "zh", names=(huge, huge), documents=2)
    answer = Answer(huge, "answered", 0.9, reason, "x", quotes, cited, {}, 0.9, huge, figures)
    taken(answer_page(answer, BOT, phrases("zh"), huge))
    taken(more_page(answer, BOT, phrases("zh")))
    buttons(keyboards.answer_keyboard(answer, 1, phrases("en"), within=True))


@FEW
@given(st.lists(citations(1), min_size=1, max_size=3), st.data(), st.sampled_from(["zh", "en"]))
def test_any_passage_is_taken(cited: list[Citation], data: st.DataObject, language: Language) -> None:
    siblings = [_stored(citation, ordinal) for ordinal, citation in enumerate(cited)]
    place = data.draw(st.integers(0, len(cited) - 1))
    citation, say = cited[place], phrases(language)
    taken(passage_page(siblings, place, say, (0, len(citation.text))))
    buttons(keyboards.passage_keyboard(citation, citation.text, "A" * 22, None, say))


def _stored(citation: Citation, ordinal: int) -> StoredPassage:
    """One sentence a passage, each behind the one before."""
    record = DocumentRecord("0" * 16, Path("/x/名.txt"), citation.title, None, citation.url, 1, 1, "", "")
    context = Context(citation.title, citation.place)
    known = (citation.spans, citation.section, citation.page, context)
    passage = Passage("A" * 22, ordinal, ordinal, ordinal + 1, *known)
    return StoredPassage(passage, record, citation.text, (Sentence(citation.spans),))


def test_a_passage_stands_between_what_is_said_before_and_after_it_and_nothing_twice() -> None:
    """Passages of two sentences that overlap in one: 一二 二三 三四."""
    record = DocumentRecord("0" * 16, Path("/x/名.txt"), "题", None, None, 1, 1, "", "")
    sentences = tuple(Sentence(((start, start + 2),)) for start in range(0, 8, 2))
    text = "一。二。三。四。"
    siblings = [
        StoredPassage(
            Passage("A" * 22, n, n, n + 2, ((2 * n, 2 * n + 4),), None, None, Context("题")),
            record, text[2 * n : 2 * n + 4], sentences[n : n + 2],
        )
        for n in range(3)
    ]  # fmt: skip
    page = taken(passage_page(siblings, 1, phrases("zh")))
    assert page.text.endswith("…一。\n二。三。\n四。…") and page.of("blockquote") == ["二。三。"]


@FEW
@given(long_texts, st.integers(0, 5000))
def test_cutting_keeps_to_telegrams_units(text: str, limit: int) -> None:
    assert units(clip(text, limit)) <= limit
    assert units(one_line(text, limit)) <= limit and "\n" not in one_line(text, limit)
    assert Markup().add(text).cut(limit).units <= max(limit, 0)


@FEW
@given(texts.map(lambda piece: piece * 9), st.data())
def test_a_window_holds_what_it_is_about(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    limit = data.draw(st.integers(1, 300))
    first, last = window(text, start, end, limit)
    assert 0 <= first <= last <= len(text) and units(text[first:last]) <= limit
    assert first <= start
    assert last >= end or units(text[start:end]) > limit - 1, "the sentence itself is cut where it must be"


def test_the_answering_sentence_is_bold_in_its_passage_also_when_the_passage_is_cut() -> None:
    text = "前" * 3000 + "全县有网格员51名。" + "后" * 3000
    citation = _citation(text)
    answer = Answer("问", "answered", 0.9, None, "全县有网格员51名。", (Quote(1, 3000, 3010),), (citation,), {})
    page = taken(answer_page(answer, BOT, phrases("zh")))
    assert page.of("b").count("全县有网格员51名。") == 2
    (passage,) = page.of("blockquote")
    assert passage.startswith("…前") and passage.endswith("后…") and not page.of("blockquote expandable")


def test_a_passage_is_cut_between_sentences() -> None:
    text = "".join(f"这是前面的第{n}句话。" for n in range(60)) + "全县有网格员51名。" + "后面还有一句话。" * 60
    start = text.index("全县")
    answer = Answer("问", "answered", 0.9, None, "x", (Quote(1, start, start + 10),), (_citation(text),), {})
    page = taken(answer_page(answer, BOT, phrases("zh")))
    (passage,) = page.of("blockquote")
    assert passage.startswith("…这是前面的第") and passage.endswith("后面还有一句话。…") and "51名" in passage
    assert 400 < len(page.text) <= 450


def test_an_answer_shows_its_own_citation_and_leaves_the_others_to_the_button() -> None:
    """Those about another place are named as such, and come last."""
    own = replace(_citation("左云县有网格员51名。"), place="左云县")
    more = (_placed(2, "云溪县"), _placed(3, None), _placed(4, "山西省左云县"))
    answer = Answer("问", "answered", 0.9, None, "x", (Quote(1, 0, 11),), (own, *more), {})
    shown = taken(answer_page(answer, BOT, phrases("zh")))
    assert len(shown.of("blockquote")) == 1 and "云溪县" not in shown.text
    assert [number for number in "234" if f"[{number}]" in shown.text] == []
    told = taken(more_page(answer, BOT, phrases("zh"))).text
    here, _, elsewhere = told.partition("别的地方")
    assert "[3] " in here and "[4] " in here and "[1]" not in told
    assert "[2] " in elsewhere and "[3]" not in elsewhere
    labels = [button["text"] for row in buttons(keyboards.more_keyboard(answer, 1, phrases("zh"))) for button in row]
    assert [label[-1] for label in labels] == ["3", "4", "2"]


def test_what_became_of_a_rule_is_said_once_beside_each_passage_of_it() -> None:
    ended = Reason("repealed", "zh", title="柏川县供水条例")
    own, other = (replace(_citation("水费每吨2元。"), number=number, became=ended) for number in (1, 2))
    said = "引用的规定已由《柏川县供水条例》废止。"
    related = Answer("问", "related", 0.2, RELATED, None, (), (own, other), {})
    answered = Answer("问", "answered", 0.9, ended, "x", (Quote(1, 0, 7),), (own, other), {})
    for answer in (related, answered):
        assert taken(answer_page(answer, BOT, phrases("zh"))).text.count(said) == 1
        assert taken(more_page(answer, BOT, phrases("zh"))).text.count(said) == 1
    assert "The rule that is quoted was ended" in taken(answer_page(related, BOT, phrases("en"))).text


def _placed(number: int, place: str | None) -> Citation:
    return replace(_citation(f"第{number}段。"), number=number, place=place)


def test_in_a_group_the_sentence_and_its_source_are_enough() -> None:
    cited = (replace(_citation("全县有网格员51名。会议强调了工作。"), date="2026-06-30"), _placed(2, None))
    answer = Answer("问", "answered", 0.9, None, "x", (Quote(1, 0, 10),), cited, {})
    page = taken(answer_page(answer, BOT, phrases("zh"), in_group=True))
    assert page.text == "全县有网格员51名。 [1]\n\n[1] 标题 · 2026-06-30\n名.txt"
    (row,) = buttons(keyboards.answer_keyboard(answer, 1, phrases("zh"), in_group=True))
    assert [button["text"] for button in row] == ["🔍 上下文 1", "➕ 更多段落"]


def test_what_stands_before_the_sentence_is_not_said_again_in_its_source() -> None:
    cited = replace(_citation("该县有网格员51名。"), title="左云县的网格", place="左云县", date="2026-06-30")
    answer = Answer(
        "问", "answered", 0.9, None, "x", (Quote(1, 0, 10, "左云县的网格"),), (cited,), {}, understood="全问"
    )
    lines = taken(answer_page(answer, BOT, phrases("zh"))).text.split("\n")
    assert lines[0] == "左云县的网格 · 该县有网格员51名。 [1]", "the first line holds the answer"
    assert lines[1] == "理解为：全问" and lines[3] == "[1] 名.txt · 2026-06-30"


def test_the_closest_passage_is_named_as_that_and_is_the_only_one() -> None:
    cited = (_citation("甲段。"), _placed(2, None))
    page = taken(answer_page(Answer("问", "related", 0.1, RELATED, None, (), cited, {}), BOT, phrases("zh")))
    assert page.text.startswith(f"🔎 {worded(RELATED)}\n最接近的一段：\n\n[1] 标题") and page.of("blockquote") == [
        "甲段。"
    ]


def test_the_closest_sentence_is_named_as_that_and_marked_in_a_short_passage() -> None:
    say, said = phrases("zh"), "网格员的补贴另行规定。"
    text = f"{'前面的一句。' * 60}{said}{'后面的一句。' * 60}"
    start = text.index(said)
    closest = Quote(2, start, start + len(said), "左云县的网格")
    answer = Answer(
        "问", "related", 0.1, RELATED, None, (), (_placed(1, None), replace(_citation(text), number=2)), {},
        closest=closest,
    )  # fmt: skip
    page = taken(answer_page(answer, BOT, say))
    front = f"🔎 {worded(RELATED)}\n最接近的一句：\n左云县的网格 · {said} [2]\n\n[2] 标题\n名.txt"
    assert page.text.startswith(front) and len(page.text) <= 450
    assert page.of("b") == ["标题", said] and said in page.of("blockquote")[0] and "[1]" not in page.text
    assert taken(answer_page(answer, BOT, say, in_group=True)).text == front
    rows = buttons(keyboards.answer_keyboard(answer, 1, say))
    copied = [button["copy_text"]["text"] for row in rows for button in row if "copy_text" in button]
    assert copied[0].startswith(f"“{said}”") and rows[0][0]["text"] == "🔍 上下文 2"


def test_lines_of_the_document_are_lines_of_the_message() -> None:
    citation = replace(_citation("标题正文一。正文二。"), breaks=(2, 6))
    answer = Answer("问", "related", 0.1, RELATED, None, (), (citation,), {})
    assert taken(answer_page(answer, BOT, phrases("zh"))).of("blockquote") == ["标题\n正文一。\n正文二。"]


def test_the_three_outcomes_look_different() -> None:
    say, citation = phrases("zh"), _citation("全县有网格员51名。")
    answered = Answer("问", "answered", 0.9, None, "51", (Quote(1, 6, 8),), (citation,), {})
    related = replace(answered, status="related", answer=None, quotes=(), reason=RELATED)
    missing = replace(related, status="not_found", citations=(), reason=MISSING)
    pages = [taken(answer_page(answer, BOT, say)) for answer in (answered, related, missing)]
    assert pages[0].text.startswith("51 [1]") and pages[0].of("b")[0] == "51"
    assert pages[1].text.startswith(f"🔎 {worded(RELATED)}") and pages[1].of("blockquote")
    assert pages[2].text == f"🚫 {worded(MISSING)}"


def test_figures_that_disagree_are_listed() -> None:
    first, second = _citation("青禾县有172名。"), replace(_citation("云溪县有226名。"), number=2)
    figures = (Figure(1, 4, 8, "172名", "青禾县", None), Figure(2, 4, 8, "226名", "云溪县", "2026-01-01"))
    answer = Answer("问", "answered", 0.9, DIFFER, "x", (Quote(1, 0, 9),), (first, second), {}, 0.9, None, figures)
    text = taken(answer_page(answer, BOT, phrases("zh"))).text
    assert "· 172名  青禾县  青禾县有172名 [1]" in text and "· 226名  云溪县 · 2026-01-01  云溪县有226名 [2]" in text


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://例子.中国/新闻", "https://xn--fsqu00a.xn--fiqs8s/%E6%96%B0%E9%97%BB"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/%E6%96%B0", "https://example.org/%E6%96%B0"),
        ("javascript:alert(1)", None),
        ("http://localhost/x", None),
        ("https://user:pw@example.org/", None),
        ("file:///etc/passwd", None),
        ("https://example.org:99999/", None),
        (None, None),
    ],
)  # fmt: skip
def test_only_addresses_of_the_web_become_links(url: str | None, address: str | None) -> None:
    assert web_address(url) == address


def test_a_link_jumps_to_its_sentence() -> None:
    """Commas, dashes and ampersands have a meaning in a text fragment, so they are written as %2C, %2D and %26."""
    assert sentence_link("https://example.org/x", "a-b, c&d") == "https://example.org/x#:~:text=a%2Db%2C%20c%26d"
    long = sentence_link("https://example.org/x", "1" * 20 + "2" * 20 + "3" * 20)
    assert long == f"https://example.org/x#:~:text={'1' * 15},{'3' * 15}"


def _citation(text: str) -> Citation:
    return Citation(
        1,
        "名.txt",
        "/x/名.txt",
        None,
        "0" * 16,
        "A" * 22,
        "标题",
        None,
        None,
        None,
        None,
        ((0, len(text)),),
        text,
        0.5,
    )
