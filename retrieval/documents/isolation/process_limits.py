"""What the process that reads files may not do: take more memory or time than it is allowed, write, start another
program, use the network, or outlive the process that asks.

Memory and time are kept by the system; so is writing. What Python code does besides is refused by an audit hook,
which cannot be taken off again. That is no sandbox for machine code: a library that a file has taken over may do what
its user may, within these limits.
"""

import fcntl
import math
import os
import resource
import select
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

_OPEN_FILES = 64
_TIGHT = 0.75
_KILL_AFTER = 1
"""Seconds after which a process that lives on beyond its time is killed."""
_STATUS = Path("/proc/self/status")
_REFUSED = (
    "ftplib.", "http.client.", "imaplib.", "os.chflags", "os.chmod", "os.chown", "os.exec", "os.fork",
    "os.kill", "os.link", "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.rmdir", "os.spawn",
    "os.startfile", "os.symlink", "os.system", "os.truncate", "os.utime", "pty.spawn", "shutil.", "smtplib.",
    "socket.", "subprocess.", "urllib.", "webbrowser.",
)  # fmt: skip
"""Beginnings of the names of what is refused (Python's “Audit events table”)."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(megabytes: float, seconds: float, *, more_megabytes: float = 0, more_seconds: float = 0) -> None:
    """Hold this process, from here on, to so much memory and processor time, and to reading what its libraries
    consist of. `extend` gives it what is `more`."""
    _limit(resource.RLIMIT_AS, int(megabytes * 2**20), most=int((megabytes + more_megabytes) * 2**20))
    _limit(resource.RLIMIT_CPU, math.ceil(seconds), most=math.ceil(seconds + more_seconds) + _KILL_AFTER)
    _limit(resource.RLIMIT_FSIZE, 0, most=0)
    _limit(resource.RLIMIT_CORE, 0, most=0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES, most=_OPEN_FILES)
    readable = readable_files()

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            _refuse_to_open(*arguments, readable=readable)
        elif event.startswith(_REFUSED):
            raise PermissionError(f"{event} is refused while a file is read")

    sys.addaudithook(refuse)


def extend() -> None:
    """Take what `confine` keeps for recognising text, which wants more than any reader."""
    for which, rest in ((resource.RLIMIT_AS, 0), (resource.RLIMIT_CPU, _KILL_AFTER)):
        _, most = resource.getrlimit(which)
        resource.setrlimit(which, (most - rest if most > rest else most, most))


def seconds_left() -> float:
    """Processor time until this process is ended."""
    limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return math.inf if limit == resource.RLIM_INFINITY else limit - time.process_time()


def end_with_who_asks(requests: int) -> None:
    """From here on this process and its forks end at once when the other end of the pipe is closed, whatever they are
    busy with: the system sends SIGIO then, also while something else comes. Where SIGIO ends no process (macOS), they
    end after the file."""
    if sys.platform == "linux":
        fcntl.fcntl(requests, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(requests, fcntl.F_SETFL, fcntl.fcntl(requests, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([requests], [], [], 0)[0]:  # closed before the signal was ordered
            os._exit(0)


def await_freely(requests: int) -> None:
    """Take that back: the next request comes as soon as the reply has left."""
    if sys.platform == "linux":
        fcntl.fcntl(requests, fcntl.F_SETFL, fcntl.fcntl(requests, fcntl.F_GETFL) & ~os.O_ASYNC)


def memory_is_tight() -> bool:
    """Whether this process came near its limit: many libraries call it something else when they get no memory."""
    try:
        line = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmPeak:"))
    except OSError:  # no Linux
        return False
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return limit != resource.RLIM_INFINITY and int(line.split()[1]) * 1024 > _TIGHT * limit


def _limit(which: int, wanted: int, *, most: int) -> None:
    """`most` is how far this process may raise it again."""
    _, before = resource.getrlimit(which)
    if before != resource.RLIM_INFINITY:
        wanted, most = min(wanted, before), min(most, before)
    with suppress(OSError, ValueError):  # a system without this limit; the clock holds there as well
        resource.setrlimit(which, (wanted, most))


@cache
def readable_files() -> tuple[str, ...]:
    """Folders, each with its separator, and files that libraries are loaded from while a file is read."""
    folders = {sys.prefix, sys.exec_prefix, sys.base_prefix, *sysconfig.get_paths().values(), "/usr/share/zoneinfo"}
    found = {f"{_absolute(folder)}{os.sep}" for folder in folders}
    modules = {module for folder in sys.path if folder for module in _modules_in(Path(_absolute(folder)))}
    return (*sorted(found | modules), "/etc/localtime", str(_STATUS))


def _modules_in(folder: Path) -> Iterator[str]:
    """All of a folder that libraries are installed in. Of another, such as a working copy of this program, where its
    settings may lie with the token, packages and modules alone."""
    if any(folder.glob("*.dist-info")):
        yield f"{folder}{os.sep}"
    else:
        yield from (f"{module.parent}{os.sep}" for module in folder.glob("*/__init__.py"))
        yield from map(str, folder.glob("*.py"))


def _refuse_to_open(path: object, _mode: object, flags: object, *, readable: tuple[str, ...]) -> None:
    if isinstance(flags, int) and flags & _WRITING:
        raise PermissionError("writing is refused while a file is read")
    if isinstance(path, str | bytes) and not _absolute(os.fsdecode(path)).startswith(readable):
        raise PermissionError("another file is refused while a file is read")


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - takes .. out, and follows no link
