"""A model exported for OpenVINO, once, into Wenju's cache; one of sentence-transformers by tracing it with torch."""

import errno
import hashlib
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from config.example import EXAMPLE
from config.settings import Settings
from retrieval.embedding.base import Embedder, ModelIdentity
from retrieval.embedding.cache_directory import is_whole, make_once, unseal
from retrieval.embedding.compiled import (
    GRAPH,
    BrokenExportError,
    CompiledEmbedder,
    ExportedModel,
    UnsuitableError,
    first_line,
    openvino,
)
from retrieval.embedding.reference import SentenceTransformerEmbedder
from retrieval.embedding.tokenizer import write_tokenizer
from retrieval.errors import ModelError

Notify = Callable[[str], None]
T = TypeVar("T")
_RECIPE = "3"
"""Raised when what is exported from the same model changes."""
_AGREEMENT = 0.999
"""Cosine to the reference below which an export is not believed."""
_ALIKE = 0.9998
"""The same for less than f32: nearer, since other texts than the probes may suffer more."""
_REFUSAL = "refused.txt"
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PROBES = (
    "据",
    f"{EXAMPLE}？",
    "The canteen opens at noon, every day but Sunday.",
    "高齢者食堂は毎日正午に開きます。",
    "Народная дружина собирается по субботам.",
    "全縣共有五十八個網格，每個網格都有專職人員。" * 12,
    "社区食堂每天中午开饭，志愿者把热饭送到行动不便的老人家里。" * 40,
)
"""Short and long, beyond what any model reads; on them an export must agree with its model."""


def export_directory(cache: Path, model: ModelIdentity) -> Path:
    """Where the export lies once it is made; the name changes with the model, with OpenVINO and with how it is made.

    Raises UnsuitableError where OpenVINO is not installed."""
    try:
        version = metadata.version("openvino")
    except metadata.PackageNotFoundError as error:
        raise UnsuitableError("it is not installed (pip install openvino).") from error
    name = "".join(c if c.isalnum() or c in "-_" else "-" for c in model.name)[:80]
    key = hashlib.blake2b(f"{model.name}\0{model.fingerprint}".encode(), digest_size=6).hexdigest()
    return cache / "compiled" / f"{name}-{key}-{version}-{_RECIPE}"


def open_compiled(
    model: ModelIdentity, export: Callable[[Path], None], settings: Settings, notify: Notify
) -> CompiledEmbedder:
    """The compiled model. `export` writes its files first where that was not done yet or they are broken.

    Raises UnsuitableError, and ModelError when the model itself cannot be loaded."""
    directory = export_directory(settings.cache_dir, model)
    openvino()  # when it cannot be loaded, that is not the model's fault and not to be remembered

    def open_directory() -> CompiledEmbedder:
        return CompiledEmbedder(directory, model, settings.threads, settings.precision)

    def export_and_say(unfinished: Path) -> None:
        notify(f"Compiling the model into {directory} (once, half a minute)")
        export(unfinished)

    return opened_once(directory, export_and_say, open_directory, notify)


def opened_once(directory: Path, export: Callable[[Path], None], opened: Callable[[], T], notify: Notify) -> T:
    """What `opened` gives of the directory, which `export` fills first where that was not done yet or its files are
    broken. Raises UnsuitableError."""
    try:
        _export_once(directory, export)
        try:
            return opened()
        except BrokenExportError as error:
            notify(f"{error} It is made anew.")
        unseal(directory)
        _export_once(directory, export)
    except OSError as error:
        raise UnsuitableError(
            f"{directory.parent} cannot be written: {error.strerror or error} "
            "(free some space, or set another folder with WENJU_CACHE_DIR)."
        ) from error
    return opened()


def _export_once(directory: Path, export: Callable[[Path], None]) -> None:
    """Make the export, or a note of why there can be none, so that this is found out once."""

    def make(unfinished: Path) -> None:
        try:
            export(unfinished)
        except UnsuitableError as error:
            for file in unfinished.iterdir():
                file.unlink()
            (unfinished / _REFUSAL).write_text(str(error), encoding="utf-8")

    if not is_whole(directory):
        make_once(directory, make)
    with suppress(FileNotFoundError):
        reason = (directory / _REFUSAL).read_text("utf-8")
        raise UnsuitableError(f"{reason} (Delete {directory} to try again.)")


def export_traced(reference: SentenceTransformerEmbedder, directory: Path) -> None:
    """Raises UnsuitableError."""
    model = reference.model
    backend = getattr(getattr(model, "tokenizer", None), "backend_tokenizer", None)
    if backend is None:
        raise UnsuitableError("Its tokenizer cannot be taken out of it.")
    inputs = _features(model)
    names = tuple(name for name in _INPUTS if name in inputs)
    limit = model.max_seq_length
    exported = ExportedModel(
        reference.identity.dimension, names, limit if limit and limit < 2**31 else None,
        model.tokenizer.pad_token_id or 0,
        reference.question_prompt, reference.passage_prompt, "auto",
    )  # fmt: skip
    write_tokenizer(backend, directory)
    ov = openvino()
    try:
        with uninterrupted():
            graph = _convert(ov, model, {name: inputs[name] for name in names})
    except Exception as error:  # what a tracer makes of a model that it does not understand
        raise UnsuitableError(f"It cannot be exported: {first_line(error)}.") from error
    save_graph(graph, directory)
    settle_precision(exported, reference, directory)


def save_graph(graph: Any, directory: Path) -> None:
    """Weights are kept as f16: half the disk and memory, and what is exported agrees with its reference so."""
    try:
        openvino().save_model(graph, directory / GRAPH)
    except RuntimeError as error:  # what OpenVINO makes of a full disk
        raise OSError(errno.EIO, first_line(error)) from error


def settle_precision(exported: ExportedModel, reference: Embedder, directory: Path) -> None:
    """Describe the export, with the precision in which it agrees with the reference. Raises UnsuitableError where
    there is none."""
    for precision, wanted in (("auto", _ALIKE), ("f32", _AGREEMENT)):
        replace(exported, precision=precision).write(directory)
        cosine = _agreement(reference, directory)
        if cosine >= wanted:
            return
    raise UnsuitableError(f"Its export gives other vectors than the model (cosine {cosine:.4f}).")


def _features(model: Any) -> dict[str, Any]:
    """The tensors that the model is given for two texts of different lengths."""
    prepare = getattr(model, "preprocess", None) or model.tokenize  # the second before sentence-transformers 5.4
    return dict(prepare(["网格员和志愿者每天走访独居老人", "food"]))


def _convert(ov: Any, model: Any, inputs: dict[str, Any]) -> Any:
    import torch

    class Pipeline(torch.nn.Module):
        """Transformer, pooling and whatever follows, tensors in and the sentence's vector out."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = torch.nn.Sequential(*model)

        def forward(self, *tensors: Any) -> Any:
            return self.modules_in_order(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's doubts are settled by comparing vectors
        graph = ov.convert_model(Pipeline().eval(), example_input=tuple(inputs.values()))
    for port, name in zip(graph.inputs, inputs, strict=True):
        port.get_tensor().set_names({name})
    return graph


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C comes afterwards: OpenVINO's tracer makes a fault of the model of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    met: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: met.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if met:
            raise KeyboardInterrupt


def _agreement(reference: Embedder, directory: Path) -> float:
    """The least cosine of the export to the reference over the probes."""
    try:
        compiled = CompiledEmbedder(directory, reference.identity, 0, "auto")
        found = compiled.embed_questions(_PROBES), compiled.embed_passages(_PROBES)
    except (BrokenExportError, ModelError) as error:
        raise UnsuitableError(f"Its export cannot be run: {error}") from error
    # One by one: some models give a text another vector for each width that it is padded to.
    expected = [
        np.concatenate([embed([text]) for text in _PROBES])
        for embed in (reference.embed_questions, reference.embed_passages)
    ]
    return min(float(np.sum(a * b, axis=1).min()) for a, b in zip(expected, found, strict=True))
