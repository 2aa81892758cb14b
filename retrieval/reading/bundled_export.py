"""The bundled reader as OpenVINO runs it, written from its weights: neither torch nor sentence-transformers."""

import tempfile
from pathlib import Path

from retrieval.embedding.base import ModelIdentity
from retrieval.embedding.bundled import bundled_weights, tokenizer_of
from retrieval.embedding.export import save_graph
from retrieval.embedding.graph import INPUTS, Architecture, Bert, reading_graph
from retrieval.embedding.tokenizer import write_tokenizer
from retrieval.reading.bundled import described, own_tensors, shared_tensors
from retrieval.reading.compiled import CompiledReader, ExportedReader
from retrieval.reading.eight_bits import EightBitBert
from retrieval.reading.export import settle_precision
from retrieval.reading.pair_tokenizer import Template

EIGHT_BIT_AGREEMENT = 0.15
"""How far a logit may lie from the plain reader's where products are in 8 bits, or four times that beside bf16; over
1,560 pairs it was 0.39 at most there, with a coarser step than `eight_bits.GROUP`. More says that the processor
multiplies otherwise than where that was seen."""


def export_bundled(model: ModelIdentity, directory: Path) -> None:
    """As with the bundled model, it must agree with itself in f32.

    Raises UnsuitableError, and ModelError when a part is missing or altered."""
    exported = _write(directory)
    settle_precision(exported, CompiledReader(directory, model.name, 0, "f32"), directory)


def export_in_8_bits(model: ModelIdentity, directory: Path) -> None:
    """With the products of its layers in 8 bits; it must be near to itself without that, in f32.

    Raises as `export_bundled`."""
    exported = _write(directory, in_8_bits=True)
    with tempfile.TemporaryDirectory(prefix="plain-", dir=directory) as folder:
        plain = Path(folder)
        _write(plain)
        settle_precision(exported, CompiledReader(plain, model.name, 0, "f32"), directory, EIGHT_BIT_AGREEMENT)


def _write(directory: Path, in_8_bits: bool = False) -> ExportedReader:
    """Graph, tokenizer and description."""
    description, own, weights = described(), own_tensors(), bundled_weights()
    tokenizer = tokenizer_of(weights)
    write_tokenizer(tokenizer, directory)
    architecture = Architecture(description["layers"], weights.sizes.heads, weights.layer_norm_eps)
    tensors = {**own, **shared_tensors(weights)}
    save_graph(reading_graph(tensors, architecture, EightBitBert if in_8_bits else Bert), directory)
    template, pad = Template.of(tokenizer), weights.special_ids["pad"]
    exported = ExportedReader(INPUTS, description["tokens"], pad, template, "auto", in_8_bits)
    exported.write(directory)
    return exported
