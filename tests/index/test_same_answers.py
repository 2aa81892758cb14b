"""Both engines give the same answers, and an index moves from one to the other and back as it was."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from config.settings import Settings, load_settings
from retrieval.embedding.base import Embedder
from retrieval.reading.base import Reader
from retrieval.samples import SAMPLES
from retrieval.service import Beside, KnowledgeBase
from retrieval.types import Answer
from tests.index.conftest import milvus_settings
from tests.support.accuracy import questions

pytestmark = pytest.mark.slow
QUESTIONS = questions(SAMPLES.parent / "questions.jsonl")


class Homes(NamedTuple):
    """The samples in an embedded index, moved to Milvus, and moved back."""

    embedded: Settings
    milvus: Settings
    again: Settings


def opened(settings: Settings, embedder: Embedder, reader: Reader | None = None) -> KnowledgeBase:
    return KnowledgeBase(settings, embedder=embedder, reader=reader)


@pytest.fixture(scope="module")
def homes(
    server: str, indexed_samples: Path, real_embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Homes:
    folder = tmp_path_factory.mktemp("moving")
    homes = Homes(
        load_settings(home=shutil.copytree(indexed_samples, folder / "embedded"), reader="none"),
        load_settings(
            home=folder / "milvus", reader="none", index=milvus_settings(server, folder).model_dump(exclude_none=True)
        ),
        load_settings(home=folder / "again", reader="none"),
    )
    for source, target in pairwise(homes):
        with closing(opened(source, real_embedder)) as here, closing(opened(target, real_embedder)) as there:
            file = folder / f"{target.home.name}.zip"
            made = here.maintenance.backup(file, Beside())
            assert there.maintenance.restore(file, Beside()).documents == made.documents > 0
            verified = there.verify()
            assert verified.sound
            assert len(verified.whole) == made.documents
    return homes


@pytest.fixture
def bases(homes: Homes, real_embedder: Embedder) -> Iterator[list[KnowledgeBase]]:
    with ExitStack() as stack:
        yield [stack.enter_context(closing(opened(home, real_embedder))) for home in homes]


def test_every_document_and_passage_is_moved_as_it_was(bases: list[KnowledgeBase]) -> None:
    ids = [[record.document_id for record in base.documents()] for base in bases]
    assert ids[0] == ids[1] == ids[2]
    for document_id in ids[0]:
        first, *others = (
            (
                base.text(document_id),
                [(stored.passage, stored.text, stored.sentences) for stored in base.passages_of(document_id)],
            )
            for base in bases
        )
        assert [first] * 2 == others


def told(answer: Answer) -> tuple[object, ...]:
    """All that it says, but for how sure it is and how long it took."""
    citations = [
        (cited.number, cited.document, cited.passage_id, cited.spans, cited.text, cited.also)
        for cited in answer.citations
    ]
    return answer.status, answer.answer, answer.reason, answer.quotes, answer.figures, answer.tally, citations


def compare(embedded: KnowledgeBase, milvus: KnowledgeBase) -> None:
    for question in QUESTIONS:
        expected, answer = (base.ask(question["question"]) for base in (embedded, milvus))
        assert told(answer) == told(expected), question["id"]
        sure = [
            [own.confidence, own.relevance, *(cited.score for cited in own.citations)] for own in (expected, answer)
        ]
        assert sure[1] == pytest.approx(sure[0], abs=1e-4), question["id"]


def test_both_engines_answer_the_same(bases: list[KnowledgeBase]) -> None:
    compare(*bases[:2])


def test_both_engines_answer_the_same_where_sentences_are_read(
    homes: Homes, real_embedder: Embedder, real_reader: Reader
) -> None:
    with (
        closing(opened(homes.embedded, real_embedder, real_reader)) as embedded,
        closing(opened(homes.milvus, real_embedder, real_reader)) as milvus,
    ):
        compare(embedded, milvus)
