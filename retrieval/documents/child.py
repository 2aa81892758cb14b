"""The process in which files are read: `python -m retrieval.documents.child MEGABYTES SECONDS`.

Started by `apart.py`. Requests come on the standard input, a line of JSON with the length of the file and then the
file; replies leave on the standard output, a line of JSON each. It ends when nothing was asked for a while, and with
the process that started it.
"""

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

from retrieval.documents import parse
from retrieval.documents.packed import pack, to_bytes
from retrieval.errors import DocumentError

_IDLE_SECONDS = 20
"""Its readers take 100 MB, and the next file comes at once or in hours."""


def main() -> None:
    megabytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    _limit_memory(megabytes)
    while select.select([requests], [], [], _IDLE_SECONDS)[0] and (line := requests.readline()):
        asked = json.loads(line)
        data = requests.read(asked["bytes"])
        _limit_time(seconds)
        replies.write(to_bytes(_read(Path(asked["path"]), data)))
        replies.flush()


def _read(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return {"document": pack(parse(path, data))}
    except DocumentError as error:
        return {"reason": error.reason, "kind": error.kind}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # noqa: BLE001 - a fault of the reader, or of the library that it stands on
        return {"reason": f"made its reader fail ({type(error).__name__}: {error})"[:300], "kind": "broken"}


def _limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (min(wanted, most) if most >= 0 else wanted,) * 2)


def _limit_time(seconds: float) -> None:
    """So much of the processor for the next file: the process is ended by the system when it takes more."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 1, most))


if __name__ == "__main__":
    main()
