"""What a command of `wenju` gave, and a home for it with documents that the bundled model indexed."""

import json
from pathlib import Path
from typing import Any

from config.settings import load_settings
from retrieval.embedding.base import Embedder
from retrieval.service import KnowledgeBase


class Outcome:
    """An exit code, and what was written to standard output and standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    def is_one_line_of_error(self) -> bool:
        return self.out == "" and self.err.startswith("wenju: ") and self.err.count("\n") == 1


def indexed_home(home: Path, docs: Path, embedder: Embedder) -> Path:
    """The folder, as the home of an index of all that lies in `docs`."""
    base = KnowledgeBase(load_settings(home=home), embedder=embedder)
    assert base.add([docs]).failures == []
    base.close()
    return home
