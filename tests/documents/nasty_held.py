"""Nasty pictures, and nasty files that hold documents: archives and mailboxes."""

import struct
import zipfile
import zlib
from collections.abc import Iterator

from tests.documents import make
from tests.documents.broken import MEGABYTE, SENTENCE, File, archive, deflated, lying


def png(width: int, height: int, *, bits: int = 1, colour: int = 0, before: bytes = b"") -> bytes:
    """A black picture of that size, packed by hand: it would take gigabytes to draw. `colour` 6 has four channels."""
    row = 1 + (width * bits * (4 if colour == 6 else 1) + 7) // 8
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    together = next(rows for rows in (1000, 100, 1) if height % rows == 0 and row * rows <= 8 * MEGABYTE)
    check = struct.pack(">HH", row * height % 65521, 1)  # Adler-32 of zeros
    body = deflated(bytes(row * together), height // together) + check
    return b"\x89PNG\r\n\x1a\n" + head + before + _chunk(b"IDAT", body) + _chunk(b"IEND")


def _chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def pictures() -> Iterator[File]:
    small = png(60, 40)
    yield "a dot.png", png(1, 1)
    yield "100 megapixels.png", png(10_001, 10_000)
    yield "gigapixels.png", png(100_000, 100_000)
    yield "of no width.png", png(0, 10)
    yield "16 bits of four colours.png", png(9_999, 10_000, bits=16, colour=6)
    yield "a thread.png", png(10, 9_000_000)
    text = _chunk(b"zTXt", b"a\0\0" + deflated(b" " * MEGABYTE, 500))
    yield "text of half a gigabyte.png", png(60, 40, before=text)
    yield "chunks.png", png(60, 40, before=_chunk(b"tEXt", b"a\0b") * 100_000)
    for part in range(1, 6):
        yield f"cut at {part} of 6.png", small[: len(small) * part // 6]
    yield (
        "gigapixels.jpg",
        b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 11, 8, 65_500, 65_500, 1) + b"\x01\x11\x00\xff\xd9",
    )
    yield (
        "gigapixels.bmp",
        b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 90_000, -90_000, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield "no frame.webp", b"RIFF" + struct.pack("<I4s4sI", 22, b"WEBP", b"VP8X", 10) + b"\0" * 4 + b"\xff" * 6
    yield "pages in a ring.tif", _tiff(8)
    yield "pages beyond the file.tif", _tiff(4_000_000_000)
    yield "GIF.png", b"GIF89a" + bytes(40)


def _tiff(following: int) -> bytes:
    """A picture of one grey dot, behind which the page at that place follows."""
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 120), (277, 1), (278, 1), (279, 1)]
    shown = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return (b"II*\0" + struct.pack("<IH", 8, len(tags)) + shown + struct.pack("<I", following)).ljust(121, b"\0")


def held() -> Iterator[File]:
    whole = make.archive({"a.txt": SENTENCE, "b/c.md": f"# {SENTENCE}\n"})
    for part in range(1, 10):
        yield f"cut at {part} of 10.zip", whole[: len(whole) * part // 10]
    yield "bomb.zip", lying(whole, b"a.txt", 300 * MEGABYTE, says=300 * MEGABYTE)
    yield "says less.zip", lying(whole, b"a.txt", 300 * MEGABYTE)
    yield "says too much.zip", lying(whole, b"a.txt", 2 * MEGABYTE, says=2**32 - 2)
    yield "in itself.zip", archive(archive(whole, {"d.zip": whole}), {"e.zip": whole, "f.mbox": b"From a\n\nx"})
    yield "many members.zip", make.archive({f"{i}.txt": "x" for i in range(3_000)})
    yield "other method.zip", archive(whole, {"a.txt": bytes(60 * MEGABYTE)}, zipfile.ZIP_BZIP2)
    names = (
        "../a.txt",
        "/etc/passwd.txt",
        "C:\\a.txt",
        "a\0b.txt",
        "x" * 60_000 + ".txt",
        "CON.txt",
        "a\nb.txt",
        "\u202ea.txt",
    )
    yield "names.zip", make.archive(dict.fromkeys(names, SENTENCE))
    with_twice = archive(whole, {"A.TXT": SENTENCE.encode(), "a.txt/b.txt": SENTENCE.encode()})
    yield "twice.zip", with_twice
    yield "comment.zip", whole[:-2] + struct.pack("<H", 60_000) + b"PK\x05\x06" * 15_000
    yield "rubbish before.zip", b"x" * 5000 + whole
    yield "no archive.zip", SENTENCE.encode() * 100
    letter = f"From a@example.org\nSubject: s\nFrom: a\n\n{SENTENCE}\n\n".encode()
    yield "sound.mbox", letter * 3
    yield "many.mbox", b"From a\n\n" * 60_000
    yield "one line.mbox", b"From " + b"a" * 5 * MEGABYTE
    yield "no mailbox.mbox", SENTENCE.encode() * 100
    yield "nuls.mbox", b"From a\n" + bytes(MEGABYTE)
    yield "large letter.mbox", letter + SENTENCE.encode() * 400_000 + b"\n\n" + letter
    yield "no letters.mbox", b"From a\n\nFrom b\n\nFrom c\n\n"
