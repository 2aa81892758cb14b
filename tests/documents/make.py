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


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def relations(*parts: tuple[str, str]) -> str:
    """Relationships rId1, rId2, … of (kind, target)."""
    lines = (
        f'<Relationship Id="rId{i}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def shape(text: str, kind: str = "") -> str:
    """A shape of a slide; each line of the text is a paragraph."""
    place = f'<p:ph type="{kind}"/>' if kind else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def pptx(
    *slides: str, notes: Mapping[int, str] | None = None, hidden: Sequence[int] = (), title: str = "",
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:  # fmt: skip
    """A presentation of slides with these shapes; notes and hidden ones by number, which count from 1."""
    names = f'xmlns:a="{_DRAWING}" xmlns:p="{_SLIDES}" xmlns:r="{_RELATIONS}"'
    ids = "".join(f'<p:sldId id="{256 + i}" r:id="rId{i}"/>' for i in range(1, len(slides) + 1))
    members: dict[str, str | bytes] = {
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "docProps/core.xml": f'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c>',
        "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *(("slide", f"slides/slide{i}.xml") for i in range(1, len(slides) + 1))
        ),
    }
    for i, shapes in enumerate(slides, 1):
        show = ' show="0"' if i in hidden else ""
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        members[f"ppt/slides/slide{i}.xml"] = f"<p:sld {names}{show}>{tree}</p:sld>"
        if notes and i in notes:
            members[f"ppt/slides/_rels/slide{i}.xml.rels"] = relations(("notesSlide", f"../notesSlides/notes{i}.xml"))
            tree = f"<p:cSld><p:spTree>{shape('7', 'sldNum')}{shape(notes[i], 'body')}</p:spTree></p:cSld>"
            members[f"ppt/notesSlides/notes{i}.xml"] = f"<p:notes {names}>{tree}</p:notes>"
    return archive(members | dict(others or {}))


def odt(body: str, styles: str = "", manifest: str = "", edges: str = "", title: str = "") -> bytes:
    """An OpenDocument text of this body, these automatic styles, and these headers and footers."""
    kinds = ("office", "table", "text", "style", "drawing", "meta")
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in kinds)
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"<office:body><office:text>{body}</office:text></office:body>"
    pages = f"<style:master-page>{edges}</style:master-page>"
    told = f'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{title}</dc:title>'
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
        "content.xml": f"<office:document-content {names}>{automatic}{content}</office:document-content>",
        "styles.xml": f"<office:document-styles {names}><office:master-styles>{pages}</office:master-styles>"
        "</office:document-styles>",
        "meta.xml": f"<office:document-meta {names}><office:meta>{told}</office:meta></office:document-meta>",
    })  # fmt: skip


def epub(
    *chapters: str, title: str = "书", spine: Sequence[int] | None = None, others: Mapping[str, str] | None = None
) -> bytes:
    """A book of these chapters, in the order of `spine` (all, as they are given), which counts from 0."""
    items = "".join(
        f'<item id="c{i}" href="text/{i}.xhtml" media-type="application/xhtml+xml"/>' for i in range(len(chapters))
    )
    order = "".join(f'<itemref idref="c{i}"/>' for i in (range(len(chapters)) if spine is None else spine))
    package = f"""<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
        <dc:title>{title}</dc:title><dc:date>2025-07-03</dc:date></metadata>
        <manifest>{items}<item id="n" href="nav.xhtml" properties="nav"/></manifest>
        <spine><itemref idref="n"/>{order}</spine></package>"""
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    head = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>{title}</title></head>"
    page = head + "<body>{body}</body></html>"
    return archive(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package}
        | {f"OEBPS/text/{i}.xhtml": page.format(title=title, body=body) for i, body in enumerate(chapters)}
        | {"OEBPS/nav.xhtml": page.format(title=title, body="<nav>目录目录</nav>")}
        | dict(others or {})
    )
