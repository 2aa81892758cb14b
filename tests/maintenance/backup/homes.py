"""Homes and backups: made, looked into, and forged."""

import hashlib
import json
import os
import random
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.memory.beside_the_index import beside_the_index
from bot.memory.database import open_database
from config.settings import load_settings
from retrieval.errors import StorageError
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

GRID, CANTEEN = "左云县有网格员51名。", "云溪县有食堂52处。"
DOCUMENTS = 12
"""In the home `full`."""
REMEMBERED, OTHERS = ["第一问", "第二问"], ["别的问题", "还有一问", "再问"]
"""Questions that the bot remembers in the home `full` and in `other`."""


def opened(home: Path) -> KnowledgeBase:
    return KnowledgeBase(load_settings(home=home), embedder=PaperEmbedder())


def back_up(home: Path, file: Path | str, **options: Any) -> None:
    with closing(opened(home)) as base:
        base.maintenance.backup(file, beside_the_index(home), **options)


def restore(home: Path, file: Path | str, *, yes: bool = False) -> int:
    with closing(opened(home)) as base:
        return base.maintenance.restore(file, beside_the_index(home), confirmed=yes).documents


def take(
    copy: Path, folder: Path | str, *, yes: bool = False, told: list[str] | None = None, **options: Any
) -> str | None:
    """The name of the backup that was taken over."""
    notify = (lambda _: None) if told is None else told.append
    with closing(opened(copy)) as base:
        taken = base.maintenance.take_newest(folder, beside_the_index(copy), confirmed=yes, notify=notify, **options)
    return None if taken is None else taken.backup


def add(home: Path, path: Path, backup: Path) -> None:
    """Index one more file, and back up."""
    with closing(opened(home)) as base:
        base.add([path])
    back_up(home, backup)
    later = time.time() + len(list(backup.parent.iterdir()))
    os.utime(backup, (later, later))


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


def refused(home: Path, file: Path, match: str) -> None:
    """In one line, and nothing is changed."""
    before = snapshot(home)
    with pytest.raises(StorageError, match=match) as raised:
        restore(home, file, yes=True)
    assert "\n" not in str(raised.value)
    assert snapshot(home) == before


def damaged(home: Path) -> tuple[Path, bytes]:
    """The index's database, and what there is in it now that it is damaged."""
    (database,) = (home / "index").glob("gen-*/index.db")
    data = bytearray(database.read_bytes())
    data[4096:] = random.Random(0).randbytes(len(data) - 4096)
    database.write_bytes(data)
    return database, bytes(data)


def forged(backup: Path, **members: bytes) -> None:
    """The backup with further members, all of them in its manifest."""
    forge(backup, {name: (data, zipfile.ZipInfo(name)) for name, data in members.items()})


def forge(backup: Path, members: dict[str, tuple[bytes, zipfile.ZipInfo]]) -> None:
    """The backup with members changed or added, as its manifest says."""
    with zipfile.ZipFile(backup) as zipped:
        old = {name: zipped.read(name) for name in zipped.namelist()}
    manifest = json.loads(old.pop("manifest.json"))
    manifest["members"] = [member for member in manifest["members"] if member["name"] not in members]
    with zipfile.ZipFile(backup, "w") as zipped:
        for name, data in old.items():
            if name not in members:
                zipped.writestr(name, data)
        for name, (data, info) in members.items():
            zipped.writestr(info, data)
            sha256 = hashlib.sha256(data).hexdigest()
            manifest["members"].append({"name": name, "size": len(data), "sha256": sha256})
        zipped.writestr("manifest.json", json.dumps(manifest))
