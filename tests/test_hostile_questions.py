"""Whatever is asked: an answer, or an error that says what is wrong with the question."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.render.json import answer_object, one_line
from bot.render.terminal import render_answer
from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.errors import QuestionError, WenjuError
from retrieval.reading.base import Reader
from retrieval.service import QUESTION_LENGTH, KnowledgeBase
from retrieval.types import quote
from tests.support.models import make_reader
from tests.support.paper import PaperEmbedder

DOCUMENTS = {
    "左云.txt": "左云县网格员\n\n该县有专职网格员51名，兼职网格员7名。\u202e食堂\u200b每天\u2028开放，用电3瓩。\n",
    "青禾.md": "# 青禾县\n\n青禾县的网格员是172名。\n\n## 食堂\n\n食堂12点开门，老人每餐8元。\n",
    "combining.txt": "网格员" + "e" + "\u0301\u0323" * 300 + "兙瓩\n\n𝕎𝕙𝕒𝕥 选举 शिक्षा عربي\u0600 ㎡\ufdfa\n",
}
PIECES = [
    *(
        "左云县",
        "网格员",
        "有多少",
        "食堂",
        "几点",
        "呢",
        "那",
        "谁是县长",
        "？",
        "Zuoyun County",
        "Цзоюнь",
        "ᠮᠣᠩᠭᠣᠯ",
    ),
    *("\x00", "\x1b[2J", "\x9b", "\ud800", "\udfff", "\u202e", "\u2066", "\u200d", "\u2028", "\ufeff", "😀", "兙"),
    *(
        "e" + "\u0301\u0323" * 20,
        "\u0e33" * 9,
        "９" * 30,
        "9" * 400,
        "亿" * 40,
        "3.",
        "1,2",
        "(" * 50,
        "[/red]",
        "%s",
    ),
]
questions = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=12).map("".join)
    | st.text(max_size=60)
    | st.builds(lambda piece, times: piece * times, st.sampled_from(PIECES), st.integers(1, 400))
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "docs").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "docs" / name).write_text(text, "utf-8")
    reader = make_reader(folder / "reader")  # the real engine, with so small a model that many may be asked
    settings = load_settings(home=folder / "home", reader=str(reader), cache_dir=folder / "cache")
    base = KnowledgeBase(settings, embedder=PaperEmbedder())
    assert not base.add([folder / "docs"]).failures
    yield base
    base.close()


@given(questions, st.none() | questions)
@example("９" * 30 + "%", None)
@example("网格员" * 3_334, None)
@example("😀", None)
@example("呢", "网格员" * 400)
@example("兙瓩有多少", None)
@example("左云县呢", "\ud800")
@examples(max_examples=150, deadline=None)
def test_any_question_is_answered_or_refused_by_name(asked: KnowledgeBase, question: str, after: str | None) -> None:
    try:
        answer = asked.ask(question, after=after)
    except QuestionError as error:
        assert str(error) and not error.__cause__
        return
    assert len(" ".join(question.split())) <= QUESTION_LENGTH
    assert answer.question and 0 <= answer.confidence <= 1 and 0 <= answer.relevance <= 1
    cited = {citation.number: citation for citation in answer.citations}
    for citation in answer.citations:
        assert citation.text == quote(asked.text(citation.document_id).text, citation.spans)
        assert list(citation.spans) == sorted(citation.spans)
    for quoted in answer.quotes:
        assert 0 <= quoted.start < quoted.end <= len(cited[quoted.citation].text)
    for figure in answer.figures:
        assert cited[figure.citation].text[figure.start : figure.end] == figure.text
    line = one_line(answer_object(answer))
    assert json.loads(line) == json.loads(json.dumps(answer_object(answer))) and "\n" not in line
    assert asdict(answer)["citations"] is not None
    for text in (line, render_answer(answer, marks=True).plain):
        assert not [c for c in text if not (c.isprintable() or c == "\n" or category(c) == "Zs")]


HARD = [
    "😀",
    "网格员\x00有多少",
    "e" + "\u0301\u0323" * 400,
    "兙" * 999,
    "\u202e员格网",
    "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ",
    "a" * 1000,
    "网 " * 499,
]


@pytest.mark.parametrize("question", HARD, ids=range(len(HARD)))
def test_the_real_models_survive_them_too(real_embedder: Embedder, real_reader: Reader, question: str) -> None:
    assert real_embedder.embed_questions([question]).shape == (1, real_embedder.identity.dimension)
    assert real_reader.read(question, [*DOCUMENTS.values(), f"【{question}】"]).shape == (len(DOCUMENTS) + 1,)


@pytest.mark.parametrize("question", ["", " \n", "？", "网格员\ud800", "网格员" * 3_334, "\u0301"])
def test_what_cannot_be_asked_is_said_to_be(asked: KnowledgeBase, question: str) -> None:
    with pytest.raises(WenjuError) as told:
        asked.ask(question)
    assert isinstance(told.value, QuestionError) and "\n" not in str(told.value)
