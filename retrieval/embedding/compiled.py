"""The compiled engine: a model that was exported once, run by OpenVINO. No torch here."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.embedding.cache_directory import damaged_files, unseal, write_json
from retrieval.embedding.micro_batcher import MicroBatcher
from retrieval.embedding.tokenizer import PIECES, TOKENIZER, open_tokenizer
from retrieval.errors import ModelError

GRAPH, _DESCRIPTION = "model.xml", "exported.json"
_READ_WHOLE = (GRAPH, TOKENIZER, PIECES, _DESCRIPTION)
"""Compared with their checksums whenever a model is opened; the weights are before passages are embedded."""
_BATCH_TOKENS = 1024
"""Tokens of a batch at most, padding counted. Larger ones were no faster and take more memory."""
_WIDTH = 4
"""Lengths are padded up to a multiple of this: OpenVINO prepares its kernels anew for each new shape (2.5 ms)."""


class UnsuitableError(Exception):
    """OpenVINO cannot run the model here; torch can serve. The message is a sentence that says why."""


class BrokenExportError(UnsuitableError):
    """The exported files cannot be used; they are a cache and can be made anew."""


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """What there is to know of an exported model besides its graph.

    `inputs` are the graph's, out of input_ids, attention_mask and token_type_ids, each of shape (batch, tokens);
    `precision` is what the setting `auto` means: f32 where the model's vectors suffer from less.
    """

    dimension: int
    inputs: tuple[str, ...]
    max_tokens: int | None
    pad_id: int
    question_prompt: str
    passage_prompt: str
    precision: str

    def write(self, directory: Path) -> None:
        write_json(directory / _DESCRIPTION, asdict(self))

    @staticmethod
    def read(directory: Path) -> "ExportedModel":
        """Raises BrokenExportError."""
        try:
            entries = json.loads((directory / _DESCRIPTION).read_text("utf-8"))
            return ExportedModel(**{**entries, "inputs": tuple(entries["inputs"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BrokenExportError(f"{directory / _DESCRIPTION} cannot be read: {error}.") from error


class CompiledEmbedder:
    """The vectors of `SentenceTransformer.encode`, from any number of threads.

    One question is run on all threads at once; passages in batches of like length, one batch a thread. `threads`
    0 takes all cores. Raises UnsuitableError, BrokenExportError when it is the files' fault.
    """

    def __init__(self, directory: Path, model: ModelIdentity, threads: int, precision: str) -> None:
        damaged = damaged_files(directory, _READ_WHOLE)
        if damaged:
            raise BrokenExportError(f"{directory / damaged[0]} is damaged.")
        self._exported = ExportedModel.read(directory)
        self.identity = ModelIdentity(model.name, self._exported.dimension, model.fingerprint)
        self._directory = directory
        self._threads = threads or cores()
        self._precision = self._exported.precision if precision == "auto" else precision
        self._core = openvino().Core()
        self._one_batch = Lock()
        with ThreadPoolExecutor(1) as pool:  # half of the tokenizer's time is without the interpreter's lock
            compiling = pool.submit(self._compile, "LATENCY", 1)
            try:
                self._tokenizer = open_tokenizer(directory, self._exported.max_tokens)
                self._for_questions = compiling.result()
            except Exception as error:  # tokenizers, SentencePiece and OpenVINO raise what they like
                raise BrokenExportError(f"{directory} cannot be loaded: {first_line(error)}.") from error
        self._request = self._for_questions.create_infer_request()
        self._batcher = MicroBatcher(self._embed_questions)
        # The first look at a tensor's data fills a table behind a lock that knows nothing of the interpreter's: done
        # by two threads at once, each waits for the other for ever.
        _ = openvino().Tensor(np.zeros(1, np.int64)).data

    @property
    def engine(self) -> str:
        precision = self._for_questions.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        threads = self._for_questions.get_property("INFERENCE_NUM_THREADS")
        return f"OpenVINO, {precision}, {threads} threads"

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._batcher(questions)

    def _embed_questions(self, questions: Sequence[str]) -> Vectors:
        encoded = self._encode(questions, self._exported.question_prompt)
        vectors = self._empty(len(questions))
        with inference():
            for rows in batches(list(map(len, encoded))):
                inputs = self._inputs([encoded[row] for row in rows])
                vectors[rows] = self._request.infer(inputs, share_inputs=True)[0]
        return _unit(vectors)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        encoded = self._encode(passages, self._exported.passage_prompt)
        vectors = self._empty(len(passages))

        def collect(request: Any, rows: NDArray[np.intp]) -> None:
            vectors[rows] = request.get_output_tensor().data

        with self._one_batch, inference():
            queue = self._queue
            queue.set_callback(collect)
            try:
                try:
                    for rows in batches(list(map(len, encoded))):
                        queue.start_async(self._inputs([encoded[row] for row in rows]), rows)
                finally:  # after Ctrl-C too: nothing may still be running when the interpreter ends
                    queue.wait_all()
            except BaseException:
                del self._queue  # it raises an old error again and again
                raise
        return _unit(vectors)

    def _encode(self, texts: Sequence[str], prompt: str) -> list[list[int]]:
        return self._tokenizer.encode([prompt + text for text in texts])

    def _empty(self, count: int) -> Vectors:
        return np.empty((count, self.identity.dimension), np.float32)

    def _inputs(self, encoded: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
        """The batch's arrays by name. All is of the first type where a model knows types."""
        rows = {"input_ids": (encoded, self._exported.pad_id), "attention_mask": ([[1] * len(e) for e in encoded], 0)}
        rows["token_type_ids"] = ([[0] * len(e) for e in encoded], 0)
        return {name: padded(*rows[name], self._exported.max_tokens) for name in self._exported.inputs}

    @cached_property
    def _queue(self) -> Any:
        damaged = damaged_files(self._directory)  # a quarter of a gigabyte: before passages, not before each question
        if damaged:
            unseal(self._directory)
            raise ModelError(f"{self._directory / damaged[0]} is damaged; run this again and it is made anew.")
        return openvino().AsyncInferQueue(self._compile("THROUGHPUT", self._threads), self._threads)

    def _compile(self, hint: str, streams: int) -> Any:
        properties: dict[str, Any] = {"PERFORMANCE_HINT": hint, "NUM_STREAMS": streams}
        properties["INFERENCE_NUM_THREADS"] = self._threads
        if self._precision != "auto":
            properties["INFERENCE_PRECISION_HINT"] = self._precision
        return self._core.compile_model(self._directory / GRAPH, "CPU", properties)


def padded(rows: Sequence[Sequence[int]], filling: int, most: int | None) -> NDArray[np.int64]:
    """The rows padded to one width, shape (rows, width); `most` is what the model reads, where it has a limit."""
    longest = max(map(len, rows))
    width = max(1, -(-longest // _WIDTH)) * _WIDTH
    if most is not None:
        width = min(width, max(most, longest))
    array = np.full((len(rows), width), filling, np.int64)
    for number, row in enumerate(rows):
        array[number, : len(row)] = row
    return array


@contextmanager
def inference() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise ModelError(
            f"The model could not be run: {first_line(error)}. Try the setting engine = torch."
        ) from error


def openvino() -> Any:
    """The library, without the telemetry that comes with it. Raises UnsuitableError where it cannot be loaded."""
    # OpenVINO's tools report each import to Google Analytics unless this package is missing.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError as error:
        raise UnsuitableError(f"it cannot be loaded: {first_line(error)}.") from error
    return openvino


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(lengths: Sequence[int]) -> Iterator[NDArray[np.intp]]:
    """Row numbers in batches of like length, none of more than `_BATCH_TOKENS` tokens but for single rows. The
    longest come first, so that no thread is left with a long one at the end."""
    order = np.argsort(-np.asarray(lengths), kind="stable")
    start = 0
    while start < len(order):
        end = start + max(1, _BATCH_TOKENS // max(1, lengths[order[start]]))
        yield order[start:end]
        start = end


def _unit(vectors: Vectors) -> Vectors:
    if not np.isfinite(vectors).all():
        raise ModelError(
            "The model gave vectors that are no numbers. `wenju doctor` tells whether its files are damaged; "
            "if not, try the setting precision = f32."
        )
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return unit


def first_line(error: BaseException) -> str:
    """The first line that says something; OpenVINO begins with places in its source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Exception from", "Check '"))]
    return next(iter([*telling, *lines]), type(error).__name__)[:200].rstrip(".")
