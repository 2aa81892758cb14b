"""Real newspaper pages and questions that lie beside the project, where they are at hand."""

from collections.abc import Iterator

import pytest

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.service import KnowledgeBase
from tests.accuracy import assert_exact, hit_at, questions, rank
from tests.conftest import SHARED

pytestmark = pytest.mark.skipif(
    not (SHARED / "corpus").is_dir(), reason="the newspaper pages (../shared) are not beside the project"
)


@pytest.fixture(scope="module")
def pages(real_embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    base = KnowledgeBase(load_settings(home=tmp_path_factory.mktemp("home")), embedder=real_embedder)
    base.add([SHARED / "corpus"])
    yield base
    base.close()


def test_the_grid_workers_of_zuoyun(pages: KnowledgeBase) -> None:
    answer = pages.ask("左云县有多少网格员")
    assert answer.answer is not None
    assert "配备专职网格员51名,兼职网格员7名" in answer.answer
    assert answer.citations[answer.quotes[0].citation - 1].document.startswith("000_")


def test_questions_find_their_passages_and_quote_exactly(pages: KnowledgeBase) -> None:
    documents = {record.document_id: pages.text(record.document_id) for record in pages.documents()}
    ranks = []
    for question in questions(SHARED / "questions" / "answerable.jsonl"):
        answer = pages.ask(question["question"])
        assert_exact(answer, documents)
        ranks.append(rank(answer, question))
    assert hit_at(1, ranks) >= 0.80
    assert hit_at(5, ranks) >= 0.95
