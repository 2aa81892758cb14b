"""What is answered to a question does not turn on how many other documents are indexed.

Whether it is called the answer still may: evidence weighs words by how rare they are.
"""

from contextlib import closing
from pathlib import Path

import pytest

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase

NOTICE = (
    "关于柳湾镇农村客运班线调整的通告\n\n为方便群众出行，自2026年5月1日起，柳湾镇农村客运班线作如下调整："
    "首班车6:20发车，末班车18:40发车，票价4元，六十五周岁以上老人凭证免费。\n"
)
QUESTIONS = ("末班车几点", "坐班车多少钱", "什么时候开始调整", "校车几点发车", "怎么办理护照")
THINGS = ("生猪", "蛋鸡", "黄牛", "山羊", "香菇", "木耳", "苹果", "核桃")


def other(number: int) -> str:
    """A short report on something else, none like the other."""
    thing, village = THINGS[number % len(THINGS)], f"{'东西南北'[number % 4]}{'沟坪坝岭湾'[number % 5]}{number}组"
    told = f"{village}今年有{number + 20}户发展{thing}，比去年多{number % 7 + 1}户，户均增收{number * 3 + 800}元。"
    return f"{village}的{thing}产业\n\n{told}\n"


def outcomes(folder: Path, others: int, embedder: Embedder, reader: Reader) -> list[tuple[str, str | None]]:
    folder.mkdir()
    (folder / "notice.txt").write_text(NOTICE, "utf-8")
    for number in range(others):
        (folder / f"{number:03}.txt").write_text(other(number), "utf-8")
    with closing(KnowledgeBase(load_settings(home=folder / "home"), embedder=embedder, reader=reader)) as base:
        base.add([folder])
        answers = [base.ask(question) for question in QUESTIONS]
    return [(answer.status, answer.answer) for answer in answers]


@pytest.fixture(scope="module")
def alone(
    tmp_path_factory: pytest.TempPathFactory, real_embedder: Embedder, real_reader: Reader
) -> list[tuple[str, str | None]]:
    return outcomes(tmp_path_factory.mktemp("alone") / "docs", 0, real_embedder, real_reader)


@pytest.mark.parametrize("others", [5, 40, pytest.param(400, marks=pytest.mark.slow)])
def test_the_same_notice_gives_the_same_answers_beside_others(
    others: int, tmp_path: Path, alone: list[tuple[str, str | None]], real_embedder: Embedder, real_reader: Reader
) -> None:
    beside = outcomes(tmp_path / "beside", others, real_embedder, real_reader)
    assert all(status in ("answered", "related") for status, _ in (alone[0], beside[0])), "it is there"
    for (_, own_answer), (_, other_answer) in zip(alone, beside, strict=True):
        assert own_answer == other_answer or None in (own_answer, other_answer), "never another answer"
    assert "18:40" in (beside[0][1] or alone[0][1] or "")
    assert beside[-1][0] != "answered"
    assert alone[-1][0] != "answered"
