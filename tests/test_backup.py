"""`wenju backup` and `wenju restore` with real files and processes: beside writers and readers, killed, without
space, and with files that somebody made to do harm."""

import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.database import open_database
from bot.telegram.keeping import beside_the_index
from bot.telegram.uploads import safe_name
from config.settings import Settings, load_settings
from retrieval.archive import is_plain
from retrieval.errors import BusyError, ConfirmationRequired, NotFoundError, StorageError
from retrieval.index.layout import SCHEMA_VERSION
from retrieval.service import Beside, KnowledgeBase
from tests.conftest import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
ROOT = Path(__file__).resolve().parents[1]
GRID, CANTEEN = "左云县有网格员51名。", "云溪县有食堂52处。"
QUESTION = "左云县有多少网格员"
WARM = """
import json, os, resource, signal, sys, time
from pathlib import Path
from bot.telegram.keeping import beside_the_index
from config.settings import load_settings
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase
from tests.conftest import PaperEmbedder
import faiss, tantivy

def run(home, file, command, limit):
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    base = KnowledgeBase(load_settings(home=Path(home)), embedder=PaperEmbedder())
    beside = beside_the_index(base.settings.home)
    if command == "hold":
        with base._index().writing(5):
            os.write(writing, b"held")
            time.sleep(60)
    elif command == "index":
        for turn in range(10_000):
            path = Path(file) / f"{turn}.txt"
            path.write_text(f"第{turn}村有网格员{turn}名。", "utf-8")
            base.add([path])
            os.write(writing, f"{turn}\\n".encode())
    elif command == "backup":
        base.backup(Path(file), beside, force=True)
    else:
        base.restore(Path(file), beside, confirmed=True)

for line in sys.stdin:
    home, file, command, limit, patience = json.loads(line)
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            run(home, file, command, limit)
            os.write(writing, b"done")
        except WenjuError as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    if patience is None:  # it is left to itself until the next line: whoever asks kills it
        sys.stdout.write(json.dumps([child, os.read(reading, 10_000).decode(), 0]) + "\\n")
        sys.stdout.flush()
        os.set_blocking(reading, False)
        sys.stdin.readline()
        time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
    else:
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while time.monotonic() - began < patience and os.waitid(os.P_PID, child, look) is None:
            time.sleep(0.001)
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told = b""
    try:
        told = os.read(reading, 1_000_000)
    except BlockingIOError:
        pass
    os.close(reading)
    sys.stdout.write(json.dumps([code, told.decode(), time.monotonic() - began]) + "\\n")
    sys.stdout.flush()
"""


class Warm:
    """A process that has everything loaded, and does each thing in a child of its own, which can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(
        self, home: Path, file: Path, command: str, limit: int | None = None, patience: float | None = 60
    ) -> tuple[int, str, float]:
        """The exit code, what was told at the end, and the seconds. Killed when `patience` seconds are over."""
        return self._ask([str(home), str(file), command, limit, patience])

    @contextmanager
    def running(self, home: Path, file: Path, command: str) -> Iterator[None]:
        """From its first word until the end of the block, which kills it."""
        self._ask([str(home), str(file), command, None, None])
        try:
            yield
        finally:
            assert self._ask([])[0] == -signal.SIGKILL

    def _ask(self, job: list[object]) -> tuple[int, str, float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code, told, seconds = json.loads(self._process.stdout.readline())
        return code, told, seconds


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with subprocess.Popen(
        [sys.executable, "-c", WARM],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield Warm(process)
        process.kill()


def opened(home: Path) -> KnowledgeBase:
    return KnowledgeBase(load_settings(home=home), embedder=PaperEmbedder())


def back_up(home: Path, file: Path, **options: Any) -> None:
    with closing(opened(home)) as base:
        base.backup(file, beside_the_index(home), **options)


def restore(home: Path, file: Path, *, yes: bool = False) -> int:
    with closing(opened(home)) as base:
        return base.restore(file, beside_the_index(home), confirmed=yes).documents


def content(home: Path) -> dict[str, str]:
    """Each document's text; and all is as it was stored."""
    with closing(opened(home)) as base:
        assert base.verify().sound
        return {record.name: base.text(record.document_id).text for record in base.documents()}


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, without locks and SQLite's working files."""
    passing = ("-wal", "-shm", ".lock")
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(passing))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def remember(home: Path, *questions: str) -> None:
    """As the bot does."""
    with closing(open_database(home)) as database:
        for question in questions:
            database.execute(
                "INSERT INTO answers (chat_id, user_id, asked, language, question, status, body, at)"
                " VALUES (1, 2, 3, 'zh', ?, 'answered', '{}', 5)",
                (question,),
            )


def remembered(home: Path) -> list[str]:
    with closing(open_database(home)) as database:
        return [row[0] for row in database.execute("SELECT question FROM answers ORDER BY number")]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an index, a bot's memory and an upload; to be copied."""
    folder = tmp_path_factory.mktemp("full")
    home = folder / "home"
    (home / "uploads").mkdir(parents=True)
    (home / "uploads" / "通知 😀.txt").write_text(CANTEEN, "utf-8")
    (home / "uploads" / ".incoming-half.txt").write_text("hal", "utf-8")
    for i in range(30):
        (folder / f"{i:02}.txt").write_text("\n\n".join(f"{i}组{j}村有网格员{i * j}名。" for j in range(20)), "utf-8")
    (folder / "grid.txt").write_text(GRID, "utf-8")
    with closing(opened(home)) as base:
        base.add([folder])
    remember(home, "第一问", "第二问")
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


@pytest.fixture
def other(tmp_path: Path, write: Write) -> Path:
    """Another home, which holds another document."""
    home = tmp_path / "other"
    with closing(opened(home)) as base:
        base.add([write("other.txt", CANTEEN)])
    remember(home, "别的问题", "还有一问", "再问")
    return home


# -- what is in it -------------------------------------------------------------------------------------------------


def test_everything_comes_back_in_an_empty_home(home: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert restore(new, backup) == 32
    assert content(new) == content(home)
    assert remembered(new) == ["第一问", "第二问"]
    assert snapshot(new / "uploads") == {"通知 😀.txt": CANTEEN.encode()}
    with closing(opened(new)) as base:
        assert base.ask(QUESTION).answer == GRID
    assert {path.name for path in new.iterdir()} == {"index", "bot.db", "uploads"}
    assert (new / "bot.db").stat().st_mode & 0o077 == 0


def test_it_holds_what_cannot_be_made_again_and_says_so(backup: Path) -> None:
    with zipfile.ZipFile(backup) as zipped:
        assert {*zipped.namelist()} == {"index.db", "bot.db", "uploads/通知 😀.txt", "manifest.json"}
        manifest = json.loads(zipped.read("manifest.json"))
        assert (manifest["schema"], manifest["documents"]) == (SCHEMA_VERSION, 32)
        assert {one["name"]: one["size"] for one in manifest["members"]} == {
            info.filename: info.file_size for info in zipped.infolist() if info.filename != "manifest.json"
        }


def test_it_is_its_owners_alone(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_replaced_only_by_force(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("somebody's own", "utf-8")
    with pytest.raises(ConfirmationRequired, match="--force"):
        back_up(home, file)
    assert file.read_text("utf-8") == "somebody's own"
    back_up(home, file, force=True)
    assert restore(tmp_path / "new", file) == 32


def test_what_cannot_be_is_said(home: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Nothing is indexed"):
        back_up(tmp_path / "empty", tmp_path / "backup")
    with pytest.raises(StorageError, match="is a folder"):
        back_up(home, tmp_path)
    with pytest.raises(StorageError, match="no folder"):
        back_up(home, tmp_path / "missing" / "backup")
    (home / "uploads" / "below").mkdir()
    (tmp_path / "link").symlink_to(home / "index")
    among = ("uploads", "uploads/below", "index", "index/gen-0001", "../link", "../link/gen-0001")
    for folder in among:  # the next writer clears away in the index
        with pytest.raises(StorageError, match="among what is backed up"):
            back_up(home, home / folder / "backup.tmp")
    assert not (tmp_path / "backup").exists()


def test_a_link_among_the_uploads_is_not_followed(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    (home / "uploads" / "link.txt").symlink_to(secret)
    back_up(home, tmp_path / "backup")
    assert b"secret" not in (tmp_path / "backup").read_bytes()


@pytest.mark.parametrize("name", ["第一\u3000次.txt", "a\u00a0b\u202fc.txt", "\ue000\U0003ffff.txt", "长" * 85])
def test_names_of_which_not_every_character_is_printed(home: Path, tmp_path: Path, name: str) -> None:
    (home / "uploads" / name).write_text(CANTEEN, "utf-8")
    back_up(home, tmp_path / "backup")
    restore(tmp_path / "new", tmp_path / "backup")
    assert (tmp_path / "new" / "uploads" / name).read_text("utf-8") == CANTEEN


@pytest.mark.parametrize("name", ["a\nb", "a:b", "a\\b", "\u202ex", "\udcff"])
def test_a_name_that_no_restore_takes_is_refused_before_anything_is_written(
    home: Path, backup: Path, name: str
) -> None:
    (home / "uploads" / name).write_text("harm", "utf-8")
    before = backup.read_bytes()
    with pytest.raises(StorageError, match=r"The file '.*could not be restored.*Rename it") as raised:
        back_up(home, backup, force=True)
    assert str(raised.value).isprintable()
    assert (backup.read_bytes(), [*backup.parent.iterdir()]) == (before, [backup])


@given(st.text(min_size=1))
def test_every_name_that_the_bot_gives_can_be_restored(name: str) -> None:
    assert is_plain(safe_name(name))


@pytest.mark.parametrize("moment", [1, 2])
def test_a_file_that_is_taken_away_meanwhile_fails_nothing(home: Path, tmp_path: Path, moment: int) -> None:
    """Just before it is opened for the first time; and there is no second."""
    (upload := home / "uploads" / "gone.txt").write_text("gone", "utf-8")
    times: list[str] = []

    def take_away(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]) == str(upload):
            times.append(event)
            if len(times) == moment:
                upload.unlink()

    sys.addaudithook(take_away)
    back_up(home, tmp_path / "backup")
    with zipfile.ZipFile(tmp_path / "backup") as zipped:
        assert ("uploads/gone.txt" in zipped.namelist()) == (moment == 2)
    assert restore(tmp_path / "new", tmp_path / "backup") == 32


def test_a_damaged_index_is_not_backed_up_over_a_good_backup(home: Path, backup: Path) -> None:
    (database,) = (home / "index").glob("gen-*/index.db")
    data = bytearray(database.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = random.Random(0).randbytes(8192)
    database.write_bytes(data)
    before = backup.read_bytes()
    with pytest.raises(StorageError, match=r"damaged.*wenju verify"):
        back_up(home, backup, force=True)
    assert backup.read_bytes() == before
    assert [*backup.parent.iterdir()] == [backup]


def test_rubbish_of_a_killed_backup_is_cleared_away_later(home: Path, tmp_path: Path) -> None:
    old, young = tmp_path / ".wenju-backup-old", tmp_path / ".wenju-backup-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "index.db").write_text("half", "utf-8")
    for path in (old, old / "index.db"):
        os.utime(path, (time.time() - 7200,) * 2)
    back_up(home, tmp_path / "backup")
    assert (old.exists(), young.exists()) == (False, True)


# -- while others work ---------------------------------------------------------------------------------------------


def test_a_backup_while_another_process_indexes_holds_one_moment(
    home: Path, tmp_path: Path, write: Write, warm: Warm
) -> None:
    """All that was reported before it began is in it, and nothing half."""
    folder = write("many/x.txt", "x").parent
    with warm.running(home, folder, "index"):
        for number in range(3):
            with closing(opened(home)) as base:
                before = {record.name for record in base.documents()}
            back_up(home, tmp_path / f"backup{number}")
            new = tmp_path / f"new{number}"
            restore(new, tmp_path / f"backup{number}")
            assert before <= content(new).keys()
    assert before > {"0.txt"}


def test_a_process_that_answers_goes_on_and_then_answers_from_what_was_restored(
    home: Path, backup: Path, warm: Warm
) -> None:
    with closing(opened(home)) as base:
        base.remove("grid.txt")
        wrong: list[str] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                try:
                    base.ask(QUESTION)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
                    wrong.append(repr(error))

        assert base.ask(QUESTION).answer != GRID
        asker = threading.Thread(target=ask)
        asker.start()
        _, told, _ = warm.run(home, backup, "restore")
        done.set()
        asker.join()
        assert (told, wrong) == ("done", [])
        assert base.ask(QUESTION).answer == GRID
    assert len(list((home / "index").glob("gen-*"))) == 1


def test_a_restore_waits_for_a_writer_or_is_told(home: Path, backup: Path, warm: Warm) -> None:
    settings = load_settings(home=home)
    hasty = settings.model_copy(update={"index": settings.index.model_copy(update={"wait_seconds": 0.2})})
    before = content(home)
    with (
        warm.running(home, backup, "hold"),
        closing(KnowledgeBase(hasty, embedder=PaperEmbedder())) as base,
        pytest.raises(BusyError),
    ):
        base.restore(backup, beside_the_index(home), confirmed=True)
    assert content(home) == before


def test_what_a_running_bot_remembers_is_replaced_and_who_asks_now_is_not_forgotten(
    other: Path, backup: Path
) -> None:
    """The bot's connection stays open, its inbox as it is, and the numbers of answers go on from the highest."""
    with closing(open_database(other)) as running:
        running.execute("INSERT INTO inbox (update_id, received, body) VALUES (7, 1, 'asked just now')")
        restore(other, backup, yes=True)
        questions = [row["question"] for row in running.execute("SELECT question FROM answers ORDER BY number")]
        assert questions == ["第一问", "第二问"]
        assert [row["body"] for row in running.execute("SELECT body FROM inbox")] == ["asked just now"]
        numbers = running.execute(
            "INSERT INTO answers (chat_id, user_id, asked, language, question, status, body, at)"
            " VALUES (1, 2, 3, 'zh', '新', 'answered', '{}', 5) RETURNING number"
        ).fetchall()
        assert numbers[0][0] == 4  # 1 to 3 stand below messages already
        assert running.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


# -- refused -------------------------------------------------------------------------------------------------------


def test_documents_are_replaced_only_when_asked_for(other: Path, backup: Path) -> None:
    before = snapshot(other)
    with pytest.raises(ConfirmationRequired, match=r"an index of 1 documents and bot\.db.*--yes"):
        restore(other, backup)
    assert snapshot(other) == before
    assert restore(other, backup, yes=True) == 32
    assert "other.txt" not in content(other)


def test_a_backup_that_is_missing_or_a_folder(home: Path, tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none", "no backup"), (tmp_path, "not a file")):
        with pytest.raises(StorageError, match=told):
            restore(home, path, yes=True)


def refused(home: Path, file: Path, match: str) -> None:
    """In one line, and nothing is changed."""
    before = snapshot(home)
    with pytest.raises(StorageError, match=match) as raised:
        restore(home, file, yes=True)
    assert "\n" not in str(raised.value)
    assert snapshot(home) == before


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_backup_changes_nothing(other: Path, backup: Path, seed: int) -> None:
    """Cut short, or a byte of it changed: the database is most of it."""
    data, chance = bytearray(backup.read_bytes()), random.Random(seed)
    if seed % 2:
        del data[chance.randrange(len(data)) :]
    else:
        data[chance.randrange(len(data) * 8 // 10)] ^= 255
    backup.write_bytes(data)
    refused(other, backup, "cannot be restored.*Nothing was changed")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + bytes(500), b"PK\x05\x06" + bytes(18)])
def test_a_foreign_file_changes_nothing(other: Path, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "foreign"
    file.write_bytes(data)
    refused(other, file, "no backup made by")


def forged(backup: Path, **members: bytes) -> None:
    """The backup with further members, all of them in its manifest."""
    forge(backup, {name: (data, zipfile.ZipInfo(name)) for name, data in members.items()})


def forge(backup: Path, members: dict[str, tuple[bytes, zipfile.ZipInfo]]) -> None:
    with zipfile.ZipFile(backup) as zipped:
        old = {name: zipped.read(name) for name in zipped.namelist()}
    manifest = json.loads(old.pop("manifest.json"))
    manifest["members"] = [one for one in manifest["members"] if one["name"] not in members]
    with zipfile.ZipFile(backup, "w") as zipped:
        for name, data in old.items():
            if name not in members:
                zipped.writestr(name, data)
        for name, (data, info) in members.items():
            zipped.writestr(info, data)
            sha256 = hashlib.sha256(data).hexdigest()
            manifest["members"].append({"name": name, "size": len(data), "sha256": sha256})
        zipped.writestr("manifest.json", json.dumps(manifest))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../x",
            "uploads/../x",
            "uploads/../../x",
            "/etc/x",
            "uploads//x",
            "uploads/a/b",
            "uploads/..",
            "uploads/.",
        ),
        *("uploads/..\\x", "C:\\x", "uploads/C:x", "index/CURRENT", "wenju.toml", "uploads/", "other/x"),
        *("uploads/a\nb", "uploads/\u202ex", "uploads/" + "长" * 100),
    ],
)
def test_no_name_becomes_a_path_outside_of_the_uploads(other: Path, backup: Path, tmp_path: Path, name: str) -> None:
    forged(backup, **{name: b"harm"})
    outside = {path for path in tmp_path.rglob("*") if other not in path.parents}
    refused(other, backup, "cannot be restored")
    assert {path for path in tmp_path.rglob("*") if other not in path.parents} == outside


def test_links_and_packed_members_are_refused(other: Path, backup: Path) -> None:
    whole = backup.read_bytes()
    link, packed = zipfile.ZipInfo("uploads/link"), zipfile.ZipInfo("uploads/bomb")
    link.external_attr = 0o120777 << 16
    packed.compress_type = zipfile.ZIP_DEFLATED
    for info, data in ((link, b"/etc/passwd"), (packed, bytes(10**7))):
        backup.write_bytes(whole)
        forge(backup, {info.filename: (data, info)})
        refused(other, backup, "not stored as a plain file")


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_manifest_is_not_unpacked(other: Path, backup: Path, method: int) -> None:
    """Not even one that is garbled, over which each library raises something of its own."""
    with zipfile.ZipFile(backup) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    manifest = json.dumps({"x": "y" * 100_000} | json.loads(members.pop("manifest.json")))
    with zipfile.ZipFile(backup, "w") as zipped:
        for name, data in members.items():
            zipped.writestr(name, data)
        zipped.writestr("manifest.json", manifest, method)
        info = zipped.getinfo("manifest.json")
    refused(other, backup, "no backup made by")
    data = bytearray(backup.read_bytes())
    begin = info.header_offset + 30 + len(info.filename)
    data[begin : begin + info.compress_size] = b"\xff" * info.compress_size
    backup.write_bytes(data)
    refused(other, backup, "no backup made by")


def test_a_manifest_that_says_other_than_the_file_holds(other: Path, backup: Path) -> None:
    whole = backup.read_bytes()
    changes: list[Callable[[Any], object]] = [
        lambda manifest: manifest["members"].pop(),
        lambda manifest: manifest["members"].append({"name": "uploads/x", "size": 1, "sha256": ""}),
        lambda manifest: manifest["members"][0].update(size=10**12),
        lambda manifest: manifest["members"][0].update(sha256="0" * 64),
        lambda manifest: manifest["members"][0].update(name=3),
        lambda manifest: manifest.pop("members"),
        lambda manifest: manifest.update(format="wenju-backup/2"),
        lambda manifest: manifest.update(members=[[]]),
    ]
    for change in changes:
        backup.write_bytes(whole)
        with zipfile.ZipFile(backup) as zipped:
            manifest = json.loads(zipped.read("manifest.json"))
            others = {name: zipped.read(name) for name in zipped.namelist() if name != "manifest.json"}
        change(manifest)
        with zipfile.ZipFile(backup, "w") as zipped:
            for name, data in others.items():
                zipped.writestr(name, data)
            zipped.writestr("manifest.json", json.dumps(manifest))
        refused(other, backup, "cannot be restored")


def with_database(backup: Path, tmp_path: Path, script: str) -> None:
    """The backup with its database changed, and its checksums right."""
    database = tmp_path / "forged.db"
    with zipfile.ZipFile(backup) as zipped:
        database.write_bytes(zipped.read("index.db"))
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(script)
    forge(backup, {"index.db": (database.read_bytes(), zipfile.ZipInfo("index.db"))})


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (f"PRAGMA user_version = {SCHEMA_VERSION + 1}", "newer Wenju.*update Wenju"),
        ("PRAGMA user_version = 0", "no index of Wenju"),
        ("DROP TABLE vectors; DROP TABLE passages", "no index of Wenju"),
        ("CREATE TRIGGER harm AFTER INSERT ON documents BEGIN DELETE FROM documents; END", "more than Wenju"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused(
    other: Path, backup: Path, tmp_path: Path, script: str, told: str
) -> None:
    with_database(backup, tmp_path, script)
    refused(other, backup, told)


def test_a_backup_of_an_older_layout_is_brought_to_the_present_one(
    other: Path, backup: Path, tmp_path: Path, home: Path
) -> None:
    with_database(backup, tmp_path, "DROP TABLE checksums; PRAGMA user_version = 3")
    assert restore(other, backup, yes=True) == 32
    assert content(other) == content(home)
    (database,) = (other / "index").glob("gen-*/index.db")
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_bots_memory_of_a_newer_version_changes_nothing(other: Path, backup: Path, tmp_path: Path) -> None:
    newer = tmp_path / "bot.db"
    with closing(open_database(tmp_path)) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("PRAGMA journal_mode = DELETE")
    forge(backup, {"bot.db": (newer.read_bytes(), zipfile.ZipInfo("bot.db"))})
    refused(other, backup, "newer version")


def damaged(home: Path) -> tuple[Path, bytes]:
    """The index's database, and what there is in it now that it is damaged."""
    (database,) = (home / "index").glob("gen-*/index.db")
    data = bytearray(database.read_bytes())
    data[4096:] = random.Random(0).randbytes(len(data) - 4096)
    database.write_bytes(data)
    return database, bytes(data)


def test_a_damaged_index_is_not_kept_for_ever_when_none_took_its_place(other: Path, backup: Path) -> None:
    def fail() -> None:
        raise StorageError("no space")

    database, data = damaged(other)
    beside = Beside({"bot.db": lambda _: fail}, ["uploads"])
    with closing(opened(other)) as base, pytest.raises(StorageError, match="no space"):
        base.restore(backup, beside, confirmed=True)
    assert database.read_bytes() == data
    assert not (database.parent / "KEPT").exists()


def test_a_damaged_index_is_kept_when_another_takes_its_place(other: Path, backup: Path, home: Path) -> None:
    database, data = damaged(other)
    with pytest.raises(ConfirmationRequired, match="cannot be read"):
        restore(other, backup)
    assert restore(other, backup, yes=True) == 32
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
    assert restore(home, backup) == 32
    assert len(content(home)) == 32


# -- killed, and without space -------------------------------------------------------------------------------------

MOMENTS = [0.1, 0.3, 0.5, 0.7, 0.85, 0.95]
"""Fractions of the time that a run takes."""


def test_a_killed_backup_leaves_the_file_as_it_was(home: Path, backup: Path, tmp_path: Path, warm: Warm) -> None:
    _, told, took = warm.run(home, tmp_path / "trial", "backup")
    assert told == "done"
    before, killed = backup.read_bytes(), 0
    for moment in MOMENTS:
        code, _, _ = warm.run(home, backup, "backup", patience=took * moment)
        killed += code == -signal.SIGKILL
        if backup.read_bytes() != before:  # it has its name already
            assert restore(tmp_path / f"new{moment}", backup) == 32
            before = backup.read_bytes()
    assert killed > 2
    assert len(content(home)) == 32


def test_a_killed_restore_leaves_the_old_or_the_new_and_can_be_run_again(
    other: Path, home: Path, backup: Path, tmp_path: Path, warm: Warm
) -> None:
    old, new, killed = content(other), content(home), 0
    took = warm.run(shutil.copytree(other, tmp_path / "trial"), backup, "restore")[2]
    for moment in MOMENTS:
        trial = shutil.copytree(other, tmp_path / f"killed{moment}")
        code, _, _ = warm.run(trial, backup, "restore", patience=took * moment)
        killed += code == -signal.SIGKILL
        assert content(trial) in (old, new)
        assert remembered(trial) in (["别的问题", "还有一问", "再问"], ["第一问", "第二问"])
        assert set(snapshot(trial / "uploads").values()) <= {CANTEEN.encode()}
        restore(trial, backup, yes=True)
        assert content(trial) == new
        assert len(list((trial / "index").glob("gen-*"))) == 1
        assert not (trial / "restore.tmp").exists()
    assert killed > 2


@pytest.mark.parametrize("limit", [0, 10_000, 100_000])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_without_space_nothing_is_lost(
    home: Path, other: Path, backup: Path, warm: Warm, command: str, limit: int
) -> None:
    """A limit on the size of files makes writes fail as a full disk does."""
    assert backup.stat().st_size > 150_000
    place = home if command == "backup" else other
    before, kept = content(place), backup.read_bytes()
    _, told, _ = warm.run(place, backup, command, limit)
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


def test_nothing_beside_the_index_is_needed(home: Path, tmp_path: Path) -> None:
    with closing(opened(home)) as base:
        made = base.backup(tmp_path / "backup", Beside())
        assert (made.documents, made.files) == (32, 0)
