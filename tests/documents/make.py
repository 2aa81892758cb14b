"""Small files for the tests of the readers, made byte by byte: PDF pages of Latin lines, DOCX and XLSX
archives."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_FILE_ID = bytes(range(16))


def pdf(pages: Sequence[Sequence[str]], *, title: str | None = None, password: str | None = None) -> bytes:
    """A PDF 1.4 with one line of Helvetica for each string, the first page's first line on top. With `password`
    it is encrypted by RC4 with 40 bits (PDF 32000-1, 7.6: V 1, R 2), which asks readers for that password."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode("ascii"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    encryption, cipher = _encryption(password) if password is not None else (b"", None)
    for number, lines in enumerate(pages):
        content_number = 5 + 2 * number
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content_number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode("ascii")
        )
        stream = _content(lines)
        if cipher is not None:
            stream = cipher(content_number, stream)
        objects.append(b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")
    trailer = b"/Root 1 0 R /ID [<%b> <%b>]" % ((_FILE_ID.hex().encode("ascii"),) * 2)
    if encryption:
        objects.append(encryption)
        trailer += b" /Encrypt %d 0 R" % len(objects)
    if title is not None:
        objects.append(b"<< /Title <feff%b> >>" % title.encode("utf-16-be").hex().encode("ascii"))
        trailer += b" /Info %d 0 R" % len(objects)
    return pdf_of(objects, trailer)


def docx(fill: Callable[[Any], None]) -> bytes:
    """The bytes of a python-docx document after `fill` has written into it."""
    import docx as python_docx

    document = python_docx.Document()
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def xlsx(*sheets: Callable[[Any], None]) -> bytes:
    """The bytes of an openpyxl workbook of a sheet for each of the functions, which write into it."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for fill in sheets:
        fill(book.create_sheet())
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(tables: str, styles: str = "", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet of these <table:table> elements."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr(
            "content.xml", f"<office:document-content {names}>{automatic}{body}</office:document-content>"
        )
    return stream.getvalue()


def repacked(archive: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The archive with some of its members changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            change = changes.get(name)
            data = old.read(name)
            new.writestr(name, change(data) if change else data)
    return stream.getvalue()


def _content(lines: Sequence[str]) -> bytes:
    shown = []
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(f"({escaped}) Tj 0 -20 Td")
    return ("BT /F1 12 Tf 60 780 Td " + " ".join(shown) + " ET").encode("cp1252")


def pdf_of(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """A file of these objects, numbered from 1."""
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer << /Size %d %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(data)


def _encryption(password: str) -> tuple[bytes, Callable[[int, bytes], bytes]]:
    """The encryption dictionary, and what encrypts a stream of an object number."""
    padded = (password.encode("ascii") + _PADDING)[:32]
    permissions = -4
    owner = _rc4(_md5(padded)[:5], padded)
    key = _md5(padded + owner + permissions.to_bytes(4, "little", signed=True) + _FILE_ID)[:5]
    user = _rc4(key, _PADDING)

    def encrypt(number: int, data: bytes) -> bytes:
        return _rc4(_md5(key + number.to_bytes(3, "little") + b"\0\0")[:10], data)

    dictionary = f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P {permissions} >>"
    return dictionary.encode("ascii"), encrypt


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
