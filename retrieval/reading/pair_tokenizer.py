"""Pairs of texts to the numbers that a cross-encoder reads, without the library that it was made with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.embedding.tokenizer import open_tokenizer

_PROBES = ("网格员", "志愿者")
"""Two texts of which neither holds the tokens of the other."""


@dataclass(frozen=True, slots=True)
class Template:
    """The tokens before, between and after the two texts of a pair, the type of the tokens of each of these five
    parts, and how many tokens a text by itself has before and after it."""

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    types: tuple[int, int, int, int, int]
    alone: tuple[int, int]

    @staticmethod
    def of(backend: Any) -> "Template":
        """Read off what a `tokenizers.Tokenizer` makes of two short texts. Raises ValueError where that cannot be."""
        first, second = (backend.encode(text, add_special_tokens=False).ids for text in _PROBES)
        whole = backend.encode(*_PROBES)
        single = backend.encode(_PROBES[0]).ids
        start, middle, lone = _find(first, whole.ids), _find(second, whole.ids), _find(first, single)
        end, last = start + len(first), middle + len(second)
        types = [whole.type_ids[at] if at < len(whole.ids) else 0 for at in (0, start, end, middle, last)]
        return Template(
            tuple(whole.ids[:start]),
            tuple(whole.ids[end:middle]),
            tuple(whole.ids[last:]),
            (types[0], types[1], types[2], types[3], types[4]),
            (lone, len(single) - lone - len(first)),
        )


def _find(part: Sequence[int], whole: Sequence[int]) -> int:
    for start in range(len(whole) - len(part) + 1):
        if whole[start : start + len(part)] == part:
            return start
    raise ValueError("Its tokenizer treats a pair in a way that is not known here.")


class PairTokenizer:
    """`encode` gives token ids and token types of pairs; a pair that is too long loses tokens of the longer text, the
    last first, as transformers' `longest_first` does."""

    def __init__(self, directory: Path, template: Template, max_tokens: int | None) -> None:
        self._tokenizer = open_tokenizer(directory, None)
        self._template = template
        special = len(template.before) + len(template.between) + len(template.after)
        self._room = None if max_tokens is None else max(2, max_tokens - special)

    def encode(self, question: str, texts: Sequence[str]) -> tuple[list[list[int]], list[list[int]]]:
        first, last = self._template.alone
        asked, *read = (ids[first : len(ids) - last] for ids in self._tokenizer.encode([question, *texts]))
        pairs = [self._pair(asked, body) for body in read]
        return [ids for ids, _ in pairs], [types for _, types in pairs]

    def _pair(self, question: list[int], text: list[int]) -> tuple[list[int], list[int]]:
        question, text = self._cut(question, text)
        template = self._template
        parts = (template.before, question, template.between, text, template.after)
        ids = [token for part in parts for token in part]
        return ids, [kind for part, kind in zip(parts, template.types, strict=True) for _ in part]

    def _cut(self, question: list[int], text: list[int]) -> tuple[list[int], list[int]]:
        if self._room is None or len(question) + len(text) <= self._room:
            return question, text
        # The shorter text keeps half of the room at most, the longer has the rest; of two alike the first is shorter.
        kept = min(len(question), len(text), self._room // 2)
        if len(question) > len(text):
            return question[: self._room - kept], text[:kept]
        return question[:kept], text[: self._room - kept]
