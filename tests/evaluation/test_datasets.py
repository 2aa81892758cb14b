"""Sets of questions as they are read, and what is said of those that cannot be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.next_steps import in_terminal
from retrieval.errors import EvaluationError
from retrieval.evaluation.datasets import load
from tests.conftest import SHARED
from tests.evaluation.make import squad, write_lines

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {
    "id": "d1",
    "question": "谁",
    "answers": ["甲", "乙"],
    "doc": "a.txt",
    "evidence": "是甲。",
    "difficulty": "easy",
}
Write = Callable[[str, str | bytes], Path]


def test_own_questions(tmp_path: Path) -> None:
    multi = PLAIN | {"id": "d2", "difficulty": "multi", "evidence2": "是乙。"}
    declined = {"id": "n1", "question": "天气如何", "why": "chitchat"}
    bare = {"question": "谁", "answers": ["甲"], "doc": "a.txt"}
    path = write_lines(tmp_path / "q.jsonl", PLAIN | {"difficulty": "easy"}, multi, declined, bare)
    (dataset,) = load([path])
    assert dataset.names_documents
    first, second, third, fourth = dataset.questions
    assert (first.answers, first.evidence, first.kind) == ((("甲", "乙"),), ("是甲。",), "easy")
    assert (second.answers, second.evidence) == ((("甲",), ("乙",)), ("是甲。", "是乙。"))
    assert (third.why, third.kind, third.answers) == ("chitchat", "chitchat", ())
    assert (fourth.id, fourth.kind, fourth.evidence) == (f"{path}:4", "answerable", ())


def test_questions_of_a_conversation_and_of_what_must_be_told(tmp_path: Path) -> None:
    told = {"question": "兴县呢", "after": ["左云县有几人", "谢谢"], "told": ["51", ["人", "名"]], "not_told": ["7"]}
    declined = {"question": "明年呢", "after": ["今年几人"], "why": "missing_fact", "difficulty": "time"}
    (dataset,) = load([write_lines(tmp_path / "q.jsonl", told, told | {"doc": "a.txt"}, declined)])
    first, second, third = dataset.questions
    assert (first.after, first.told, first.not_told) == (("左云县有几人", "谢谢"), (("51",), ("人", "名")), ("7",))
    assert (first.document, second.document, first.answers) == (None, "a.txt", ())
    assert (third.after, third.why, third.kind) == (("今年几人",), "missing_fact", "time")


@pytest.mark.parametrize(
    "wrong",
    [{"told": []}, {"told": "51"}, {"told": [""]}, {"told": ["51"], "after": "谁"}, {"told": ["5"], "after": [""]}],
)
def test_what_is_no_conversation_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(EvaluationError, match=r"q\.jsonl:1"):
        load([write_lines(tmp_path / "q.jsonl", {"question": "谁"} | wrong)])


def test_ids_are_made_different_over_all_files(tmp_path: Path) -> None:
    paths = [write_lines(tmp_path / name, PLAIN, PLAIN | {"id": "d1#2"}) for name in ("a.jsonl", "b.jsonl")]
    ids = [question.id for dataset in load(paths) for question in dataset.questions]
    assert len(set(ids)) == 4
    assert ids[0] == "d1"


def test_squad_by_paragraph_and_by_article(write: Write) -> None:
    """By article the second paragraph 第二段。乙。 stands behind 第一段，甲。 and an empty line: at 6 + 2 = 8."""
    data = squad(
        [("第一段，甲。", [("谁在先", "甲")]), ("第二段。乙。", [("谁在后", "乙")])], [("丙。", [("还有谁", "丙")])]
    )
    path = write("dev.json", json.dumps(data))
    (paragraphs,) = load([path])
    assert not paragraphs.names_documents
    assert list(paragraphs.texts.values()) == ["第一段，甲。", "第二段。乙。", "丙。"]
    assert [question.document for question in paragraphs.questions] == list(paragraphs.texts)
    assert [question.span for question in paragraphs.questions] == [(0, 6), (0, 6), (0, 2)]
    (articles,) = load([path], "article")
    assert list(articles.texts.values()) == ["第一段，甲。\n\n第二段。乙。", "丙。"]
    first, second, third = articles.questions
    assert (first.span, second.span, third.span) == ((0, 6), (8, 14), (0, 2))
    assert first.document == second.document != third.document
    assert second.evidence == ("乙。",), "the sentence in which the answer stands"


def test_squad_offsets_agree_with_what_is_read_back(write: Write) -> None:
    data = squad([("一\r\n二", [("几", "一")]), ("三\r四", [("几", "四")])])
    (articles,) = load([write("dev.json", "\ufeff" + json.dumps(data))], "article")
    (text,) = articles.texts.values()
    assert text == "一\n二\n\n三\n四"
    assert [text[slice(*question.span)] for question in articles.questions if question.span] == ["一\n二", "三\n四"]


def test_questions_of_squad_2_may_have_no_answer(write: Write) -> None:
    data = squad([("甲在家。", [("甲在哪", "家")])])
    data["data"][0]["paragraphs"][0]["qas"].append(
        {"id": "x", "question": "乙在哪", "answers": [], "is_impossible": True}
    )
    (dataset,) = load([write("dev.json", json.dumps(data))])
    assert [question.why for question in dataset.questions] == [None, "missing_fact"]


def test_two_files_of_one_name_keep_their_documents_apart(write: Write) -> None:
    paths = [write(f"{name}/dev.json", json.dumps(squad([(name, [("谁", name)])]))) for name in ("甲", "乙")]
    texts = {name: text for dataset in load(paths) for name, text in dataset.texts.items()}
    assert sorted(texts.values()) == sorted("甲乙")


def test_rgb(tmp_path: Path) -> None:
    row = {
        "id": 0,
        "query": "多少",
        "answer": [["4次", "四次"], "甲"],
        "positive": ["共4次", "甲"],
        "negative": ["无", "甲"],
    }
    (dataset,) = load([write_lines(tmp_path / "rgb.json", row)])
    assert list(dataset.texts.values()) == ["共4次", "甲", "无"], "each text once"
    assert dataset.questions[0].answers == (("4次", "四次"), ("甲",))
    assert dataset.questions[0].document is None


BROKEN: list[tuple[str, Any, str]] = [
    ("an empty file", "", "is empty"),
    ("white space", " \n\n", "is empty"),
    ("no JSON", "谁是镇长？\n", ":1 is not JSON"),
    ("one line that is no JSON", json.dumps(PLAIN) + "\n{oops\n", ":2 is not JSON"),
    ("too deep", '{"question": ' + "[" * 100_000, ":1 is not JSON"),
    ("a list", "[1, 2]", ":1 is not a JSON object"),
    ("an unknown form", '{"text": "a"}', "is in no known form"),
    ("two forms", json.dumps(PLAIN) + '\n{"query": "a", "positive": []}\n', "is in no known form"),
    ("bytes", b"\x00\x01\x02", "cannot be read"),
    ("no answers", {"question": "谁", "doc": "a.txt"}, ":1: 谁 has no `answers` or no `doc`"),
    ("empty answers", {"question": "谁", "doc": "a.txt", "answers": []}, "has no `answers`"),
    ("no document", {"question": "谁", "answers": ["甲"]}, "no `doc`"),
    ("a number for an answer", PLAIN | {"answers": [51]}, ":1: `answers` must be text"),
    ("a text for a list", PLAIN | {"answers": "甲"}, ":1: `answers` must be text"),
    ("a blank answer", PLAIN | {"answers": [" "]}, ":1: `answers` must be text"),
    ("a list for a document", PLAIN | {"doc": ["a.txt"]}, ":1: `doc` must be text"),
    ("evidence that is no text", PLAIN | {"evidence": 7}, ":1: `evidence` must be text"),
    ("a question that is no text", PLAIN | {"question": 7}, ":1: `question` must be text"),
    ("a question without words", PLAIN | {"question": "？？"}, ":1 cannot be asked"),
    ("an unknown reason", {"question": "谁", "why": "because"}, "`why` is none of other_place"),
    ("SQuAD without paragraphs", {"data": [{"title": "a"}]}, "lacks `paragraphs`"),
    ("SQuAD of numbers", {"data": [7]}, "lacks `paragraphs`"),
    ("SQuAD without questions", {"data": []}, "has no questions"),
    ("SQuAD without context", {"data": [{"paragraphs": [{"qas": []}]}]}, "lacks `context`"),
    ("SQuAD, qas no list", {"data": [{"paragraphs": [{"context": "甲", "qas": 1}]}]}, "`qas` is no list"),
    (
        "SQuAD without answers",
        {"data": [{"paragraphs": [{"context": "甲", "qas": [{"id": "q", "question": "谁", "answers": []}]}]}]},
        "question q has no answers",
    ),
    (
        "SQuAD with a number for an answer",
        {"data": [{"paragraphs": [{"context": "甲", "qas": [{"question": "谁", "answers": [{"text": 5}]}]}]}]},
        "`answers` must be text",
    ),
    ("RGB without answers", {"query": "谁", "positive": ["甲"], "answer": []}, ":1 has no `answer`"),
    ("RGB with numbers", {"query": "谁", "positive": ["甲"], "answer": [5]}, ":1: `answer` must be text"),
    ("RGB, positive no list", {"query": "谁", "positive": "甲", "answer": ["甲"]}, ":1: `positive` must be text"),
]


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_is_wrong_is_said_in_one_line(write: Write, content: Any, expected: str) -> None:
    path = write("set.json", json.dumps(content) if isinstance(content, dict) else content)
    with pytest.raises(EvaluationError) as caught:
        load([path])
    message = str(caught.value)
    assert expected in message
    assert str(path) in message
    assert "\n" not in message
    assert message.endswith((".", "网格员"))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(EvaluationError, match=r"cannot be read: .+\. Name a file of questions\."):
            load([path])


def test_by_is_for_squad_alone(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="SQuAD files") as raised:
        load([write_lines(tmp_path / "q.jsonl", PLAIN)], "article")
    assert in_terminal(raised.value).startswith("--by is for SQuAD files")


def test_the_samples_of_this_project_are_read() -> None:
    (dataset,) = load([ROOT / "data" / "questions.jsonl"])
    assert len(dataset.questions) > 80


@pytest.mark.skipif(not (SHARED / "datasets").is_dir(), reason="the public data sets (../shared) are not at hand")
def test_the_public_sets_are_read_and_their_answers_stand_in_their_paragraphs() -> None:
    for name, by, questions in (("cmrc2018", "paragraph", 3219), ("drcd", "article", 3524)):
        (dataset,) = load([SHARED / "datasets" / f"{name}_dev.json"], by)
        assert len(dataset.questions) == questions
        for question in dataset.questions:
            assert question.document is not None
            assert question.span is not None
            text = "".join(dataset.texts[question.document][slice(*question.span)].split())
            assert any("".join(spelling.split()) in text for spelling in question.spellings)
    (rgb,) = load([SHARED / "datasets" / "rgb_zh_refine.json"])
    assert len(rgb.questions) == 300
