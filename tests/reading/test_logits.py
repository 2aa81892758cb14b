"""The compiled reader gives the log odds of sentence-transformers' CrossEncoder."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import load_settings
from retrieval.reading.base import Logits
from retrieval.reading.bundled import bundled_reader
from retrieval.reading.compiled import CompiledReader
from tests.reading.make import named, opened
from tests.support.models import SENTENCES, make_reader

CLOSE = 0.05
"""In f32, and four times that in what `auto` computes in, as when a reader is exported."""
QUESTIONS = ["", "有", "左云县有多少网格员", SENTENCES[1], "the canteen " * 20]
LENGTHS = [*range(1, 24), 30, 40, 61, 62, 63, 64, 65, 90, 200, 700]
TEXTS = [
    *["", " ", "\n", "a", "据", "😀", "\u200b", "\0", "〇" * 40, "x" * 3000],
    *((sentence * 40)[:length] for length, sentence in zip(LENGTHS, cycle(SENTENCES), strict=False)),
    SENTENCES[0] * 200,
]


def cross_encoder(directory: Path) -> Callable[[str, list[str]], Logits]:
    """What the library itself says, with nothing of ours between."""
    import torch
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(directory), device="cpu", local_files_only=True)

    def read(question: str, texts: list[str]) -> Logits:
        pairs = [(question, text) for text in texts]
        found = model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)
        return np.asarray(found, np.float32)

    return read


@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"types": True, "positions": 24},  # an odd number of tokens is left for both texts
        {"types": True, "unigram": False, "positions": 128},
    ],
    ids=str,
)
def test_the_logits_are_those_of_the_cross_encoder(kind: dict[str, Any], tmp_path: Path, cache: Path) -> None:
    directory = make_reader(tmp_path / "reader", **kind)
    reader, messages = opened(named(directory, cache, precision="f32"))
    assert isinstance(reader, CompiledReader)
    assert len(messages) == 1
    expected = cross_encoder(directory)
    for question in QUESTIONS:
        found = reader.read(question, TEXTS)
        assert found.dtype == np.dtype(np.float32)
        assert np.abs(found - expected(question, TEXTS)).max() < CLOSE


def test_token_types_count(tmp_path: Path) -> None:
    """A compiled reader that took all tokens for the first type would not pass the test above."""
    typed = make_reader(tmp_path / "typed", types=True)
    plain = shutil.copytree(typed, tmp_path / "plain")
    text = (typed / "tokenizer.json").read_text("utf-8")
    (plain / "tokenizer.json").write_text(text.replace('"type_id": 1', '"type_id": 0'), "utf-8")
    texts = list(SENTENCES)
    distance = cross_encoder(typed)("有", texts) - cross_encoder(plain)("有", texts)
    assert np.abs(distance).max() > 10 * CLOSE


def test_the_bundled_reader_says_what_its_cross_encoder_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apart from 8 bits, which `test_eight_bits` looks at."""
    monkeypatch.setattr("retrieval.reading.eight_bits.multiplies_8_bits", lambda: False)
    usual = load_settings()
    reader, _ = opened(usual)
    assert isinstance(reader, CompiledReader)
    directory = bundled_reader(usual.cache_dir, print)
    question = "左云县有多少网格员"
    texts = [
        "",
        "左云县网格员队伍｜2026-06-30｜【左云县配备专职网格员51名。】该县还有党员。",
        "食堂｜【食堂每天中午开饭。】",
        f"The canteen【{SENTENCES[1]}】",
        "全縣共有【五十八個網格，每個網格都有專職人員。】" * 30,
    ]
    expected = cross_encoder(directory)(question, texts)
    precise, _ = opened(load_settings(precision="f32"))
    assert np.abs(precise.read(question, texts) - expected).max() < CLOSE
    assert np.abs(reader.read(question, texts) - expected).max() < 4 * CLOSE


def test_no_text_has_no_logit(small_reader: Path, filled: Path) -> None:
    for engine in ("auto", "torch"):
        reader, _ = opened(named(small_reader, filled, engine=engine))
        assert reader.read("左云县有多少网格员", []).shape == (0,)


def test_a_logit_does_not_depend_on_its_neighbours(small_reader: Path, filled: Path) -> None:
    reader, _ = opened(named(small_reader, filled, precision="f32"))
    alone = np.concatenate([reader.read("有", [text]) for text in TEXTS])
    assert np.allclose(reader.read("有", TEXTS), alone, atol=1e-3)


def test_threads_may_share_it(small_reader: Path, filled: Path) -> None:
    reader, _ = opened(named(small_reader, filled, precision="f32"))
    alone = {question: reader.read(question, TEXTS) for question in QUESTIONS}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: reader.read(question, TEXTS), QUESTIONS * 4))
    for question, logits in zip(QUESTIONS * 4, found, strict=True):
        assert np.allclose(logits, alone[question], atol=1e-4)
