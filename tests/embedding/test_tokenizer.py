"""A unigram vocabulary kept apart gives the tokens of the tokenizer that it was taken out of."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import BPE, Unigram

from config.settings import Settings
from retrieval.embedding.bundled import bundled_model
from retrieval.embedding.tokenizer import PIECES, TOKENIZER, open_tokenizer, write_tokenizer

ODD = [
    "", " ", "\n \t", "据", "  左云县 有多少\u3000网格员？\n", "①②㎏ＡＢ", "😀👍🏽 ok", "a\u200bb", "\0\x01",
    "e\u0301", "x" * 3000, "1234567890" * 40, "▁▁a▁b", "𠮷野家 \U0010ffff\U0010fffe", "مرحبا हिन्दी 한국어 ქართული",
    "the canteen opens at noon " * 60,
]  # fmt: skip

Change = Callable[[Tokenizer], object]


def anything(seed: int) -> str:
    chosen = random.Random(seed)
    blocks = ((32, 0x2FFF), (0x3000, 0x9FFF), (0xA000, 0xD7FF), (0x1F300, 0x1FAFF))
    return "".join(chr(chosen.randint(*chosen.choice(blocks))) for _ in range(30))


def small() -> Tokenizer:
    pieces = [("<s>", 0.0), ("<unk>", 0.0), ("</s>", 0.0), ("▁", -3.0), ("▁网格", -4.0), ("网格", -5.0), ("员", -6.0)]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=1, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in ("<s>", "<unk>", "</s>")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def alike(tokenizer: Tokenizer, directory: Path, texts: list[str], limit: int | None) -> bool:
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if limit is not None:
        tokenizer.enable_truncation(limit)
    expected = [encoded.ids for encoded in tokenizer.encode_batch(texts)]
    return open_tokenizer(directory, limit).encode(texts) == expected


def test_the_bundled_vocabulary_gives_the_same_tokens(settings: Settings, tmp_path: Path) -> None:
    whole = Tokenizer.from_file(str(bundled_model(settings.cache_dir, print) / "tokenizer.json"))
    write_tokenizer(whole, tmp_path)
    assert (tmp_path / PIECES).stat().st_size > 1_000_000
    assert (tmp_path / TOKENIZER).stat().st_size < 10_000
    for limit in (None, 20):
        assert alike(whole, tmp_path, [*ODD, *map(anything, range(100))], limit)


@pytest.mark.parametrize(
    "change",
    [
        lambda tokenizer: setattr(tokenizer, "normalizer", normalizers.Lowercase()),
        lambda tokenizer: setattr(tokenizer, "pre_tokenizer", pre_tokenizers.Digits(individual_digits=True)),
        lambda tokenizer: setattr(
            tokenizer, "post_processor", processors.TemplateProcessing(single="$A", special_tokens=[])
        ),
    ],
    ids=["normalizer", "pre_tokenizer", "template"],
)
def test_what_stands_around_a_vocabulary_is_kept(change: Change, tmp_path: Path) -> None:
    tokenizer = small()
    change(tokenizer)
    write_tokenizer(tokenizer, tmp_path)
    assert (tmp_path / PIECES).exists()
    for limit in (None, 512, 4, 2):
        assert alike(tokenizer, tmp_path, [*ODD, "网格员12网格", "A 网格 b 员"], limit)


def test_marks_of_the_model_in_a_text_are_text(tmp_path: Path) -> None:
    write_tokenizer(small(), tmp_path)
    plain, marked = open_tokenizer(tmp_path, None).encode(["网格", "网格</s>"])
    assert plain[0] == 0 and plain[-1] == 2
    assert marked.count(2) == 1


def bytes_for_the_unknown(_: Tokenizer) -> Tokenizer:
    pieces = [("<unk>", 0.0), ("网", -1.0), *((f"<0x{number:02X}>", -9.0) for number in range(256))]
    return Tokenizer(Unigram(pieces, unk_id=0, byte_fallback=True))


def with_a_word_of_its_own(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.add_tokens(["员网"])
    return tokenizer


def with_a_piece_twice(_: Tokenizer) -> Tokenizer:
    return Tokenizer(
        Unigram([("<unk>", 0.0), ("网", -1.0), ("格", -2.0), ("网", -3.0)], unk_id=0, byte_fallback=False)
    )


def of_merges(_: Tokenizer) -> Tokenizer:
    return Tokenizer(BPE({"<unk>": 0, "网": 1, "格": 2, "网格": 3}, [("网", "格")], unk_token="<unk>"))


@pytest.mark.parametrize("other", [bytes_for_the_unknown, with_a_word_of_its_own, with_a_piece_twice, of_merges])
def test_another_tokenizer_stays_whole(other: Callable[[Any], Tokenizer], tmp_path: Path) -> None:
    tokenizer = other(small())
    write_tokenizer(tokenizer, tmp_path)
    assert not (tmp_path / PIECES).exists()
    assert alike(tokenizer, tmp_path, ["网格员网", "格 网", ""], None)
