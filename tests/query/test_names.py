"""A question in another language finds the page that its names are written on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.query.followup.thread import thread_of
from retrieval.service import KnowledgeBase, Scope
from tests.support.paper import PaperEmbedder

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
    _, hits = mixed.search(question)
    assert hits[0].stored.document.name == document


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("zuoyun有多少网格员", "左云县有多少网格员"),
        ("ZUOYUN xian有多少网格员", "左云县有多少网格员"),
        ("Zuo Yun县有多少网格员", "左云县有多少网格员"),
        ("wenju有多少网格员", None),
    ],
)
def test_a_name_in_letters_is_asked_in_characters_and_shown(
    mixed: KnowledgeBase, typed: str, understood: str | None
) -> None:
    answer = mixed.ask(typed)
    assert (answer.question, answer.understood) == (typed, understood)
    assert answer.citations[0].document == "左云县.txt"


def test_such_a_question_is_searched_once_and_keeps_the_paper_that_it_names(
    mixed: KnowledgeBase, write: Write, paper: PaperEmbedder
) -> None:
    mixed.add([write("办法.txt", "左云县网格办法\n\n左云县有网格员60名。\n")])
    paper.asked.clear()
    answer = mixed.ask("请问《左云县网格办法》里zuoyun有多少网格员？谢谢")
    assert paper.asked == ["左云县有多少网格员?"]
    assert answer.understood == "《左云县网格办法》里左云县有多少网格员？"
    assert {citation.document for citation in answer.citations} == {"办法.txt"}
    assert mixed.ask("xingxian呢", after=thread_of(answer)).understood == "《左云县网格办法》里兴县有多少网格员？"


def test_of_two_names_in_letters_both_are_asked_in_characters(mixed: KnowledgeBase) -> None:
    assert mixed.ask("zuoyun和xingxian哪个网格员多").understood == "左云县和兴县哪个网格员多"


@pytest.mark.parametrize("typed", ["那兴县呢", "她的电话呢", "第二条呢", "为什么", "when?"])
def test_a_follow_up_to_nothing_is_told_so(mixed: KnowledgeBase, typed: str) -> None:
    alone = mixed.ask(typed)
    assert alone.status == "not_found"
    assert alone.reason is not None and alone.reason.code == "goes_on"
    after = mixed.ask(typed, after="左云县有多少网格员")
    assert after.reason is None or after.reason.code != "goes_on"
    within = mixed.ask(typed, scope=Scope(documents=("兴县.txt",)))
    assert within.reason is None or within.reason.code != "goes_on", "a passage that is replied to is before it"
