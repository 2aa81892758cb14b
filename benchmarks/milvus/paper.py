"""What a large index would cost, reckoned from what a passage takes."""

import math
from typing import Any, NamedTuple

PASSAGES = 100_000_000
_NODE_GB, _FILLED = 64, 0.7
"""Memory of a node that answers, and the share of it that an index may take: the rest is for what is written, for
segments that are handed over, and for searching."""
_LINKS = 36 * 4 * 1.1
"""Bytes of the links of a vector in HNSW with M = 18: twice as many neighbours on the lowest level, a number of four
bytes each, and a tenth more for the levels above."""
_ENTRY = 8
"""Bytes of one weight of a sparse vector: its dimension and its value, four each."""
_LOOKED_UP = 5 * 8
"""Bytes of key, document, passage, collection and date, by which rows are looked up."""
_EMBEDDED_PER_SECOND = 23
"""Passages with their sentences that two cores embed in a second (docs/benchmarks.md)."""


class Passage(NamedTuple):
    """Of a passage on average: dimensions of its vector, entries of its sparse one, texts with a vector (its own and
    its sentences'), bytes of its texts with its share of the document's, of its packed vectors; passages of a
    document; milliseconds to read it from an embedded index and pack it."""

    dimension: int
    entries: float
    texts: float
    data: float
    vectors: float
    of_a_document: float
    packing_ms: float


def paper(passage: Passage, seen_bytes: float, moving_ms: float) -> dict[str, Any]:
    """Of PASSAGES such passages, each copy: memory of the indexes and disk of the rows, in GB, nodes, and days in
    which one process fills it from a backup, or two cores embed it anew."""
    dense = passage.dimension * 4 + _LINKS
    words = passage.entries * _ENTRY
    looked_up = _LOOKED_UP + passage.texts * 8
    rows = passage.dimension * 4 + words + looked_up + passage.data + passage.vectors
    memory = PASSAGES * (dense + words + looked_up) / 1e9
    return {
        "passages": PASSAGES,
        "memory_gb": {
            name: PASSAGES * own / 1e9
            for name, own in {"dense": dense, "words": words, "looked_up": looked_up}.items()
        },
        "memory_gb_in_all": memory,
        "disk_gb": PASSAGES * rows / 1e9,
        "nodes": math.ceil(memory / (_NODE_GB * _FILLED)),
        "node_gb": _NODE_GB,
        "bytes_of_a_question": seen_bytes,
        "days_from_a_backup": PASSAGES * moving_ms / 1000 / 86_400,
        "days_embedded_anew_by_two_cores": PASSAGES / _EMBEDDED_PER_SECOND / 86_400,
    }
