"""The process in which files are read. Started by `isolation/reader_process.py`, which gives it the limits. It
lies above that folder, since it calls the readers.

Requests come on the standard input, a frame each with the path and the file; replies leave on the standard output, a
frame each with what was read or why not. The process itself loads libraries and looks into no file: a fork of it
does, for one file each, so that nothing a file has done there is left for the next. It ends as a fork that was
killed, when nothing was asked for a while, and with the process that started it.
"""

import gc
import os
import signal
from pathlib import Path
from typing import BinaryIO, NamedTuple

from retrieval.documents import SENTENCE_LIMIT, parse, prepare, refuse_pieces
from retrieval.documents.isolation import process_limits
from retrieval.documents.isolation.extras import MEGABYTES, may_recognise
from retrieval.documents.isolation.packed import HEAD, Frame, pack, pack_picture, text_limit
from retrieval.errors import DocumentError

_IDLE_SECONDS = 20
"""Its libraries take 100 MB, and the next file comes at once or in hours."""
_REASON = 300
_SPANS = 5
"""Spans that a paragraph has on average at most; each is a line, or a piece of one."""


class Limits(NamedTuple):
    """The settings `documents`."""

    memory_megabytes: float
    seconds: float
    max_megabytes: float
    ocr_seconds: float


def main(*limits: float) -> None:
    """Serve until nothing more is asked. The limits are those of `Limits`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    requests, replies = os.fdopen(0, "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    process_limits.readable_files()  # once, and not in each fork
    root = str(Path(__file__).parents[2])
    _send(replies, Frame({"root": root}))
    while (asked := _next(requests)) is not None:
        path = Path(asked.value["path"])
        prepare(path.suffix.lower())
        gc.freeze()  # a fork shares what it does not touch
        process_limits.end_with_who_asks(0)
        reader = os.fork()
        if not reader:
            _fork(replies, path, asked, Limits(*limits))
        del asked
        _end_like(os.waitpid(reader, 0)[1])


def _next(requests: BinaryIO) -> Frame | None:
    signal.alarm(_IDLE_SECONDS)  # ends it
    head = requests.read(HEAD.size)
    signal.alarm(0)
    if len(head) < HEAD.size:
        return None
    described, body = HEAD.unpack(head)
    return Frame.of(requests.read(described), requests.read(body))


def _send(replies: BinaryIO, frame: Frame) -> None:
    replies.write(frame.to_bytes())
    replies.flush()


def _fork(replies: BinaryIO, path: Path, asked: Frame, limits: Limits) -> None:
    """Read the file, or draw a page of it, and end."""
    code = 1
    try:
        is_longer = "page" not in asked.value and may_recognise(path)
        more = {"more_megabytes": MEGABYTES, "more_seconds": limits.ocr_seconds} if is_longer else {}
        process_limits.confine(limits.memory_megabytes, limits.seconds, **more)
        reply = _read(path, asked, limits)
        process_limits.await_freely(0)
        _send(replies, reply)
        code = 0
    finally:
        os._exit(code)


def _end_like(status: int) -> None:
    """When the fork was killed, be killed by the same, for that is what is looked at."""
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    if status:
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _read(path: Path, asked: Frame, limits: Limits) -> Frame:
    try:
        if "page" in asked.value:
            from retrieval.documents.pages.pdf_picture import draw_page

            return pack_picture(draw_page(asked.body, asked.value["page"], asked.value["quoted"]))
        document = parse(path, asked.body)
        refuse_pieces(path, len(document.paragraphs))
        refuse_pieces(path, sum(len(paragraph.spans) for paragraph in document.paragraphs), _SPANS * SENTENCE_LIMIT)
        reply = pack(document)
        if len(reply.body) > (most := text_limit(limits.max_megabytes)):
            reason = f"holds {len(reply.body) / 2**20:.1f} MB of text; the limit is {most / 2**20:g}"
            raise DocumentError(path, f"{reason} (twice the setting documents.max_megabytes)", "limits")
    except MemoryError:
        return Frame({"memory": True})
    except DocumentError as error:
        reply = Frame({"reason": error.reason, "kind": error.kind})
    except Exception as error:  # noqa: BLE001 - a fault of the reader, or of the library that it stands on
        reason = f"made its reader fail ({type(error).__name__}: {error})"
        reply = Frame({"reason": reason[:_REASON], "kind": "broken"})
    if reply.value.get("kind") == "broken" and process_limits.memory_is_tight():
        return Frame({"memory": True})
    return reply
