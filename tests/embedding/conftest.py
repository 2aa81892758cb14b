"""A small model, and a cache in which it was exported."""

from pathlib import Path

import pytest

from tests.embedding.exports import named, opened
from tests.support.exported import cache, filled
from tests.support.models import make_model

__all__ = ["cache", "filled"]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prompts = {"query": "The ", "document": "高"}
    return make_model(tmp_path_factory.mktemp("models") / "small", prompts=prompts, unigram=True)


@pytest.fixture(scope="session")
def exported(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "cache"
    opened(named(small_model, folder))
    return folder
