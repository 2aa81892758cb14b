"""The compiled reader: a CrossEncoder exported once, run by OpenVINO on all sentences of a question. No torch."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.cache_directory import damaged_files, write_json
from retrieval.embedding.compiled import (
    GRAPH,
    BrokenExportError,
    batches,
    cores,
    first_line,
    inference,
    openvino,
    padded,
)
from retrieval.embedding.tokenizer import PIECES, TOKENIZER
from retrieval.errors import ModelError
from retrieval.reading.base import Logits
from retrieval.reading.eight_bits import GROUP
from retrieval.reading.pair_tokenizer import PairTokenizer, Template

_DESCRIPTION = "exported.json"
_STREAMS = 2
"""Halves of a question's sentences that are read beside each other, each on half of the threads: on two cores that
takes 0.80 to 0.88 of the time that one after the other takes, each product on both."""


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
    """The logits of `CrossEncoder.predict`, from any number of threads, one question at a time on all of OpenVINO's.

    Raises UnsuitableError, BrokenExportError when it is the files' fault."""

    def __init__(self, directory: Path, name: str, threads: int, precision: str) -> None:
        damaged = damaged_files(directory, (GRAPH, TOKENIZER, PIECES, _DESCRIPTION))
        if damaged:
            raise BrokenExportError(f"{directory / damaged[0]} is damaged.")
        self.name = name
        self._exported = ExportedReader.read(directory)
        threads = threads or cores()
        streams = min(_STREAMS, threads)
        properties: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT" if streams > 1 else "LATENCY"}
        properties |= {"NUM_STREAMS": streams, "INFERENCE_NUM_THREADS": threads}
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
        self._requests = [self._model.create_infer_request() for _ in range(streams)]
        self._one_question = Lock()

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

        def inputs_of(rows: NDArray[np.intp]) -> dict[str, NDArray[np.int64]]:
            values = {
                "input_ids": ([ids[row] for row in rows], self._exported.pad_id),
                "attention_mask": ([[1] * len(ids[row]) for row in rows], 0),
                "token_type_ids": ([types[row] for row in rows], 0),
            }
            return {name: padded(*values[name], self._exported.max_tokens) for name in self._exported.inputs}

        parts = [(rows, inputs_of(rows)) for rows in _shares(list(map(len, ids)), len(self._requests))]
        with self._one_question, inference():
            for start in range(0, len(parts), len(self._requests)):
                at_once = list(zip(self._requests, parts[start:], strict=False))
                with ExitStack() as running:  # each is waited for, whatever becomes of the other
                    for request, (_, inputs) in at_once:
                        request.start_async(inputs, share_inputs=True)
                        running.callback(request.wait)
                for request, (rows, _) in at_once:
                    logits[rows] = request.get_output_tensor().data.reshape(len(rows))
        if not np.isfinite(logits).all():
            raise ModelError("The reader gave figures that are no numbers. Try the setting precision = f32.")
        return logits


def _shares(lengths: Sequence[int], streams: int) -> Iterator[NDArray[np.intp]]:
    """Row numbers in batches of like length, for as many streams at a time; of two streams none waits long for the
    other: the longer rows and the shorter ones are parted where both take about the same, padded."""
    order = np.argsort(-np.asarray(lengths), kind="stable")
    ordered = np.append(np.asarray(lengths)[order], 0)
    cuts = np.arange(len(order) + 1)
    longer, shorter = cuts * ordered[0], (len(order) - cuts) * ordered
    cut = int(np.argmin(np.maximum(longer, shorter))) if streams > 1 else 0
    for half in (order[:cut], order[cut:]):
        for rows in batches([lengths[row] for row in half]):
            yield half[rows]
