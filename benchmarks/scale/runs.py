"""What the scale study measures, each in a process of its own that prints one JSON object:
`python -m benchmarks.scale.runs NAME`, the arguments as a JSON object on standard input."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.settings import Settings, load_settings
from retrieval.embedding.base import Vectors
from retrieval.index.base import SearchedText
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.generations import GenerationFolders
from retrieval.index.embedded.index import DATABASE

_FOUND = 10
"""Passages whose finding is compared with an exact scan's."""


def first(home: str, question: str) -> dict[str, Any]:
    """Seconds from nothing opened to the first answer, the libraries loaded."""
    from retrieval.service import KnowledgeBase

    started = time.perf_counter()
    base = KnowledgeBase(_settings(home))
    base.ask(question)
    return {"seconds": time.perf_counter() - started, **_memory()}


def questions(home: str, asked: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of warm questions by stage, and what the process holds afterwards."""
    from retrieval.service import KnowledgeBase

    base = KnowledgeBase(_settings(home))
    for question in asked[:20]:
        base.ask(question)
    timings = [base.ask(question).timing_ms for question in asked]
    return {**{stage: _percentiles([timing[stage] for timing in timings]) for stage in timings[0]}, **_memory()}


def crowd(home: str, asked: Sequence[str], askers: int) -> dict[str, Any]:
    """Questions/s with so many asking at once, each the next as soon as one is answered."""
    from retrieval.service import KnowledgeBase

    base = KnowledgeBase(_settings(home))
    for question in asked[:20]:
        base.ask(question)
    with ThreadPoolExecutor(askers) as pool:
        started = time.perf_counter()
        list(pool.map(base.ask, asked))
        return {"askers": askers, "per_second": len(asked) / (time.perf_counter() - started)}


def parts(home: str, asked: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of the parts of a search: nearest vectors, words, vectors and passages read from the store; and of
    an exact scan of the same vectors as float32, with how many of its ten nearest the search finds."""
    import faiss

    from retrieval.index.base import LexicalStatistics
    from retrieval.index.bm25 import Bm25
    from retrieval.index.embedded.lexical_index import LexicalIndex
    from retrieval.index.embedded.vector_index import VectorIndex
    from retrieval.service import KnowledgeBase
    from retrieval.text.tokens import tokenize

    folder = _folder(home)
    store = DocumentDatabase(folder / DATABASE)
    count = _settings(home).search.candidates
    embedder = KnowledgeBase(_settings(home)).embedder()
    vectors = [embedder.embed_questions([question])[0] for question in asked]
    tokens = [tokenize(question) for question in asked]
    cache = VectorIndex(folder / "vectors.faiss", embedder.identity.dimension)
    cache.catch_up(store)
    words = LexicalIndex(folder / "words")
    words.is_behind(store)
    nearest, near = _timed(lambda vector: cache.search(vector, count), vectors)
    lexical, found = _timed(lambda query: words.search(query, count), tokens)
    passages = len(cache)
    bm25, weights = _timed(
        lambda query: Bm25(query, LexicalStatistics(passages, words.statistics(set(query)))), tokens
    )
    scores, _ = _timed(
        lambda i: weights[i].scores(_texts(store, sorted(near[i].keys() | found[i].keys()))), range(len(asked))
    )
    rows, cosines = _timed(
        lambda i: store.vectors.of(sorted(near[i].keys() | found[i].keys())).cosines(vectors[i]), range(len(asked))
    )
    load, _ = _timed(lambda i: store.load(list(near[i])[:12]), range(len(asked)))
    frequency, _ = _timed(lambda query: [words.document_frequency(token) for token in set(query)], tokens)
    of_row, every = _vectors(store)
    exact = faiss.IndexFlatIP(embedder.identity.dimension)
    exact.add(every)
    scan, truth = _timed(lambda vector: of_row[exact.search(vector[None], _FOUND)[1][0]], vectors)
    hits = []
    for close, exactly, true in zip(near, cosines, truth, strict=True):
        best = sorted(close, key=lambda key: -exactly[key][0])[:_FOUND]
        hits.append(len(set(best) & set(true.tolist())) / len(true))
    return {
        "passages": len(of_row),
        "kind": cache.cost()[0],
        "nearest": nearest,
        "exact scan": scan,
        "recall@10": round(float(np.mean(hits)), 4),
        "words": lexical,
        "words weighed": bm25,
        "words scored": scores,
        "document frequencies": frequency,
        "vectors read": rows,
        "passages read": load,
    }


def _texts(store: DocumentDatabase, keys: Sequence[int]) -> dict[int, SearchedText]:
    return {key: SearchedText(text, beside) for key, text, beside in store.texts(keys)}


def kinds(home: str, asked: Sequence[str]) -> dict[str, Any]:
    """FAISS's kinds of index over the vectors of all passages."""
    from benchmarks.scale import faiss_kinds
    from retrieval.service import KnowledgeBase

    embedder = KnowledgeBase(_settings(home)).embedder()
    store = DocumentDatabase(_folder(home) / DATABASE)
    questions = [embedder.embed_questions([question])[0] for question in asked]
    return {"kinds": faiss_kinds.kinds(_vectors(store)[1], questions)}


def add(home: str, folder: str) -> dict[str, Any]:
    """Seconds to add the documents of the folder with the real model, the model loaded; they are removed again."""
    from retrieval.service import KnowledgeBase

    base = KnowledgeBase(_settings(home))
    base.embedder().embed_passages(["热身"])
    started = time.perf_counter()
    report = base.add([Path(folder)])
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    base.remove(folder, confirmed=True)
    return {
        "seconds": seconds,
        "documents": len(report.added),
        "passages": report.passages,
        "embedded": report.embedded,
        "remove_seconds": time.perf_counter() - started,
    }


def stats(home: str) -> dict[str, Any]:
    """As `wenju stats --json`, without the folder."""
    from retrieval.service import KnowledgeBase

    return {name: value for name, value in KnowledgeBase(_settings(home)).stats().items() if name != "folder"}


def _settings(home: str) -> Settings:
    return load_settings().model_copy(update={"home": Path(home)})


def _folder(home: str) -> Path:
    return GenerationFolders(Path(home, "index")).current()


def _vectors(store: DocumentDatabase) -> tuple[NDArray[np.int64], Vectors]:
    """Keys of all passages, and their vectors."""
    keys = store.added_since(0, store.stamp().seq)
    parts = [store.vectors.own(keys[at : at + 10_000]) for at in range(0, len(keys), 10_000)]
    return np.concatenate([own for own, _ in parts]), np.concatenate([vectors for _, vectors in parts])


def _timed(run: Callable[[Any], Any], inputs: Sequence[Any]) -> tuple[dict[str, float], list[Any]]:
    """Percentiles of milliseconds, after five runs to warm up, and what came out."""
    for argument in inputs[:5]:
        run(argument)
    milliseconds, results = [], []
    for argument in inputs:
        started = time.perf_counter()
        results.append(run(argument))
        milliseconds.append((time.perf_counter() - started) * 1000)
    return _percentiles(milliseconds), results


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    return {f"p{p}": round(float(np.percentile(milliseconds, p)), 2) for p in (50, 95)}


def _memory() -> dict[str, int]:
    """Bytes that this process holds: its own, and of files that it maps (which the system may take back)."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    kilobytes = {name: int(status[name].split()[0]) for name in ("VmRSS", "RssAnon", "RssFile", "VmHWM")}
    return {name: value * 1024 for name, value in kilobytes.items()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](**json.load(sys.stdin))) + "\n")
