"""What Wenju asks of an embedding model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What an index remembers of the model that made its vectors; `fingerprint` tells two models of a name apart."""

    name: str
    dimension: int
    fingerprint: str


class Embedder(Protocol):
    """Unit vectors of texts. Questions and passages may be embedded differently (prompts)."""

    @property
    def identity(self) -> ModelIdentity: ...

    @property
    def engine(self) -> str:
        """What runs the model, with its precision and threads, for people."""

    def embed_questions(self, questions: Sequence[str]) -> Vectors:
        """Shape (questions, dimension), float32, unit length."""

    def embed_passages(self, passages: Sequence[str]) -> Vectors:
        """Shape (passages, dimension), float32, unit length."""
