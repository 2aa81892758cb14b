"""Reading with sentence-transformers' CrossEncoder, the reference for what a reader says."""

import logging
import os
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from retrieval.errors import ModelError
from retrieval.reading.base import Logits

_BATCH = 16


class CrossEncoderReader:
    """Any CrossEncoder with one output, on torch."""

    def __init__(self, source: str, name: str, *, from_hub: bool, threads: int) -> None:
        self.name = name
        self.model = _load(source, from_hub)
        self._threads = threads
        if _is_untrained(self.model.model):
            raise ModelError(
                f"The model {name} was not trained to read pairs: it has no head for that. Name a CrossEncoder for "
                "ranking in the setting `reader`, or set reader = none."
            )
        if self.model.num_labels != 1:
            raise ModelError(
                f"The reader {name} gives {self.model.num_labels} figures for a pair; a reader gives one, how well "
                "the text answers. Name a CrossEncoder for ranking in the setting `reader`, or set reader = none."
            )

    @property
    def engine(self) -> str:
        import torch

        return f"torch, {self._threads or torch.get_num_threads()} threads"

    def read(self, question: str, texts: Sequence[str]) -> Logits:
        import torch

        if not texts:
            return np.empty(0, np.float32)
        if self._threads:
            torch.set_num_threads(self._threads)
        found = self.model.predict(
            [(question, text) for text in texts],
            batch_size=_BATCH,
            activation_fn=torch.nn.Identity(),
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, np.float32).reshape(len(texts))


def _is_untrained(model: Any) -> bool:
    """Whether transformers has put a head with random weights on a model of another task."""
    trained = getattr(getattr(model, "config", None), "architectures", None) or []
    head = "ForSequenceClassification"
    return type(model).__name__.endswith(head) and bool(trained) and not any(name.endswith(head) for name in trained)


def _load(source: str, from_hub: bool) -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    if not from_hub:
        os.environ["HF_HUB_OFFLINE"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        try:
            return CrossEncoder(source, device="cpu", local_files_only=not from_hub)
        except Exception as error:
            kind = "from the hub (is there a network?)" if from_hub else "(is it a whole CrossEncoder directory?)"
            summary = str(error).strip().split("\n")[0][:200]
            raise ModelError(
                f"The reader {source} could not be loaded {kind}: {summary}. Correct the setting `reader`; "
                "reader = none answers without one."
            ) from error
