"""Backups that are damaged, foreign, or made to do harm change nothing."""

import json
import random
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.memory.database import open_database
from bot.next_steps import in_terminal
from retrieval.errors import ConfirmationRequired, StorageError
from retrieval.index.embedded.schema import SCHEMA_VERSION
from tests.maintenance.backup.homes import DOCUMENTS, content, forge, forged, refused, restore, snapshot


def test_documents_are_replaced_only_when_asked_for(other: Path, backup: Path) -> None:
    before = snapshot(other)
    with pytest.raises(ConfirmationRequired) as raised:
        restore(other, backup)
    assert re.search(r"an index of 1 documents and bot\.db.*--yes", in_terminal(raised.value))
    assert snapshot(other) == before
    assert restore(other, backup, yes=True) == DOCUMENTS
    assert "other.txt" not in content(other)


def test_a_backup_that_is_missing_or_a_folder(home: Path, tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none", "no backup"), (tmp_path, "not a file")):
        with pytest.raises(StorageError, match=told):
            restore(home, path, yes=True)


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
    garbled = bytearray(backup.read_bytes())
    begin = info.header_offset + 30 + len(info.filename)
    garbled[begin : begin + info.compress_size] = b"\xff" * info.compress_size
    backup.write_bytes(garbled)
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
    with_database(backup, tmp_path, "DROP TABLE checksums; DROP TABLE left_out; PRAGMA user_version = 3")
    assert restore(other, backup, yes=True) == DOCUMENTS
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
