"""Backups in an object store: on fsspec's local and memory file systems, and read over HTTP from a real server."""

import json
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.next_steps import in_terminal
from retrieval.errors import ConfirmationRequired, NotFoundError, ReadOnlyError, StorageError
from retrieval.index.following import followed
from retrieval.maintenance import archive, object_store
from retrieval.maintenance.object_store import ObjectStore
from tests.maintenance.backup.homes import (
    CANTEEN,
    DOCUMENTS,
    GRID,
    REMEMBERED,
    back_up,
    content,
    opened,
    remembered,
    restore,
    take,
)
from tests.maintenance.backup.serving import Serving
from tests.maintenance.backup.test_killed import moments
from tests.maintenance.backup.warm import Warm

fsspec: Any = pytest.importorskip("fsspec", reason="needs the extra wenju[objectstore]")

QUESTION = "左云县有多少网格员"
NOTE = "wenju-newest.json"
Write = Callable[[str, str | bytes], Path]


@pytest.fixture(params=["file", "memory"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty folder of a store."""
    (tmp_path / "store").mkdir()
    yield f"{request.param}://{tmp_path / 'store'}"
    if request.param == "memory":
        fsspec.filesystem("memory").store.clear()


@pytest.fixture
def served(tmp_path: Path, loopback: None) -> Iterator[Serving]:  # noqa: ARG001 - it lets it be called
    """The store of `file://`, over HTTP."""
    (tmp_path / "store").mkdir()
    with Serving(tmp_path / "store").running() as serving:
        yield serving


def at(place: str, change: Callable[[bytes], bytes] | None = None) -> bytes:
    """What lies there, and is then changed."""
    files, path = fsspec.url_to_fs(place)
    data = bytes(files.cat_file(path))
    if change:
        files.pipe_file(path, change(data))
    return data


def changed(**facts: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(json.loads(data) | facts).encode()


def index_more(home: Path, path: Path) -> None:
    with closing(opened(home)) as base:
        base.add([path])


# -- following -----------------------------------------------------------------------------------------------------


def test_it_answers_from_the_newest_and_who_answers_goes_on(
    home: Path, address: str, copy: Path, write: Write
) -> None:
    back_up(home, f"{address}/monday.zip")
    assert take(copy, address) == "monday.zip"
    assert content(copy) == content(home)
    assert {path.name for path in copy.iterdir()} == {"index"}, "the bot's memory is each machine's own"
    assert not list(home.glob(".wenju-backup-*")), "nothing is left where it was made"
    with closing(opened(copy)) as answering:
        assert answering.ask(QUESTION).answer == GRID
        assert take(copy, f"{address}/") is None
        index_more(home, path := write("新.txt", CANTEEN))
        back_up(home, f"{address}/tuesday.zip")
        assert take(copy, address) == "tuesday.zip"
        assert answering.ask("云溪县有食堂多少处").answer == CANTEEN
        with pytest.raises(ReadOnlyError, match=f"follows the backups in {address}"):
            answering.add([path])
    assert not list((copy / "index").glob("*.part"))


def test_what_is_followed_is_not_looked_into_again(home: Path, address: str, copy: Path) -> None:
    back_up(home, f"{address}/monday.zip")
    take(copy, address)
    at(f"{address}/monday.zip", lambda _: b"")
    assert take(copy, address) is None


def test_the_same_index_by_another_name_is_noted(home: Path, address: str, copy: Path) -> None:
    back_up(home, f"{address}/monday.zip")
    take(copy, address)
    at(f"{address}/monday.zip", lambda whole: at_once(f"{address}/again.zip", whole))
    at(f"{address}/{NOTE}", changed(backup="again.zip"))
    assert take(copy, address) is None
    now = followed(copy / "index")
    assert now is not None and now.backup == "again.zip"


def at_once(place: str, data: bytes) -> bytes:
    files, path = fsspec.url_to_fs(place)
    files.pipe_file(path, data)
    return data


def test_a_backup_without_its_note_is_none_yet(home: Path, address: str, copy: Path, write: Write) -> None:
    """As one is whose writer was killed before it wrote the note."""
    with pytest.raises(
        StorageError, match=rf"no {NOTE} in .*, and so no backup.*`wenju backup {address}/wenju\.zip`"
    ):
        take(copy, address)
    back_up(home, f"{address}/monday.zip")
    before = at(f"{address}/{NOTE}")
    take(copy, address)
    index_more(home, write("新.txt", CANTEEN))
    back_up(home, f"{address}/tuesday.zip")
    after = at(f"{address}/{NOTE}", lambda _: before)
    assert take(copy, address) is None
    at(f"{address}/{NOTE}", lambda _: after)
    assert take(copy, address) == "tuesday.zip"


def test_what_is_not_as_its_note_says_is_not_taken_over(home: Path, address: str, copy: Path, write: Write) -> None:
    back_up(home, f"{address}/wenju.zip")
    take(copy, address)
    before, note = content(copy), at(f"{address}/{NOTE}")
    with pytest.raises(ConfirmationRequired, match=r"wenju\.zip is there already\.") as raised:
        back_up(home, f"{address}/wenju.zip")
    assert in_terminal(raised.value).endswith(
        "/wenju.zip is there already. Name another, or add --force to replace it."
    )
    index_more(home, write("新.txt", CANTEEN))
    back_up(home, f"{address}/wenju.zip", force=True)
    newer = at(f"{address}/{NOTE}", changed(made=json.loads(note)["made"], sha256="0" * 64))
    with pytest.raises(StorageError, match=rf"wenju\.zip is not the one that {NOTE} names.*goes on answering"):
        take(copy, address)
    at(f"{address}/{NOTE}", lambda _: newer)
    whole = at(f"{address}/wenju.zip", lambda whole: whole[: len(whole) // 2])
    with pytest.raises(StorageError, match=r"wenju\.zip cannot be read: .*Nothing was changed"):
        take(copy, address)
    at(f"{address}/wenju.zip", lambda _: whole.replace(CANTEEN.encode(), CANTEEN.encode()[::-1], 1))
    with pytest.raises(StorageError, match="does not match its checksum"):
        take(copy, address)
    assert content(copy) == before
    assert not list((copy / "index").glob("*.part")), "what is damaged is not gone on from"
    at(f"{address}/wenju.zip", lambda _: whole)
    assert take(copy, address) == "wenju.zip"
    assert content(copy).keys() == before.keys() | {"新.txt"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: b"", "garbled, or just being written"),
        (lambda data: data[:40], "garbled, or just being written"),
        (lambda _: b"[1]", "garbled, or just being written"),
        (changed(size="1"), "garbled, or just being written"),
        (changed(more=1), "garbled, or just being written"),
        (changed(backup="../monday.zip"), "garbled, or just being written"),
        (changed(backup="gone.zip"), r"gone\.zip cannot be read: there is no such file"),
        (changed(format="wenju-newest/2"), "another format. Update Wenju here first"),
    ],
)
def test_a_note_that_cannot_be_used_is_told(
    home: Path, address: str, copy: Path, change: Callable[[bytes], bytes], told: str
) -> None:
    back_up(home, f"{address}/monday.zip")
    take(copy, address)
    at(f"{address}/{NOTE}", change)
    with pytest.raises(StorageError, match=told) as raised:
        take(copy, address)
    assert "\n" not in str(raised.value)
    with closing(opened(copy)) as base:
        assert base.ask(QUESTION).answer == GRID


# -- writing -------------------------------------------------------------------------------------------------------


@moments
def test_a_killed_backup_leaves_the_one_before_or_is_there(
    home: Path, copy: Path, tmp_path: Path, write: Write, warm: Warm, moments: list[float]
) -> None:
    address = f"file://{tmp_path / 'store'}"
    (tmp_path / "store").mkdir()
    back_up(home, f"{address}/wenju.zip")
    old = content(home)
    index_more(home, write("新.txt", CANTEEN))
    new, kept = content(home), shutil.copytree(tmp_path / "store", tmp_path / "kept")
    trial = shutil.copytree(tmp_path / "store", tmp_path / "trial")
    whole = warm.run(home, f"file://{trial}/tuesday.zip", "backup")
    assert whole.told == "done"
    for moment in moments:
        trial = shutil.copytree(kept, tmp_path / f"killed{moment}")
        killed = warm.run(home, f"file://{trial}/tuesday.zip", "backup", calls=int(whole.calls * moment))
        assert killed.code < 0
        assert take(copy, f"file://{trial}", yes=True) in ("wenju.zip", "tuesday.zip", None)
        assert content(copy) in (old, new)
        assert warm.run(home, f"file://{trial}/tuesday.zip", "backup").told == "done"
        take(copy, f"file://{trial}")
        assert content(copy) == new
        shutil.rmtree(copy)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_without_space_there_is_no_new_note(home: Path, copy: Path, tmp_path: Path, warm: Warm) -> None:
    (store := tmp_path / "store").mkdir()
    (store / "full.zip").symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"full\.zip cannot be written: .*No space left"):
        back_up(home, f"file://{store}/full.zip", force=True)
    told = warm.run(home, f"file://{store}/monday.zip", "backup", limit=50_000).told  # the home has no room either
    assert told.startswith("StorageError: ") and "space" in told
    with pytest.raises(StorageError, match=f"no {NOTE}"):
        take(copy, f"file://{store}")
    assert not list(home.glob(".wenju-backup-*"))


def test_on_the_disk_only_its_owner_reads_it(home: Path, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    back_up(home, f"file://{tmp_path}/store/monday.zip")
    assert (tmp_path / "store" / "monday.zip").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_is_told_and_nothing_is_made(home: Path, copy: Path, tmp_path: Path) -> None:
    for place, told in {
        f"file://{tmp_path}/nowhere/monday.zip": "cannot be written: there is no such file or folder",
        "https://127.0.0.1/backups/monday.zip": "over https backups are only read",
        f"file://{tmp_path}/{NOTE}": "names no file",
        f"file://{tmp_path}/": "names no file",
    }.items():
        with pytest.raises(StorageError, match=told):
            back_up(home, place)
    with pytest.raises(NotFoundError):
        back_up(copy, f"file://{tmp_path}/monday.zip")
    assert not (tmp_path / "monday.zip").exists()


# -- restoring -----------------------------------------------------------------------------------------------------


def test_a_backup_is_restored_from_its_address(home: Path, other: Path, address: str) -> None:
    back_up(home, f"{address}/monday.zip")
    assert restore(other, f"{address}/monday.zip", yes=True) == DOCUMENTS
    assert content(other) == content(home)
    assert remembered(other) == REMEMBERED
    with pytest.raises(StorageError, match=r"gone\.zip cannot be read: there is no such file"):
        restore(other, f"{address}/gone.zip", yes=True)


# -- over HTTP -----------------------------------------------------------------------------------------------------


def test_over_a_line_that_is_cut_copying_goes_on_where_it_was(
    home: Path, copy: Path, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_CHUNK", 8192)  # the index is small
    monkeypatch.setattr(object_store, "_BLOCK", 16384)
    back_up(home, f"file://{served.folder}/monday.zip")
    whole = (served.folder / "monday.zip").stat().st_size
    served.cut_after = whole // 2
    with pytest.raises(StorageError, match=r"monday\.zip cannot be read: .*Nothing was changed"):
        take(copy, served.address)
    (part,) = (copy / "index").glob("*.part")
    have = part.stat().st_size
    assert whole // 4 < have <= whole // 2
    served.cut_after, served.sent = None, 0
    assert take(copy, served.address) == "monday.zip"
    assert served.sent < whole - have + 4 * 16384, "what was there is not asked for again"
    assert content(copy) == content(home)
    served.sent = 0
    assert take(copy, served.address) is None
    assert served.sent < 1000, "a look that finds nothing new reads the note alone"


def test_a_server_that_is_away_or_lacks_something_is_told(
    home: Path, other: Path, copy: Path, served: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StorageError, match=f"no {NOTE} in http"):
        take(copy, served.address)
    back_up(home, f"file://{served.folder}/monday.zip")
    take(copy, served.address)
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        away = f"http://127.0.0.1:{taken.getsockname()[1]}/backups"
    for read in (lambda: take(copy, away), lambda: restore(other, f"{away}/monday.zip", yes=True)):
        with pytest.raises(StorageError, match=r"cannot be read: .*[Cc]onnect.*try again when it is back"):
            read()
    assert restore(other, f"{served.address}/monday.zip", yes=True) == DOCUMENTS
    monkeypatch.setattr(object_store, "_BLOCK", 16384)
    served.gives_parts = False
    with pytest.raises(StorageError, match=r"monday\.zip cannot be read: \d+ bytes were asked for, and \d+ came"):
        take(other, served.address, yes=True)
    with closing(opened(copy)) as base:
        assert base.ask(QUESTION).answer == GRID


# -- addresses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nonsense://a/b", "fsspec knows no nonsense://"),
        ("https://me:ABCDEFGH@127.0.0.1/b", "holds a password, which would be shown"),
        ("https://127.0.0.1/b?token=ABCDEFGH", r"https://127\.0\.0\.1 … is no address"),
        ("zip://a::https://127.0.0.1/b", "is no address"),
        ("memory://", "is no address"),
        ("file:///", "is no address"),
    ],
)
def test_what_is_no_address_is_told(copy: Path, address: str, told: str) -> None:
    tries: list[tuple[Callable[[Path, str], object], str, str]] = [(take, address, told), (restore, address, told)]
    for read, place, said in [*tries, (restore, f"{address}/", f"{told}|names no file")]:
        with pytest.raises(StorageError, match=said) as raised:
            read(copy, place)
        assert "\n" not in str(raised.value) and "ABCDEFGH" not in str(raised.value)
    with closing(opened(copy)) as base:
        assert base.maintenance.followed() is None


@pytest.mark.skipif(find_spec("s3fs") is not None, reason="the driver is there")
def test_what_a_driver_needs_is_told(copy: Path) -> None:
    with pytest.raises(StorageError, match=rf"s3:// is not installed: Install s3fs .* {fsspec.__version__}"):
        take(copy, "s3://bucket/wenju")


def test_the_extra_is_named_where_it_is_missing(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(StorageError, match=r"pip install 'wenju\[objectstore\]'"):
        take(copy, "s3://bucket/wenju")


def test_a_file_is_read_from_any_place(address: str) -> None:
    store, data = ObjectStore(address), bytes(range(256)) * 50
    store.write("a", data)
    with closing(store.open("a")) as file:
        assert file.seek(-300, 2) == len(data) - 300
        assert file.read(100) == data[-300:-200]
        assert file.seek(3) == 3 and file.read() == data[3:]
        assert file.seek(10**6) == 10**6 and file.read(5) == b""
        with pytest.raises(ValueError, match="before the beginning"):
            file.seek(-1)
    assert store.read("a", 10) == data[:10]
    assert store.read("none", 10) is None
    with pytest.raises(StorageError, match="cannot be read"), closing(store.open("a", len(data) + 1)) as file:
        file.read()
