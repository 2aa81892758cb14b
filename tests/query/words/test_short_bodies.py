"""A body is found by what people call it in short, where the documents only write its name."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def said(settings: Settings, paper: PaperEmbedder, write: Write) -> Iterator[Callable[[str], dict[str, str]]]:
    bodies = "县医疗保障局设窗口。\n\n县发展和改革局、县市场监督管理局联合检查。\n\n县卫生健康委员会值班。\n\n"
    text = f"通知\n\n{bodies}县教育体育局和县教育局开会。\n\n县文化和旅游局、县文物旅游局开会。\n"
    with closing(KnowledgeBase(settings.model_copy(update={"reader": "none"}), embedder=paper)) as base:
        base.add([write("a.txt", text)])

        def names(question: str) -> dict[str, str]:
            asked, _ = base.search(question, read=False)
            return {term.word: term.form for term in asked.widening.others if term.word}

        yield names


@pytest.mark.parametrize(
    ("question", "short", "name"),
    [
        ("县医保局局长是谁", "医保局", "医疗保障局"),
        ("联系发改局的电话", "发改局", "发展和改革局"),
        ("市监局在哪", "市监局", "市场监督管理局"),
        ("市场监管局在哪", "市场监管局", "市场监督管理局"),
        ("卫健委在哪", "卫健委", "卫生健康委员会"),
    ],
)
def test_it_is_meant(said: Callable[[str], dict[str, str]], question: str, short: str, name: str) -> None:
    assert said(question) == {short: name}


@pytest.mark.parametrize("question", ["教育局在哪", "文旅局在哪", "水利局在哪", "委托谁办", "这是什么结局"])
def test_what_the_documents_write_or_several_are_called_is_none(
    said: Callable[[str], dict[str, str]], question: str
) -> None:
    assert said(question) == {}
