"""Both engines give the same answers, and an index moves from one to the other and back as it was."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from config.settings import Settings, load_settings
from retrieval.embedding.base import Embedder
from retrieval.query.followup.thread import thread_of
from retrieval.reading.base import Reader
from retrieval.samples import SAMPLES
from retrieval.service import Beside, KnowledgeBase
from retrieval.types import Answer
from tests.index.conftest import milvus_settings
from tests.support.accuracy import questions

pytestmark = pytest.mark.slow
QUESTIONS = questions(SAMPLES.parent / "questions.jsonl")
ASKED = Path(__file__).resolve().parents[1] / "asked"
ASKED_QUESTIONS = [question for name in ("single", "turns") for question in questions(ASKED / f"{name}.jsonl")]


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
    shutil.copytree(indexed_samples, folder / "embedded")
    return moved(server, folder, real_embedder)


@pytest.fixture(scope="module")
def asked(server: str, real_embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """The documents of what people really ask (`tests/asked`), as the samples of `homes`."""
    folder = tmp_path_factory.mktemp("asked")
    with closing(opened(load_settings(ASKED / "wenju.toml", home=folder / "embedded"), real_embedder)) as base:
        base.add([ASKED / "documents"])
    return moved(server, folder, real_embedder, ASKED / "wenju.toml")


def moved(server: str, folder: Path, real_embedder: Embedder, file: Path | None = None) -> Homes:
    """From the embedded index in the folder; settings are those of the file."""
    on_milvus = milvus_settings(server, folder).model_dump(exclude_none=True)
    homes = Homes(
        load_settings(file, home=folder / "embedded", reader="none"),
        load_settings(file, home=folder / "milvus", reader="none", index=on_milvus),
        load_settings(file, home=folder / "again", reader="none"),
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


def compare(embedded: KnowledgeBase, milvus: KnowledgeBase, asked: Sequence[dict[str, Any]] = QUESTIONS) -> None:
    furthest, statuses = 0.0, Counter[str]()
    for question in asked:
        expected, answer = (answered(base, question) for base in (embedded, milvus))
        assert told(answer) == told(expected), question["id"]
        sure = [
            [own.confidence, own.relevance, *(cited.score for cited in own.citations)] for own in (expected, answer)
        ]
        assert sure[1] == pytest.approx(sure[0], abs=1e-4), question["id"]
        furthest = max(furthest, *(abs((a or 0) - (b or 0)) for a, b in zip(*sure, strict=True)))
        statuses[answer.status] += 1
    sys.stdout.write(f"{statuses.total()} questions, {dict(statuses)}: scores differ by {furthest:.1e} at most\n")


def answered(base: KnowledgeBase, question: dict[str, Any]) -> Answer:
    """The answer to the question, after those that it goes on from, which are asked first."""
    after: str | None = None
    for earlier in question.get("after", []):
        after = thread_of(base.ask(earlier, after=after)) or after
    return base.ask(question["question"], after=after)


def test_both_engines_answer_the_same(bases: list[KnowledgeBase]) -> None:
    embedded, milvus = bases[:2]
    compare(embedded, milvus)


@contextmanager
def both(homes: Homes, embedder: Embedder, reader: Reader) -> Iterator[tuple[KnowledgeBase, KnowledgeBase]]:
    """The embedded engine and Milvus, with the reader."""
    with (
        closing(opened(homes.embedded, embedder, reader)) as embedded,
        closing(opened(homes.milvus, embedder, reader)) as milvus,
    ):
        yield embedded, milvus


def test_both_engines_answer_the_same_where_sentences_are_read(
    homes: Homes, real_embedder: Embedder, real_reader: Reader
) -> None:
    with both(homes, real_embedder, real_reader) as (embedded, milvus):
        compare(embedded, milvus)


def test_both_engines_answer_what_people_really_ask_the_same(
    asked: Homes, real_embedder: Embedder, real_reader: Reader
) -> None:
    with both(asked, real_embedder, real_reader) as (embedded, milvus):
        compare(embedded, milvus, ASKED_QUESTIONS)
