"""What tests of reading share."""

import sys
import textwrap
from collections.abc import Iterator

import pytest

from retrieval.documents.isolation.reader_process import ReaderProcess
from tests.documents.readers import SPEAKS, Speaking


@pytest.fixture
def speaking() -> Iterator[Speaking]:
    """A ReaderProcess whose process does what the code says."""
    made: list[ReaderProcess] = []

    def of(code: str) -> ReaderProcess:
        made.append(ReaderProcess(lambda _: [sys.executable, "-I", "-c", SPEAKS + textwrap.dedent(code)]))
        return made[-1]

    yield of
    for reader in made:
        reader.stop()
