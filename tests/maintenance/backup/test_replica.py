"""`wenju replica`: another machine's index, followed by its backups, whatever happens on the way."""

import json
import os
import shutil
import signal
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.memory.beside_the_index import beside_the_index
from config.settings import load_settings
from retrieval.errors import ConfirmationRequired, IndexMismatchError, ReadOnlyError, StorageError
from retrieval.ingestion.ingest import Progress
from retrieval.maintenance.doctor import index
from retrieval.service import KnowledgeBase
from tests.maintenance.backup.homes import CANTEEN, DOCUMENTS, GRID, add, back_up, content, opened, restore, take
from tests.maintenance.backup.test_killed import moments
from tests.maintenance.backup.warm import Warm
from tests.support.paper import PaperEmbedder

QUESTION = "左云县有多少网格员"
PASSAGES = {"size": 300, "overlap": 100}
"""Others than the replica's."""
Write = Callable[[str, str | bytes], Path]


def test_it_answers_from_the_newest_and_who_answers_goes_on(
    home: Path, folder: Path, copy: Path, write: Write
) -> None:
    assert take(copy, folder) == "backup.zip"
    assert content(copy) == content(home)
    assert {path.name for path in copy.iterdir()} == {"index"}, "the bot's memory is each machine's own"
    with closing(opened(copy)) as answering:
        assert answering.ask(QUESTION).answer == GRID
        assert take(copy, folder) is None
        add(home, write("新.txt", CANTEEN), folder / "later.zip")
        assert take(copy, folder) == "later.zip"
        assert answering.ask("云溪县有食堂多少处").answer == CANTEEN
        assert len(answering.documents()) == DOCUMENTS + 1
        moved = shutil.copytree(folder, folder.with_name("moved"))
        assert take(copy, moved) is None
        assert (told := answering.maintenance.followed()) is not None and told.folder == str(moved)
    (folder / "later.zip").unlink()
    assert take(copy, folder) == "backup.zip", "it was taken back"
    assert not list((copy / "index").glob("*.part"))


def test_copying_goes_on_where_it_was_cut_short(backup: Path, folder: Path, copy: Path) -> None:
    with zipfile.ZipFile(backup) as zipped:
        index = zipped.read("index.db")
        (sha256,) = (
            m["sha256"] for m in json.loads(zipped.read("manifest.json"))["members"] if m["name"] == "index.db"
        )
    half = len(index) // 2
    data = backup.read_bytes()
    begin = data.index(index)
    backup.write_bytes(data[:begin] + bytes(half) + data[begin + half :])  # what was copied cannot be read again
    (copy / "index").mkdir(parents=True)
    part = copy / "index" / f"{sha256[:16]}.part"
    part.write_bytes(index[:half])
    assert take(copy, folder) == "backup.zip"
    assert not part.exists()


def test_what_is_damaged_is_not_taken_over(home: Path, folder: Path, copy: Path, write: Write) -> None:
    take(copy, folder)
    before, later = content(copy), folder / "later.zip"
    add(home, write("新.txt", CANTEEN), later)
    whole = later.read_bytes()
    later.write_bytes(whole.replace(CANTEEN.encode(), CANTEEN.encode()[::-1], 1))
    os.utime(later, (time.time() + 9, time.time() + 9))
    for _ in range(2):
        with pytest.raises(StorageError, match="does not match its checksum"):
            take(copy, folder)
        assert content(copy) == before
    later.write_bytes(whole)
    os.utime(later, (time.time() + 9, time.time() + 9))
    assert take(copy, folder) == "later.zip"
    assert content(copy).keys() == before.keys() | {"新.txt"}


def test_what_is_still_being_copied_is_passed_over(backup: Path, folder: Path, copy: Path) -> None:
    (folder / "later.zip").write_bytes(backup.read_bytes()[:-100])
    os.utime(folder / "later.zip", (time.time() + 9, time.time() + 9))
    told: list[str] = []
    assert take(copy, folder, told=told) == "backup.zip"
    assert len(told) == 1 and "later.zip" in told[0]


@pytest.mark.parametrize("is_there", [True, False])
def test_where_there_is_no_backup_what_was_there_answers(folder: Path, copy: Path, is_there: bool) -> None:
    take(copy, folder)
    shutil.rmtree(folder)
    if is_there:
        folder.mkdir()
    with pytest.raises(StorageError, match="no backup" if is_there else "goes on answering"):
        take(copy, folder)
    with closing(opened(copy)) as base:
        assert base.ask(QUESTION).answer == GRID


def test_nothing_is_written_here_until_it_is_left(backup: Path, folder: Path, copy: Path, write: Write) -> None:
    path = write("新.txt", CANTEEN)
    with pytest.raises(StorageError):
        take(copy, folder.parent / "nothing")
    take(copy, folder)
    with closing(opened(copy)) as base:
        tries: list[Callable[[], object]] = [lambda: base.add([path]), lambda: base.remove("grid.txt"), base.rebuild]
        tries.append(lambda: restore(copy, backup, yes=True))
        for change in tries:
            with pytest.raises(ReadOnlyError, match="follows the backups in"):
                change()
        assert base.maintenance.followed() is not None
        base.maintenance.leave()
        assert base.maintenance.followed() is None
        base.add([path])
        assert len(base.documents()) == DOCUMENTS + 1
    with pytest.raises(ConfirmationRequired, match=f"an index of {DOCUMENTS + 1} documents"):
        take(copy, folder)
    assert take(copy, folder, yes=True) == "backup.zip"


def test_an_empty_replica_is_not_written_to(folder: Path, copy: Path, write: Write) -> None:
    for backup in folder.iterdir():
        backup.write_bytes(backup.read_bytes().replace(GRID.encode(), GRID.encode()[::-1], 1))
    with pytest.raises(StorageError, match="checksum"):
        take(copy, folder)
    with closing(opened(copy)) as base:
        with pytest.raises(ReadOnlyError):
            base.add([write("新.txt", CANTEEN)])
        assert index(base).detail == f"no backup yet in {folder}"


def test_an_index_that_does_not_fit_the_settings_is_not_taken_over(home: Path, folder: Path, copy: Path) -> None:
    take(copy, folder)
    other = load_settings(home=home, passages=PASSAGES)
    with closing(KnowledgeBase(other, embedder=PaperEmbedder())) as base:
        base.rebuild()
    add_backup = folder / "later.zip"
    back_up(home, add_backup)
    os.utime(add_backup, (time.time() + 9, time.time() + 9))
    copied: list[Progress] = []
    for _ in range(2):
        with pytest.raises(IndexMismatchError, match=r"later\.zip is not taken over.*size=300.*Set here"):
            take(copy, folder, progress=copied.append)
    assert sum(progress.done == progress.total for progress in copied) == 1, "it is copied once"
    with closing(opened(copy)) as base:
        assert base.ask(QUESTION).answer == GRID
    with closing(KnowledgeBase(load_settings(home=copy, passages=PASSAGES), embedder=PaperEmbedder())) as base:
        taken = base.maintenance.take_newest(folder, beside_the_index(copy))
    assert taken is not None and taken.backup == "later.zip", "the settings fit it now"
    assert not list((copy / "index").glob("*.made-by"))


def test_an_index_that_was_made_here_stays_so_until_something_is_taken_over(
    home: Path, other: Path, folder: Path, write: Write
) -> None:
    for backup in folder.iterdir():
        backup.write_bytes(backup.read_bytes().replace(GRID.encode(), GRID.encode()[::-1], 1))
    before = content(other)
    with pytest.raises(StorageError, match="checksum"):
        take(other, folder, yes=True)
    with closing(opened(other)) as base:
        assert base.maintenance.followed() is None
        base.add([write("新.txt", CANTEEN)])
    assert content(other).keys() == before.keys() | {"新.txt"}
    back_up(home, folder / "whole.zip")
    assert take(other, folder, yes=True) == "whole.zip"
    with closing(opened(other)) as base:
        assert base.maintenance.followed() is not None


@moments
def test_a_killed_replica_has_the_old_index_or_the_new_and_goes_on(
    other: Path, home: Path, folder: Path, tmp_path: Path, warm: Warm, moments: list[float]
) -> None:
    old, new = content(other), content(home)
    whole = warm.run(shutil.copytree(other, tmp_path / "trial"), folder, "follow")
    assert whole.told == "done"
    for moment in moments:
        trial = shutil.copytree(other, tmp_path / f"killed{moment}")
        killed = warm.run(trial, folder, "follow", calls=int(whole.calls * moment))
        assert killed.code == -signal.SIGKILL
        assert content(trial) in (old, new)
        take(trial, folder, yes=True)
        assert content(trial) == new
        left = {path.name for path in (trial / "index").iterdir()} - {"CURRENT", "FOLLOWS", "write.lock"}
        assert len(left) == 1 and left.pop().startswith("gen-")


def test_without_space_what_was_there_answers(other: Path, folder: Path, warm: Warm) -> None:
    before = content(other)
    told = warm.run(other, folder, "follow", limit=50_000).told
    assert told.startswith("StorageError: ") and "space" in told
    assert content(other) == before
    assert not list((other / "index").glob("*.part")), "what is full is not filled further"
    with pytest.raises(ConfirmationRequired):  # nothing was taken over
        take(other, folder)
    assert take(other, folder, yes=True) == "backup.zip"


def test_what_has_no_room_is_not_begun(folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    copied: list[Progress] = []
    with pytest.raises(StorageError, match=r"There is no space for .* MB of the backup.*0 MB free"):
        take(copy, folder, progress=copied.append)
    assert not copied
    assert not list((copy / "index").glob("*.part"))


def test_an_index_on_a_server_needs_none(folder: Path, copy: Path) -> None:
    pytest.importorskip("pymilvus")
    milvus = load_settings(home=copy, index={"engine": "milvus", "milvus_uri": str(copy / "m.db")})
    with closing(KnowledgeBase(milvus)) as base, pytest.raises(StorageError, match="needs no replica"):
        base.maintenance.take_newest(folder, beside_the_index(copy))


def test_a_garbled_note_of_what_is_followed_is_told(folder: Path, copy: Path, write: Write) -> None:
    take(copy, folder)
    (copy / "index" / "FOLLOWS").write_text("{", "utf-8")
    with closing(opened(copy)) as base:
        with pytest.raises(StorageError, match="garbled"):
            base.add([write("新.txt", CANTEEN)])
        check = index(base)
    assert not check.ok and "garbled" in check.detail
