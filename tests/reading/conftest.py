"""A small reader, and a cache in which it was exported: to export it takes seconds."""

import shutil
from pathlib import Path

import pytest

from tests.reading.make import named, opened
from tests.support.models import make_reader


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reader(tmp_path_factory.mktemp("readers") / "small")


@pytest.fixture(scope="session")
def exported(small_reader: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the small reader; to be copied."""
    cache = tmp_path_factory.mktemp("exported") / "cache"
    opened(named(small_reader, cache))
    return cache


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty one."""
    return tmp_path / "cache"


@pytest.fixture
def filled(exported: Path, cache: Path) -> Path:
    """A cache that holds the small reader."""
    return shutil.copytree(exported, cache)
