"""Figures that disagree are shown, and only those: each row is what documents say and what is asked of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.render.terminal import render_answer
from bot.wording import message_of
from config.settings import AnswerSettings, Settings
from retrieval.answering.compose import compose
from retrieval.answering.figures import disagreeing
from retrieval.embedding.base import Embedder
from retrieval.query.question import Question
from retrieval.ranking.evidence import rank_sentences
from retrieval.ranking.reprints import distinct
from retrieval.service import KnowledgeBase
from retrieval.types import Figure, Hit
from tests.support.hits import asking, hit, stored

Write = Callable[[str, str | bytes], Path]
ALWAYS = AnswerSettings(answered=0, related=0)


@dataclass(frozen=True)
class Doc:
    """A passage of a document of its own; each sentence as close to the question as the others."""

    sentences: Sequence[str]
    title: str = "网格里的事"
    place: str | None = None
    date: str | None = None
    name: str | None = None

    def hit(self, question: Question, number: int) -> Hit:
        document = self.name or f"d{number}"
        passage = stored(self.sentences, title=self.title, place=self.place, date=self.date, document_id=document)
        found = hit(question, [], [0.93] * len(self.sentences), passage=passage)
        return replace(found, sentence_scores=tuple(20.0 for _ in self.sentences))


def hits_of(question: Question, docs: Sequence["Doc"]) -> list[Hit]:
    return [doc.hit(question, i) for i, doc in enumerate(docs)]


def figures(question: str, docs: Sequence[Doc]) -> tuple[Figure, ...]:
    asked = asking(question)
    hits = hits_of(asked, docs)
    found = disagreeing(asked, hits, rank_sentences(hits))
    for figure in found:
        assert hits[figure.citation - 1].stored.text[figure.start : figure.end] == figure.text
    return found


def doc(*sentences: str, **context: str | None) -> Doc:
    return Doc(sentences, **context)  # type: ignore[arg-type]


GRID = "左云县有网格员51名。"
PARTS = "全县配备专职网格员51名，兼职网格员7名。"

AGREE = [
    # the same figure, written otherwise
    ("左云县有多少网格员", [doc(GRID), doc("左云县共有网格员五十一名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县的51名网格员走家串户。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县網格員有５１人。")]),
    ("专项资金有多少", [doc("专项资金2000余万元。"), doc("专项资金达2,000多万元。")]),
    ("专项资金有多少", [doc("专项资金2000余万元。"), doc("专项资金共2013万元。")]),
    ("投票率是多少", [doc("投票率为90.1%。"), doc("投票率达百分之九十点一。")]),
    ("水渠多长", [doc("水渠长4.2公里。"), doc("水渠长4200米。")]),
    ("文化节共有多少届", [doc("第十四届文化节开幕。"), doc("第14届文化节开幕。")]),
    ("食堂什么时候开张的", [doc("2020年1月，食堂开张。"), doc("食堂于2020年1月5日开张。")]),
    ("食堂什么时候开张的", [doc("1月5日，食堂开张。"), doc("食堂于2020年1月5日开张。")]),
    # parts in one sentence, and parts against the whole
    ("左云县有多少网格员", [doc(PARTS, place="左云县"), doc(PARTS, place="左云县")]),
    ("左云县有多少网格员", [doc(PARTS, place="左云县")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县有兼职网格员7名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县其中网格员30名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县每个网格配备网格员2名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县白塘镇有网格员12名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县的白塘镇不大。", "该镇有网格员12名。")]),
    # plans and changes
    ("左云县有多少网格员", [doc(GRID), doc("左云县计划招聘网格员30名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县新增网格员30名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县网格员增长30名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县表扬了十名网格员。")]),
    # another place than the one asked
    ("左云县有多少网格员", [doc(GRID), doc("云溪县有网格员43名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("云溪县的网格员不少。", "该县有网格员43名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("有网格员43名。", place="云溪县")]),
    ("左云县有多少网格员", [doc(GRID), doc("有网格员43名。")]),  # nobody knows whose
    ("左云县有多少网格员", [doc(GRID), doc("左云县、云溪县共有网格员94名。")]),
    # another thing, another unit
    ("左云县有多少网格员", [doc(GRID), doc("左云县有网格58个。"), doc("左云县有党员400名。")]),
    ("左云县有多少网格", [doc("左云县有网格58个。"), doc("左云县有网格员51名。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县网格员占58%。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县网格员2025年到岗。")]),
    ("左云县有多少网格员", [doc(GRID), doc("左云县网格员入户300户次。")]),
    ("左云县党员占多大比例", [doc("左云县党员占18.5%。"), doc("左云县有党员400名。")]),
    ("左云县网格员补贴是多少", [doc("左云县网格员补贴300元。"), doc("左云县有网格员51名。")]),
    ("左云县2025年有多少网格员", [doc("2025年，左云县有网格员51名。"), doc("2024年，左云县有网格员43名。")]),
    ("有多少网格员", [doc(GRID), doc("白塘镇有网格员12名。")]),  # a town is not set against a county
    # another of its kind
    ("广茂铁路全长多少公里", [doc("广茂铁路全长364.6公里。"), doc("广三铁路全长49公里。")]),
    ("广茂铁路全长多少公里", [doc("广茂铁路全长364.6公里。"), doc("广茂铁路不短。", "河茂铁路全长61公里。")]),
    ("一号卫星寿命是多少年", [doc("一号卫星的寿命是15年。"), doc("四号卫星的寿命是8年。")]),
    # one document that counts twice
    ("左云县有多少网格员", [doc(GRID, "左云县有网格员43名。")]),
    ("左云县有多少网格员", [doc(GRID, name="a"), doc("左云县有网格员43名。", name="a")]),
    # no figure is asked, or two things are
    ("左云县谁管网格", [doc("左云县网格员51名。"), doc("左云县网格员43名。")]),
    ("左云县有多少网格员，书记是谁", [doc(GRID), doc("左云县有网格员43名。")]),
]  # fmt: skip

DISAGREE = [
    # by place
    ("有多少网格员", [doc(GRID), doc("云溪县有网格员43名。")], [("51名", "左云县", None), ("43名", "云溪县", None)]),
    ("有多少网格员", [doc(GRID, "云溪县有网格员43名。")], [("51名", "左云县", None), ("43名", "云溪县", None)]),
    (
        "有多少网格员",
        [doc("左云县：先从小区做起", PARTS), doc("云溪县地广人稀。", "该县有专职网格员43名，兼职网格员7名。")],
        [("51名", "左云县", None), ("43名", "云溪县", None)],
    ),
    (
        "有多少网格员",
        [doc("共有网格员51名。", place="左云县"), doc("共有网格员43名。", place="敖汉旗")],
        [("51名", "左云县", None), ("43名", "敖汉旗", None)],
    ),
    (
        "投票率是多少",
        [doc("兴县投票率为90.1%。"), doc("保德县投票率为88%。")],
        [("90.1%", "兴县", None), ("88%", "保德县", None)],
    ),
    # by date
    (
        "左云县有多少网格员",
        [doc(GRID, date="2025-06-30"), doc("左云县有43名网格员。", date="2024-01-02")],
        [("51名", "左云县", "2025-06-30"), ("43名", "左云县", "2024-01-02")],
    ),
    (
        "左云县有多少网格员",
        [doc("2024年底，左云县有网格员43名。", "2025年底，左云县有网格员51名。")],
        [("43名", "左云县", "2024"), ("51名", "左云县", "2025")],
    ),
    # by document
    (
        "左云县有多少网格员",
        [doc(GRID), doc("左云县有网格员43名。")],
        [("51名", "左云县", None), ("43名", "左云县", None)],
    ),
    ("有多少食堂", [doc("有食堂12家。"), doc("有食堂9家。")], [("12家", None, None), ("9家", None, None)]),
    (
        "左云县有多少网格员",
        [doc(GRID), doc("左云县有网格员五十一人。"), doc("左云县网格员共43人。")],
        [("51名", "左云县", None), ("43人", "左云县", None)],
    ),
    ("水渠多长", [doc("水渠长4.2公里。"), doc("水渠长3500米。")], [("4.2公里", None, None), ("3500米", None, None)]),
    (
        "专项资金有多少",
        [doc("专项资金2000余万元。"), doc("专项资金达3500万元。")],
        [("2000余万元", None, None), ("3500万元", None, None)],
    ),
    (
        "食堂什么时候开张的",
        [doc("2020年1月，食堂开张。"), doc("食堂于2021年5月6日开张。")],
        [("2020年1月", None, None), ("2021年5月6日", None, None)],
    ),
    (
        "广茂铁路全长多少公里",
        [doc("广茂铁路全长364.6公里。"), doc("广茂铁路全长357公里。")],
        [("364.6公里", None, None), ("357公里", None, None)],
    ),
    # notices by formula: each place has its own
    (
        "招聘多少网格员",
        [doc("左云县招聘网格员51名。"), doc("云溪县招聘网格员43名。")],
        [("51名", "左云县", None), ("43名", "云溪县", None)],
    ),
    (
        "左云縣有多少網格員",
        [doc("左雲縣有網格員51名。"), doc("左云县有网格员43名。")],
        [("51名", "左云县", None), ("43名", "左云县", None)],
    ),
    (
        "How many grid workers are there?",
        [doc("There are 51 grid workers."), doc("The town has 43 grid workers.")],
        [("51", None, None), ("43", None, None)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("question", "docs"), AGREE)
def test_what_does_not_disagree(question: str, docs: Sequence[Doc]) -> None:
    assert figures(question, docs) == ()


@pytest.mark.parametrize(("question", "docs", "expected"), DISAGREE)
def test_what_disagrees(
    question: str, docs: Sequence[Doc], expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(figure.text, figure.place, figure.date) for figure in figures(question, docs)] == expected


@pytest.mark.parametrize(("question", "docs"), AGREE + [row[:2] for row in DISAGREE])
def test_nothing_disagrees_with_itself(question: str, docs: Sequence[Doc]) -> None:
    for document in docs:
        if len(document.sentences) == 1:
            assert figures(question, [document, document, document]) == ()


def test_two_kinds_are_compared_each_with_its_own() -> None:
    docs = [doc("左云县有专职网格员51名、兼职网格员7名。"), doc("云溪县有专职网格员43名、兼职网格员9名。")]
    assert [figure.text for figure in figures("有多少网格员", docs)] == ["51名", "7名", "43名", "9名"]
    same = [docs[0], doc("云溪县有专职网格员43名、兼职网格员7名。")]
    assert [figure.text for figure in figures("有多少网格员", same)] == ["51名", "43名"]


ODD = [
    "",
    "多少",
    "几",
    "how many",
    "有多少" + "县" * 300,
    "५名५.२名",
    "五" * 5000,
    "9" * 5000,
    "1,1,1,,",
    "\ud800有多少县",
]


@pytest.mark.parametrize("question", [*ODD, "有多少网格员"])
def test_odd_questions_and_texts_are_survived(question: str) -> None:
    docs = [doc(f"{text}网格员51名{text}。") for text in ODD]
    assert isinstance(figures(question, docs), tuple)
    assert isinstance(distinct(hits_of(asking(question), docs), 5), list)


# -- in the answer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "docs", "message"),
    [
        ("有多少网格员", [doc(GRID), doc("云溪县有网格员43名。")], "不同的文档（或地方、日期）给出的数字不同："),
        (
            "How many grid workers are there?",
            [doc("There are 51 grid workers."), doc("The town has 43 grid workers.")],
            "Different documents (or places, or dates) give different figures:",
        ),
    ],
)
def test_the_answer_says_so_in_the_language_of_the_question(question: str, docs: Sequence[Doc], message: str) -> None:
    asked = asking(question)
    answer = compose(asked, hits_of(asked, docs), ALWAYS)
    assert (answer.status, message_of(answer)) == ("answered", message)
    assert len(answer.figures) == 2
    assert render_answer(answer, marks=True).plain.count(message) == 1


def test_an_answer_whose_figures_agree_has_no_message() -> None:
    asked = asking("左云县有多少网格员")
    answer = compose(asked, hits_of(asked, [doc(GRID), doc("左云县共有网格员51名。")]), ALWAYS)
    assert (answer.status, answer.reason, answer.figures) == ("answered", None, ())


def test_only_cited_passages_are_compared() -> None:
    asked = asking("有多少网格员")
    hits = hits_of(asked, [doc(GRID), doc("云溪县有网格员43名。")])
    ranked = rank_sentences(hits)
    assert len(disagreeing(asked, hits, ranked)) == 2
    assert disagreeing(asked, hits[:1], ranked) == ()
    assert disagreeing(asked, [], ranked) == ()


def test_real_files_of_two_years_disagree(settings: Settings, real_embedder: Embedder, write: Write) -> None:
    base = KnowledgeBase(settings, embedder=real_embedder)
    old = (
        "青石县地处山区，网格员每天走村入户。到去年底，青石县共有网格员312名，平均年龄46岁。村里的事先由网格员来问。"
    )
    new = "青石县社会工作部总结一年来的工作。目前青石县共有网格员348名，比上年增加36名。会议表扬了十名网格员。"
    other = "云岭县的社区食堂办得红火，老人吃上热饭。云岭县共有网格员97名，他们给行动不便的老人送饭。"
    base.add(
        [
            write("2024.md", f"---\ndate: 2024-02-01\n---\n# 青石县网格员走村入户\n\n{old}"),
            write("2026.md", f"---\ndate: 2026-01-20\n---\n# 青石县总结网格工作\n\n{new}"),
            write("other.md", f"---\ndate: 2026-03-01\n---\n# 云岭县社区食堂\n\n{other}"),
        ]
    )
    answer = base.ask("青石县有多少网格员")
    assert answer.status == "answered"
    assert {(figure.text, figure.place, figure.date) for figure in answer.figures} == {
        ("312名", "青石县", "2024-02-01"),
        ("348名", "青石县", "2026-01-20"),
    }
    text = render_answer(answer, marks=True).plain
    assert "348名  青石县 · 2026-01-20  目前青石县共有网格员348名  [" in text
    assert base.ask("云岭县有多少网格员").figures == ()
    everywhere = base.ask("有多少网格员").figures
    assert {figure.place for figure in everywhere} == {"青石县", "云岭县"}
    base.close()
