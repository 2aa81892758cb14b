"""A question in another language finds the page that its names are written on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.service import KnowledgeBase

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def mixed(base: KnowledgeBase, write: Write) -> Iterator[KnowledgeBase]:
    write(
        "riders.md",
        "# Riders\n\nThe county has stations for riders. How many have come? Many have come to the county.\n",
    )
    write("兴县.txt", "兴县的饭堂\n\n兴县有饭堂52处，白磊负责。\n")
    base.add([write("左云县.txt", "左云县的网格\n\n左云县有网格员51名。\n").parent])
    yield base


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("How many canteens does Xing County have?", "兴县.txt"),
        ("How many grid workers does Zuoyun County have?", "左云县.txt"),
        ("What has Bai Lei to do?", "兴县.txt"),
        ("Сколько столовых в уезде Цзоюнь?", "左云县.txt"),
        ("How many riders have come to the stations?", "riders.md"),
    ],
)
def test_the_page_with_the_name_is_first(mixed: KnowledgeBase, question: str, document: str) -> None:
    _, hits = mixed.look_up(question)
    assert hits[0].stored.document.name == document
