"""Homes to back up, to copy and to restore into."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.maintenance.backup.homes import CANTEEN, DOCUMENTS, GRID, OTHERS, REMEMBERED, back_up, opened, remember
from tests.maintenance.backup.warm import Warm


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an index, a bot's memory and an upload; to be copied."""
    folder = tmp_path_factory.mktemp("full")
    home = folder / "home"
    (home / "uploads").mkdir(parents=True)
    (home / "uploads" / "通知 😀.txt").write_text(CANTEEN, "utf-8")
    (home / "uploads" / ".incoming-half.txt").write_text("hal", "utf-8")
    for i in range(DOCUMENTS - 2):
        (folder / f"{i:02}.txt").write_text("\n\n".join(f"{i}组{j}村有网格员{i * j}名。" for j in range(20)), "utf-8")
    (folder / "grid.txt").write_text(GRID, "utf-8")
    with closing(opened(home)) as base:
        base.add([folder])
    remember(home, *REMEMBERED)
    back_up(home, folder / "backup")
    return home


@pytest.fixture
def home(full: Path, tmp_path: Path) -> Path:
    return shutil.copytree(full, tmp_path / "home")


@pytest.fixture
def backup(full: Path, tmp_path: Path) -> Path:
    """A backup of it, in a folder of its own."""
    (tmp_path / "backups").mkdir()
    return Path(shutil.copy(full.with_name("backup"), tmp_path / "backups" / "backup.zip"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another home, which holds another document; to be copied."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "other.txt").write_text(CANTEEN, "utf-8")
    with closing(opened(folder / "home")) as base:
        base.add([folder / "other.txt"])
    remember(folder / "home", *OTHERS)
    return folder / "home"


@pytest.fixture
def other(small: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small, tmp_path / "other")


@pytest.fixture
def folder(backup: Path) -> Path:
    """Where the backups lie."""
    return backup.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The home of a replica."""
    return tmp_path / "copy"
