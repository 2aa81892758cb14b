"""What people really ask, over documents that were invented for it: as `wenju eval` asks it, with floors by kind.

The floors are what was seen: a change that loses an answer must say so. A third of the questions is asked by `make
test`, the others by `make test-slow`.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.evaluation.datasets import load
from retrieval.evaluation.questions import squeeze
from retrieval.evaluation.run import evaluate
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase
from tests.support.accuracy import PARTS, assert_floors, part_of

HERE = Path(__file__).parent
SETS = ("single", "turns")
QUESTIONS = {name: load([HERE / f"{name}.jsonl"])[0].questions for name in SETS}
COMPUTED = "rows", "list", "library"
"""Kinds whose answers stand in no document: they are counted, added, or told from the index."""


@pytest.fixture(scope="module")
def asked(
    real_embedder: Embedder, real_reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    settings = load_settings(HERE / "wenju.toml", home=tmp_path_factory.mktemp("asked") / "home")
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        base.add([HERE / "documents"])
        yield base


def test_the_sets_are_large_enough_and_hold_all_kinds() -> None:
    assert len(QUESTIONS["single"]) >= 120
    assert len(QUESTIONS["turns"]) >= 80
    assert all(
        bool(asked_question.after) == (name == "turns")
        for name, questions in QUESTIONS.items()
        for asked_question in questions
    )
    assert {asked_question.kind for asked_question in QUESTIONS["single"]} == {
        *("time", "list", "rows", "yes_no", "library", "narrow", "words", "fact", "bad")
    }


@pytest.mark.parametrize("name", SETS)
def test_what_shall_be_told_stands_in_the_documents(asked: KnowledgeBase, name: str) -> None:
    texts = {record.name: squeeze(asked.text(record.document_id).text) for record in asked.documents()}
    everything = "".join(texts.values())
    for question in QUESTIONS[name]:
        text = everything if question.document is None else texts[question.document]
        for spellings in question.told if question.kind not in COMPUTED else ():
            computed = all(spelling.isdecimal() for spelling in spellings)
            assert computed or any(squeeze(spelling) in text for spelling in spellings), question.text


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("part", PARTS)
def test_no_kind_is_below_its_floor(asked: KnowledgeBase, name: str, part: int) -> None:
    floors = json.loads((HERE / "floors.json").read_text("utf-8"))[name][part]
    assert_floors(evaluate(asked, part_of(QUESTIONS[name], part, every=3)), floors)
