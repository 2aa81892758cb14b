"""`wenju verify`: what is proven, what is told of a damaged database, and that nothing is written to it."""

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings, load_settings
from retrieval.service import KnowledgeBase, Verification
from tests.support.paper import PaperEmbedder
from tests.support.running import ROOT, this_tree

Write = Callable[[str, str | bytes], Path]
COUNT = 60


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A home, and the files that are indexed there."""
    folder = tmp_path_factory.mktemp("indexed")
    files = [folder / f"{i:02}.txt" for i in range(COUNT)]
    for i, file in enumerate(files):
        file.write_text("\n\n".join(f"{i}组{j}村有网格员{i * j}名，食堂{j}处。" for j in range(40)), "utf-8")
    with closing(KnowledgeBase(load_settings(home=folder / "home"), embedder=PaperEmbedder())) as base:
        base.add(files)
    return folder / "home", files


@pytest.fixture
def files(indexed: tuple[Path, list[Path]]) -> list[Path]:
    return indexed[1]


@pytest.fixture
def database(settings: Settings, indexed: tuple[Path, list[Path]]) -> Path:
    """The closed database of an index of the files, all of it in the one file."""
    shutil.copytree(indexed[0], settings.home)
    (path,) = (settings.home / "index").glob("gen-*/index.db")
    assert not path.with_name("index.db-wal").exists()
    return path


def verify(settings: Settings) -> Verification:
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        return base.verify()


def change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        assert connection.execute(statement).rowcount > 0
        connection.commit()


def damaged(found: Verification) -> dict[str, str]:
    return {document.path.name if document.path else "": "; ".join(document.problems) for document in found.damaged}


def test_nothing_indexed_is_sound(settings: Settings) -> None:
    assert verify(settings) == Verification((), ())


@pytest.mark.usefixtures("database")
def test_what_is_sound_is_counted(base: KnowledgeBase, files: list[Path]) -> None:
    found = base.verify()
    assert found.sound
    assert [document.path for document in found.documents] == files
    stored = [stored for record in base.documents() for stored in base.passages_of(record.document_id)]
    assert sum(document.passages for document in found.documents) == len(stored)
    assert sum(document.sentences for document in found.documents) == sum(
        len(document.sentences) for document in stored
    )
    assert {document.file for document in found.documents} == {"same"}


def test_files_that_changed_or_vanished_are_news_and_no_damage(settings: Settings, write: Write) -> None:
    files = [write(name, f"{name}有网格员。") for name in ("a.txt", "b.txt", "c.txt", "d.txt")]
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as base:
        base.add(files)
        files[0].write_text("别的内容。", "utf-8")
        files[1].unlink()
        files[2].unlink()
        os.mkfifo(files[2])
        found = base.verify()
    assert found.sound
    states = {document.path: document.file for document in found.documents if document.file != "same"}
    assert states == {files[0]: "changed", files[1]: "vanished", files[2]: "changed"}


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE documents SET text = replace(text, '网格员', '网络员') WHERE path LIKE '%/07.txt'", "checksum"),
        ("UPDATE documents SET date = '2020-01-01' WHERE path LIKE '%/07.txt'", "checksum"),
        ("UPDATE documents SET paragraphs = '[]' WHERE path LIKE '%/07.txt'", "checksum"),
        ("UPDATE documents SET page_starts = '[1]' WHERE path LIKE '%/07.txt'", "checksum"),
        (
            "UPDATE passages SET spans = '[[0,4]]' WHERE ordinal = 1 AND document ="
            " (SELECT id FROM documents WHERE path LIKE '%/07.txt')",
            "checksum",
        ),
        ("DELETE FROM passages WHERE document = (SELECT id FROM documents WHERE path LIKE '%/07.txt')", "checksum"),
        ("DELETE FROM checksums WHERE document = (SELECT id FROM documents WHERE path LIKE '%/07.txt')", "checksum"),
        (
            "UPDATE vectors SET own = zeroblob(length(own)) WHERE passage = (SELECT key FROM passages WHERE document"
            " = (SELECT id FROM documents WHERE path LIKE '%/07.txt') LIMIT 1)",
            "vectors",
        ),
        (
            "UPDATE texts SET position = position + 1 WHERE passage = (SELECT key FROM passages WHERE document"
            " = (SELECT id FROM documents WHERE path LIKE '%/07.txt') LIMIT 1)",
            "vectors",
        ),
    ],
)
def test_a_silent_change_of_one_document_is_noticed(
    settings: Settings, database: Path, statement: str, told: str
) -> None:
    """SQLite finds nothing wrong with these."""
    change(database, statement)
    found = verify(settings)
    assert found.database == ()
    assert list(damaged(found)) == ["07.txt"]
    assert told in damaged(found)["07.txt"]
    assert not found.sound


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET passage_id = 'x' || substr(passage_id, 2)",
        "UPDATE passages SET spans = '[[0,100000]]', sentences = '[[0,[[0,100000]]]]'",
        "UPDATE passages SET sentences = '[[0,[[0,2]]]]'",
        "UPDATE passages SET vector_keys = CAST(substr(vector_keys, 17) || substr(vector_keys, 1, 16) AS BLOB)",
        "UPDATE documents SET text = replace(text, '村', '庄')",
    ],
)
def test_quotes_are_proven_whatever_the_checksum_says(settings: Settings, database: Path, statement: str) -> None:
    """As if the program itself had stored it so: the checksums are those of what lies there."""
    from retrieval.index.embedded.checksums import write_checksums

    change(database, f"{statement} WHERE {'id' if 'UPDATE documents' in statement else 'document'} = 7")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM checksums WHERE document = 7")
        write_checksums(connection, 7)
        connection.commit()
    found = verify(settings)
    assert list(damaged(found)) == ["06.txt"]
    assert "does not quote it" in damaged(found)["06.txt"]


def rubbish_in_the_middle(data: bytearray, chance: random.Random) -> None:
    start = len(data) // 2
    data[start : start + 3 * 4096] = chance.randbytes(3 * 4096)


def scattered_bytes(data: bytearray, chance: random.Random) -> None:
    for _ in range(20):
        data[chance.randrange(4096, len(data))] ^= 1 << chance.randrange(8)


def zeroed_pages(data: bytearray, chance: random.Random) -> None:
    for _ in range(5):
        page = chance.randrange(1, len(data) // 4096)
        data[page * 4096 : (page + 1) * 4096] = bytes(4096)


def truncated(data: bytearray, _: random.Random) -> None:
    del data[len(data) * 2 // 3 :]


def within_a_page(data: bytearray, _: random.Random) -> None:
    del data[len(data) // 2 + 100 :]


def truth(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT path, text FROM documents").fetchall()
    return {Path(path).name: text for path, text in rows}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("spoil", [rubbish_in_the_middle, scattered_bytes, zeroed_pages, truncated, within_a_page])
def test_a_damaged_database_is_told_document_by_document_and_never_written(
    settings: Settings, database: Path, seed: int, spoil: Callable[[bytearray, random.Random], None]
) -> None:
    """What is called whole has the text that was stored; what is not whole, or not known any more, is told."""
    before = truth(database)
    data = bytearray(database.read_bytes())
    spoil(data, random.Random(seed))
    database.write_bytes(data)
    found = verify(settings)
    assert not found.sound
    assert database.read_bytes() == bytes(data)
    assert all(document.path is not None and document.path.name in before for document in found.whole)
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # else SQLite refuses a file that was cut short
        for document in found.readable:
            row = int(document.path.name[:2]) + 1 if document.path else 0
            (text,) = connection.execute("SELECT text FROM documents WHERE id = ?", (row,)).fetchone()
            assert document.path is not None
            assert text == before[document.path.name]
    names = [document.path for document in found.documents if document.path]
    assert len(set(names)) == len(names)
    if spoil is truncated:  # a third is gone, of the vectors and of where texts are looked for above all
        assert len(found.readable) > COUNT // 2
    elif spoil is not within_a_page:
        assert len(found.documents) == COUNT


def test_one_bad_page_spoils_few(settings: Settings, database: Path) -> None:
    """The page of one document's text: all the others are whole, and it is named."""
    data = bytearray(database.read_bytes())
    at = data.index("7组39村有网格员273名".encode())
    page = at // 4096
    data[page * 4096 : (page + 1) * 4096] = random.Random(0).randbytes(4096)
    database.write_bytes(data)
    found = verify(settings)
    assert found.database
    assert "07.txt" in damaged(found)
    assert len(found.documents) == COUNT
    assert len(found.whole) >= COUNT - 8
    assert {document.path for document in found.documents} >= {document.path for document in found.whole}


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_told(settings: Settings, database: Path, content: bytes) -> None:
    database.write_bytes(content)
    found = verify(settings)
    assert not found.sound
    assert found.documents == ()
    assert database.read_bytes() == content


def test_what_lies_in_the_log_beside_the_database_is_verified_and_left_there(
    settings: Settings, write: Write, database: Path
) -> None:
    """A process was killed: what it stored lies in the log, and stays there."""
    script = (
        "import os, signal, sys; from pathlib import Path; from config.settings import load_settings\n"
        "from retrieval.service import KnowledgeBase; from tests.support.paper import PaperEmbedder\n"
        "base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=PaperEmbedder())\n"
        "base.add([Path(sys.argv[2])])\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    late = write("late.txt", "左云县有网格员51名。")
    subprocess.run(
        [sys.executable, "-c", script, str(settings.home), str(late)], cwd=ROOT, env=this_tree(), check=False
    )
    log = database.with_name("index.db-wal")
    before = [hashlib.sha256(path.read_bytes()).digest() for path in (database, log)]
    found = verify(settings)
    assert found.sound
    assert late in {document.path for document in found.documents}
    assert [hashlib.sha256(path.read_bytes()).digest() for path in (database, log)] == before


WRITER = """
import sys
from pathlib import Path
from config.settings import load_settings
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder
base = KnowledgeBase(load_settings(home=Path(sys.argv[1])), embedder=PaperEmbedder())
files = [Path(name) for name in sys.argv[2:]]
for turn in range(1000):
    for file in files:
        file.write_text(f"第{turn}次，有网格员{turn}名。", "utf-8")
    base.add(files)
    base.remove(str(files[0]))
    sys.stdout.write("turned\\n")
    sys.stdout.flush()
"""


def test_it_is_sound_while_another_process_writes(settings: Settings, write: Write, database: Path) -> None:
    assert database.exists()
    mine = [write(f"{i}.txt", "旧") for i in range(10)]
    command = [sys.executable, "-c", WRITER, str(settings.home), *map(str, mine)]
    with subprocess.Popen(command, cwd=ROOT, env=this_tree(), text=True, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        try:
            for _ in range(3):
                assert writer.stdout.readline() == "turned\n"
                found = verify(settings)
                assert found.sound, (found.database, found.damaged)
                assert COUNT <= len(found.documents) <= COUNT + 10
        finally:
            writer.kill()
