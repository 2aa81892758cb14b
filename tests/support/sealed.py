"""A command in a world of its own whose every packet is seen:
`unshare --net python -m tests.support.sealed REPORT COMMAND…`.

A network of its own has no way out; all addresses lead back to the loopback device, where a raw socket reads what any
library, in whatever language, tries to send: connections, and look-ups of names. REPORT gets a line for each call
of an address that and is not 127.0.0.1 or ::1. Needs Linux, iproute2, and the right to do so.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

_IP = shutil.which("ip") or "/usr/sbin/ip"
_EVERYTHING, _IPV4, _IPV6 = 3, 0x0800, 0x86DD
_KINDS = {6: "tcp", 17: "udp", 1: "icmp", 58: "icmp"}
_SYN, _ACK = 2, 16
_RECEIVED = 0


@cache
def sealing() -> tuple[str, ...] | None:
    """What comes before a command to seal it, None where that is not permitted."""
    for options in (("--net",), ("--map-root-user", "--net")):
        before = ("unshare", *options, "--", sys.executable, "-m", "tests.support.sealed")
        try:
            tried = subprocess.run([*before, os.devnull, "true"], capture_output=True, timeout=60, check=False)
        except OSError:
            return None
        if tried.returncode == 0:
            return before
    return None


def main() -> None:
    report, *command = sys.argv[1:]
    _lead_back()
    seen: list[str] = []
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERYTHING)) as packets:
        packets.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**24)
        packets.bind(("lo", _EVERYTHING))
        watcher = threading.Thread(target=_watch, args=(packets, seen), daemon=True)
        watcher.start()
        code = subprocess.run(command, check=False).returncode
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", _LAST)
        watcher.join(10)
    Path(report).write_text("".join(f"{address}\n" for address in seen), "utf-8")
    sys.exit(code)


_LAST = ("127.0.0.2", 9)
"""A packet to here is the last."""


def _lead_back() -> None:
    calls = ["link set lo up", "route add local 0.0.0.0/0 dev lo"]
    if Path("/proc/net/if_inet6").exists():
        calls.append("-6 route add local ::/0 dev lo")
    for call in calls:
        subprocess.run([_IP, *call.split()], check=True)


def _watch(packets: socket.socket, seen: list[str]) -> None:
    while True:
        data, (_, protocol, direction, *_) = packets.recvfrom(256)
        if direction != _RECEIVED or (found := _destination(protocol, data)) is None:
            continue
        if found == f"udp {_LAST[0]} {_LAST[1]}":
            return
        seen.append(found)


def _destination(protocol: int, data: bytes) -> str | None:
    """Who is called, None for what is among the machine's own or an answer."""
    if protocol == _IPV4:
        kind, start, target = data[9], (data[0] & 15) * 4, socket.inet_ntop(socket.AF_INET, data[16:20])
    elif protocol == _IPV6:
        kind, start, target = data[6], 40, socket.inet_ntop(socket.AF_INET6, data[24:40])
    else:
        return None
    name = _KINDS.get(kind, str(kind))
    if name not in ("tcp", "udp"):  # what the system itself replies
        return None
    port = struct.unpack(">H", data[start + 2 : start + 4])[0]
    if name == "tcp":
        flags = data[start + 13]
        if not flags & _SYN or flags & _ACK:  # not the beginning of a connection
            return None
    return None if target in ("127.0.0.1", "::1") else f"{name} {target} {port}"


if __name__ == "__main__":
    main()
