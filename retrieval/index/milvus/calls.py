"""How many rows go to Milvus in one call."""

from collections.abc import Iterator, Sequence, Sized
from typing import Any

from retrieval.index.milvus.expressions import BATCH

_MOST_BYTES = 32_000_000
"""Of the rows of one call: Milvus takes 64 MB, and long passages with many words are 100 kB each."""


def in_calls(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows of each call: at most BATCH of them, and some `_MOST_BYTES`."""
    own, size = list[dict[str, Any]](), 0
    for row in rows:
        more = sum(map(_bytes, row.values()))
        if own and (len(own) == BATCH or size + more > _MOST_BYTES):
            yield own
            own, size = [], 0
        own.append(row)
        size += more
    if own:
        yield own


def _bytes(value: Any) -> int:
    """About as many as the value takes on its way: vectors of words have eight for each, numbers at most ten."""
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogatepass"))
    return int(getattr(value, "nbytes", 10 * len(value) if isinstance(value, Sized) else 10))
