"""Fixtures for what was exported into a cache once: `exported`, which takes seconds to make, is each folder's own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty one."""
    return tmp_path / "cache"


@pytest.fixture
def filled(exported: Path, cache: Path) -> Path:
    """A copy of that which holds the export."""
    return shutil.copytree(exported, cache)
