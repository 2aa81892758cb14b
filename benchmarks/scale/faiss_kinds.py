"""FAISS's own kinds of index side by side over the same vectors and questions: time, memory, and what they find of
what an exact scan finds. Part of `make scale-study`; Wenju's kinds were chosen by it."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.index.embedded.faiss_index import ApproximateRows, ExactRows, FaissRows

_HNSW_UP_TO = 200_000
"""Vectors of which an HNSW graph is built: of a million it takes an hour."""
_NEAREST = 10
_FOUND = 30
"""Vectors that a search is asked for, as many as Wenju takes: they are ranked by the database's own vectors
afterwards, so what counts is how many of the ten nearest are among them."""
_Search = Callable[[Vectors, int], Sequence[int]]


def kinds(vectors: Vectors, asked: Sequence[Vectors]) -> list[dict[str, Any]]:
    """For each kind, and each of its settings: seconds to build it, bytes of a vector, milliseconds of a search, and
    recall@10. `vectors` has the shape (n, dimension), as `asked` for each question one."""
    import faiss

    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    truth = [set(flat.search(vector[None], _NEAREST)[1][0].tolist()) for vector in asked]
    del flat
    return [
        {"kind": name, "build_seconds": round(seconds, 1), "bytes": round(size, 1), **_searched(search, asked, truth)}
        for build in (_scans, _graph, _cells, _own)
        for name, search, seconds, size in build(vectors)
    ]


_Built = Iterator[tuple[str, _Search, float, float]]
"""Name, search, seconds to build, bytes of a vector."""


def _scans(vectors: Vectors) -> _Built:
    for name, form in (("exact, float32", "Flat"), ("8 bits", "SQ8"), ("1 bit (RaBitQ)", "RaBitQfs")):
        index, seconds = _made(form, vectors)
        yield name, _of(index), seconds, _bytes(index)


def _graph(vectors: Vectors) -> _Built:
    if len(vectors) <= _HNSW_UP_TO:
        index, seconds = _made("HNSW32,SQfp16", vectors)
        for looked_at in (64, 256, 1024):
            index.hnsw.efSearch = looked_at
            yield f"HNSW32 on 16 bits, efSearch {looked_at}", _of(index), seconds, _bytes(index)


def _cells(vectors: Vectors) -> _Built:
    cells = 2 ** round(np.log2(4 * np.sqrt(len(vectors))))
    index, seconds = _made(f"IVF{cells},SQfp16", vectors)
    for looked_at in (cells // 64, cells // 16, cells // 4):
        index.nprobe = looked_at
        yield f"IVF{cells} on 16 bits, nprobe {looked_at}", _of(index), seconds, _bytes(index)


def _own(vectors: Vectors) -> _Built:
    keys = np.arange(len(vectors))
    exact = ExactRows.empty(vectors.shape[1])
    started = time.perf_counter()
    exact.add(keys, vectors)
    between = time.perf_counter()
    rows = ApproximateRows.of(exact)
    done = time.perf_counter()
    for index, name, seconds in (
        (exact, "exact, 16 bits: Wenju's while small", between - started),
        (rows, "1 bit, then 8 bits: Wenju's beyond", done - between),
    ):
        yield name, partial(_keys, index), seconds, index.bytes / len(index)


def _keys(rows: FaissRows, vector: Vectors, count: int) -> Sequence[int]:
    return list(rows.search(vector, count))


def _made(form: str, vectors: Vectors) -> tuple[Any, float]:
    import faiss

    started = time.perf_counter()
    index = faiss.index_factory(vectors.shape[1], form, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors[:: max(1, len(vectors) // 100_000)])
    index.add(vectors)
    return index, time.perf_counter() - started


def _of(index: Any) -> _Search:
    return lambda vector, count: index.search(vector[None], count)[1][0].tolist()


def _bytes(index: Any) -> float:
    """Of a vector, as FAISS writes it."""
    import faiss

    return float(len(faiss.serialize_index(index)) / index.ntotal)


def _searched(search: _Search, asked: Sequence[Vectors], truth: Sequence[set[int]]) -> dict[str, float]:
    for vector in asked[:10]:
        search(vector, _FOUND)
    milliseconds, recall = [], []
    for vector, nearest in zip(asked, truth, strict=True):
        started = time.perf_counter()
        found = search(vector, _FOUND)
        milliseconds.append((time.perf_counter() - started) * 1000)
        recall.append(len(nearest & set(found)) / len(nearest))
    p50, p95 = np.percentile(milliseconds, (50, 95)).round(2).tolist()
    return {"p50": p50, "p95": p95, "recall@10": round(float(np.mean(recall)), 4)}
