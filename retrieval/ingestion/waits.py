"""What a run waits for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Wait = Literal["reading", "model", "disk"]


@dataclass(slots=True)
class Waits:
    """Seconds by the clock, by what was waited for: files that are read, texts that are embedded, what is looked up
    and stored. Of what goes on at the same time only that is counted which the run cannot go on without."""

    seconds: dict[Wait, float] = field(default_factory=dict)

    def add(self, what: Wait, seconds: float) -> None:
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds

    @contextmanager
    def on(self, what: Wait) -> Iterator[None]:
        """Count what is done inside."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(what, time.monotonic() - began)
