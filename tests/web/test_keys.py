"""`wenju key`: made once, kept as hashes, taken away."""

import json
import stat
from pathlib import Path

import pytest

from bot.cli import run
from bot.web.keys import Keys
from retrieval.errors import StorageError, WenjuError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_key_is_told_once_and_kept_as_a_hash(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", "add", "街道办", "--role", "feeder"]) == 0
    told = capsys.readouterr()
    key = told.out.strip()
    assert key.startswith("wenju_") and len(key) > 40 and "feeder" in told.err
    file = home / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key not in file.read_text("utf-8") and key.removeprefix("wenju_") not in file.read_text("utf-8")
    known = Keys(home).of(key)
    assert known is not None and (known.name, known.role) == ("街道办", "feeder")
    assert Keys(home).of(key[:-1]) is None and Keys(home).of("") is None
    assert run(["key", "list"]) == 0
    listed = capsys.readouterr().out
    assert "街道办" in listed and "feeder" in listed and known.sha256 not in listed
    assert run(["key", "remove", "街道办"]) == 0
    assert Keys(home).of(key) is None and Keys(home).all() == []
    assert [path.name for path in home.iterdir()] == ["keys.json"]


def test_two_keys_are_never_the_same(home: Path) -> None:
    keys = Keys(home)
    assert len({keys.add(f"k{number}", "reader") for number in range(20)}) == 20
    assert [known_key.name for known_key in keys.all()] == [f"k{number}" for number in range(20)]


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "a\nb", "a" * 41, "\x1b[31m"])
def test_a_name_that_is_none_is_refused(home: Path, name: str) -> None:
    with pytest.raises(WenjuError, match="cannot name a key"):
        Keys(home).add(name, "reader")
    assert not home.exists()


def test_a_key_may_be_for_some_folders(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["key", "add", "clinic", "--collection", str(tmp_path / "a" / ".." / "b"), "--collection", "/c"]) == 0
    known = Keys(home).of(capsys.readouterr().out.strip())
    assert known is not None and known.collections == (str(tmp_path / "b"), "/c")
    assert known.viewer().only == frozenset({tmp_path / "b", Path("/c")})
    assert run(["key", "list"]) == 0
    assert f"clinic  {tmp_path / 'b'}, /c" in capsys.readouterr().out
    assert run(["mcp", "--key", "nobody"]) == 2
    assert "There is no key nobody" in capsys.readouterr().err


def test_mistakes_are_told_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", "add", "a"]) == 0 and (home / "keys.json").exists()
    assert run(["key", "add", "a"]) == 2
    assert run(["key", "remove", "b"]) == 2
    assert run(["key", "add", "c", "--role", "king"]) == 2
    told = capsys.readouterr().err
    assert "There is a key a already" in told and "There is no key b" in told and "king" in told
    assert run(["key", "remove", "a"]) == run(["key", "list"]) == 0
    assert "There are no keys" in capsys.readouterr().err


@pytest.mark.parametrize("collections", ["/a", 5, [5], {"a": 1}])
def test_folders_that_are_none_let_nobody_in(home: Path, collections: object) -> None:
    keys = Keys(home)
    key = keys.add("a", "reader")
    text = json.loads(keys.path.read_text("utf-8"))
    text["keys"][0]["collections"] = collections
    keys.path.write_text(json.dumps(text), "utf-8")
    with pytest.raises(StorageError):
        Keys(home).of(key)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"keys": [{"name": "a"}]}', '{"keys": 5}', "\udcff"])
def test_a_damaged_file_lets_nobody_in(home: Path, damage: str) -> None:
    keys = Keys(home)
    key = keys.add("a", "administrator")
    assert keys.of(key)
    keys.path.write_text(damage, "utf-8", errors="surrogateescape")
    with pytest.raises(StorageError, match=r"keys\.json is damaged"):
        keys.of(key)


def test_a_role_that_nobody_has_lets_nobody_in(home: Path) -> None:
    keys = Keys(home)
    key = keys.add("a", "reader")
    text = json.loads(keys.path.read_text("utf-8"))
    text["keys"][0]["role"] = "king"
    keys.path.write_text(json.dumps(text), "utf-8")
    with pytest.raises(StorageError):
        Keys(home).of(key)
