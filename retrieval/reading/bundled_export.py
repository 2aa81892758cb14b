"""The bundled reader as OpenVINO runs it, written from its weights: neither torch nor sentence-transformers."""

from pathlib import Path

from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.bundled import bundled_weights, tokenizer_of
from retrieval.embedding.export import save_graph
from retrieval.embedding.graph import INPUTS, Architecture, reading_graph
from retrieval.embedding.tokenizer import write_tokenizer
from retrieval.reading.bundled import described, own_tensors, shared_tensors
from retrieval.reading.compiled import CompiledReader, ExportedReader
from retrieval.reading.export import settle_precision
from retrieval.reading.pair_tokenizer import Template


def export_bundled(model: ModelIdentity, directory: Path) -> None:
    """As with the bundled model, it must agree with itself in f32.

    Raises UnsuitableError, and ModelError when a part is missing or altered."""
    exported = _write(directory)
    exported.write(directory)
    settle_precision(exported, CompiledReader(directory, model.name, 0, "f32"), directory)


def _write(directory: Path) -> ExportedReader:
    """Graph and tokenizer."""
    description, own, weights = described(), own_tensors(), bundled_weights()
    tokenizer = tokenizer_of(weights)
    write_tokenizer(tokenizer, directory)
    architecture = Architecture(description["layers"], weights.sizes.heads, weights.layer_norm_eps)
    save_graph(reading_graph({**own, **shared_tensors(weights)}, architecture), directory)
    return ExportedReader(INPUTS, description["tokens"], weights.special_ids["pad"], Template.of(tokenizer), "auto")
