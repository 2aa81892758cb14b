"""The bundled reader: layers and head out of `data/reader/`, word embeddings out of the bundled embedding model; for
torch, put together once as a CrossEncoder directory in Wenju's cache."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.bundled import bundled_weights, embeddings_of, write_transformer
from retrieval.embedding.cache_directory import is_whole, make_once
from retrieval.embedding.q4 import Q4Model
from retrieval.errors import ModelError, StorageError
from retrieval.reading import weights
from retrieval.reading.inputs import RECIPE as INPUTS

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reader"
WEIGHTS, DESCRIPTION = "reader.safetensors", "reader.json"
_RECIPE = "1"
"""Raised when the directory that is written from the same weights changes."""

Notify = Callable[[str], None]


def described(folder: Path = FOLDER) -> dict[str, Any]:
    """What is known of the reader: SHA-256 of its weights, layers, tokens it reads, recipe of its inputs.

    Raises ModelError when the file is missing or belongs to other code."""
    try:
        found: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        if found["inputs"] == INPUTS:
            return found
        reason = f"was trained for inputs of recipe {found['inputs']}, and this is {INPUTS}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"is not described: {error}"
    raise ModelError(f"The bundled reader {reason}. Install Wenju again, or set reader = none.")


def reader_directory(cache: Path) -> Path:
    """Where the reader lies once it is put together; the name changes with its weights."""
    return cache / "models" / f"reader-{described()['sha256'][:12]}-{_RECIPE}"


def bundled_reader(cache: Path, notify: Notify) -> Path:
    """The reader's directory, made first when it is not there or has lost a file.

    Raises ModelError when a part is missing or altered, StorageError when the cache cannot be written."""
    target = reader_directory(cache)
    if is_whole(target):
        return target
    own = own_tensors()

    def make(directory: Path) -> None:
        notify(f"Putting the reader together in {target} (once, 280 MB, some seconds)")
        write_cross_encoder(bundled_weights(), own, described(), directory)

    try:
        make_once(target, make)
    except OSError as error:
        raise StorageError(
            f"The reader cannot be written to {target.parent}: {error.strerror or error}. "
            "Free some space (300 MB) or set another folder with WENJU_CACHE_DIR."
        ) from error
    return target


def own_tensors() -> weights.Tensors:
    """Layers and head, under the names of transformers' BertForSequenceClassification. Raises ModelError when the
    file is missing or altered."""
    path = FOLDER / WEIGHTS
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The bundled reader's weights cannot be read ({path}: {error.strerror or error}). "
            "Install Wenju again, or set reader = none."
        ) from error
    if hashlib.sha256(data).hexdigest() != described()["sha256"]:
        raise ModelError(f"{path} is damaged. Install Wenju again, or set reader = none.")
    return weights.load(data)


def shared_tensors(model: Q4Model) -> weights.Tensors:
    """Those of the embedding model that are the reader's as well, under the same names."""
    return {f"bert.{name}": tensor for name, tensor in embeddings_of(model).items()}


def write_cross_encoder(model: Q4Model, own: weights.Tensors, description: dict[str, Any], directory: Path) -> None:
    """The CrossEncoder out of the embedding model and the reader's own tensors."""
    # Half of the disk; the values are those of 4-bit weights.
    shared = {
        name: tensor.astype(np.float16) if "word_embeddings" in name else tensor
        for name, tensor in shared_tensors(model).items()
    }
    config = {
        "architectures": ["BertForSequenceClassification"],
        "num_hidden_layers": description["layers"],
        "id2label": {"0": "answers"},
        "label2id": {"answers": 0},
    }
    write_transformer(model, {**own, **shared}, config, description["tokens"], directory)
