"""Pairs of texts become the numbers that the model's own tokenizer makes of them, cut where it cuts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from retrieval.embedding.tokenizer import PIECES, write_tokenizer
from retrieval.reading.pair_tokenizer import PairTokenizer, Template
from tests.support.models import SENTENCES, make_reader

ODD = ["", " ", "\n", "a", "据", "😀", "\u200b", "\0", "〇" * 40, "x" * 3000]
SPECIAL = 3
"""Tokens that the template with types adds to a pair; the other adds four."""

Encode = Callable[[str, str, int | None], tuple[list[int], list[int]]]


def both(directory: Path, **kind: Any) -> tuple[Encode, Encode]:
    """How a reader of that kind encodes a pair: by its own tokenizer, and by ours."""
    backend = Tokenizer.from_file(str(make_reader(directory / "reader", **kind) / "tokenizer.json"))
    backend.no_padding()
    backend.no_truncation()
    template = Template.of(backend)
    write_tokenizer(backend, directory)
    assert (directory / PIECES).exists() == kind["unigram"]

    def own(question: str, text: str, limit: int | None) -> tuple[list[int], list[int]]:
        backend.no_truncation()
        if limit is not None:
            backend.enable_truncation(limit, strategy="longest_first")
        encoded = backend.encode(question, text)
        return encoded.ids, encoded.type_ids

    def ours(question: str, text: str, limit: int | None) -> tuple[list[int], list[int]]:
        (ids,), (types,) = PairTokenizer(directory, template, limit).encode(question, [text])
        return ids, types

    return own, ours


@pytest.fixture(scope="module", params=[(True, True), (True, False), (False, True)], ids=str)
def encodings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Encode, Encode]:
    """With types or without; the vocabulary apart or in the tokenizer."""
    types, unigram = request.param
    return both(tmp_path_factory.mktemp("pairs"), types=types, unigram=unigram)


@pytest.mark.parametrize("limit", [None, 17, 64])
def test_odd_texts_and_long_ones(limit: int | None, encodings: tuple[Encode, Encode]) -> None:
    own, ours = encodings
    for question in ("", " ", "有", "\0", SENTENCES[0], SENTENCES[1] * 9):
        for text in (*ODD, *SENTENCES, SENTENCES[0] * 100):
            assert ours(question, text, limit) == own(question, text, limit)


@given(st.integers(6, 15), st.integers(0, 14), st.integers(0, 14))
@settings(max_examples=200, deadline=None)
def test_the_longer_text_loses_its_last_tokens(encodings: tuple[Encode, Encode], limit: int, m: int, n: int) -> None:
    own, ours = encodings
    question, text = SENTENCES[0][:m], SENTENCES[1][:n]
    ids, types = ours(question, text, limit)
    assert (ids, types) == own(question, text, limit)
    assert len(ids) <= limit


@pytest.mark.parametrize(
    ("question", "text", "kept"),
    [
        (2, 9, (2, 5)),  # of 10 tokens 7 are left for both texts
        (9, 2, (5, 2)),
        (9, 4, (4, 3)),
        (4, 9, (3, 4)),
        (9, 9, (3, 4)),
        (3, 4, (3, 4)),
        (0, 9, (0, 7)),
    ],
)
def test_what_is_kept_by_hand(question: int, text: int, kept: tuple[int, int], tmp_path: Path) -> None:
    _, ours = both(tmp_path, types=True, unigram=True)
    ids, types = ours("网" * question, "T" * text, 7 + SPECIAL)
    assert types == [0] * (kept[0] + 2) + [1] * (kept[1] + 1)
    assert len(ids) == sum(kept) + SPECIAL


def test_the_template_says_what_stands_around_the_texts(tmp_path: Path) -> None:
    path = make_reader(tmp_path / "reader", types=True) / "tokenizer.json"
    template = Template.of(Tokenizer.from_file(str(path)))
    assert template == Template((2,), (3,), (3,), (0, 0, 0, 1, 1), (1, 1))


def test_a_tokenizer_that_mixes_the_texts_is_not_understood() -> None:
    class Mixing:
        """Gives the tokens of a pair in another order."""

        ids, type_ids = (5, 4, 3, 2, 1, 0), (0,) * 6

        def encode(self, *texts: str, add_special_tokens: bool = True) -> Any:  # noqa: ARG002
            return self if len(texts) > 1 else type("Encoded", (), {"ids": [*range(3)]})

    with pytest.raises(ValueError, match="not known here"):
        Template.of(Mixing())
