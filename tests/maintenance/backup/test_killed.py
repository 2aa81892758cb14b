"""Backup and restore killed and without space, and what lies there already is damaged."""

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.errors import ConfirmationRequired, StorageError
from retrieval.service import Beside, KnowledgeBase
from tests.maintenance.backup.homes import (
    CANTEEN,
    DOCUMENTS,
    GRID,
    OTHERS,
    REMEMBERED,
    back_up,
    content,
    damaged,
    opened,
    remembered,
    restore,
    snapshot,
)
from tests.maintenance.backup.warm import Warm

Write = Callable[[str, str | bytes], Path]

FEW = [0.3, 0.82, 0.89, 0.96]
MANY = [i / 40 for i in range(40)]
"""How far a run comes: shares of its calls that touch the disk."""

moments = pytest.mark.parametrize("moments", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])


@moments
def test_a_killed_backup_leaves_the_file_as_it_was(
    home: Path, backup: Path, tmp_path: Path, warm: Warm, moments: list[float]
) -> None:
    whole = warm.run(home, tmp_path / "trial", "backup")
    assert whole.told == "done"
    before = backup.read_bytes()
    for moment in moments:
        assert warm.run(home, backup, "backup", calls=int(whole.calls * moment)).code == -signal.SIGKILL
        if backup.read_bytes() != before:  # it has its name already
            assert restore(tmp_path / f"new{moment}", backup) == DOCUMENTS
            before = backup.read_bytes()
    assert len(content(home)) == DOCUMENTS


@moments
def test_a_killed_restore_leaves_the_old_or_the_new_and_can_be_run_again(
    other: Path, home: Path, backup: Path, tmp_path: Path, warm: Warm, moments: list[float]
) -> None:
    old, new = content(other), content(home)
    whole = warm.run(shutil.copytree(other, tmp_path / "trial"), backup, "restore")
    assert whole.told == "done"
    for moment in moments:
        trial = shutil.copytree(other, tmp_path / f"killed{moment}")
        assert warm.run(trial, backup, "restore", calls=int(whole.calls * moment)).code == -signal.SIGKILL
        assert content(trial) in (old, new)
        assert remembered(trial) in (OTHERS, REMEMBERED)
        assert set(snapshot(trial / "uploads").values()) <= {CANTEEN.encode()}
        restore(trial, backup, yes=True)
        assert content(trial) == new
        assert len(list((trial / "index").glob("gen-*"))) == 1
        assert not (trial / "restore.tmp").exists()


@pytest.mark.parametrize("limit", [0, 50_000])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_without_space_nothing_is_lost(
    home: Path, other: Path, backup: Path, warm: Warm, command: str, limit: int
) -> None:
    """A limit on the size of files makes writes fail as a full disk does."""
    assert backup.stat().st_size > 100_000
    place = home if command == "backup" else other
    before, kept = content(place), backup.read_bytes()
    told = warm.run(place, backup, command, limit=limit).told
    assert told.startswith("StorageError: ")
    assert "\n" not in told
    assert "space" in told
    assert content(place) == before
    assert backup.read_bytes() == kept
    assert [*backup.parent.iterdir()] == [backup]


def test_a_folder_that_may_not_be_written(home: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="permissions"):
        back_up(home, folder / "backup")


def test_what_a_killed_rebuild_left_is_cleared_away_by_the_next_writer(
    base: KnowledgeBase, settings: Settings, write: Write
) -> None:
    base.add([write("a.txt", GRID)])
    root = settings.home / "index"
    (root / "gen-0007").mkdir()
    (root / "CURRENT.12345").write_text("gen-0007\n", "ascii")
    base.add([write("b.txt", CANTEEN)])
    assert {path.name for path in root.iterdir()} <= {"gen-0001", "write.lock"}


def test_a_damaged_index_is_not_kept_for_ever_when_none_took_its_place(other: Path, backup: Path) -> None:
    def fail() -> None:
        raise StorageError("no space")

    database, data = damaged(other)
    beside = Beside({"bot.db": lambda _: fail}, ["uploads"])
    with closing(opened(other)) as base, pytest.raises(StorageError, match="no space"):
        base.maintenance.restore(backup, beside, confirmed=True)
    assert database.read_bytes() == data
    assert not (database.parent / "KEPT").exists()


def test_a_damaged_index_is_kept_when_another_takes_its_place(other: Path, backup: Path, home: Path) -> None:
    database, data = damaged(other)
    with pytest.raises(ConfirmationRequired, match="cannot be read"):
        restore(other, backup)
    assert restore(other, backup, yes=True) == DOCUMENTS
    assert database.read_bytes() == data
    with closing(opened(other)) as base:  # and nobody clears it away later
        base.rebuild()
    assert database.read_bytes() == data
    assert content(other) == content(home)


def test_an_index_whose_database_is_gone_can_be_restored(home: Path, backup: Path) -> None:
    with closing(opened(home)) as base:
        base.rebuild()
    (database,) = (home / "index").glob("gen-*/index.db")
    database.unlink()
    with pytest.raises(StorageError, match="wenju restore"):
        content(home)
    (home / "bot.db").unlink()
    assert restore(home, backup) == DOCUMENTS
    assert len(content(home)) == DOCUMENTS
