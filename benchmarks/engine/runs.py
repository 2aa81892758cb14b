"""What the benchmark of the engine measures, each in a process of its own that prints one JSON object:
`python -m benchmarks.engine.runs NAME '{"argument": …}'`."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any


def ingest(folder: str, home: str, sentences: bool) -> dict[str, Any]:
    """Index the folder; without `sentences` texts that are no passages get a vector that costs nothing."""
    from retrieval.service import KnowledgeBase

    settings = _settings(Path(home))
    base = KnowledgeBase(settings)
    embedder = _Stopwatch(base.embedder(), None if sentences else set(_passages(folder)))
    base = KnowledgeBase(settings, embedder=embedder)
    started = time.perf_counter()
    report = base.add([Path(folder)])
    seconds = time.perf_counter() - started
    assert not report.failures
    return {
        "passages": report.passages,
        "seconds": seconds,
        "embedding_seconds": embedder.seconds,
        "passages_per_second": report.passages / seconds,
        "peak_mb": _peak_mb(),
    }


class _Stopwatch:
    """An embedder that counts its seconds and passes over texts that are not among `wanted`."""

    def __init__(self, embedder: Any, wanted: set[str] | None) -> None:
        self._embedder = embedder
        self._wanted = wanted
        self.identity, self.engine, self.seconds = embedder.identity, embedder.engine, 0.0

    def embed_questions(self, questions: Sequence[str]) -> Any:
        return self._embedder.embed_questions(questions)

    def embed_passages(self, passages: Sequence[str]) -> Any:
        import numpy as np

        started = time.perf_counter()
        rows = [row for row, text in enumerate(passages) if self._wanted is None or text in self._wanted]
        vectors = np.zeros((len(passages), self.identity.dimension), np.float32)
        vectors[:, 0] = 1
        if rows:
            vectors[rows] = self._embedder.embed_passages([passages[row] for row in rows])
        self.seconds += time.perf_counter() - started
        return vectors


def encode(folder: str, batch_size: int, limit: int | None = None) -> dict[str, Any]:
    """`SentenceTransformer.encode` in float32 over the folder's passages, and nothing else."""
    passages = _passages(folder)[:limit]
    model = _torch()
    model.encode(passages[:2], prompt_name="document", show_progress_bar=False)
    started = time.perf_counter()
    model.encode(passages, prompt_name="document", batch_size=batch_size, show_progress_bar=False)
    seconds = time.perf_counter() - started
    return {"passages": len(passages), "seconds": seconds, "passages_per_second": len(passages) / seconds}


def question(engine: str, questions: Sequence[str]) -> dict[str, Any]:
    """Median milliseconds to embed one question, questions of many lengths after ten to warm up."""
    if engine == "torch":
        model = _torch()

        def embed(text: str) -> object:
            return model.encode([text], prompt_name="query", show_progress_bar=False)
    else:
        from retrieval.embedding.engine import open_embedder

        embedder = open_embedder(_settings(), _ignore)

        def embed(text: str) -> object:
            return embedder.embed_questions([text])

    for text in questions[:10]:
        embed(text)
    milliseconds = [_milliseconds(partial(embed, text)) for text in questions]
    return {"p50": statistics.median(milliseconds)}


def matmul() -> dict[str, Any]:
    """The machine's bf16 matrix throughput in TFLOP/s: the best of some sizes, by torch."""
    import torch

    best = 0.0
    for size in (1024, 2048, 4096):
        a, b = (torch.randn(size, size).to(torch.bfloat16) for _ in range(2))
        a @ b
        for _ in range(5):
            best = max(best, 2 * size**3 / (_milliseconds(partial(torch.matmul, a, b)) / 1000) / 1e12)
    return {"bf16_tflops": best}


def flops(folder: str) -> dict[str, Any]:
    """Floating-point operations of the model over the folder's passages, padding left out: for each layer
    2 n (4 h² + 2 h f) in the matrices and 4 n² h in the attention, n tokens, h hidden, f feed-forward."""
    from tokenizers import Tokenizer

    from retrieval.embedding.bundled import bundled_model

    directory = bundled_model(_settings().cache_dir, _ignore)
    config = json.loads((directory / "config.json").read_text("utf-8"))
    h, f = config["hidden_size"], config["intermediate_size"]
    tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
    lengths = [
        len(encoding.ids) for encoding in tokenizer.encode_batch_fast([f"passage: {p}" for p in _passages(folder)])
    ]
    layers = config["num_hidden_layers"]
    total = sum(layers * (2 * n * (4 * h * h + 2 * h * f) + 4 * n * n * h) for n in lengths)
    return {"flop": total, "tokens": sum(lengths)}


def _torch() -> Any:
    from retrieval.embedding.bundled import bundled_model
    from retrieval.embedding.engine import identify
    from retrieval.embedding.reference import SentenceTransformerEmbedder

    directory = bundled_model(_settings().cache_dir, _ignore)
    return SentenceTransformerEmbedder(str(directory), identify(_settings()), from_hub=False, threads=0).model


def _passages(folder: str) -> list[str]:
    from retrieval import documents
    from retrieval.ingestion.passages import passages_of, sentences_of
    from retrieval.types import quote

    cutting = _settings().passages
    texts = []
    for path in sorted(Path(folder).iterdir()):
        document = documents.parse(path, path.read_bytes())
        sentences = sentences_of(document, cutting.size)
        texts += [quote(document.text, passage.spans) for passage in passages_of(document, "", sentences, cutting)]
    return texts


def _settings(home: Path | None = None) -> Any:
    from config.settings import load_settings

    return load_settings(**({} if home is None else {"home": home}))


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _milliseconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _ignore(_: object) -> None:
    pass


if __name__ == "__main__":
    runs: dict[str, Callable[..., dict[str, Any]]] = {
        "ingest": ingest,
        "encode": encode,
        "question": question,
        "matmul": matmul,
        "flops": flops,
    }
    sys.stdout.write(json.dumps(runs[sys.argv[1]](**json.loads(sys.argv[2]))) + "\n")
