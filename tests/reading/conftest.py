"""A small reader, and a cache in which it was exported."""

from pathlib import Path

import pytest

from tests.reading.make import named, opened
from tests.support.exported import cache, filled
from tests.support.models import make_reader

__all__ = ["cache", "filled"]


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reader(tmp_path_factory.mktemp("readers") / "small")


@pytest.fixture(scope="session")
def exported(small_reader: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "cache"
    opened(named(small_reader, folder))
    return folder
