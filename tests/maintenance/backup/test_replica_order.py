"""Which of the backups in a folder `wenju replica` takes, whatever their times say."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import StorageError
from tests.maintenance.backup.homes import CANTEEN, DOCUMENTS, add, content, take

Write = Callable[[str, str | bytes], Path]


def made(backup: Path, when: str, *, minutes: int) -> None:
    """The backup says that it was made then; its file came so many minutes after 2026 began."""
    with zipfile.ZipFile(backup) as zipped:
        members = {info: zipped.read(info) for info in zipped.infolist()}
    with zipfile.ZipFile(backup, "w") as zipped:
        for info, data in members.items():
            manifest = json.loads(data) | {"made": when} if info.filename == "manifest.json" else None
            zipped.writestr(info, data if manifest is None else json.dumps(manifest))
    came(backup, minutes)


def came(backup: Path, minutes: int) -> None:
    os.utime(backup, (1_767_225_600 + 60 * minutes,) * 2)


@pytest.fixture
def tuesday(home: Path, backup: Path, copy: Path, write: Write) -> Path:
    """Is followed, and holds a document more than the one of Monday beside it."""
    add(home, write("新.txt", CANTEEN), backup.parent / "tue.zip")
    made(backup, "2026-01-05T20:00:00+00:00", minutes=1)
    made(backup.parent / "tue.zip", "2026-01-06T20:00:00+00:00", minutes=2)
    assert take(copy, backup.parent) == "tue.zip"
    return backup.parent / "tue.zip"


@pytest.mark.parametrize("minutes", [3, 0])
def test_it_does_not_go_back_while_the_newest_is_written(
    tuesday: Path, folder: Path, copy: Path, minutes: int
) -> None:
    whole = tuesday.read_bytes()
    tuesday.write_bytes(whole[: len(whole) // 2])
    came(tuesday, minutes)
    with pytest.raises(StorageError, match=r"backup\.zip is not taken over.*tue\.zip may be on its way"):
        take(copy, folder)
    assert len(content(copy)) == DOCUMENTS + 1
    tuesday.write_bytes(whole)
    assert take(copy, folder) is None
    tuesday.unlink()
    assert take(copy, folder) == "backup.zip", "nothing is on its way"


def test_an_old_backup_that_came_last_is_told_and_passed_over(
    tuesday: Path, backup: Path, folder: Path, copy: Path
) -> None:
    came(backup, 3)
    shutil.copyfile(backup, folder / "copied.zip")
    told: list[str] = []
    assert take(copy, folder, told=told) is None
    assert len(content(copy)) == DOCUMENTS + 1
    assert len(told) == 1 and "copied.zip came last, but tue.zip was made after it" in told[0]
    tuesday.unlink()
    assert take(copy, folder, told=told) == "copied.zip"
    assert len(told) == 1


def test_something_unread_that_came_before_does_not_keep_it_from_going_back(
    tuesday: Path, folder: Path, copy: Path
) -> None:
    (folder / "README").write_text("Backups of the week.", "utf-8")
    came(folder / "README", 0)
    tuesday.unlink()
    assert take(copy, folder) == "backup.zip"
