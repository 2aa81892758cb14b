"""The words of the embedded index: what a large one is asked for."""

import pytest

from retrieval.index.base import PassageWriter
from tests.support.indexes import EVERYTHING, made


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_a_large_index_is_asked_for_the_rarest_words(index: PassageWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """网 is in all passages, 格 in ten of them, 溪 in one; sixteen may be gone through."""
    index.put(made("a", "云溪网格。", *(f"网格{n}。" for n in range(9)), *(f"网{n}。" for n in range(30))))
    index.publish()

    def proposed() -> int:
        return len(index.search_words(["网", "格", "溪"], EVERYTHING))

    assert proposed() == 40
    monkeypatch.setattr("retrieval.index.embedded.lexical_index._POSTINGS", 16)
    assert proposed() == 10
    monkeypatch.setattr("retrieval.index.embedded.lexical_index._POSTINGS", 0)  # never none
    assert proposed() == 1
