"""Programs that tests start again and again, each time forked from a process that has imported all of it: to import
the bot or the server takes longer than what most tests have it do. `wenju bot` and `wenju serve` themselves are
started as people start them.

`python -m tests.support.forked PROGRAM` is that process; it ends with whoever started it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.support.running import ROOT, this_tree
from tests.support.warm import warm

PROGRAMS = {"tests.telegram.paper", "tests.web.paper"} if sys.platform == "linux" else set()
"""Modules with a `main`. Elsewhere libraries do not bear to be forked."""


@dataclass
class Forked:
    """What tests do with a `subprocess.Popen`."""

    program: str
    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        if self.code is None:
            self.code = _ask(self.program, self.pid)
        return self.code

    def wait(self, timeout: float) -> int:
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(self.program, timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = subprocess.Popen[bytes] | Forked


def started(command: Sequence[str], environment: dict[str, str], log: Path) -> Process:
    """A process of `python *command` with nothing but this environment; what it writes is added to the log."""
    option, program, *arguments = command
    if option == "-m" and program in PROGRAMS:
        log.touch()
        return Forked(program, _ask(program, [arguments, environment, str(log)]))
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL
        )


@cache
def _warm(program: str) -> subprocess.Popen[str]:
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # of what is forked no other would be there
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked", program], cwd=ROOT,
        env=this_tree(PYTHONUNBUFFERED="1", **one_thread), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def _ask(program: str, what: object) -> Any:
    """The number of a process that is to be started, or the exit code of one of that number, None while it runs."""
    process = _warm(program)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


# -- what that process does ----------------------------------------------------------------------------------------


def main() -> None:
    program = import_module(sys.argv[1])
    warm()
    for line in sys.stdin:
        what = json.loads(line)
        if isinstance(what, int):
            ended, status = os.waitpid(what, os.WNOHANG)
            told = os.waitstatus_to_exitcode(status) if ended else None
        elif not (told := os.fork()):
            _become(*what)
            program.main()
            return
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()


def _become(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """As a process is that was started with them."""
    sys.argv[1:] = arguments
    os.environ.clear()
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream, taken in enumerate((os.open(os.devnull, os.O_RDONLY), out, out)):
        os.dup2(taken, stream)


if __name__ == "__main__":
    main()
