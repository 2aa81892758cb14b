"""The bundled model as OpenVINO runs it, written from its weights: neither torch nor sentence-transformers."""

from pathlib import Path

from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.bundled import (
    PASSAGE_PROMPT,
    QUESTION_PROMPT,
    bundled_weights,
    embeddings_of,
    layers_of,
    tokenizer_of,
)
from retrieval.embedding.compiled import CompiledEmbedder, ExportedModel
from retrieval.embedding.export import save_graph, settle_precision
from retrieval.embedding.graph import INPUTS, Architecture, embedding_graph
from retrieval.embedding.tokenizer import write_tokenizer


def export_bundled(model: ModelIdentity, directory: Path) -> None:
    """What an export must agree with is the same in f32: that this is sentence-transformers' own, a test holds.

    Raises UnsuitableError, and ModelError when the weights are missing or altered."""
    exported = _write(directory)
    exported.write(directory)
    settle_precision(exported, CompiledEmbedder(directory, model, 0, "f32"), directory)


def _write(directory: Path) -> ExportedModel:
    """Graph and tokenizer. Nothing else keeps the weights, which fill half a gigabyte."""
    weights = bundled_weights()
    sizes, pad = weights.sizes, weights.special_ids["pad"]
    write_tokenizer(tokenizer_of(weights), directory)
    architecture = Architecture(sizes.layers, sizes.heads, weights.layer_norm_eps)
    save_graph(embedding_graph({**embeddings_of(weights), **layers_of(weights)}, architecture), directory)
    return ExportedModel(sizes.hidden, INPUTS, sizes.positions, pad, QUESTION_PROMPT, PASSAGE_PROMPT, "auto")
