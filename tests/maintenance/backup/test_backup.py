"""`wenju backup` and `wenju restore` with real files and processes, also beside writers and readers."""

import json
import os
import random
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import safe_name
from bot.memory.beside_the_index import beside_the_index
from bot.memory.database import open_database
from bot.next_steps import in_terminal
from config.settings import load_settings
from retrieval.errors import BusyError, ConfirmationRequired, NotFoundError, StorageError
from retrieval.index.embedded.schema import SCHEMA_VERSION
from retrieval.maintenance.archive import is_plain
from retrieval.service import Beside, KnowledgeBase
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
    snapshot,
)
from tests.maintenance.backup.warm import Warm
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
QUESTION = "左云县有多少网格员"


def test_everything_comes_back_in_an_empty_home(home: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert restore(new, backup) == DOCUMENTS
    assert content(new) == content(home)
    assert remembered(new) == REMEMBERED
    assert snapshot(new / "uploads") == {"通知 😀.txt": CANTEEN.encode()}
    with closing(opened(new)) as base:
        assert base.ask(QUESTION).answer == GRID
    assert {path.name for path in new.iterdir()} == {"index", "bot.db", "uploads"}
    assert (new / "bot.db").stat().st_mode & 0o077 == 0


def test_it_holds_what_cannot_be_made_again_and_says_so(backup: Path) -> None:
    with zipfile.ZipFile(backup) as zipped:
        assert {*zipped.namelist()} == {"index.db", "bot.db", "uploads/通知 😀.txt", "manifest.json"}
        manifest = json.loads(zipped.read("manifest.json"))
        assert (manifest["schema"], manifest["documents"]) == (SCHEMA_VERSION, DOCUMENTS)
        assert {member["name"]: member["size"] for member in manifest["members"]} == {
            info.filename: info.file_size for info in zipped.infolist() if info.filename != "manifest.json"
        }


def test_it_is_its_owners_alone(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_replaced_only_by_force(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("somebody's own", "utf-8")
    with pytest.raises(ConfirmationRequired) as raised:
        back_up(home, file)
    assert "--force" in in_terminal(raised.value)
    assert file.read_text("utf-8") == "somebody's own"
    back_up(home, file, force=True)
    assert restore(tmp_path / "new", file) == DOCUMENTS


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


@given(st.lists(st.integers(0, sys.maxunicode), max_size=100))
def test_every_name_that_the_bot_gives_can_be_restored(characters: list[int]) -> None:
    assert is_plain(safe_name("".join(map(chr, characters))))


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
    assert restore(tmp_path / "new", tmp_path / "backup") == DOCUMENTS


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


def test_nothing_beside_the_index_is_needed(home: Path, tmp_path: Path) -> None:
    with closing(opened(home)) as base:
        made = base.maintenance.backup(tmp_path / "backup", Beside())
        assert (made.documents, made.files) == (DOCUMENTS, 0)


# -- while others work ---------------------------------------------------------------------------------------------


def test_a_backup_while_another_process_indexes_holds_one_moment(
    home: Path, tmp_path: Path, write: Write, warm: Warm
) -> None:
    """All that was reported before it began is in it, and nothing half."""
    folder = write("many/x.txt", "x").parent
    with warm.running(home, folder, "index"):
        for number in range(2):
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
        told = warm.run(home, backup, "restore").told
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
        base.maintenance.restore(backup, beside_the_index(home), confirmed=True)
    assert content(home) == before


def test_what_a_running_bot_remembers_is_replaced_and_who_asks_now_is_not_forgotten(
    other: Path, backup: Path
) -> None:
    """The bot's connection stays open, its inbox as it is, and the numbers of answers go on from the highest."""
    with closing(open_database(other)) as running:
        running.execute("INSERT INTO inbox (update_id, received, body) VALUES (7, 1, 'asked just now')")
        restore(other, backup, yes=True)
        questions = [row["question"] for row in running.execute("SELECT question FROM answers ORDER BY number")]
        assert questions == REMEMBERED
        assert [row["body"] for row in running.execute("SELECT body FROM inbox")] == ["asked just now"]
        numbers = running.execute(
            "INSERT INTO answers (chat_id, user_id, asked, language, question, status, body, at)"
            " VALUES (1, 2, 3, 'zh', '新', 'answered', '{}', 5) RETURNING number"
        ).fetchall()
        assert numbers[0][0] == 4  # 1 to 3 stand below messages already
        assert running.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
