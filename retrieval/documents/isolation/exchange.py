"""One question and its answer over two pipes, with an end: whatever the other side does with them.

Both pipes are served at the same time, for a side that writes while it is written to would wait for ever; and no more
is read than was said, nor more than allowed.
"""

import os
import selectors
import time
from contextlib import suppress

from retrieval.documents.isolation.packed import HEAD, Frame

_AT_ONCE = 1 << 20
DESCRIBED_LIMIT = 64 * 2**20
"""Bytes of the object of a reply: paragraphs by the hundred thousand."""


class LateError(Exception):
    """The time is up."""


class ClosedError(Exception):
    """The other side ended, or closed its pipe."""


class NonsenseError(Exception):
    """What came is no frame, or a larger one than allowed."""


class EarlyError(NonsenseError):
    """Something came before anything was asked; nothing was sent."""


def exchange(into: int, out: int, message: bytes, body_limit: int, seconds: float) -> Frame:
    """The frame that comes back for the message. Both pipes do not block. Raises LateError, ClosedError,
    NonsenseError or EarlyError."""
    if message:
        _refuse_early(out)
    until = time.monotonic() + seconds
    rest, came = memoryview(message), bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        if rest:
            ready.register(into, selectors.EVENT_WRITE)
        while True:
            wanted = _wanted(came, body_limit)
            if len(came) == wanted:
                if rest:
                    raise NonsenseError  # an answer to what was not yet asked
                return _frame(came)
            events = ready.select(max(0.0, until - time.monotonic()))
            if time.monotonic() >= until:
                raise LateError
            for key, _ in events:
                if key.fd == out:
                    _read_on(out, came, wanted)
                else:
                    rest = _write_on(into, rest)
                    if not rest:
                        ready.unregister(into)


def _refuse_early(out: int) -> None:
    """What the reader of one file said behind its answer is not taken for the answer to the next."""
    with suppress(BlockingIOError):
        if os.read(out, 1):
            raise EarlyError


def _wanted(came: bytearray, body_limit: int) -> int:
    """Bytes of the whole frame, as far as is known."""
    if len(came) < HEAD.size:
        return HEAD.size
    described, body = HEAD.unpack_from(came)
    if described > DESCRIBED_LIMIT or body > body_limit:
        raise NonsenseError
    return int(HEAD.size + described + body)


def _frame(came: bytearray) -> Frame:
    described, _ = HEAD.unpack_from(came)
    middle = HEAD.size + described
    try:
        return Frame.of(bytes(came[HEAD.size : middle]), bytes(came[middle:]))
    except ValueError as error:
        raise NonsenseError from error


def _read_on(out: int, came: bytearray, wanted: int) -> None:
    with suppress(BlockingIOError):
        piece = os.read(out, min(_AT_ONCE, wanted - len(came)))
        if not piece:
            raise ClosedError
        came += piece


def _write_on(into: int, rest: memoryview) -> memoryview:
    """What is left to write; nothing when the other side reads no more: what it said before is read all the same."""
    try:
        return rest[os.write(into, rest[:_AT_ONCE]) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]
