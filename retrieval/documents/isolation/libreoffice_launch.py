"""Started by `libreoffice.py` as a program: take limits of processor time, memory and the size of files, and the
network where the system gives leave to be without, and become the program that is named behind them."""

import ctypes
import os
import resource
import sys
from contextlib import suppress

_DIES_WITH_PARENT, _NEW_USERS, _NEW_NETWORK = 1, 0x10000000, 0x40000000
"""PR_SET_PDEATHSIG, CLONE_NEWUSER and CLONE_NEWNET of Linux."""


def main(seconds: float, megabytes: float, largest: float, *command: str) -> None:
    limits = {
        "RLIMIT_CPU": seconds,
        "RLIMIT_AS": megabytes * 2**20,
        "RLIMIT_FSIZE": largest * 2**20,
        "RLIMIT_CORE": 0,
    }
    for name, value in limits.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (int(value), int(value)))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _without_network()
    os.execv(command[0], command)


def _without_network() -> None:
    """In a namespace with no network but its own; the user stays who it is."""
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_DIES_WITH_PARENT, 9)
    user, group = os.getuid(), os.getgid()
    if library.unshare(_NEW_USERS | _NEW_NETWORK) == 0:
        for file, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{file}", "w") as told:  # noqa: PTH123 - pathlib takes long to load
                told.write(line)


if __name__ == "__main__":
    processor, memory, size = map(float, sys.argv[1:4])
    main(processor, memory, size, *sys.argv[4:])
