"""`wenju verify`, `backup` and `restore` from outside: what scripts and people read."""

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import run
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

Command = Callable[..., tuple[int, str, str]]
GRID, CANTEEN = "左云县有网格员51名。", "云溪县有食堂52处。"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home and the two files that are indexed there; to be copied."""
    folder = tmp_path_factory.mktemp("indexed")
    (folder / "grid.txt").write_text(GRID, "utf-8")
    (folder / "canteen.txt").write_text(CANTEEN, "utf-8")
    with closing(KnowledgeBase(load_settings(home=folder / "home"), embedder=PaperEmbedder())) as base:
        base.add([folder / "grid.txt", folder / "canteen.txt"])
    return folder


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(indexed / "home", tmp_path / "home")


@pytest.fixture
def wenju(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str | Path, at: Path = home) -> tuple[int, str, str]:
        monkeypatch.setenv("WENJU_HOME", str(at))
        capsys.readouterr()
        code = run(list(map(str, arguments)))
        return code, *capsys.readouterr()

    return command


def spoil(home: Path, old: str, new: str) -> None:
    (database,) = (home / "index").glob("gen-*/index.db")
    data = database.read_bytes()
    assert old.encode() in data
    database.write_bytes(data.replace(old.encode(), new.encode()))


def test_a_sound_index(wenju: Command) -> None:
    code, out, err = wenju("verify")
    assert (code, err) == (0, "")
    assert "2 of 2 documents are as they were stored" in out
    assert "2 passages and 2 sentences quoted exactly; 0 files changed and 0 vanished" in out


def test_a_file_that_is_gone_is_news(wenju: Command, indexed: Path) -> None:
    gone = indexed / "canteen.txt"
    gone.rename(indexed / "away")
    try:
        code, out, _ = wenju("verify")
        as_json = json.loads(wenju("verify", "--json")[1])
    finally:
        (indexed / "away").rename(gone)
    assert code == 0
    assert f"{gone} is gone since" in out
    assert (as_json["sound"], as_json["vanished"], as_json["changed"]) == (True, 1, 0)
    assert {document["path"]: document["file"] for document in as_json["documents"]} == {
        str(gone): "vanished",
        str(indexed / "grid.txt"): "same",
    }


def test_a_changed_text_is_told_by_name(wenju: Command, home: Path, indexed: Path) -> None:
    spoil(home, "网格员51名", "网格员61名")
    code, out, err = wenju("verify")
    assert code == 2
    assert f"not whole: {indexed / 'grid.txt'}: it does not match its checksum" in err
    assert "1 of 2 documents" in out
    as_json = json.loads(wenju("verify", "--json")[1])
    assert (as_json["sound"], as_json["whole"], as_json["damaged"]) == (False, 1, 1)


def test_a_damaged_database_names_what_is_readable(wenju: Command, home: Path, indexed: Path) -> None:
    """The page of the vectors is gone: both texts are whole."""
    (database,) = (home / "index").glob("gen-*/index.db")
    data = bytearray(database.read_bytes())
    page = len(data) // 4096 - 1
    data[page * 4096 :] = b"\xff" * 4096
    database.write_bytes(data)
    code, out, err = wenju("verify")
    assert code == 2
    assert "the database is damaged: " in err
    assert "Traceback" not in err
    told = out + err
    assert all(str(indexed / name) in told for name in ("grid.txt", "canteen.txt"))
    assert database.read_bytes() == data


def test_nothing_indexed(wenju: Command, tmp_path: Path) -> None:
    code, out, err = wenju("verify", at=tmp_path / "empty")
    assert code == 0
    assert "Nothing is indexed yet" in err
    code, out, err = wenju("backup", tmp_path / "backup", at=tmp_path / "empty")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Nothing is indexed yet" in err


def test_there_and_back(wenju: Command, tmp_path: Path) -> None:
    code, out, err = wenju("backup", tmp_path / "backup")
    assert (code, err) == (0, "")
    assert "2 documents and 0 files" in out
    assert wenju("backup", tmp_path / "backup")[0] == 2
    assert wenju("backup", "--force", tmp_path / "backup")[0] == 0
    code, out, err = wenju("restore", tmp_path / "backup")
    assert (code, out) == (2, "")
    assert "an index of 2 documents" in err
    assert "--yes" in err
    code, out, err = wenju("restore", "--yes", tmp_path / "backup")
    assert (code, err) == (0, "")
    assert "Restored 2 documents" in out
    assert wenju("restore", tmp_path / "backup", at=tmp_path / "new")[0] == 0
    assert wenju("verify", at=tmp_path / "new")[0] == 0
