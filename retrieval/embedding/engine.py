"""Embedding with sentence-transformers: the only file that imports it."""

import hashlib
import logging
import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from config.settings import Settings
from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.embedding.bundled import DIMENSION, bundled_directory, bundled_model
from retrieval.errors import ModelError

BUNDLED = "bundled"
_BATCH = 32
_SAMPLE = 2**20
_PASSAGE_PROMPTS = ("document", "passage")


def identify(settings: Settings) -> ModelIdentity:
    """The identity of the model that the settings name, without loading it; dimension 0 where only the loaded model
    tells. Raises ModelError when a directory is named that is not there."""
    if settings.model == BUNDLED:
        return ModelIdentity(BUNDLED, DIMENSION, bundled_directory(settings.cache_dir).name)
    path = Path(settings.model).expanduser()
    if path.is_dir():
        return _identity_of_directory(path.resolve())
    if path.is_absolute() or settings.model.startswith((".", "~")):
        raise ModelError(f"There is no model directory {settings.model}. Correct the setting `model`.")
    return ModelIdentity(settings.model, 0, "")


def open_embedder(settings: Settings, notify: Callable[[str], None]) -> "SentenceTransformerEmbedder":
    """The embedder that the settings name. Raises ModelError when there is no such model or it is broken."""
    identity = identify(settings)
    if settings.model == BUNDLED:
        return SentenceTransformerEmbedder(str(bundled_model(settings.cache_dir, notify)), identity)
    path = Path(settings.model).expanduser()
    if path.is_dir():
        return SentenceTransformerEmbedder(str(path), identity)
    return SentenceTransformerEmbedder(settings.model, identity, from_hub=True)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; prompts and dimension are the model's own."""

    def __init__(self, source: str, identity: ModelIdentity, from_hub: bool = False) -> None:
        self._model = _load(source, from_hub)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The model {source} does not tell its dimension, so Wenju cannot index with it.")
        self.identity = ModelIdentity(identity.name, dimension, identity.fingerprint)
        prompts: dict[str, str] = self._model.prompts
        self._question_prompt = prompts.get("query", "")
        self._passage_prompt = next((prompts[name] for name in _PASSAGE_PROMPTS if prompts.get(name)), "")

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._encode(questions, self._question_prompt)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        return self._encode(passages, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.identity.dimension), np.float32)
        vectors = self._model.encode(
            list(texts),
            prompt=prompt,
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


def _load(source: str, from_hub: bool) -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    if not from_hub:
        os.environ["HF_HUB_OFFLINE"] = "1"  # A directory needs nothing from outside.
    with warnings.catch_warnings():
        # SWIG and deprecation warnings of libraries concern their makers, not the asker.
        warnings.simplefilter("ignore", DeprecationWarning)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call] # e.g. that a pooling head nobody uses is missing
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        try:
            return SentenceTransformer(source, device="cpu", local_files_only=not from_hub)
        except Exception as error:
            kind = "from the hub (is there a network?)" if from_hub else "(is the directory complete?)"
            summary = str(error).strip().split("\n")[0][:200]
            raise ModelError(f"The model {source} could not be loaded {kind}: {summary}") from error


def _identity_of_directory(path: Path) -> ModelIdentity:
    """Fingerprint: names and sizes of all files, with their contents, of large ones the two ends."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if not file.is_file() or file.name.startswith("."):
            continue
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path).as_posix()}\0{size}\0".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(_SAMPLE))
            if size > _SAMPLE:
                stream.seek(max(_SAMPLE, size - _SAMPLE))
                digest.update(stream.read())
    return ModelIdentity(path.name, 0, digest.hexdigest()[:16])
