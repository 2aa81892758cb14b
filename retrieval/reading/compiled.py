"""The compiled reader: a CrossEncoder exported once, run by OpenVINO on all sentences of a question. No torch."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

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
    """The logits of `CrossEncoder.predict`, from any number of threads, one question at a time on all threads.

    Raises UnsuitableError, BrokenExportError when it is the files' fault."""

    def __init__(self, directory: Path, name: str, threads: int, precision: str) -> None:
        damaged = damaged_files(directory, (GRAPH, TOKENIZER, PIECES, _DESCRIPTION))
        if damaged:
            raise BrokenExportError(f"{directory / damaged[0]} is damaged.")
        self.name = name
        self._exported = ExportedReader.read(directory)
        properties: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1}
        properties["INFERENCE_NUM_THREADS"] = threads or cores()
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
        self._request = self._model.create_infer_request()
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
        with self._one_question, inference():
            for rows in batches(list(map(len, ids))):
                values = {
                    "input_ids": ([ids[row] for row in rows], self._exported.pad_id),
                    "attention_mask": ([[1] * len(ids[row]) for row in rows], 0),
                    "token_type_ids": ([types[row] for row in rows], 0),
                }
                inputs = {name: padded(*values[name], self._exported.max_tokens) for name in self._exported.inputs}
                logits[rows] = self._request.infer(inputs, share_inputs=True)[0].reshape(len(rows))
        if not np.isfinite(logits).all():
            raise ModelError("The reader gave figures that are no numbers. Try the setting precision = f32.")
        return logits
