"""Two places that are compared over running text: the question for each, and both answers side by side."""

from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.query.asked.sides import questions_of_sides
from retrieval.service import KnowledgeBase
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("东垣县和南泽县哪个县产值高", ("东垣县产值多少", "南泽县产值多少")),
        ("左云县和兴县谁的网格员多", ("左云县网格员多少", "兴县网格员多少")),
        ("左云县与兴县相比，人口哪个多", ("左云县人口多少", "兴县人口多少")),
        ("左云县和兴县面积哪个大？", ("左云县面积多大", "兴县面积多大")),
        ("左云县和兴县有多少网格员", None),
        ("左云县哪个镇人口多", None),
        ("左云县和兴县哪个多", None),
    ],
)
def test_the_question_for_either_place(question: str, sides: tuple[str, str] | None) -> None:
    assert questions_of_sides(question) == sides


def test_both_sentences_stand_side_by_side(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# 东垣县产业\n\n东垣县连翘产值3.1亿元。\n", "utf-8")
    (folder / "b.md").write_text("# 南泽县产业\n\n南泽县花椒产值4.6亿元。\n", "utf-8")
    own = settings.model_copy(update={"reader": "none"})
    with closing(KnowledgeBase(own, embedder=paper, reader=PaperReader({"产值": 9.0}, otherwise=-6.0))) as base:
        base.add([folder])
        answer = base.ask("东垣县和南泽县哪个县产值高")
        assert answer.status == "answered"
        assert answer.answer == "东垣县连翘产值3.1亿元。\n南泽县花椒产值4.6亿元。"
        assert [answer.citations[quote.citation - 1].document for quote in answer.quotes] == ["a.md", "b.md"]
        base.remove("b.md")
        assert base.ask("东垣县和南泽县哪个县产值高").answer != answer.answer
