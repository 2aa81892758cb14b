"""Asking the service of real files what is computed over their rows."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from config.settings import load_settings
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.answering.rows import VILLAGES, Asking
from tests.reading.make import PaperReader
from tests.support.accuracy import assert_exact
from tests.support.paper import PaperEmbedder


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """Asks with a reader to whom every row answers as well, as it is where rows are alike. The same documents are
    indexed once."""
    with ExitStack() as opened:
        bases: dict[tuple[str, str], KnowledgeBase] = {}

        def base_of(documents: dict[str, str | bytes], liked: str) -> KnowledgeBase:
            folder = tmp_path_factory.mktemp("asked")
            (folder / "documents").mkdir()
            for name, text in documents.items():
                (folder / "documents" / name).write_bytes(text.encode() if isinstance(text, str) else text)
            own = load_settings(home=folder / "home").model_copy(update={"reader": "none"})
            reader = PaperReader({liked: 7.9}, otherwise=2.0)
            base = opened.enter_context(closing(KnowledgeBase(own, embedder=PaperEmbedder(), reader=reader)))
            base.add([folder / "documents"])
            return base

        def ask(question: str, documents: dict[str, str | bytes] = VILLAGES, liked: str = "没有这样的") -> Answer:
            key = repr(documents), liked
            if key not in bases:
                bases[key] = base_of(documents, liked)
            answer = bases[key].ask(question)
            if answer.tally is not None:
                text = bases[key].text(answer.tally.document_id).text
                assert all(text[row.start : row.end] == row.text for row in answer.tally.rows)
            assert_exact(
                answer, {citation.document_id: bases[key].text(citation.document_id) for citation in answer.citations}
            )
            return answer

        yield ask
