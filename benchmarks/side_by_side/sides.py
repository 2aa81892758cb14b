"""One side of `make bench`, in a process of its own: commands on standard input, one JSON object a line, answers out.

`python -m benchmarks.side_by_side.sides wenju|langchain|txtai MODEL`. All sides get the same model files and the same
passages. The others get the texts of the passages ready cut, and their time begins with these in hand; Wenju's with
the files.
"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

_FOUND = 5
"""Passages asked for."""
_PROMPTS = {"query": "query: ", "data": "passage: "}


class Side(ABC):
    """What is measured. `passages` maps the name of a document to the texts of its passages."""

    @abstractmethod
    def add(self, folder: Path, passages: Mapping[str, Sequence[str]]) -> None:
        """Index the documents anew, model and all."""

    @abstractmethod
    def ready(self, home: Path, passages: Mapping[str, Sequence[str]], vectors: np.ndarray) -> None:
        """Be ready to answer over the passages; their vectors, in order, are given."""

    @abstractmethod
    def ask(self, question: str) -> list[str]:
        """Names of the documents of the passages found, best first."""


class Wenju(Side):
    def __init__(self, _: str) -> None:
        from config.settings import load_settings
        from retrieval.service import KnowledgeBase

        self._settings = load_settings()
        self._made = KnowledgeBase
        self._embedder = KnowledgeBase(self._settings).embedder()
        self._embedder.embed_passages(["热身"])

    def add(self, folder: Path, passages: Mapping[str, Sequence[str]]) -> None:
        home = Path(tempfile.mkdtemp(prefix="wenju-bench-"))
        base = self._made(self._settings.model_copy(update={"home": home}), embedder=self._embedder)
        report = base.add([folder])
        assert len(report.added) == len(passages) and not report.failures
        base.close()
        shutil.rmtree(home)

    def ready(self, home: Path, _: Mapping[str, Sequence[str]], __: np.ndarray) -> None:
        self._base = self._made(self._settings.model_copy(update={"home": home}), embedder=self._embedder)

    def ask(self, question: str) -> list[str]:
        return [citation.document for citation in self._base.ask(question, citations=_FOUND).citations]


class LangChain(Side):
    """`HuggingFaceEmbeddings` and the `FAISS` vector store, with their defaults."""

    def __init__(self, model: str) -> None:
        from langchain_huggingface import HuggingFaceEmbeddings

        self._embeddings = HuggingFaceEmbeddings(
            model_name=model,
            encode_kwargs={"prompt": _PROMPTS["data"]},
            query_encode_kwargs={"prompt": _PROMPTS["query"]},
        )
        self._embeddings.embed_documents(["热身"])

    def add(self, _: Path, passages: Mapping[str, Sequence[str]]) -> None:
        from langchain_community.vectorstores import FAISS

        FAISS.from_texts(_texts(passages), self._embeddings, metadatas=_names(passages))

    def ready(self, _: Path, passages: Mapping[str, Sequence[str]], vectors: np.ndarray) -> None:
        from langchain_community.vectorstores import FAISS

        pairs = zip(_texts(passages), vectors.tolist(), strict=True)
        self._store = FAISS.from_embeddings(pairs, self._embeddings, metadatas=_names(passages))

    def ask(self, question: str) -> list[str]:
        return [document.metadata["document"] for document in self._store.similarity_search(question, k=_FOUND)]


class Txtai(Side):
    """`Embeddings` with content and `hybrid`, else with its defaults."""

    def __init__(self, model: str) -> None:
        from txtai import Embeddings

        self._config = {"path": model, "instructions": _PROMPTS, "content": True, "hybrid": True}
        self._made = Embeddings
        self._made(self._config).index(["热身"])

    def add(self, _: Path, passages: Mapping[str, Sequence[str]]) -> None:
        self._made(self._config).index(_texts(passages))

    def ready(self, _: Path, passages: Mapping[str, Sequence[str]], vectors: np.ndarray) -> None:
        model = self._made(self._config)
        model.index(["热身"])
        texts = _texts(passages)
        known = dict(zip(texts, vectors, strict=True))

        def transform(asked: Sequence[str]) -> np.ndarray:
            """The given vectors of passages; a question goes through txtai's own model."""
            return np.stack([known[text] if text in known else model.transform(text, "query") for text in asked])

        config = {key: value for key, value in self._config.items() if key not in ("path", "instructions")}
        self._index = self._made({**config, "method": "external", "transform": transform})
        self._index.index(texts)
        self._documents = [name["document"] for name in _names(passages)]

    def ask(self, question: str) -> list[str]:
        return [self._documents[int(result["id"])] for result in self._index.search(question, _FOUND)]


SIDES: dict[str, type[Any]] = {"wenju": Wenju, "langchain": LangChain, "txtai": Txtai}


def _texts(passages: Mapping[str, Sequence[str]]) -> list[str]:
    return [text for own in passages.values() for text in own]


def _names(passages: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [{"document": name} for name, own in passages.items() for _ in own]


def main() -> None:
    side: Side = SIDES[sys.argv[1]](sys.argv[2])
    _say({})
    for line in sys.stdin:
        command = json.loads(line)
        _say(globals()[f"_do_{command.pop('do')}"](side, **command))


def _do_add(side: Side, folder: str, passages: str) -> dict[str, Any]:
    given = json.loads(Path(passages).read_text("utf-8"))
    started = time.perf_counter()
    side.add(Path(folder), given)
    return {"seconds": time.perf_counter() - started}


def _do_ready(side: Side, home: str, passages: str, vectors: str) -> dict[str, Any]:
    side.ready(Path(home), json.loads(Path(passages).read_text("utf-8")), np.load(vectors))
    return {}


def _do_ask(side: Side, questions: Sequence[str]) -> dict[str, Any]:
    milliseconds, found = [], []
    for question in questions:
        started = time.perf_counter()
        found.append(side.ask(question))
        milliseconds.append((time.perf_counter() - started) * 1000)
    return {"milliseconds": milliseconds, "found": found, "p50": statistics.median(milliseconds)}


def _do_crowd(side: Side, questions: Sequence[str], askers: int) -> dict[str, Any]:
    """Questions/s with so many asking at once, each the next question as soon as one is answered."""
    with ThreadPoolExecutor(askers) as pool:
        started = time.perf_counter()
        list(pool.map(side.ask, questions))
        return {"per_second": len(questions) / (time.perf_counter() - started)}


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(f"\x1e{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
