"""Nasty files, made and not stored: what is broken, lies about itself, or is small and wants gigabytes. The same ones
in each run. `FAMILIES` names them by kind; each maker yields (file name, content)."""

import codecs
import io
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.documents import make, make_xls

File = tuple[str, bytes]
MEGABYTE = 2**20
SENTENCE = "左云县配备专职网格员51名，兼职网格员7名。"
_SUFFIXES = (
    ".txt", ".md", ".html", ".pdf", ".docx", ".xlsx", ".ods", ".csv",
    ".pptx", ".odt", ".epub", ".rtf", ".eml", ".jsonl", ".xls", ".doc",
)  # fmt: skip
_MAGIC = {
    "pdf": make.pdf([["A page."]]), "zip": b"PK\x03\x04" + bytes(60), "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "gzip": b"\x1f\x8b\x08" + bytes(200),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "html": b"<html><body><p>A page.</p></body></html>",
    "exe": b"MZ\x90\x00" + bytes(range(256)), "text": SENTENCE.encode() * 20,
}  # fmt: skip


def mislabelled() -> Iterator[File]:
    for kind, content in _MAGIC.items():
        for suffix in _SUFFIXES:
            yield f"{kind}-as{suffix}", content


def nearly_empty() -> Iterator[File]:
    contents = {
        "spaces": b" \n\t " * 1000,
        "bom": codecs.BOM_UTF8,
        "nul": b"\0",
        "one": b"<",
        "marks": "。！\n".encode(),
    }
    for kind, content in contents.items():
        for suffix in _SUFFIXES:
            yield f"{kind}{suffix}", content


def texts() -> Iterator[File]:
    size = 2 * MEGABYTE
    yield "one line.txt", b"a" * size
    yield "one line of words.txt", b"word " * (size // 5)
    yield "no full stop.txt", "网格员和村民".encode() * (size // 18)
    yield "full stops.txt", "。".encode() * (size // 3) + b"x"
    yield "a sentence each.txt", "县。".encode() * (size // 6)
    yield "a line each.txt", b"a\n" * size
    yield "marks.txt", ("e" + "\u0301" * size).encode()
    yield (
        "many marks.txt",
        "".join(f"a{chr(0x300 + i % 112)}{chr(0x300 + i // 112 % 112)}" for i in range(200_000)).encode(),
    )
    yield "expanding.txt", "\ufdfa".encode() * (size // 3)
    yield "bidi.txt", ("\u202e" + SENTENCE + "\u2066").encode() * 5000
    yield "nuls.txt", (SENTENCE + "\0").encode() * 5000
    yield "controls.txt", b"a\x1b[2J\x07" * 5000
    yield "halves.txt", SENTENCE.encode() * 3 + b"\xed\xa0\x80\xed\xb0\x80"
    yield "utf-16.txt", codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le")
    yield "utf-16 halves.txt", codecs.BOM_UTF16_LE + b"\x00\xd8" * 100
    yield "utf-16 odd.txt", codecs.BOM_UTF16_LE + SENTENCE.encode("utf-16-le") + b"x"
    yield "utf-16 without mark.txt", SENTENCE.encode("utf-16-le")
    yield "utf-32.txt", codecs.BOM_UTF32_LE + SENTENCE.encode("utf-32-le")
    yield "planes.txt", "".join(chr(point) for point in range(0x10000, 0x20000, 3)).encode()
    yield "brackets.txt", b"(" * size
    yield "date with spaces.txt", ("(" + " " * size + "x").encode()
    yield "dates with spaces.txt", (("(" + " " * 2000 + "x\n") * 500).encode()
    yield "bullet with spaces.txt", ("□" + " " * size + "x").encode()
    yield "captions.txt", ("(" * (size // 2) + "图" * 1000).encode()
    yield "quotes.txt", ("”“" * 300 + "\n").encode() * 500
    line = "·" + "云溪县和青禾县的村民" * 5 + "\n"
    yield "pieces.txt", ("本报记者 张三\n" + line + "本报记者 李四\n" + line * 8000).encode()
    yield "headings.txt", ("标题\n" + SENTENCE + "\n").encode() * 5000
    yield "bylines.txt", ("标题标题标题标题\n本报记者 张三\n" + SENTENCE * 2 + "\n").encode() * 5000
    yield "spaces between.txt", ("a" + " " * 3000 + "b.\n").encode() * 500
    yield "numbers.txt", b"1234567890" * (size // 10)
    yield "numbers of Chinese.txt", "一二三亿万".encode() * (size // 15)
    yield "zero width.txt", ("网\u200b" * 100_000).encode()
    yield "return characters.txt", b"\r" * size + b"a"
    yield "line separators.txt", "a\u2028\u2029\x85".encode() * 100_000


def markdowns() -> Iterator[File]:
    size = MEGABYTE
    repeated = {
        "brackets": "[", "images": "![", "closed brackets": "]", "links": "[a](", "emphasis": "**a", "stars": "*a_ ",
        "ticks": "`a", "more ticks": "`` a ", "quotes": "> ", "lists": "- ", "comments": "<!--", "tags": "<a ",
        "autolinks": "<http:", "entities": "&#", "escapes": "\\", "tables": "|", "rows": "|a|\n", "strikes": "~~a",
        "references": "[a]: b\n", "used references": "[a]", "hashes": "#", "rules": "---\n", "fences": "```\n",
        "html": "<div>\n", "processing": "<?", "data": "<![CDATA[", "unclosed script": "<script>",
        "parentheses": "[a]((",
    }  # fmt: skip
    for name, piece in repeated.items():
        yield f"{name}.md", (piece * (size // 8 // len(piece)) + "\n\n" + SENTENCE).encode()
    yield "code over lines.md", ("`a\nb` " * 100_000).encode()
    yield "comments in a block.md", ("<div>\n" + "<!-- a " * 100_000).encode()
    yield "deep list.md", "".join("  " * i + "- a\n" for i in range(800)).encode()
    yield "wide table.md", ("|a" * 5000 + "|\n" + "|-" * 5000 + "|\n" + "|\n" * 5000).encode()
    yield "deep quotes.md", ("> " * 5000 + "a\n").encode() * 5
    fronts = {
        "aliases": "a: &a [x]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
        ),
        "merges": "a: &a {x: 1}\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} {{<<: [{','.join([f'*{chr(97 + i)}'] * 9)}]}}\n" for i in range(9)
        ),
        "deep": "a: " + "[" * 20_000, "python": "a: !!python/object/apply:os.system [id]",
        "timestamp": "date: !!timestamp x",
        "integer": "title: " + "9" * 20_000, "float": 'title: !!float ""', "boolean": "title: !!bool x",
        "date": "date: 2025-99-99", "key": "? [a]\n: b", "halves": 'title: "\\uD83C"\nurl: "https://a/\\uD83C"',
        "large": "a: b\n" * 100_000, "colons": "title: " + ": " * 50_000, "long": "title: " + "网" * 100_000,
    }  # fmt: skip
    for name, front in fronts.items():
        yield f"front matter {name}.md", f"---\n{front}\n---\n{SENTENCE}\n".encode()


def pages() -> Iterator[File]:
    def page(body: str) -> bytes:
        head = f"<html><head><title>t</title></head><body><article><p>{SENTENCE}</p>"
        return f"{head}{body}</article></body></html>".encode()

    yield "deep divisions.html", page("<div>" * 100_000)
    yield "deep paragraphs.html", page("<b>" * 20_000 + "a")
    yield "deep tables.html", page("<table><tr><td>" * 5000)
    yield "deep lists.html", page("<ul><li>" * 10_000)
    yield "attributes.html", page("<p " + " ".join(f"a{i}=b" for i in range(100_000)) + ">a</p>")
    yield "long attribute.html", page(f"<p a='{'x' * MEGABYTE}'>a</p>")
    yield "empty tags.html", page("<p></p>" * 100_000)
    yield "breaks.html", page("<p>" + "a<br>" * 50_000 + "</p>")
    yield "spans.html", page("<p>" + "<span>a</span>" * 30_000 + "</p>")
    yield "links.html", page("<a href='https://example.org/'>a</a>" * 20_000)
    yield "cells.html", page("<table><tr>" + "<td>a</td>" * 20_000 + "</tr></table>")
    yield "span of cells.html", page("<table><tr><td colspan=1000000 rowspan=1000000>a</td></tr></table>")
    yield "paragraphs.html", page(f"<p>{SENTENCE}</p>" * 5000)
    yield "one word.html", page("<p>" + "a" * MEGABYTE + "</p>")
    yield "comments.html", page("<!--" * 100_000)
    yield "entities.html", page("&#x4e00;" * 50_000 + "&amp" * 50_000 + "&#xD800;&#0;&#x110000;")
    laughs = "".join(f"<!ENTITY l{i} '{f'&l{i - 1};' * 10}'>" for i in range(1, 10))
    for name in ("laughs.html", "laughs as text.txt", "laughs.md"):
        yield (
            name,
            f"<?xml version='1.0'?><!DOCTYPE html [<!ENTITY l0 'lol'>{laughs}]>{page('&l9;').decode()}".encode(),
        )
    yield "external entity.html", b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + page("<p>&x;</p>")
    yield "charset.html", b"<meta charset=utf-16>" + page("")
    yield "meta.html", b"<meta " * 100_000
    yield "declared.html", b"<meta charset=undefined>" + page("")
    yield "script.html", page("<script>" + "a" * MEGABYTE)
    yield "json.html", page('<script type="application/ld+json">' + '{"a":' * 50_000 + "</script>")
    yield "dates.html", page("<time datetime='2025-01-01'>a</time>" * 5000)
    yield "nul.html", page("a\0b" * 1000)
    yield "frames.html", b"<frameset>" * 20_000
    yield "forms.html", page("<form>" * 20_000)
    yield "svg.html", page("<svg><math><mi>" * 5000)
    yield "unquoted.html", b"<p a=" * 100_000
    yield "base.html", page("<base href='file:///etc/'><img src=passwd><iframe src=passwd></iframe>")


def pdfs() -> Iterator[File]:
    whole = make.pdf([["The first page."], ["The second page."]], title="Report")
    for cut in range(0, len(whole), len(whole) // 20):
        yield f"cut at {cut}.pdf", whole[:cut] or b"%"
    yield "password.pdf", make.pdf([["Secret."]], password="secret")
    yield "empty password.pdf", make.pdf([["Not secret."]], password="")
    catalog, page = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
    )
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"

    def file(*objects: bytes) -> bytes:
        return make.pdf_of(objects, b"/Root 1 0 R")

    def stream(data: bytes, filters: bytes = b"/FlateDecode", extra: bytes = b"") -> bytes:
        return b"<< /Length %d /Filter %b %b >>\nstream\n%b\nendstream" % (len(data), filters, extra, data)

    yield "stream of a gigabyte.pdf", file(catalog, tree, page, stream(deflated(b"BT (a) Tj ET\n" * 85_000, 1400)))
    twice = zlib.compress(deflated(b" " * MEGABYTE, 2000), 9)
    yield "stream in a stream.pdf", file(catalog, tree, page, stream(twice, b"[/FlateDecode /FlateDecode]"))
    yield "many filters.pdf", file(catalog, tree, page, stream(b"00", b"[" + b"/ASCIIHexDecode " * 5000 + b"]"))
    yield "page is its tree.pdf", file(catalog, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")
    yield (
        "pages in a ring.pdf",
        file(catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>", b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"),
    )
    yield (
        "hundred thousand pages.pdf",
        file(catalog, b"<< /Type /Pages /Kids [%b] /Count 100000 >>" % (b"3 0 R " * 100_000), page, stream(b"")),
    )
    yield (
        "pages by word alone.pdf",
        file(catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", page, stream(b"")),
    )
    yield "negative pages.pdf", file(catalog, b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>", page, stream(b""))
    yield "deep arrays.pdf", file(catalog, tree, b"<< /Type /Page /X " + b"[" * 100_000 + b"]" * 100_000 + b" >>")
    yield "deep dictionaries.pdf", file(catalog, tree, b"<< /A " * 50_000 + b">>" * 50_000)
    yield "object is itself.pdf", file(b"1 0 R", b"3 0 R", b"2 0 R")
    yield "length is itself.pdf", file(catalog, tree, page, b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream")
    yield "long length.pdf", file(catalog, tree, page, b"<< /Length 99999999999 >>\nstream\nBT ET\nendstream")
    forms = b"<< /XObject << /X 5 0 R >> >>"
    yield "form is itself.pdf", file(
        catalog, tree,
        page.replace(b">>", b"/Resources " + forms + b" >>"),
        stream(zlib.compress(b"/X Do")),
        stream(zlib.compress(b"/X Do /X Do"), extra=b"/Subtype /Form /BBox [0 0 9 9] /Resources " + forms),
    )  # fmt: skip
    yield "deep operators.pdf", file(catalog, tree, page, stream(zlib.compress(b"q " * 500_000 + b"[" * 100_000)))
    table = whole[whole.rindex(b"xref") :]
    at = len(whole) - len(table)
    yield "table before itself.pdf", whole.replace(b"trailer << ", b"trailer << /Prev %d " % at)
    yield (
        "tables in a ring.pdf",
        whole
        + table.replace(b"trailer << ", b"trailer << /Prev %d " % (len(whole))).replace(
            b"startxref\n%d" % at, b"startxref\n%d" % len(whole)
        ),
    )
    yield "table out of the file.pdf", whole.replace(b"startxref\n%d" % at, b"startxref\n999999999")
    yield "table of billions.pdf", whole.replace(b"xref\n0 ", b"xref\n0 999999999")
    yield "twice the head.pdf", whole + whole
    yield "rubbish before.pdf", b"x" * 2000 + whole
    box = b"/MediaBox [-1e38 -1e38 1e38 1e38]"
    yield "large page.pdf", file(catalog, tree, page.replace(b"/MediaBox [0 0 9 9]", box), stream(b""))
    action = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (http://127.0.0.1:9/) >> >>"
    yield "opens an address.pdf", file(action, tree, page, stream(b""))


def documents() -> Iterator[File]:
    whole = make.docx(lambda document: document.add_paragraph(SENTENCE))
    body = b"word/document.xml"
    for part in range(0, 20):
        yield f"cut at {part} of 20.docx", whole[: len(whole) * part // 20] or b"P"
    for missing in (
        "word/document.xml",
        "[Content_Types].xml",
        "_rels/.rels",
        "word/styles.xml",
        "word/_rels/document.xml.rels",
    ):
        yield f"without {missing.replace('/', ' ')}.docx", archive(whole, {missing: None})
    for name in (
        "../../../outside.xml",
        "/etc/passwd.xml",
        "..\\outside.xml",
        "C:\\outside.xml",
        "word/",
        "a\0b.xml",
        "x" * 60_000,
    ):
        yield f"member {name[:9].replace('/', ' ')!a}.docx".replace("\\", "_"), archive(whole, {name: b"<a/>"})
    yield "comment.docx", commented(whole, b"PK\x05\x06" * 5000)
    yield "rubbish before.docx", b"x" * 5000 + whole
    yield "twice.docx", whole + whole
    yield "many members.docx", archive(whole, {f"word/m{i}.xml": b"" for i in range(12_000)})
    yield "nested.docx", archive(whole, {"word/embeddings/inner.docx": whole, "word/inner.zip": whole})
    yield "bomb.docx", lying(whole, body, 210 * MEGABYTE, says=210 * MEGABYTE)
    yield "spaces.docx", changed(whole, b"<w:body>", b"<w:body>" + b" " * (60 * MEGABYTE))
    yield "tags.docx", changed(whole, b"<w:body>", b"<w:body>" + b"<w:p/>" * (3 * MEGABYTE))
    yield (
        "attributes.docx",
        changed(whole, b"<w:body>", b"<w:body " + b" ".join(b'a%d=""' % i for i in range(50_000)) + b">"),
    )
    yield "says less.docx", lying(whole, body, 300 * MEGABYTE)
    yield "other method.docx", archive(whole, {"word/document.xml": bytes(60 * MEGABYTE)}, zipfile.ZIP_BZIP2)
    yield (
        "encrypted member.docx",
        whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
    )
    laughs = b"".join(b"<!ENTITY l%d '%b'>" % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    declared = b"<!DOCTYPE x [<!ENTITY l0 'lol'>" + laughs + b"]><w:document "
    yield (
        "laughs.docx",
        changed(
            changed(whole, b"<w:document ", declared), b"<w:body>", b"<w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"
        ),
    )
    long = b"<!DOCTYPE x [<!ENTITY l '" + b"a" * 100_000 + b"'>]><w:document "
    yield (
        "quadratic.docx",
        changed(
            changed(whole, b"<w:document ", long),
            b"<w:body>",
            b"<w:body><w:p><w:r><w:t>" + b"&l;" * 20_000 + b"</w:t></w:r></w:p>",
        ),
    )
    yield "external entity.docx", external(whole, "file:///etc/passwd")
    yield "deep.docx", changed(whole, b"<w:body>", b"<w:body>" + b"<w:sdt>" * 100_000)
    tables = b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * 60
    yield "tables in tables.docx", changed(whole, b"<w:body>", b"<w:body>" + tables * 50)
    yield "styles.docx", styled(whole)
    yield "relationships.docx", related(whole, "http://127.0.0.1:9/a", 'TargetMode="External"')
    yield "outside.docx", related(whole, "../../../../etc/passwd", "")
    yield "address as a part.docx", related(whole, "http://127.0.0.1:9/a", "")
    yield "in a ring.docx", related(whole, "document.xml", "")


def workbooks() -> Iterator[File]:
    def fill(sheet: Any) -> None:
        sheet.append(["县名", "网格员"])
        sheet.append(["左云县", 51])

    whole = make.xlsx(fill)
    part = "xl/worksheets/sheet1.xml"

    def with_rows(rows: bytes, behind: bytes = b"") -> bytes:
        """With these rows below its own, and with what follows the rows."""
        end = rows + b"</sheetData>" + behind
        return make.repacked(whole, {part: lambda xml: xml.replace(b"</sheetData>", end)})

    for cut in range(0, 20):
        yield f"cut at {cut} of 20.xlsx", whole[: len(whole) * cut // 20] or b"P"
    members = ("xl/workbook.xml", part, "[Content_Types].xml", "_rels/.rels", "xl/styles.xml", "docProps/core.xml")
    for missing in members:
        yield f"without {missing.replace('/', ' ')}.xlsx", archive(whole, {missing: None})
    yield "empty rows.xlsx", with_rows(b"".join(b'<row r="%d"/>' % i for i in range(3, MEGABYTE)))
    yield (
        "formatted rows.xlsx",
        with_rows(b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in range(3, MEGABYTE))),
    )
    yield "rows without a number.xlsx", with_rows(b"<row/>" * 2 * MEGABYTE)
    yield (
        "a million cells.xlsx",
        with_rows(b"".join(b'<row r="%d">%b</row>' % (i, b"<c><v>1</v></c>" * 60) for i in range(3, 20_000))),
    )
    yield "columns.xlsx", with_rows(b'<row r="3">' + b"<c><v>1</v></c>" * 10_000 + b"</row>")
    yield "last cell.xlsx", with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    yield "beyond the last cell.xlsx", with_rows(b'<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>')
    yield "row of billions.xlsx", with_rows(b'<row r="99999999999"><c><v>1</v></c></row>')
    yield "row by word.xlsx", with_rows(b'<row r="1e308"><c r="A3"><v>1</v></c></row>')
    yield (
        "rows in disorder.xlsx",
        with_rows(b"".join(b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (i, i) for i in range(9000, 2, -1))),
    )
    yield "shared text that is not there.xlsx", with_rows(b'<row r="3"><c r="A3" t="s"><v>99999</v></c></row>')
    yield (
        "numbers.xlsx",
        with_rows(b'<row r="3"><c><v>1e999</v></c><c><v>nan</v></c><c><v>%b</v></c></row>' % (b"9" * 4000)),
    )
    yield (
        "long text.xlsx",
        with_rows(b'<row r="3"><c t="inlineStr"><is><t>' + b"a" * 11 * MEGABYTE + b"</t></is></c></row>"),
    )
    merged = b'<mergeCells count="1">' + b'<mergeCell ref="A1:XFD1048576"/>' * 50_000 + b"</mergeCells>"
    yield "merged over all.xlsx", with_rows(b"", merged)
    rows = b"".join(b'<row r="%d"><c><v>1</v></c><c><v>2</v></c></row>' % i for i in range(3, 3000))
    yield "merged over many.xlsx", with_rows(rows, merged)
    yield (
        "validations.xlsx",
        with_rows(b"", b"<dataValidations><dataValidation type='x' operator='y'/></dataValidations>"),
    )
    yield "formulas.xlsx", make.xlsx(lambda sheet: sheet.append(["=A1", "=SUM(A1:XFD1048576)"]))
    yield (
        "dimension.xlsx",
        make.repacked(whole, {part: lambda xml: xml.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')}),
    )
    yield "date beyond all.xlsx", make.xlsx(_of_late_dates)
    yield "bomb.xlsx", lying(whole, part.encode(), 210 * MEGABYTE, says=210 * MEGABYTE)
    yield "says less.xlsx", lying(whole, part.encode(), 300 * MEGABYTE)
    yield "other method.xlsx", archive(whole, {part: bytes(60 * MEGABYTE)}, zipfile.ZIP_BZIP2)
    yield "many members.xlsx", archive(whole, {f"xl/m{i}.xml": b"" for i in range(12_000)})
    yield (
        "spaces.xlsx",
        make.repacked(whole, {part: lambda xml: xml.replace(b"<sheetData>", b" " * 60 * MEGABYTE + b"<sheetData>")}),
    )
    yield "password.xlsx", _MAGIC["ole"]
    laughs = b"".join(b"<!ENTITY l%d '%b'>" % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    entities = {
        "laughs": b"<!DOCTYPE x [<!ENTITY l0 'lol'>" + laughs + b"]>",
        "external entity": b"<!DOCTYPE x [<!ENTITY l9 SYSTEM 'file:///etc/passwd'>]>",
    }
    shown = b'<row r="3"><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData>'
    for name, declared in entities.items():

        def declaring(xml: bytes, declared: bytes = declared) -> bytes:
            return xml.replace(b"<worksheet", declared + b"<worksheet").replace(b"</sheetData>", shown)

        yield f"{name}.xlsx", make.repacked(whole, {part: declaring})
    yield "deep.xlsx", with_rows(b"<row><c>" + b"<is>" * 100_000)
    yield "link to itself.xlsx", _linked_to_itself(whole)
    yield "many sheets.xlsx", make.xlsx(*[lambda sheet: sheet.append(["a"])] * 300)
    yield "formats.xlsx", make.xlsx(_of_strange_formats)


def _linked_to_itself(whole: bytes) -> bytes:
    """With the workbook as another one that its formulas refer to."""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = b'<Relationship Id="rId99" Type="%b/externalLink" Target="workbook.xml"/></Relationships>' % office
    one = b'<externalReference xmlns:r="%b" r:id="rId99"/>' % office
    changes: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", link),
        "xl/workbook.xml": lambda xml: xml.replace(
            b"</sheets>", b"</sheets><externalReferences>%b</externalReferences>" % one
        ),
    }
    return make.repacked(whole, changes)


def _of_late_dates(sheet: Any) -> None:
    for value in (-1, 1e7, 1e300, 0.5):
        sheet.append([value, value])
        sheet.cell(sheet.max_row, 1).number_format = "yyyy-mm-dd"
        sheet.cell(sheet.max_row, 2).number_format = "[h]:mm"


def _of_strange_formats(sheet: Any) -> None:
    codes = (
        "0" * 30_000,
        "[" * 30_000,
        '"' * 30_001,
        ";" * 30_000,
        "0," * 10_000,
        "%" * 30_000,
        "\\",
        "_",
        "*",
        "0." + "?" * 20_000,
    )
    for row, code in enumerate(codes, 1):
        for column in (1, 2):
            sheet.cell(row, column, 51.5 * 10 ** (9 * column)).number_format = code


def cells() -> Iterator[File]:
    size = 2 * MEGABYTE
    repeated = {
        "commas": ",", "semicolons": ";", "tabs": "\t", "quotation marks": '"', "quoted": '"a",', "two quotes": '""',
        "quotes and ends": '"\n', "cells": "a,", "rows of two": "a,b\n", "rows of one": "a\n", "rows of none": ",\n",
        "units": "单位：万元,\n", "notes": "注：\n", "figures": "1,2,3,4,5,6,7,8\n", "as text": '="a",',
    }  # fmt: skip
    for name, piece in repeated.items():
        yield f"{name}.csv", (piece * (size // 4 // len(piece)) + "\n" + SENTENCE).encode()
    yield "one cell.csv", SENTENCE.encode() * 20_000
    yield "quotation mark without end.csv", b'a,b\n"' + b"c,d\n" * (size // 4)
    yield "steps.csv", "".join("," * i + "a\n" for i in range(1500)).encode()
    yield "separator is a quotation mark.csv", b'sep="\na"b"c\n'
    yield "separator is a character.csv", "sep=县\n左云县有县\n".encode()
    yield "separator is a space.csv", b"sep= \na b\n"


def others() -> Iterator[File]:
    """Presentations, OpenDocument texts, books, letters, RTF, JSON Lines and workbooks of Excel 97."""
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    sound = {
        ".pptx": (make.pptx(make.shape(SENTENCE)), "ppt/slides/slide1.xml", b"<p:sld ", b"<a:t>"),
        ".odt": (make.odt(f"<text:p>{SENTENCE}</text:p>"), "content.xml", b"<office:document-content ", b"<text:p>"),
        ".epub": (make.epub(f"<p>{SENTENCE}</p>"), "OEBPS/text/0.xhtml", b"<html ", b"<p>"),
    }
    for suffix, (whole, member, root, inner) in sound.items():

        def laughing(xml: bytes, root: bytes = root, inner: bytes = inner) -> bytes:
            return xml.replace(root, laughs + b"]>" + root, 1).replace(inner, inner + b"&j;", 1)

        def deepened(xml: bytes, inner: bytes = inner) -> bytes:
            return xml.replace(inner, inner + b"<b>" * 50_000, 1)

        yield f"laughs{suffix}", make.repacked(whole, {member: laughing})
        yield f"bomb{suffix}", make.archive({member: bytes(210 * MEGABYTE)})
        yield f"cut short{suffix}", whole[: len(whole) // 2]
        yield f"deep{suffix}", make.repacked(whole, {member: deepened})
        yield f"password{suffix}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield "groups.pptx", make.pptx("<p:grpSp>" * 200 + make.shape(SENTENCE) + "</p:grpSp>" * 200)
    wide = '<a:tc gridSpan="1000000"><a:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc>'
    rows = f"<a:tr>{wide * 100}</a:tr>" * 100
    yield (
        "wide table.pptx",
        make.pptx(f"{make.shape(SENTENCE)}<p:graphicFrame><a:tbl>{rows}</a:tbl></p:graphicFrame>"),
    )
    lists = "<text:list><text:list-item>" * 100
    yield "lists.odt", make.odt(f"{lists}<text:p>{SENTENCE}</text:p>{'</text:list-item></text:list>' * 100}")
    cell = '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
    yield (
        "cells.odt",
        make.odt(f"<table:table>{f'<table:table-row>{cell * 100}</table:table-row>' * 200}</table:table>"),
    )
    yield "spine.epub", make.epub(*[f"<p>{SENTENCE}</p>"] * 2, spine=[0, 1] * 5_000)
    yield "outside.epub", make.epub("x", others={"OEBPS/book.opf": _SPINE_OUTSIDE})
    yield "groups.rtf", b"{\\rtf1\\ansicpg936 " + b"{" * 50_000 + SENTENCE.encode("gb18030")
    yield "braces.rtf", b"{\\rtf1\\ansicpg936 " + b"{}" * 50_000 + SENTENCE.encode("gb18030")
    yield "cells.rtf", b"{\\rtf1 a\\par\\trowd\\intbl" + b"\\cell" * 500_000 + b"\\row}"
    yield (
        "merged.rtf",
        b"{\\rtf1 a\\par\\trowd" + b"\\clmrg\\cellx1" * 100_000 + b"\\intbl" + b"\\cell" * 100_000 + b"\\row}",
    )
    yield "binary.rtf", b"{\\rtf1 a\\bin-5 b\\bin99999999999 c\\par}"
    yield "skipped.rtf", b"{\\rtf1\\uc99999999 \\u20013" + b"x" * MEGABYTE + b"}"
    yield "parts.eml", b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\na\n" * 100_000
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(2000))
    yield "deep.eml", b"Subject: x\n" + deep
    yield "header.eml", b"Subject: " + b"=?utf-8?Q?=41?= " * 100_000 + b"\n\na"
    yield "tags.eml", b"Subject: x\nContent-Type: text/html\n\n" + b"<b>" * 300_000 + b"a"
    yield "deep.jsonl", b"[" * MEGABYTE
    yield "wide.jsonl", b"{" + b",".join(b'"k%d":1' % i for i in range(200_000)) + b"}"
    yield "many.jsonl", b'{"a":1}\n' * 300_000
    yield "number.jsonl", b'{"a":' + b"1" * 5000 + b"}"
    yield "password.xls", make_xls.xls(make_xls.Sheet("a", [["b"]]), has_password=True)
    yield (
        "merged over all.xls",
        make_xls.xls(make_xls.Sheet("a", [["b"] * 200 for _ in range(5)], merged=[(0, 65535, 0, 255)] * 500)),
    )
    yield "last cell.xls", make_xls.compound(make_xls.stream_of_far_cells())


_SPINE_OUTSIDE = (
    '<package><manifest><item id="a" href="../../../etc/passwd"/></manifest>'
    '<spine><itemref idref="a"/></spine></package>'
)


FAMILIES: dict[str, Callable[[], Iterator[File]]] = {
    one.__name__: one
    for one in (mislabelled, nearly_empty, texts, markdowns, pages, pdfs, documents, workbooks, cells, others)
}


def seeds() -> list[File]:
    """Sound files, one of each type, and small nasty ones: what mutations begin with."""
    sound: list[File] = [
        ("sound.txt", (f"标题\n本报记者 张三\n{SENTENCE}\n\n" * 3).encode()),
        (
            "sound.md",
            f"---\ntitle: a\ndate: 2025-07-03\n---\n# 标题\n\n{SENTENCE}\n\n- *a*\n\n|a|b|\n|-|-|\n|c|d|\n".encode(),
        ),
        ("sound.html", next(iter(pages()))[1][:400].replace(b"<div>", b"") + b"<table><tr><td>a</td></tr></table>"),
        ("sound.pdf", make.pdf([["The first page."], ["The second."]], title="Report")),
        ("sound.docx", make.docx(lambda document: document.add_paragraph(SENTENCE))),
        ("sound.xlsx", make.xlsx(lambda sheet: sheet.append(["左云县", 51, SENTENCE]))),
        ("sound.pptx", make.pptx(make.shape(SENTENCE), make.shape("a", "title"), notes={1: "b"})),
        (
            "sound.odt",
            make.odt(f"<text:list><text:list-item><text:p>{SENTENCE}</text:p></text:list-item></text:list>"),
        ),
        ("sound.epub", make.epub(f"<h1>a</h1><p>{SENTENCE}</p>")),
        ("sound.rtf", rb"{\rtf1\ansicpg936{\fonttbl{\f0\fcharset134 a;}}\uc1\u20013?\'d6\'d0\par}"),
        ("sound.eml", f"Subject: a\nFrom: b\n\n{SENTENCE}".encode()),
        ("sound.jsonl", '{"问题": "a", "答案": "b"}\n'.encode()),
        ("sound.xls", make_xls.xls(make_xls.Sheet("a", [["b", 1], ["c", 2]]))),
        ("sound.csv", '县名,网格员\n左云县,51\n青禾县,"7"\n'.encode()),
    ]
    return sound + [
        file for name in ("markdowns", "pages", "pdfs", "cells") for file in FAMILIES[name]() if len(file[1]) < 3000
    ]


def mutated(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The content after a few flips, cuts, splices and repetitions."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        match chance.randrange(7):
            case 0 if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[chance.randrange(len(data))] = chance.choice(b"\x00\xff\x7f<>[](){}&#%/ \n09")
            case 2:
                del data[at : min(end, at + 200)]
            case 3:
                data = data[:at] if chance.random() < 0.3 else data
            case 4:
                data[at:at] = data[at : min(end, at + 64)] * chance.choice((2, 10, 300))
            case 5:
                begin = chance.randrange(len(other) + 1)
                data[at:at] = other[begin : begin + chance.randrange(500)]
            case _:
                data[at : at + 4] = struct.pack("<I", chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)))
        del data[200_000:]
    return bytes(data) or b"x"


def deflated(block: bytes, times: int, *, raw: bool = False) -> bytes:
    """The block so many times over, deflated once: behind a full flush nothing refers back."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = squeeze.compress(block) + squeeze.flush(zlib.Z_FULL_FLUSH)
    body = one * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
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


if __name__ == "__main__":  # in a process of its own, for making them takes memory
    for family, files in FAMILIES.items():
        folder = Path(sys.argv[1]) / family
        folder.mkdir(parents=True)
        for name, content in files():
            (folder / name).write_bytes(content)
