"""FAISS and tantivy beside the database, damaged: the answers are those of the database, and the files are mended."""

import shutil
import struct
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

import pytest

from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.index.embedded.lexical_files import damaged_files
from retrieval.index.embedded.vector_file import is_sound
from retrieval.index.embedded.vector_rows import VectorRows
from tests.index.caches import DAMAGES, QUESTION, VECTORS, WORDS, answers, answers_at_leisure, create, flip
from tests.support.indexes import CANTEEN, found, made

WORD_FILES = {".idx", ".term", ".fast", ".store", ".fieldnorm", ".pos"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_vectors_that_cannot_be_read_are_made_again(filled: Path, damage: Callable[[Path], None]) -> None:
    before = answers(filled)
    damage(filled / VECTORS)
    assert answers_at_leisure(filled) == before
    with closing(EmbeddedIndex(filled)) as index:
        found(index, QUESTION)
        index.save_caches()
    assert (filled / VECTORS).stat().st_size > 0
    assert answers(filled) == before


def test_every_bit_of_the_vectors_is_checked(filled: Path) -> None:
    before = answers(filled)
    sound = (filled / VECTORS).read_bytes()
    for position in range(0, len(sound), 11):
        (filled / VECTORS).write_bytes(sound[:position] + bytes([sound[position] ^ 0x10]) + sound[position + 1 :])
        assert answers_at_leisure(filled) == before, f"byte {position} of {len(sound)}"


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        pytest.param(kind, damage)
        for kind in ("meta.json", ".managed.json", "idx", "term", "fast", "store", "fieldnorm", "pos")
        for damage in DAMAGES
    ],
)
def test_words_that_cannot_be_read_are_made_again(filled: Path, kind: str, damage: Callable[[Path], None]) -> None:
    before = answers(filled)
    hurt = [path for path in (filled / WORDS).iterdir() if path.name == kind or path.suffix == f".{kind}"]
    assert hurt
    for path in hurt:
        damage(path)
    assert answers_at_leisure(filled) == before


def test_every_bit_of_the_words_is_checked(filled: Path, tmp_path: Path) -> None:
    """Each file of the last commit, and each of its bytes; of a copy, which nobody has mapped into memory."""
    folder = shutil.copytree(filled / WORDS, tmp_path / "copy")
    files = [path for path in folder.iterdir() if path.suffix in WORD_FILES]
    assert {path.suffix for path in files} == WORD_FILES
    assert damaged_files(folder) == []
    for path in files:
        sound = path.read_bytes()
        (footer,) = struct.unpack("<I", sound[-8:-4])
        for position in range(len(sound) - 8 - footer):
            path.write_bytes(sound[:position] + bytes([sound[position] ^ 0x10]) + sound[position + 1 :])
            assert damaged_files(folder) == [path], f"byte {position} of {len(sound)} of {path.suffix}"
        path.write_bytes(sound)


def test_what_tantivy_takes_away_or_has_not_committed_is_no_damage(filled: Path) -> None:
    (filled / WORDS / ("0" * 32 + ".idx")).write_bytes(b"of a commit that is being written")
    assert damaged_files(filled / WORDS) == []
    shutil.rmtree(filled / WORDS)
    assert damaged_files(filled / WORDS) == []


@pytest.mark.parametrize("cache", [VECTORS, f"{WORDS}/*.idx"])
def test_a_writer_does_not_give_damage_a_checksum_that_is_right(filled: Path, cache: str) -> None:
    """A saved cache has what was loaded, and merged words what they were merged from."""
    before = answers(filled)
    for path in filled.glob(cache):
        flip(path)
    with closing(EmbeddedIndex(filled)) as index:
        index.remove(["b"])
        index.publish()
        index.save_caches(whole=True)
    # BM25 itself changes a little: what was removed is counted until files are merged.
    seen = answers(filled)
    assert seen.keys() == {"a-0", "a-1"}
    for passage, (dense, lexical) in seen.items():
        assert dense == pytest.approx(before[passage][0]) and lexical > 0
    assert damaged_files(filled / WORDS) == []
    with (filled / VECTORS).open("rb") as file:
        assert is_sound(file)


def test_damage_that_could_not_be_mended_is_not_written(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answers(filled)
    file = filled / VECTORS
    with closing(EmbeddedIndex(filled)) as index, monkeypatch.context() as failing:
        failing.setattr("retrieval.index.embedded.vector_index.is_sound", lambda _: False)
        failing.setattr(VectorRows, "own", _no_memory)
        index.save_caches(whole=True)  # nothing to write: it is saved as it is
        written = file.read_bytes()
        index.put(made("c", CANTEEN))
        index.publish()
        with pytest.raises(MemoryError):  # even what is new cannot be read
            index.save_caches(whole=True)
        assert file.read_bytes() == written
    with closing(EmbeddedIndex(filled)) as index:
        index.remove(["c"])
        index.publish()
        index.save_caches(whole=True)
        assert found(index, QUESTION).keys() == before.keys()


def _no_memory(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("byte", range(8))
def test_a_count_of_rows_that_cannot_be_is_damage(filled: Path, byte: int) -> None:
    before = answers(filled)
    data = bytearray((filled / VECTORS).read_bytes())
    (header,) = struct.unpack("<I", data[7:11])
    data[11 + header + byte] ^= 0xFF
    (filled / VECTORS).write_bytes(data)
    assert answers_at_leisure(filled) == before


def test_the_first_answer_does_not_wait_for_checksums_and_later_ones_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Eight hundred passages, so that the middle of the file is of a passage and not of how the rest is laid out."""
    with closing(create(tmp_path / "index")) as index:
        index.put(made("a", *(f"第{number}村有{'网格员' * (number % 5)}。" for number in range(800))))
        index.publish()
        index.save_caches()
    file = index.folder / VECTORS
    sound, before = file.read_bytes(), answers(index.folder)
    flip(file)
    looked, go_on = threading.Event(), threading.Event()

    def slowly(file: IO[bytes]) -> bool:
        looked.set()
        assert go_on.wait(30)
        return is_sound(file)

    monkeypatch.setattr("retrieval.index.embedded.vector_index.is_sound", slowly)
    with closing(EmbeddedIndex(index.folder)) as index:
        assert found(index, QUESTION) == before, "cosines come from the database"
        assert looked.wait(30)
        assert file.read_bytes() != sound
        go_on.set()
        for _ in range(1000):
            assert found(index, QUESTION) == before
            if file.read_bytes() == sound:
                break
        assert file.read_bytes() == sound
    assert "damaged" in caplog.text
