"""Real newspaper pages and questions that lie beside the project, where they are at hand."""

from collections.abc import Iterator

import pytest

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.evaluation.compare import below
from retrieval.evaluation.datasets import load
from retrieval.evaluation.run import evaluate
from retrieval.reading.base import Reader
from retrieval.service import KnowledgeBase
from tests.conftest import SHARED
from tests.support.accuracy import PARTS, assert_exact, part_of

pytestmark = pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(), reason="the newspaper pages (../shared) are not beside the project"
)

FLOORS = [
    {"hit@1": 1, "hit@5": 1, "highlight": 0.62, "kept": 1, "right_when_answered": 0.95},
    {"hit@1": 0.92, "hit@5": 0.97, "highlight": 0.68, "kept": 0.97, "right_when_answered": 0.97},
]
"""Of each part what was seen, or a little below it."""


@pytest.fixture(scope="module")
def pages(
    real_embedder: Embedder, real_reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeBase]:
    settings = load_settings(home=tmp_path_factory.mktemp("home"))
    base = KnowledgeBase(settings, embedder=real_embedder, reader=real_reader)
    base.add([SHARED / "corpus"])
    yield base
    base.close()


def test_the_grid_workers_of_zuoyun(pages: KnowledgeBase) -> None:
    answer = pages.ask("左云县有多少网格员")
    assert answer.answer is not None
    assert "配备专职网格员51名,兼职网格员7名" in answer.answer
    assert answer.citations[answer.quotes[0].citation - 1].document.startswith("000_")


@pytest.mark.parametrize("part", PARTS)
def test_questions_find_their_passages_and_quote_exactly(pages: KnowledgeBase, part: int) -> None:
    documents = {record.document_id: pages.text(record.document_id) for record in pages.documents()}
    (dataset,) = load([SHARED / "questions" / "answerable.jsonl"])
    evaluation = evaluate(pages, part_of(dataset.questions, part, every=2))
    for item in evaluation.items:
        assert_exact(item.answer, documents)
    assert below(evaluation, FLOORS[part]) == []
