"""The compiled reader: a CrossEncoder exported once, run by OpenVINO on all sentences of a question. No torch.

The sentences are read in two batches side by side, each on half of the threads. Threads of one batch wait for each
other at every layer, the longer the more others use the machine; those of two batches do not. And two questions may
be read at a time.
"""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.cache_directory import damaged_files, write_json
from retrieval.embedding.compiled import (
    BATCH_TOKENS,
    GRAPH,
    BrokenExportError,
    batches,
    cores,
    first_line,
    inference,
    openvino,
    padded,
    read_a_tensor,
)
from retrieval.embedding.tokenizer import PIECES, TOKENIZER
from retrieval.errors import ModelError
from retrieval.reading.base import Logits
from retrieval.reading.eight_bits import GROUP
from retrieval.reading.pair_tokenizer import PairTokenizer, Template

_DESCRIPTION = "exported.json"
_SIDE_BY_SIDE = 2
"""Batches that are read at a time. More would wait longer for a core of their own, where there are few."""


@dataclass(frozen=True, slots=True)
class ExportedReader:
    """What there is to know of an exported reader besides its graph; `inputs` as in `ExportedModel`. `in_8_bits` says
    that the products of its layers are, whatever the rest is computed in."""

    inputs: tuple[str, ...]
    max_tokens: int | None
    pad_id: int
    template: Template
    precision: str
    in_8_bits: bool = False

    def write(self, directory: Path) -> None:
        write_json(directory / _DESCRIPTION, asdict(self))

    @staticmethod
    def read(directory: Path) -> "ExportedReader":
        """Raises BrokenExportError."""
        try:
            entries = json.loads((directory / _DESCRIPTION).read_text("utf-8"))
            template = Template(**{name: tuple(values) for name, values in entries["template"].items()})
            return ExportedReader(**{**entries, "inputs": tuple(entries["inputs"]), "template": template})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BrokenExportError(f"{directory / _DESCRIPTION} cannot be read: {error}.") from error


class CompiledReader:
    """The logits of `CrossEncoder.predict`, from any number of threads.

    Raises UnsuitableError, BrokenExportError when it is the files' fault."""

    def __init__(self, directory: Path, name: str, threads: int, precision: str) -> None:
        damaged = damaged_files(directory, (GRAPH, TOKENIZER, PIECES, _DESCRIPTION))
        if damaged:
            raise BrokenExportError(f"{directory / damaged[0]} is damaged.")
        self.name = name
        self._exported = ExportedReader.read(directory)
        threads = threads or cores()
        self._at_a_time = min(_SIDE_BY_SIDE, threads)
        properties: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": self._at_a_time}
        properties["INFERENCE_NUM_THREADS"] = threads
        precision = self._exported.precision if precision == "auto" else precision
        if precision != "auto":
            properties["INFERENCE_PRECISION_HINT"] = precision
        if self._exported.in_8_bits:
            properties["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = GROUP
        try:
            self._tokenizer = PairTokenizer(directory, self._exported.template, self._exported.max_tokens)
            self._model = openvino().Core().compile_model(directory / GRAPH, "CPU", properties)
        except Exception as error:  # tokenizers, SentencePiece and OpenVINO raise what they like
            raise BrokenExportError(f"{directory} cannot be loaded: {first_line(error)}.") from error
        self._idle = SimpleQueue[Any]()
        for _ in range(self._at_a_time):
            self._idle.put(self._model.create_infer_request())
        read_a_tensor()

    @property
    def engine(self) -> str:
        precision = self._model.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        precision = f"int8 and {precision}" if self._exported.in_8_bits else precision
        return f"OpenVINO, {precision}, {self._model.get_property('INFERENCE_NUM_THREADS')} threads"

    def read(self, question: str, texts: Sequence[str]) -> Logits:
        logits = np.empty(len(texts), np.float32)
        if not texts:
            return logits
        ids, types = self._tokenizer.encode(question, texts)
        lengths = list(map(len, ids))
        share = -(-sum(lengths) // self._at_a_time) + max(lengths) // 2
        with inference(), ExitStack() as running:  # after Ctrl-C, too, nothing runs on when the interpreter ends
            for rows in batches(lengths, min(BATCH_TOKENS, share)):
                inputs = self._inputs([ids[row] for row in rows], [types[row] for row in rows])
                request = self._free(running)
                running.callback(self._idle.put, request)
                request.start_async(inputs, share_inputs=True)
                running.callback(_keep, request, inputs, logits, rows)
        if not np.isfinite(logits).all():
            raise ModelError("The reader gave figures that are no numbers. Try the setting precision = f32.")
        return logits

    def _inputs(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
        values = {
            "input_ids": (ids, self._exported.pad_id),
            "attention_mask": ([[1] * len(own) for own in ids], 0),
            "token_type_ids": (types, 0),
        }
        return {name: padded(*values[name], self._exported.max_tokens) for name in self._exported.inputs}

    def _free(self, running: ExitStack) -> Any:
        """A request that nobody uses. Who waits for one holds none: of two who did each would wait for the other."""
        try:
            return self._idle.get_nowait()
        except Empty:
            running.close()
            return self._idle.get()


def _keep(request: Any, _inputs: object, logits: Logits, rows: NDArray[np.intp]) -> None:
    """Wait for a batch, whose inputs must live so long, and keep what it gives."""
    request.wait()
    logits[rows] = request.get_output_tensor().data.reshape(len(rows))
