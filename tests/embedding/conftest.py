"""A small model, and caches with its export."""

import shutil
from pathlib import Path

import pytest

from tests.embedding.exports import named, opened
from tests.support.models import make_model


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def exported(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the small model; to be copied, since to export it takes seconds."""
    cache = tmp_path_factory.mktemp("exported") / "cache"
    opened(named(small_model, cache))
    return cache


@pytest.fixture
def filled(exported: Path, cache: Path) -> Path:
    """A cache that holds the small model."""
    return shutil.copytree(exported, cache)


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "The ", "document": "高"}
    return make_model(tmp_path_factory.mktemp("models") / "small", prompts=prompts, unigram=True)
