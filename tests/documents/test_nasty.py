"""Nasty files through the process that reads: each ends in a document or in an error of one line."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import DocumentSettings, PassageSettings
from retrieval.documents import SENTENCE_LIMIT, load
from retrieval.documents.discover import discover
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.documents.plain import markdown
from retrieval.documents.structure.dates import date_line
from retrieval.errors import DocumentError
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.left_out import recognises
from retrieval.types import Document, quote
from tests.documents import broken, make, nasty, nasty_held
from tests.documents.broken import SENTENCE
from tests.documents.reading import damaged_copies, read

LIMITS = DocumentSettings(memory_megabytes=512, seconds=1, max_megabytes=5, ocr_seconds=3)
FEW = 12
"""Of so many nasty files one is read in a run; `make test-slow` reads them all, `make fuzz` mutations of them too."""


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    opened = ReaderProcess()
    yield opened
    opened.stop()


def outcome(reader: ReaderProcess, name: str, content: bytes) -> Document | DocumentError:
    try:
        return reader.read(Path(name), content, LIMITS)
    except DocumentError as error:
        assert error.reason.isprintable()
        assert 0 < len(error.reason) <= 300
        return error


def refused(reader: ReaderProcess, family: str, name: str) -> DocumentError:
    found = outcome(reader, name, made(family)[name])
    assert isinstance(found, DocumentError)
    return found


@cache
def made(family: str) -> dict[str, bytes]:
    return dict(nasty.FAMILIES[family]())


def cut(document: Document) -> int:
    """Cut it as the service does; how many passages there are."""
    sentences = sentences_of(document, 500)
    return len(passages_of(document, "0" * 16, sentences, PassageSettings()))


def test_there_are_more_than_two_hundred() -> None:
    assert sum(len(made(family)) for family in nasty.FAMILIES) > 200


@pytest.mark.parametrize("every", [FEW, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("family", nasty.FAMILIES)
def test_a_family(family: str, every: int, reader: ReaderProcess) -> None:
    for name, content in [*made(family).items()][::every]:
        found = outcome(reader, name, content)
        if isinstance(found, Document):
            assert any(quote(found.text, paragraph.spans).strip() for paragraph in found.paragraphs)
    assert reader.read(Path("a.txt"), b"page", LIMITS).text == "page"


class TestKnownAttacks:
    """Files that made others take gigabytes, or minutes."""

    @pytest.mark.parametrize("name", ["stream of a gigabyte.pdf", "stream in a stream.pdf"])
    def test_a_small_pdf_with_a_stream_of_gigabytes(self, name: str, reader: ReaderProcess) -> None:
        assert refused(reader, "pdfs", name).kind == "limits"

    def test_a_small_docx_of_gigabytes(self, reader: ReaderProcess) -> None:
        assert "unpacks to 210 MB" in refused(reader, "documents", "bomb.docx").reason

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("says less.docx", "broken"), ("other method.docx", "broken"), ("many members.docx", "limits"),
         ("encrypted member.docx", "protected"), ("laughs.docx", "broken"), ("tags.docx", "limits")],
    )  # fmt: skip
    def test_archives_that_lie(self, name: str, kind: str, reader: ReaderProcess) -> None:
        assert refused(reader, "documents", name).kind == kind

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("bomb.xlsx", "limits"), ("says less.xlsx", "broken"), ("other method.xlsx", "broken"),
         ("many members.xlsx", "limits"), ("password.xlsx", "protected"), ("laughs.xlsx", "broken"),
         ("columns.xlsx", "limits"), ("a million cells.xlsx", "limits"), ("merged over many.xlsx", "limits"),
         ("beyond the last cell.xlsx", "broken"), ("row of billions.xlsx", "broken"), ("formulas.xlsx", "formulas"),
         ("shared text that is not there.xlsx", "broken")],
    )  # fmt: skip
    def test_workbooks_that_lie(self, name: str, kind: str, reader: ReaderProcess) -> None:
        assert refused(reader, "workbooks", name).kind == kind

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("bomb.ods", "limits"), ("cut short.ods", "broken"), ("password.ods", "protected"), ("laughs.ods", "broken"),
         ("bomb.pptx", "limits"), ("bomb.odt", "limits"), ("bomb.epub", "limits"), ("cut short.pptx", "broken"),
         ("cut short.odt", "broken"), ("cut short.epub", "broken"), ("password.pptx", "protected"),
         ("password.odt", "protected"), ("outside.epub", "broken"), ("parts.eml", "limits"), ("deep.jsonl", "broken"),
         ("wide.jsonl", "limits"), ("password.xls", "protected")],
    )  # fmt: skip
    def test_other_files_that_lie(self, name: str, kind: str, reader: ReaderProcess) -> None:
        assert refused(reader, "others", name).kind == kind

    @pytest.mark.parametrize(
        "name",
        ["groups.pptx", "wide table.pptx", "lists.odt", "spine.epub", "groups.rtf", "braces.rtf"],
    )
    def test_others_that_are_larger_than_what_they_hold(self, name: str, reader: ReaderProcess) -> None:
        found = outcome(reader, name, made("others")[name])
        assert isinstance(found, Document), found
        assert SENTENCE in found.text

    @pytest.mark.parametrize(
        "name",
        ["empty rows.xlsx", "merged over all.xlsx", "last cell.xlsx", "validations.xlsx", "dimension.xlsx",
         "link to itself.xlsx", pytest.param("rows without a number.xlsx", marks=pytest.mark.slow)],
    )  # fmt: skip
    def test_workbooks_that_are_larger_than_what_they_hold(self, name: str) -> None:
        assert "县名：左云县 | 网格员：51" in read(name, made("workbooks")[name]).text

    def test_large_pages_that_keep_the_reader_busy(self, reader: ReaderProcess) -> None:
        page = b"<html><body><article>" + b"<p><b>a</b>" * 400_000
        found = outcome(reader, "a.html", page)
        assert isinstance(found, DocumentError)
        assert found.kind == "limits"

    @pytest.mark.slow
    def test_a_text_that_is_all_sentences(self, reader: ReaderProcess) -> None:
        found = outcome(reader, "a.txt", "县。".encode() * (SENTENCE_LIMIT + 1))
        assert isinstance(found, Document)
        with pytest.raises(DocumentError, match=r"more than 200,000 sentences or lines; split it"):
            cut(found)

    def test_markup_alone_is_no_text(self, reader: ReaderProcess) -> None:
        assert refused(reader, "markdowns", "deep quotes.md").kind == "no_text"


@pytest.mark.skipif(not recognises(), reason="needs the extra wenju[ocr]")
@pytest.mark.parametrize(
    ("name", "kind"),
    [("100 megapixels.png", "limits"), ("gigapixels.png", "limits"), ("gigapixels.bmp", "limits"),
     ("gigapixels.jpg", "limits"), ("no frame.webp", "broken"), ("of no width.png", "broken"),
     ("text of half a gigabyte.png", "broken"), ("cut at 3 of 6.png", "broken"), ("GIF.png", "broken"),
     ("a dot.png", "no_text")],
)  # fmt: skip
def test_pictures_that_lie(name: str, kind: str, reader: ReaderProcess) -> None:
    assert refused(reader, "pictures", name).kind == kind


def test_what_holds_documents_gives_them_out_or_is_told_of(tmp_path: Path) -> None:
    """Also where it is damaged: none of it brings down whoever looks."""
    read: dict[str, int] = {}
    told: dict[str, set[str]] = {}
    for name, content in nasty_held.held():
        copies = damaged_copies(content, 20) if len(content) < 5000 else ()
        for copy in (*copies, content):
            (tmp_path / name).write_bytes(copy)
            read[name], told[name] = given_out(tmp_path / name)
    assert (read["twice.zip"], read["sound.mbox"], read["rubbish before.zip"]) == (4, 3, 2)
    limits = {"says too much.zip", "many members.zip", "many.mbox"}
    assert {name for name, kinds in told.items() if "limits" in kinds} == limits
    broken = {"comment.zip", "no archive.zip", "no mailbox.mbox", "other method.zip"}
    assert {name for name, kinds in told.items() if "broken" in kinds} == broken | {
        f"cut at {i} of 10.zip" for i in range(1, 10)
    }
    assert (read["bomb.zip"], told["bomb.zip"]) == (1, {"other"})  # its other member is read


def given_out(path: Path) -> tuple[int, set[str]]:
    """How many documents the file gives out, and the kinds of errors that are told."""
    found, count = discover([path]), 0
    errors = found.failures
    for file in found.files:
        try:
            count += len(load(file, LIMITS.max_megabytes)) > 0
        except DocumentError as error:
            errors.append(error)
    assert all(error.reason.isprintable() and len(error.reason) <= 400 for error in errors)
    return count, {error.kind for error in errors}


class TestNothingIsFetched:
    def test_addresses_in_documents(self, reader: ReaderProcess) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            whole = make.docx(lambda document: document.add_paragraph(SENTENCE))
            page = f"<!DOCTYPE html SYSTEM '{address}' [<!ENTITY x SYSTEM '{address}'>]><html><head>"
            page += f"<base href='{address}'>"
            page += f"<link rel=stylesheet href='{address}'></head><body><article><p>{SENTENCE * 3}&x;</p>"
            page += f"<img src='{address}'><iframe src='{address}'></iframe></article></body></html>"
            files = {
                "entity.docx": broken.external(whole, address),
                "related.docx": broken.related(whole, address, 'TargetMode="External"'),
                "a.html": page.encode(),
                "a.md": f"---\nurl: {address}\n---\n{SENTENCE}\n\n![]({address})<img src={address}>\n".encode(),
            }
            for name, content in files.items():
                found = outcome(reader, name, content)
                assert isinstance(found, Document), found
                assert SENTENCE in found.text
            listener.settimeout(0.2)
            with pytest.raises(TimeoutError):
                listener.accept()

    @pytest.mark.parametrize("family", ["documents", "pages", "workbooks"])
    def test_another_file_does_not_get_in(self, family: str, reader: ReaderProcess) -> None:
        known = Path("/etc/passwd").read_text().splitlines()[0]
        for name in (
            "external entity.docx",
            "external entity.html",
            "outside.docx",
            "base.html",
            "external entity.xlsx",
        ):
            content = made(family).get(name)
            found = outcome(reader, name, content) if content else None
            assert known not in (found.text if isinstance(found, Document) else str(found))

    def test_members_become_no_files(self, reader: ReaderProcess) -> None:
        for name, content in made("documents").items():
            if name.startswith("member"):
                assert isinstance(outcome(reader, name, content), Document)
        here = Path.cwd()
        assert not [written for folder in (here, *here.parents) for written in folder.glob("*outside.xml")]
        assert not Path("/etc/passwd.xml").exists()


class TestGrowth:
    """Twice the text takes about twice the time, where it once took four or eight times as much."""

    def test_dates(self) -> None:
        assert _within(2, lambda: date_line("(" + " " * 300_000 + "x"))

    @pytest.mark.parametrize("piece", ["<!-- a ", "<script>", "<", "<a "])
    def test_tags_without_an_end(self, piece: str) -> None:
        text = piece * 100_000
        assert _within(10, lambda: list(markdown._tags(text, (0, len(text)))))

    @given(
        st.lists(
            st.sampled_from(["<", "!--", "-->", ">", "script", "</script>", "</STYLE >", "style", " ", "a", "\n"])
        )
    )
    def test_tags_are_what_the_pattern_says(self, pieces: list[str]) -> None:
        pattern = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
        text = "".join(pieces)
        assert [*markdown._tags(text, (0, len(text)))] == [match.span() for match in pattern.finditer(text)]


def _within(seconds: float, do: Callable[[], object]) -> bool:
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


@pytest.mark.parametrize("suffix", nasty._SUFFIXES)
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(suffix: str, reader: ReaderProcess, data: st.DataObject) -> None:
    begin = data.draw(
        st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"---\n", b"\xff\xfe", b"\xef\xbb\xbf"])
    )
    outcome(reader, f"a{suffix}", begin + data.draw(st.binary(min_size=1, max_size=300)))
