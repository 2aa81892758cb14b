"""Embedding with sentence-transformers, the reference for what a vector is: the only file that imports it."""

import logging
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.base import ModelIdentity, Vectors
from retrieval.errors import ModelError

_BATCH = 16
_HUB_SECONDS = 10
_PASSAGE_PROMPTS = ("document", "passage")


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; prompts and dimension are the model's own."""

    def __init__(self, source: str, identity: ModelIdentity, *, from_hub: bool, threads: int) -> None:
        self.model = _load(source, from_hub)
        self._threads = threads
        dimension = self.model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"The model {source} does not tell its dimension, so Wenju cannot index with it.")
        self.identity = ModelIdentity(identity.name, dimension, identity.fingerprint)
        prompts: dict[str, str] = self.model.prompts
        self.question_prompt = prompts.get("query", "")
        self.passage_prompt = next((prompts[name] for name in _PASSAGE_PROMPTS if prompts.get(name)), "")

    @property
    def engine(self) -> str:
        import torch

        precision = str(next(self.model.parameters()).dtype).removeprefix("torch.")
        return f"torch, {precision}, {self._threads or torch.get_num_threads()} threads"

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        return self._encode(questions, self.question_prompt)

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        return self._encode(passages, self.passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.identity.dimension), np.float32)
        if self._threads:
            import torch

            torch.set_num_threads(self._threads)
        vectors = self.model.encode(
            list(texts),
            prompt=prompt,
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


def _load(source: str, from_hub: bool) -> Any:
    if Path(source, "config_sentence_transformers.json").exists() and not Path(source, "modules.json").exists():
        # It would be taken for a bare transformer with mean pooling, whatever its own pooling is.
        raise ModelError(f"The model {source} is incomplete: modules.json is missing. Copy it again.")
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
            return SentenceTransformer(source, device="cpu", local_files_only=not (from_hub and _answers(source)))
        except Exception as error:
            kind = "from the hub (is there a network?)" if from_hub else "(is the directory complete?)"
            summary = str(error).strip().split("\n")[0][:200]
            raise ModelError(f"The model {source} could not be loaded {kind}: {summary}") from error


def _answers(name: str) -> bool:
    """Whether the hub answers for the model. When it does not, what was fetched before is used at once: left to
    itself the library tries again, file by file, for minutes."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().model_info(name, timeout=_HUB_SECONDS)
    except HfHubHTTPError:  # it has answered that there is none, or not for us: the library tells it
        return True
    except Exception:  # noqa: BLE001 - of whichever HTTP library the hub's client stands on
        return False
    return True
