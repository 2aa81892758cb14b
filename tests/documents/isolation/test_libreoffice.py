"""Files of older office programs, with stand-ins for LibreOffice: scripts named soffice that convert by copying, that
hang, that fail. What they are given and what becomes of it is real."""

import os
import resource
import socket
import stat
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import DocumentSettings
from retrieval.documents import load
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.errors import DocumentError
from retrieval.types import Document
from tests.documents import make
from tests.documents.readers import LIMITS, is_alive, wait_until
from tests.documents.reading import texts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCX = make.docx(lambda document: document.add_paragraph("左云县有网格员51名。"))
PPTX = make.pptx(make.shape("网格员", "title") + make.shape("51名。"))
PAGE = b"<html><body><article><p>" + "左云县有网格员51名。".encode() * 9 + b"</p></article></body></html>"
Install = Callable[[str], None]


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    reader = ReaderProcess()
    yield reader
    reader.stop()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a stand-in on the PATH that runs these lines; `source`, `target` and `arguments` are what it was given."""

    def put(lines: str) -> None:
        program = tmp_path / "soffice"
        head = """\
            import os, socket, subprocess, sys, time
            from pathlib import Path
            arguments = sys.argv[1:]
            source = Path(arguments[-1])
            folder = Path(arguments[arguments.index("--outdir") + 1])
            target = folder / f"{source.stem}.{arguments[arguments.index('--convert-to') + 1]}"
            """
        body = textwrap.dedent(head) + textwrap.dedent(lines)
        program.write_text(f"#!{sys.executable} -I\n{body}", "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return put


COPY = "target.write_bytes(source.read_bytes()[8:])"


def refused(reader: ReaderProcess, name: str, content: bytes, limits: DocumentSettings = LIMITS) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        reader.read(Path(name), content, limits)
    assert str(caught.value).isprintable()
    return caught.value


@pytest.mark.parametrize(
    ("name", "known"),
    [("a.doc", "a Word 97 file; install LibreOffice, or save it as .docx"),
     ("a.wps", "a WPS text; install LibreOffice, or save it as .docx"),
     ("a.PPT", "a PowerPoint 97 file; install LibreOffice, or save it as .pptx"),
     ("a.dps", "a WPS presentation; install LibreOffice, or save it as .pptx")],
)  # fmt: skip
def test_without_libreoffice_a_line_says_what_to_do(
    reader: ReaderProcess, name: str, known: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(reader, name, OLE + DOCX)
    assert (error.reason, error.kind) == (f"is {known}", "office")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [("信.doc", DOCX, "左云县有网格员51名。"), ("a.wps", DOCX, "左云县有网格员51名。"), ("a.ppt", PPTX, "网格员")],
)  # fmt: skip
def test_what_is_converted_is_read_under_its_own_name(
    reader: ReaderProcess, install: Install, name: str, content: bytes, line: str
) -> None:
    install(COPY)
    document = reader.read(Path(name), OLE + content, LIMITS)
    assert document.path == Path(name)
    assert texts(document)[0] == line


def test_a_profile_of_its_own_without_macros_and_no_secret(
    reader: ReaderProcess, install: Install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WENJU_TELEGRAM__TOKEN", "secret")
    told = tmp_path / "told"
    install(f"""
        profile = next(one for one in arguments if one.startswith("-env:UserInstallation=file://"))
        settings = Path(profile.partition("file://")[2], "user", "registrymodifications.xcu").read_text()
        Path({str(told)!r}).write_text("\\n".join([os.getcwd(), os.environ["HOME"], " ".join(os.environ), settings]))
        {COPY}
    """)
    reader.read(Path("a.doc"), OLE + DOCX, LIMITS)
    folder, home, environment, *settings = told.read_text("utf-8").split("\n")
    assert folder == home != str(Path.home())
    assert not Path(folder).exists()
    assert "WENJU_TELEGRAM__TOKEN" not in environment.split()
    assert any("DisableMacrosExecution" in line and "<value>true</value>" in line for line in settings)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no namespaces")
def test_it_gets_no_network_where_the_system_lets_that_be_taken(
    reader: ReaderProcess, install: Install, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        install(f"""
            here = os.readlink("/proc/self/ns/net")
            try:
                socket.create_connection(("127.0.0.1", {listener.getsockname()[1]}), 5)
                reached = "reached"
            except OSError:
                reached = "refused"
            Path({str(told)!r}).write_text(here + " " + reached)
            {COPY}
        """)
        reader.read(Path("a.doc"), OLE + DOCX, LIMITS)
    here, reached = told.read_text("utf-8").split()
    if here == str(Path("/proc/self/ns/net").readlink()):
        pytest.skip("this system gives no namespace of its own")
    assert reached == "refused"


def test_one_that_hangs_is_ended_with_all_that_it_started(
    reader: ReaderProcess, install: Install, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    install(f"""
        child = subprocess.Popen(["sleep", "600"])
        Path({str(pids)!r}).write_text(f"{{os.getpid()}} {{child.pid}}")
        time.sleep(600)
    """)
    error = refused(reader, "a.doc", OLE + DOCX, LIMITS.model_copy(update={"seconds": 1}))
    assert (error.reason, error.kind) == (
        "takes LibreOffice more than 1 s to convert (setting documents.seconds)", "limits",
    )  # fmt: skip
    assert wait_until(lambda: not any(is_alive(int(pid)) for pid in pids.read_text("utf-8").split()))


def test_stopping_ends_a_conversion(reader: ReaderProcess, install: Install, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    install(f"Path({str(begun)!r}).touch(); time.sleep(600)")
    found: list[DocumentError] = []
    thread = threading.Thread(target=lambda: found.append(refused(reader, "a.doc", OLE + DOCX)))
    thread.start()
    assert wait_until(begun.exists)
    at = time.monotonic()
    reader.stop()
    thread.join(30)
    assert time.monotonic() - at < 30
    assert found


def test_stopping_leaves_what_another_converts(reader: ReaderProcess, install: Install, tmp_path: Path) -> None:
    """A file that was sent alone is no part of a run that is stopped."""
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    install(f"Path({str(begun)!r}).touch()\nwhile not Path({str(go_on)!r}).exists():\n    time.sleep(0.05)\n{COPY}")
    found: list[Document] = []
    thread = threading.Thread(target=lambda: found.append(reader.read(Path("a.doc"), OLE + DOCX, LIMITS)))
    thread.start()
    assert wait_until(begun.exists)
    ReaderProcess().stop()
    go_on.touch()
    thread.join(60)
    assert found


@pytest.mark.parametrize(
    "lines",
    ["sys.exit(1)", "pass", "os.kill(os.getpid(), 11)", "target.symlink_to('/etc/passwd')", "target.mkdir()",
     f"{COPY}; sys.exit(3)"],
)  # fmt: skip
def test_one_that_fails_is_told(reader: ReaderProcess, install: Install, lines: str) -> None:
    install(lines)
    error = refused(reader, "a.doc", OLE + DOCX)
    assert error.reason == (
        "could not be converted by LibreOffice (broken, or protected by a password?); save it as .docx"
    )


def test_one_that_writes_without_end_meets_a_limit(reader: ReaderProcess, install: Install) -> None:
    install("with target.open('wb') as file:\n    while True:\n        file.write(bytes(2**20))")
    assert (
        "could not be converted"
        in refused(reader, "a.doc", OLE + DOCX, LIMITS.model_copy(update={"max_megabytes": 1})).reason
    )


def test_what_it_makes_is_not_trusted(reader: ReaderProcess, install: Install) -> None:
    install("target.write_bytes(b'PK\\x03\\x04broken')")
    assert refused(reader, "a.doc", OLE + DOCX).reason.startswith("is not a DOCX file that can be opened")


def test_no_room_for_its_folder_is_an_error_of_the_file_alone(reader: ReaderProcess, install: Install) -> None:
    install(COPY)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))  # bytes of any file: as if the disk were full
    try:
        error = refused(reader, "a.doc", OLE + DOCX)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (error.reason, error.kind) == ("cannot be converted: File too large", "other")
    assert texts(reader.read(Path("a.doc"), OLE + DOCX, LIMITS)) == ["左云县有网格员51名。"]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.doc", DOCX, "左云县有网格员51名。"),
        ("a.doc", rb"{\rtf1 abc\par}", "abc"),
        ("a.doc", PAGE, "左"),
        ("a.xls", make.xlsx(lambda sheet: sheet.append(["石桥村", 942])), "石桥村 | 942"),
        ("a.xls", "村名\t人口\n石桥村\t942\n上河村\t5\n".encode("gb18030"), "村名：石桥村 | 人口：942"),
        ("a.et", make.xlsx(lambda sheet: sheet.append(["石桥村", 942])), "石桥村 | 942"),
    ],
)  # fmt: skip
def test_what_is_only_called_so_is_read_as_what_it_is(
    reader: ReaderProcess, name: str, content: bytes, line: str
) -> None:
    document = reader.read(Path(name), content, LIMITS)
    assert isinstance(document, Document)
    assert texts(document)[0].startswith(line)


@pytest.mark.parametrize("name", ["a.doc", "a.ppt", "a.xls"])
def test_what_is_nothing_known_is_told(reader: ReaderProcess, name: str) -> None:
    error = refused(reader, name, b"\x00\x01\x02" * 100)
    assert error.reason == f"is no {name[1:]} file that can be opened (broken or cut short)"


@pytest.mark.parametrize("name", ["a.zip", "a.rar", "a.7z"])
def test_an_archive_is_to_be_unpacked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(DocumentError, match="is an archive; unpack it, and index the folder"):
        load(tmp_path / name, 20)
