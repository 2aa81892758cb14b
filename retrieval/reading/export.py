"""A reader exported for OpenVINO, once, into Wenju's cache; a CrossEncoder by tracing it with torch."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from config.settings import Settings
from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.compiled import BrokenExportError, UnsuitableError, first_line, openvino
from retrieval.embedding.export import Notify, export_directory, opened_once, save_graph, uninterrupted
from retrieval.embedding.tokenizer import write_tokenizer
from retrieval.errors import ModelError
from retrieval.reading.base import Reader
from retrieval.reading.compiled import CompiledReader, ExportedReader
from retrieval.reading.pair_tokenizer import Template
from retrieval.reading.reference import CrossEncoderReader

_AGREEMENT = 0.05
"""How far a logit of the export may lie from the reference's in f32, and four times that in what `auto` computes in:
the chance that a sentence answers then moves by at most 0.0125 and 0.05."""
_ROUGH = 4
_QUESTION = "左云县有多少网格员"
_PROBES = (
    "据",
    "左云县｜该县配备【专职网格员51名，兼职网格员7名。】还有党员",
    "The canteen【opens at noon, every day but Sunday.】",
    "全縣共有【五十八個網格，每個網格都有專職人員。】" * 12,
)


def open_compiled(
    model: ModelIdentity, export: Callable[[Path], None], settings: Settings, notify: Notify
) -> CompiledReader:
    """The compiled reader. `export` writes its files first where that was not done yet or they are broken.

    Raises UnsuitableError, and ModelError when the reader itself cannot be loaded."""
    directory = export_directory(settings.cache_dir, model)
    openvino()

    def open_directory() -> CompiledReader:
        return CompiledReader(directory, model.name, settings.threads, settings.precision)

    def export_and_say(unfinished: Path) -> None:
        notify(f"Compiling the reader into {directory} (once, half a minute)")
        export(unfinished)

    return opened_once(directory, export_and_say, open_directory, notify)


def export_traced(reference: CrossEncoderReader, directory: Path) -> None:
    """Raises UnsuitableError."""
    model = reference.model
    backend = getattr(getattr(model, "tokenizer", None), "backend_tokenizer", None)
    if backend is None or getattr(model, "model", None) is None:
        raise UnsuitableError("Its tokenizer or its transformer cannot be taken out of it.")
    examples = [(_QUESTION, text) for text in _PROBES[:2]]
    inputs = dict(model.tokenizer(examples, padding=True, truncation=True, return_tensors="pt"))
    backend.no_truncation()
    backend.no_padding()
    limit = model.max_seq_length
    try:
        template = Template.of(backend)
    except ValueError as error:
        raise UnsuitableError(str(error)) from error
    exported = ExportedReader(
        tuple(inputs), limit if limit and limit < 2**31 else None, model.tokenizer.pad_token_id or 0, template, "auto"
    )
    write_tokenizer(backend, directory)
    ov = openvino()
    try:
        with uninterrupted():
            graph = _convert(ov, model.model, inputs)
    except Exception as error:  # what a tracer makes of a model that it does not understand
        raise UnsuitableError(f"It cannot be exported: {first_line(error)}.") from error
    save_graph(graph, directory)
    settle_precision(exported, reference, directory)


def settle_precision(
    exported: ExportedReader, reference: Reader, directory: Path, agreement: float = _AGREEMENT
) -> None:
    """Describe the export, with the precision in which it agrees with the reference. Raises UnsuitableError where
    there is none."""
    for precision, allowed in (("auto", _ROUGH * agreement), ("f32", agreement)):
        replace(exported, precision=precision).write(directory)
        distance = _distance(reference, directory)
        if distance <= allowed:
            return
    raise UnsuitableError(f"Its export reads otherwise than the model (by {distance:.3f}).")


def _convert(ov: Any, model: Any, inputs: dict[str, Any]) -> Any:
    import torch

    class Logits(torch.nn.Module):
        """Tensors in, one figure a pair out."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:
            return self.model(**dict(zip(inputs, tensors, strict=True))).logits

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's doubts are settled by comparing
        graph = ov.convert_model(Logits().eval(), example_input=tuple(inputs.values()))
    for port, name in zip(graph.inputs, inputs, strict=True):
        port.get_tensor().set_names({name})
    return graph


def _distance(reference: Reader, directory: Path) -> float:
    """How far the export's logits lie from the reference's at most, over the probes."""
    try:
        found = CompiledReader(directory, reference.name, 0, "auto").read(_QUESTION, _PROBES)
    except (BrokenExportError, ModelError) as error:
        raise UnsuitableError(f"Its export cannot be run: {error}") from error
    except ValueError as error:  # the transformer gives more than a figure a pair; modules behind it choose
        raise UnsuitableError("Its figure does not come from its transformer alone.") from error
    return float(np.abs(found - reference.read(_QUESTION, _PROBES)).max())
