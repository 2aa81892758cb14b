"""Documents in archives and mailboxes: found, read, followed as files in folders are, and what is refused."""

import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.documents import load
from retrieval.documents.archives.containers import DOCUMENT_LIMIT
from retrieval.documents.discover import discover
from retrieval.errors import DocumentError
from retrieval.maintenance.verify import file_state
from retrieval.service import KnowledgeBase
from tests.documents.reading import CANTEEN, GRID
from tests.support.paper import PaperEmbedder

FIRST = b"From a@example.org Mon Mar  3 09:00:00 2025\n"
SECOND = b"From b@example.org Tue Mar  4 09:00:00 2025\n"
LETTER = b"From: a@example.org\nSubject: Grids\n\nThere are 51 workers.\nFrom here on it is quiet.\n"
ANSWER = b"From: b@example.org\nSubject: Canteens\n\nThere are 7 canteens.\n"


def packed(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def found_in(path: Path) -> list[str]:
    found = discover([path])
    assert not found.failures
    return [file.relative_to(path).as_posix() for file in found.files]


def refusal_of(path: Path) -> str:
    found = discover([path])
    assert not found.files
    ((failure),) = found.failures
    return failure.reason


def with_flag(path: Path, flag: int) -> Path:
    """The archive with a flag set for its first member, in both places."""
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | flag)
    path.write_bytes(data)
    return path


class TestArchives:
    def test_its_documents_are_found_by_their_names_in_it(self, tmp_path: Path) -> None:
        members = {"通知.txt": GRID, "sub/b.md": CANTEEN, "sub/": "", "__MACOSX/x.txt": "x", "sub/~$b.docx": "x"}
        path = packed(tmp_path / "a.zip", members)
        assert found_in(path) == ["sub/b.md", "通知.txt"]
        assert load(path / "通知.txt", 1).decode() == GRID

    def test_names_as_windows_packs_them(self, tmp_path: Path) -> None:
        coded = "通知\\食堂.txt".encode("gb18030").decode("cp437")
        path = packed(tmp_path / "a.zip", {"x" * len(coded): GRID})
        path.write_bytes(path.read_bytes().replace(b"x" * len(coded), coded.encode("cp437")))
        assert found_in(path) == ["通知/食堂.txt"]
        assert load(path / "通知" / "食堂.txt", 1).decode() == GRID

    def test_names_that_lead_out_of_it_are_left_out_and_told(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {"../b.txt": "b", "/etc/c.txt": "c", "C:\\d.txt": "d", "e.txt": GRID})
        found = discover([path])
        assert found.files == [path / "e.txt"]
        assert [failure.reason for failure in found.failures] == [
            f"holds a file that leads out of it, {name}; it is left out"
            for name in ("../b.txt", "/etc/c.txt", "C:/d.txt")
        ]

    def test_an_archive_in_it_is_not_opened(self, tmp_path: Path) -> None:
        inner = packed(tmp_path / "inner.zip", {"a.txt": GRID}).read_bytes()
        path = packed(tmp_path / "a.zip", {"inner.zip": inner})
        with pytest.raises(DocumentError, match="is an archive; unpack it"):
            load(path / "inner.zip", 1)

    def test_a_protected_one(self, tmp_path: Path) -> None:
        path = with_flag(packed(tmp_path / "a.zip", {"a.txt": GRID}), 1)
        with pytest.raises(DocumentError, match="is protected by a password; unpack it") as caught:
            load(path / "a.txt", 1)
        assert caught.value.path == path / "a.txt"

    def test_a_method_that_unpacks_without_measure(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
            archive.writestr("a.txt", GRID)
        with pytest.raises(DocumentError, match="packed by a method of its own"):
            load(path / "a.txt", 1)

    def test_broken_ones(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {"a.txt": GRID * 50})
        whole = path.read_bytes()
        path.write_bytes(whole[:-30])
        assert "is not an archive that can be opened" in refusal_of(path)
        path.write_bytes(whole[:40] + bytes(20) + whole[60:])
        with pytest.raises(DocumentError, match="broken, cut short, or not ZIP"):
            load(path / "a.txt", 1)
        path.write_bytes(b"")
        assert "is not an archive that can be opened" in refusal_of(path)
        assert refusal_of(packed(path, {})) == "holds no documents"

    def test_one_of_too_many_members(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {f"{number}.txt": "" for number in range(DOCUMENT_LIMIT + 1)})
        assert refusal_of(path) == "holds more than 2,000 files; unpack it, and index the folder"

    def test_a_list_of_members_beyond_measure(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {f"{number}{'x' * 60_000}": "" for number in range(80)})
        assert "is not an archive that can be opened" in refusal_of(path)

    def test_a_bomb(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {"a.txt": bytes(2**25)})
        assert path.stat().st_size < 2**16
        with pytest.raises(DocumentError, match="MB; the limit is 20 "):
            load(path / "a.txt", 20)

    def test_several_that_are_a_bomb_together(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(3):
                archive.writestr(f"{number}.txt", GRID)
                archive.infolist()[-1].file_size = 400 * 2**20
        assert refusal_of(path) == "unpacks to 1,200 MB; at most 1,024 MB are read"

    def test_a_member_that_says_it_is_small(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {"a.txt": bytes(2**25)})
        path.write_bytes(path.read_bytes().replace(struct.pack("<L", 2**25), struct.pack("<L", 100)))
        with pytest.raises(DocumentError, match="broken, cut short, or not ZIP"):
            load(path / "a.txt", 20)


class TestMailboxes:
    @pytest.fixture
    def mailbox(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.mbox"
        path.write_bytes(FIRST + LETTER + b"\n" + SECOND + ANSWER)
        return path

    def test_its_letters_are_found_by_number(self, mailbox: Path) -> None:
        assert found_in(mailbox) == ["00001.eml", "00002.eml"]
        assert load(mailbox / "00001.eml", 1) == LETTER + b"\n"  # “From here” begins none
        assert load(mailbox / "00002.eml", 1) == ANSWER

    def test_a_letter_that_comes_later(self, mailbox: Path) -> None:
        assert len(found_in(mailbox)) == 2
        with mailbox.open("ab") as file:
            file.write(b"\n" + FIRST + LETTER)
        assert load(mailbox / "00003.eml", 1) == LETTER

    @pytest.mark.parametrize("name", ["00003.eml", "0.eml", "x.eml", "00001.txt"])
    def test_letters_that_are_not_there(self, mailbox: Path, name: str) -> None:
        with pytest.raises(DocumentError, match="it is no longer in the mailbox"):
            load(mailbox / name, 1)

    def test_what_is_no_mailbox(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mbox"
        path.write_bytes(LETTER)
        assert "is no mailbox" in refusal_of(path)
        path.write_bytes(b"")
        assert refusal_of(path) == "holds no documents"


@pytest.fixture
def base(settings: Settings) -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase(settings, embedder=PaperEmbedder())) as opened:
        yield opened


class TestIndexing:
    def test_documents_come_change_and_go_with_their_archive(self, base: KnowledgeBase, tmp_path: Path) -> None:
        folder = tmp_path / "documents"
        folder.mkdir()
        path = packed(folder / "a.zip", {"a.txt": GRID, "b.txt": CANTEEN})
        (folder / "c.txt").write_text("村里有三口井，都能用。", "utf-8")
        assert base.add([folder]).added == [path / "a.txt", path / "b.txt", folder / "c.txt"]
        assert base.add([folder]).unchanged == 3
        record = base.find("b.txt")
        assert file_state(record.path, record.sha256) == "same"
        packed(path, {"a.txt": GRID, "b.txt": CANTEEN + "每周一休息。", "d.txt": "新来的一篇，讲的是路灯。"})
        assert file_state(record.path, record.sha256) == "changed"
        report = base.add([folder])
        assert (report.changed, report.added, report.unchanged) == ([path / "b.txt"], [path / "d.txt"], 2)
        packed(path, {"a.txt": GRID, "d.txt": "新来的一篇，讲的是路灯。"})
        assert base.add([folder], prune=True).removed == [path / "b.txt"]
        assert [record.path.name for record in base.remove(str(path), confirmed=True)] == ["a.txt", "d.txt"]
        assert file_state(path / "b.txt", record.sha256) == "vanished"
        path.unlink()
        assert file_state(path / "a.txt", record.sha256) == "vanished"

    def test_what_an_archive_held_stays_while_it_is_broken(self, base: KnowledgeBase, tmp_path: Path) -> None:
        path = packed(tmp_path / "a.zip", {"a.txt": GRID, "b.txt": CANTEEN})
        base.add([path])
        whole = path.read_bytes()
        path.write_bytes(whole[:-30])
        report = base.add([path], prune=True)
        assert not report.removed and [failure.path for failure in report.failures] == [path]
        assert len(base.documents()) == 2

    def test_letters_are_documents(self, base: KnowledgeBase, tmp_path: Path) -> None:
        path = tmp_path / "a.mbox"
        path.write_bytes(FIRST + LETTER + b"\n" + SECOND + ANSWER)
        base.add([path])
        assert [(record.title, record.path) for record in base.documents()] == [
            ("Grids", path / "00001.eml"),
            ("Canteens", path / "00002.eml"),
        ]
