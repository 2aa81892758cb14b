"""The tokenizer of an exported model: texts in, the model's numbers for their pieces out.

`tokenizers` keeps a unigram vocabulary of 250,000 pieces in 280 MB of each process, SentencePiece the same in 54 MB.
So such a vocabulary lies apart, in a file of SentencePiece's format, and `tokenizers` is left what stands around it:
how a text is normalised and where it is cut before its words are looked up.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from weakref import WeakValueDictionary

from config.example import EXAMPLE

TOKENIZER, PIECES = "tokenizer.json", "pieces.model"
_OPENED: WeakValueDictionary[bytes, Any] = WeakValueDictionary()
_OPENING = Lock()
_PROBES = (
    "",
    f"  {EXAMPLE[:3]}：\n\n{EXAMPLE[3]} {EXAMPLE[4:]}？\u3000共有①②㎏ＡＢ😀👍 e\u0301\u200b ",
    "The canteen opens at noon, every day but Sunday. Народная дружина 高齢者食堂 हिन्दी \U0010ffff\U0010fffe ok",
    "全縣共有五十八個網格，每個網格都有專職人員。1234567890" * 12,
)
"""On these both must give the same numbers."""


class Tokenizer(Protocol):
    def encode(self, texts: Sequence[str], /) -> list[list[int]]:
        """The tokens of each text, those that mark its beginning and end included; cut off where the model stops
        reading."""


def write_tokenizer(backend: Any, directory: Path) -> None:
    """Write a `tokenizers.Tokenizer`, its vocabulary apart where SentencePiece gives the same with it."""
    whole = backend.to_str()
    (directory / TOKENIZER).write_text(whole, encoding="utf-8")
    expected = open_tokenizer(directory, None).encode(_PROBES)
    with suppress(_OtherError):
        around, pieces = _apart(json.loads(whole))
        (directory / TOKENIZER).write_text(json.dumps(around, ensure_ascii=False), encoding="utf-8")
        (directory / PIECES).write_bytes(pieces)
        with suppress(RuntimeError):  # what SentencePiece makes of a vocabulary that it does not take
            if open_tokenizer(directory, None).encode(_PROBES) == expected:
                return
    (directory / TOKENIZER).write_text(whole, encoding="utf-8")
    (directory / PIECES).unlink(missing_ok=True)


def open_tokenizer(directory: Path, max_tokens: int | None) -> Tokenizer:
    """Raises what the libraries raise when a file cannot be read."""
    if (directory / PIECES).exists():
        return _Unigram(directory, max_tokens)
    return _Whole(directory, max_tokens)


class _Whole:
    """The tokenizer as the model came with it."""

    def __init__(self, directory: Path, max_tokens: int | None) -> None:
        self._tokenizer = _load(directory)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        if max_tokens is not None:
            self._tokenizer.enable_truncation(max_tokens)

    def encode(self, texts: Sequence[str], /) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]


class _Unigram:
    """A tokenizer whose vocabulary SentencePiece holds. What looks like a special token in a text is text."""

    def __init__(self, directory: Path, max_tokens: int | None) -> None:
        self._around = _load(directory)
        self._pieces = _vocabulary((directory / PIECES).read_bytes())
        described = json.loads((directory / TOKENIZER).read_text("utf-8"))
        self._before, self._after = _template(described["post_processor"])
        self._room = None if max_tokens is None else max(0, max_tokens - len(self._before) - len(self._after))

    def encode(self, texts: Sequence[str], /) -> list[list[int]]:
        # Word by word: given many, SentencePiece starts a thread for them, which takes longer than a question.
        pieces = (chain.from_iterable(map(self._pieces.encode, self._words(text))) for text in texts)
        return [[*self._before, *islice(own, self._room), *self._after] for own in pieces]

    def _words(self, text: str) -> list[str]:
        if self._around.normalizer is not None:
            text = self._around.normalizer.normalize_str(text)
        if self._around.pre_tokenizer is None:
            return [text]
        return [word for word, _ in self._around.pre_tokenizer.pre_tokenize_str(text)]


def _load(directory: Path) -> Any:
    import tokenizers

    return tokenizers.Tokenizer.from_file(str(directory / TOKENIZER))


def _vocabulary(proto: bytes) -> Any:
    """One in a process for all who have the same: the reader's is that of the bundled embedding model."""
    from sentencepiece import SentencePieceProcessor

    key = hashlib.sha256(proto).digest()
    with _OPENING:
        found = _OPENED.get(key)
        if found is None:
            found = _OPENED[key] = SentencePieceProcessor(model_proto=proto)
    return found


# -- a vocabulary apart ----------------------------------------------------------------------------------------------


class _OtherError(Exception):
    """Not a tokenizer whose vocabulary can be kept apart."""


def _apart(described: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What stands around the vocabulary, and the vocabulary. Raises _OtherError."""
    model, added = described["model"], described["added_tokens"]
    if model["type"] != "Unigram" or model["unk_id"] is None or model.get("byte_fallback"):
        raise _OtherError
    if not all(token["special"] for token in added):
        raise _OtherError
    _template(described["post_processor"])
    kept = {**model, "vocab": model["vocab"][: model["unk_id"] + 1]}
    pieces = _sentencepiece(model["vocab"], model["unk_id"], {token["content"] for token in added})
    return {**described, "model": kept, "added_tokens": []}, pieces


def _template(post_processor: Mapping[str, Any] | None) -> tuple[list[int], list[int]]:
    """The tokens before a text and after it. Raises _OtherError."""
    if post_processor is None:
        return [], []
    if post_processor["type"] != "TemplateProcessing":
        raise _OtherError
    around: tuple[list[int], list[int]] = [], []
    side = 0
    for part in post_processor["single"]:
        if "Sequence" in part:
            side = 1
        else:
            around[side].extend(post_processor["special_tokens"][part["SpecialToken"]["id"]]["ids"])
    return around


def _sentencepiece(vocabulary: Sequence[tuple[str, float]], unknown: int, special: set[str]) -> bytes:
    """A unigram model that takes texts as they are, in the format of SentencePiece's sentencepiece_model.proto."""

    def fields() -> Iterator[bytes]:
        for number, (piece, score) in enumerate(vocabulary):
            kind = 2 if number == unknown else 3 if piece in special else 1  # unknown, control, normal
            yield _field(
                1, _field(1, piece.encode()) + _varint(2 << 3 | 5) + struct.pack("<f", score) + _field(3, kind)
            )
        # TrainerSpec: model_type, unk_id, bos_id and eos_id (of no use here, but told apart from the unknown)
        yield _field(2, _field(3, 1) + _field(40, unknown))
        # NormalizerSpec: name, add_dummy_prefix, remove_extra_whitespaces, escape_whitespaces
        yield _field(3, _field(1, b"identity") + _field(3, 0) + _field(4, 0) + _field(5, 0))

    return b"".join(fields())


def _field(number: int, value: int | bytes) -> bytes:
    """A field of a protocol buffer: a number, or bytes with their length before them."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])
