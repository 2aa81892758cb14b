"""Files of older office programs: what they truly hold, and their conversion by LibreOffice where the machine has it.

LibreOffice cannot run where other readers do, for it writes files and starts processes. It gets a process of its own
with limits of time, memory and size, an empty profile that it may not take over to the next file, no macros, no
network where the system allows to take it away, and the file alone. What it makes is read as any other file.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from retrieval.documents.isolation.stopping import kill_group
from retrieval.errors import DocumentError

if TYPE_CHECKING:  # the process that reads files knows this module, and settings would take half of its start
    from config.settings import DocumentSettings

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PATIENCE = 4
"""Seconds that pass for each of processor time."""
_MEMORY = 4096
"""Megabytes at least: it reserves more than it uses."""
_PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class _Format(NamedTuple):
    """What a suffix of before stands for: how people call such a file, and what replaces it."""

    name: str
    suffix: str


_FORMATS = {
    ".doc": _Format("a Word 97 file", ".docx"),
    ".wps": _Format("a WPS text", ".docx"),
    ".ppt": _Format("a PowerPoint 97 file", ".pptx"),
    ".dps": _Format("a WPS presentation", ".pptx"),
}
SUFFIXES = (*_FORMATS, ".xls", ".et")
_DISGUISED = {".doc": ".docx", ".wps": ".docx", ".ppt": ".pptx", ".dps": ".pptx", ".xls": ".xlsx", ".et": ".xlsx"}


class Converter:
    """Makes files readable, and ends what it converts when it is stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = set[subprocess.Popen[bytes]]()

    def as_readable(self, path: Path, data: bytes, limits: "DocumentSettings") -> tuple[Path, bytes]:
        """The file as one that a reader reads, under a name that says which: what is only called .doc goes by what it
        is, and a true one is converted. Raises DocumentError."""
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            return path, data
        if not data.startswith(_OLE):
            if not (true := _true_suffix(suffix, data)):
                raise DocumentError(path, f"is no {suffix} file that can be opened (broken or cut short)", "broken")
            return path.with_suffix(true), data
        if suffix not in _FORMATS:
            return path.with_suffix(".xls"), data
        program = _program()
        known = _FORMATS[suffix]
        if program is None:
            raise DocumentError(path, f"is {known.name}; install LibreOffice, or save it as {known.suffix}", "office")
        return path.with_suffix(known.suffix), self._converted(program, path, data, known.suffix, limits)

    def stop(self) -> None:
        """End what is being converted, which then is an error."""
        with self._lock:
            for process in self._running:
                kill_group(process)

    def forget(self) -> None:
        """In a fork: what is being converted belongs to the one that was forked."""
        self._lock, self._running = threading.Lock(), set()

    def _converted(self, program: str, path: Path, data: bytes, suffix: str, limits: "DocumentSettings") -> bytes:
        with tempfile.TemporaryDirectory(prefix="wenju-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            source, made = folder / f"document{path.suffix.lower()}", folder / "made" / f"document{suffix}"
            source.write_bytes(data)
            _prepare(folder)
            command = [
                program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--convert-to", suffix[1:], "--outdir", str(made.parent), str(source),
            ]  # fmt: skip
            with self._started(command, folder, limits) as process:
                try:
                    code = process.wait(limits.seconds * _PATIENCE)
                except subprocess.TimeoutExpired:
                    reason = (
                        f"takes LibreOffice more than {limits.seconds:g} s to convert (setting documents.seconds)"
                    )
                    raise DocumentError(path, reason, "limits") from None
            with suppress(OSError):
                limit = int(limits.max_megabytes * 2**20)
                if not code and made.is_file() and not made.is_symlink() and made.stat().st_size <= limit:
                    return made.read_bytes()
        reason = f"could not be converted by LibreOffice (broken, or protected by a password?); save it as {suffix}"
        raise DocumentError(path, reason, "broken")

    @contextmanager
    def _started(
        self, command: list[str], folder: Path, limits: "DocumentSettings"
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The program in a session of its own, which ends with all that it started."""
        given = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
        bounds = (limits.seconds, max(limits.memory_megabytes, _MEMORY), 4 * limits.max_megabytes)
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _LAUNCH, *map(str, bounds), *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
            env=given | {"HOME": str(folder), "TMPDIR": str(folder)}, start_new_session=True,
        )  # fmt: skip
        with self._lock:
            self._running.add(process)
        try:
            yield process
        finally:
            with self._lock:
                self._running.discard(process)
            kill_group(process)
            process.wait()


def _true_suffix(suffix: str, data: bytes) -> str:
    """Of a file that a program called .doc or .xls, and that is none; empty where that is not known."""
    begin = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if begin.startswith(b"pk\x03\x04"):
        return _DISGUISED[suffix]
    if begin.startswith(b"{\\rtf"):
        return ".rtf"
    if begin.startswith(b"<") and (b"<html" in begin or b"<table" in begin or b"<!doctype html" in begin):
        return ".html"
    is_table = suffix in (".xls", ".et") and b"\t" in data[:2000] and b"\0" not in data[:2000]
    return ".tsv" if is_table else ""


def _program() -> str | None:
    return next((found for program in _PROGRAMS if (found := shutil.which(program))), None)


def _prepare(folder: Path) -> None:
    """A profile in which nothing of a file is run, and nothing that it names is fetched."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (folder / "made").mkdir()
    (user / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")


_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_PROXY = "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SECURITY, "DisableMacrosExecution", "true"), (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"), (_SECURITY, "DisableActiveContent", "true"),
    (_PROXY, "ooInetProxyType", "1"), (_PROXY, "ooInetHTTPProxyName", "127.0.0.1"),
    (_PROXY, "ooInetHTTPProxyPort", "9"), (_PROXY, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_PROXY, "ooInetHTTPSProxyPort", "9"),
)  # fmt: skip
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    + "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    + "</oor:items>\n"
)
_LAUNCH = Path(__file__).with_name("libreoffice_launch.py").read_text("utf-8")
