"""What is asked of files of every kind, cell by cell, with floors by kind as for the other sets.

The files are made here, and about an invented county: no other set and no training has seen them.
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
from tests.asked.formats.files import FILES, write_files
from tests.support.accuracy import PARTS, assert_floors, part_of

HERE = Path(__file__).parent
QUESTIONS = load([HERE / "questions.jsonl"])[0].questions


@pytest.fixture(scope="module")
def formats(
    real_embedder: Embedder, real_reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("formats")
    settings = load_settings(HERE.parent / "wenju.toml", home=folder / "home")
    (folder / "files").mkdir()
    write_files(folder / "files")
    with closing(KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)) as base:
        assert not base.add([folder / "files"]).failures
        yield base


def test_the_set_is_large_enough_and_asks_of_every_file() -> None:
    assert len(QUESTIONS) >= 60 and len(FILES) >= 20
    asked = {question.document for question in QUESTIONS}
    assert {name for name in FILES if not name.endswith(".zip")} <= asked
    assert {question.kind for question in QUESTIONS} == {"word", "sheet", "page", "other", "bad"}


def test_what_shall_be_told_stands_in_the_file(formats: KnowledgeBase) -> None:
    texts = {record.name: squeeze(formats.text(record.document_id).text) for record in formats.documents()}
    assert len(texts) == len(FILES) + 1, "the archive holds two"
    for question in QUESTIONS:
        for spellings in question.told:
            assert question.document is not None
            assert any(squeeze(spelling) in texts[question.document] for spelling in spellings), question.text


@pytest.mark.parametrize("part", PARTS)
def test_no_kind_is_below_its_floor(formats: KnowledgeBase, part: int) -> None:
    floors = json.loads((HERE / "floors.json").read_text("utf-8"))[part]
    assert_floors(evaluate(formats, part_of(QUESTIONS, part, every=3)), floors)
