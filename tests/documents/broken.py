"""Sound archives and texts made nasty: what they hold is deflated, changed, replaced, or lied about."""

import io
import struct
import zipfile
import zlib

from tests.documents import make

File = tuple[str, bytes]
MEGABYTE = 2**20
SENTENCE = "左云县配备专职网格员51名，兼职网格员7名。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
"""How files of the older Office begin, and newer ones with a password."""


def deflated(block: bytes, times: int, *, raw: bool = False) -> bytes:
    """The block so many times over, deflated once: behind a full flush nothing refers back."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    compressed = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    body = compressed * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return body if raw else b"\x78\x9c" + body


def archive(whole: bytes, changes: dict[str, bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with members added, replaced, or (None) left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w", method, compresslevel=1) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            if data is not None:
                new.writestr(name, data)
    return stream.getvalue()


def changed(whole: bytes, old: bytes, new: bytes) -> bytes:
    """With the body's XML changed."""
    return make.repacked(whole, {"word/document.xml": lambda xml: xml.replace(old, new)})


def commented(whole: bytes, comment: bytes) -> bytes:
    stream = io.BytesIO(whole)
    with zipfile.ZipFile(stream, "a") as opened:
        opened.comment = comment
    return stream.getvalue()


def lying(whole: bytes, member: bytes, size: int, says: int = 100) -> bytes:
    """An archive whose member unpacks to so much and says something else, with the checksum of 100 bytes."""
    large = archive(whole, {member.decode(): None})
    packed = deflated(b" " * MEGABYTE, size // MEGABYTE, raw=True)
    stream = io.BytesIO(large)
    with zipfile.ZipFile(stream, "a") as opened:
        opened.writestr(zipfile.ZipInfo(member.decode()), packed)
    lies = bytearray(stream.getvalue())
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        where = lies.rindex(member) - (30 if signature == b"PK\x03\x04" else 46)
        if signature == b"PK\x03\x04":
            where = lies.index(signature, lies.index(member) - 30)
        struct.pack_into("<H", lies, where + at, zipfile.ZIP_DEFLATED)
        struct.pack_into("<III", lies, where + at + 6, zlib.crc32(b" " * 100), len(packed), says)
    return bytes(lies)


def external(whole: bytes, address: str) -> bytes:
    """With an entity, and a document type, that lie elsewhere."""
    declared = f"<!DOCTYPE x SYSTEM '{address}' [<!ENTITY x SYSTEM '{address}'>]><w:document ".encode()
    shown = b"<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p>"
    return changed(changed(whole, b"<w:document ", declared), b"<w:body>", shown)


def related(whole: bytes, target: str, mode: str) -> bytes:
    """With relationships to elsewhere, of the types that are loaded and of those that are shown."""
    kinds = ("image", "attachedTemplate", "hyperlink", "header", "oleObject", "frame", "subDocument")
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="x{i}" Type="{base}/{kind}" Target="{target}" {mode}/>' for i, kind in enumerate(kinds)
    )

    def add(xml: bytes) -> bytes:
        return xml.replace(b"</Relationships>", more.encode() + b"</Relationships>")

    return make.repacked(whole, {"word/_rels/document.xml.rels": add})


def styled(whole: bytes) -> bytes:
    """With 2,000 styles and 2,000 paragraphs in them."""
    styles = b"".join(
        b'<w:style w:type="paragraph" w:styleId="s%d"><w:name w:val="n"/></w:style>' % i for i in range(2000)
    )
    lines = b"".join(
        b'<w:p><w:pPr><w:pStyle w:val="s%d"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>' % (i % 2000)
        for i in range(20_000)
    )
    return make.repacked(
        whole,
        {
            "word/styles.xml": lambda xml: xml.replace(b"</w:styles>", styles + b"</w:styles>"),
            "word/document.xml": lambda xml: xml.replace(b"<w:body>", b"<w:body>" + lines),
        },
    )
