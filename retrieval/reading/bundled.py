"""The bundled reader: layers and head out of `data/reader/`, word embeddings out of the bundled embedding model, put
together once as a CrossEncoder directory in Wenju's cache."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.bundled import bundled_model
from retrieval.embedding.cache_directory import is_whole, make_once, write_json
from retrieval.errors import ModelError, StorageError
from retrieval.reading import weights
from retrieval.reading.inputs import RECIPE as INPUTS

FOLDER = Path(__file__).resolve().parents[2] / "data" / "reader"
WEIGHTS, DESCRIPTION = "reader.safetensors", "reader.json"
_RECIPE = "1"
"""Raised when the directory that is written from the same weights changes."""
_EMBEDDINGS = "embeddings."

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
    source, tensors = bundled_model(cache, notify), weights.load(_weights())

    def make(directory: Path) -> None:
        notify(f"Putting the reader together in {target} (once, 280 MB, some seconds)")
        write_cross_encoder(source, tensors, described(), directory)

    try:
        make_once(target, make)
    except OSError as error:
        raise StorageError(
            f"The reader cannot be written to {target.parent}: {error.strerror or error}. "
            "Free some space (300 MB) or set another folder with WENJU_CACHE_DIR."
        ) from error
    return target


def _weights() -> bytes:
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
    return data


def write_cross_encoder(source: Path, tensors: weights.Tensors, description: dict[str, Any], directory: Path) -> None:
    """The CrossEncoder out of the embedding model in `source` and the reader's own tensors."""
    from safetensors import safe_open
    from safetensors.numpy import save_file

    state = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    with safe_open(source / "model.safetensors", "np") as whole:
        for name in whole.keys():  # noqa: SIM118 - it is no mapping
            if name.startswith(_EMBEDDINGS):
                tensor = whole.get_tensor(name)
                # Half of the disk; the values are those of 4-bit weights.
                state[f"bert.{name}"] = tensor.astype(np.float16) if "word_embeddings" in name else tensor
    save_file(state, directory / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((source / "config.json").read_text("utf-8"))
    config |= {"architectures": ["BertForSequenceClassification"], "num_hidden_layers": description["layers"]}
    config |= {"id2label": {"0": "answers"}, "label2id": {"answers": 0}}
    write_json(directory / "config.json", config)
    _write_tokenizer(source, description["tokens"], directory)


def _write_tokenizer(source: Path, tokens: int, directory: Path) -> None:
    """That of the embedding model, for pairs."""
    described_tokenizer = json.loads((source / "tokenizer.json").read_text("utf-8"))
    template = described_tokenizer["post_processor"]
    begin, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("<s>", "</s>"))
    a, b = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    template["pair"] = [begin, a, end, end, b, end]
    (directory / "tokenizer.json").write_text(json.dumps(described_tokenizer, ensure_ascii=False), "utf-8")
    names = json.loads((source / "tokenizer_config.json").read_text("utf-8"))
    write_json(directory / "tokenizer_config.json", {**names, "model_max_length": tokens})
    (directory / "special_tokens_map.json").write_text(
        (source / "special_tokens_map.json").read_text("utf-8"), "utf-8"
    )
