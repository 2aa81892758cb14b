"""What Wenju asks of a reading model, and what it says of a sentence."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float32]


class Reader(Protocol):
    """A cross-encoder with one output: how well a text answers a question."""

    @property
    def name(self) -> str:
        """As the settings name it."""

    @property
    def engine(self) -> str:
        """What runs it, with its precision and threads, for people."""

    def read(self, question: str, texts: Sequence[str]) -> Logits:
        """Shape (texts,), float32: the log odds that each text answers, before they are calibrated. Questions and
        texts beyond what the model reads are cut. Raises ModelError when it cannot be run."""
