"""What the process that reads files may not do, what it is given, and what becomes of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import data as shipped
from config.settings import DocumentSettings
from retrieval.documents import parse
from retrieval.documents.isolation import reader_process
from retrieval.documents.isolation.reader_process import ReaderProcess
from retrieval.errors import DocumentError
from retrieval.ingestion.batches import batches_ahead
from tests.documents import make
from tests.documents.readers import LIMITS, ROOT, Speaking, is_alive, refusal, run, wait_until

SAMPLES = Path(shipped.__file__).parent / "corpus"


class TestConfinement:
    def test_no_secret_and_no_setting_is_given(self, speaking: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("WENJU_TELEGRAM__TOKEN", "AWS_SECRET_ACCESS_KEY", "https_proxy", "PYTHONPATH"):
            monkeypatch.setenv(name, "Geheimnis")
        reader = speaking(
            "ask(); reply({'reason': 'Geheimnis' if 'Geheimnis' in str(os.environ) else 'none', 'kind': ''}); ask()"
        )
        assert refusal(reader) == "none"

    def test_what_is_refused_while_a_file_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "there").write_text("secret")
        for name in ("wenju.toml", "documents/secret.txt", "module.py", "package/__init__.py"):
            path = tmp_path / "copy" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("# secret")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            script = f"""
                import ctypes, json, os, signal, socket, subprocess, sys, urllib.request
                from retrieval.documents.isolation import process_limits
                there, free = {str(tmp_path / "there")!r}, {str(tmp_path / "new")!r}
                port = {listener.getsockname()[1]}
                libc = ctypes.CDLL(None, use_errno=True)
                sys.path += [{str(tmp_path / "copy")!r}, {str(ROOT)!r}]
                process_limits.confine(1024, 20)
                tries = {{
                    "connect": lambda: socket.create_connection(("127.0.0.1", port)),
                    "urlopen": lambda: urllib.request.urlopen(f"http://127.0.0.1:{{port}}/"),
                    "run": lambda: subprocess.run(["true"]), "system": lambda: os.system("true"), "fork": os.fork,
                    "exec": lambda: os.execv("/bin/true", ["true"]),
                    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {{}}),
                    "kill": lambda: os.kill(os.getppid(), 0), "write": lambda: open(free, "w"),
                    "append": lambda: open(there, "a"),
                    "create": lambda: os.open(free, os.O_CREAT | os.O_WRONLY), "read": lambda: open(there),
                    "passwd": lambda: open("/etc/passwd"), "around": lambda: open("/proc/self/root/etc/passwd"),
                    "environment": lambda: open(f"/proc/{{os.getppid()}}/environ"),
                    "settings": lambda: open({str(tmp_path / "copy" / "wenju.toml")!r}),
                    "own settings": lambda: open({str(ROOT / "wenju.toml")!r}),
                    "documents": lambda: open({str(tmp_path / "copy" / "documents" / "secret.txt")!r}),
                    "up": lambda: open(sys.prefix + "/../../etc/passwd"),
                    "remove": lambda: os.remove(there), "rename": lambda: os.rename(there, free),
                    "link": lambda: os.symlink(there, free),
                    "mkdir": lambda: os.mkdir(free), "chmod": lambda: os.chmod(there, 0),
                }}
                passed = []
                for name, one in tries.items():
                    try:
                        one()
                    except PermissionError:
                        continue
                    except Exception as error:
                        if "refused while a file is read" in str(error):
                            continue
                    passed.append(name)
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                made = libc.open(free.encode(), os.O_CREAT | os.O_WRONLY, 0o600)
                if libc.write(made, b"x", 1) == 1:
                    passed.append("writing of machine code")
                import xml.etree.ElementTree, module, package  # libraries are loaded all the same
                print(json.dumps(passed))
            """
            outcome = run(textwrap.dedent(script))
            listener.settimeout(0)
            with pytest.raises(BlockingIOError):
                listener.accept()
        assert json.loads(outcome.stdout or "null") == [], outcome.stderr
        assert (tmp_path / "there").read_text() == "secret"

    def test_time_runs_out_also_for_what_ignores_it(self) -> None:
        script = """
            import signal
            from retrieval.documents.isolation import process_limits
            signal.signal(signal.SIGXCPU, signal.SIG_IGN)
            process_limits.confine(1024, 1)
            while True: pass
        """
        assert run(textwrap.dedent(script)).returncode == -signal.SIGKILL

    @pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf", ".docx"])
    def test_the_least_memory_that_can_be_set_reads_the_samples(self, suffix: str) -> None:
        path = next(sample for sample in sorted(SAMPLES.iterdir()) if sample.suffix == suffix)
        least = DocumentSettings(memory_megabytes=256)
        assert reader_process.read(path, path.read_bytes(), least) == parse(path, path.read_bytes())

    def test_the_least_memory_reads_a_workbook(self) -> None:
        def fill(sheet: Any) -> None:
            for number in range(1000):
                sheet.append([f"村{number}", number, number * 2.5])

        whole, least = make.xlsx(fill), DocumentSettings(memory_megabytes=256)
        assert "村999 | 999 | 2497.5" in reader_process.read(Path("a.xlsx"), whole, least).text

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
    def test_a_file_within_the_limit_is_read_in_each_encoding(self, encoding: str) -> None:
        """A Chinese character has two bytes in it, and three in what the reader says."""
        line, limit = "左云县配备专职网格员。\n", int(0.1 * 2**20)
        text = line * (limit // len(line.encode(encoding)))
        data = text.encode(encoding)
        assert len(data) <= limit < len(text.encode())
        assert reader_process.read(Path("a.txt"), data, DocumentSettings(max_megabytes=0.1)).text == text

    def test_a_small_file_of_much_text(self) -> None:
        whole = make.docx(lambda document: document.add_paragraph("a " * 150_000))
        assert len(whole) < 0.1 * 2**20
        with pytest.raises(DocumentError, match=r"holds 0\.3 MB of text; the limit is 0\.2 \(twice the setting doc"):
            reader_process.read(Path("a.docx"), whole, DocumentSettings(max_megabytes=0.1))

    def test_two_threads_wait_for_each_other(self) -> None:
        read: list[str] = []

        def read_page(number: int) -> None:
            read.append(reader_process.read(Path("a.txt"), f"page {number}".encode(), DocumentSettings()).text)

        threads = [threading.Thread(target=read_page, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(read) == [f"page {number}" for number in range(4)]


READING = f"""
import sys, threading
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from config.settings import DocumentSettings
from retrieval.documents.isolation import reader_process
limits = DocumentSettings(seconds=3000)
reader_process.read(Path("a.md"), b"# a", limits)
print(reader_process._shared._child._process.pid, flush=True)
reader_process.read(Path("b.md"), b"![" * 1_000_000, limits)
"""
"""A process that prints the number of its reader, and then has a file read that takes hours."""


def test_a_run_that_is_interrupted_does_not_wait_for_a_file_that_just_comes_to_its_reader() -> None:
    at_hand, limits = threading.Event(), DocumentSettings(seconds=5)
    reasons: list[str] = []

    def read() -> None:
        at_hand.set()
        time.sleep(0.5)  # as loading it may take
        with pytest.raises(DocumentError) as caught:
            reader_process.read(Path("a.md"), b"![" * 1_000_000, limits)
        reasons.append(caught.value.reason)

    with closing(batches_ahead([(Path(), lambda: None)] * 256 + [(Path("a.md"), read)])) as batches:
        next(batches)
        at_hand.wait()
    assert reasons == ["was not read: reading was stopped"]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_who_asked(by: signal.Signals, tmp_path: Path) -> None:
    asks = subprocess.Popen(
        [sys.executable, "-c", READING], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert asks.stdout is not None
    with asks, asks.stdout as out:
        try:
            reader = int(out.readline())
            assert wait_until(lambda: bool(_busy(reader)))
            (fork,) = _busy(reader)
            os.kill(asks.pid, by)
            assert wait_until(lambda: not is_alive(fork) and not is_alive(reader), 5)
        finally:
            asks.kill()


def _busy(reader: int) -> list[int]:
    """Its forks that have worked for a tenth of a second."""
    forks = map(int, Path(f"/proc/{reader}/task/{reader}/children").read_text().split())
    ticks = os.sysconf("SC_CLK_TCK")
    return [fork for fork in forks if is_alive(fork) and _ticks(fork) > ticks / 10]


def _ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def test_a_fork_of_who_asks_has_a_reader_of_its_own(tmp_path: Path) -> None:
    script = f"""
        import os, sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from config.settings import DocumentSettings
        from retrieval.documents.isolation import reader_process
        def read(): return reader_process.read(Path("a.txt"), b"page", DocumentSettings()).text == "page"
        def pid(): return reader_process._shared._child._process.pid
        read(); own = pid()
        fork = os.fork()
        if not fork:
            os._exit(0 if read() and pid() != own else 1)
        assert os.waitpid(fork, 0)[1] == 0
        assert read() and pid() == own
    """
    outcome = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize("started", ["by PYTHONPATH", "as a module of the working folder"])
def test_the_reader_is_of_the_same_program(started: str, tmp_path: Path) -> None:
    """Another version than the one that is installed; and modules of the working folder are not taken for others."""
    copy = tmp_path / "copy"
    for package in ("config", "data", "retrieval"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "corpus"))
    plain = copy / "retrieval/documents/plain/plain_text.py"
    plain.write_text(plain.read_text().replace("text = decode(data)", "text = decode(data) + ' of the copy'"))
    asks = "from pathlib import Path; from config.settings import DocumentSettings\n"
    asks += "from retrieval.documents.isolation.reader_process import read\n"
    asks += "print(read(Path('a.txt'), b'page', DocumentSettings()).text)"
    (copy / "asks.py").write_text(asks)
    folder = copy if started.startswith("as") else tmp_path
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
    command = ["-m", "asks"] if folder == copy else ["-P", "-c", asks]
    environment = {**os.environ} | ({} if folder == copy else {"PYTHONPATH": str(copy)})
    outcome = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert outcome.stdout == "page of the copy\n", outcome.stderr


@pytest.mark.slow
def test_a_reader_that_is_not_asked_ends() -> None:
    reader = ReaderProcess()
    reader.read(Path("a.txt"), b"page", LIMITS)
    child = reader._child
    assert child is not None
    assert wait_until(lambda: not is_alive(child._process.pid), 40)
    assert reader.read(Path("a.txt"), b"page", LIMITS).text == "page"
    reader.stop()
