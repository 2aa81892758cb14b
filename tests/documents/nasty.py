"""Nasty files, made and not stored: what is broken, lies about itself, or is small and wants gigabytes. The same ones
in each run. `FAMILIES` names them by kind; each maker yields (file name, content)."""

import codecs
import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.left_out import recognises
from tests.documents import make, make_xls
from tests.documents.broken import MEGABYTE, OLE, SENTENCE, File, deflated
from tests.documents.nasty_held import held, pictures
from tests.documents.nasty_office import cells, documents, others, workbooks

_SUFFIXES = (
    ".txt", ".md", ".html", ".pdf", ".docx", ".xlsx", ".ods", ".csv",
    ".pptx", ".odt", ".epub", ".rtf", ".eml", ".jsonl", ".xls", ".doc",
)  # fmt: skip
_MAGIC = {
    "pdf": make.pdf([["A page."]]), "zip": b"PK\x03\x04" + bytes(60), "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "gzip": b"\x1f\x8b\x08" + bytes(200),
    "ole": OLE, "html": b"<html><body><p>A page.</p></body></html>",
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


FAMILIES: dict[str, Callable[[], Iterator[File]]] = {
    family.__name__: family
    for family in (mislabelled, nearly_empty, texts, markdowns, pages, pdfs, documents, workbooks, cells, others)
}
if recognises():
    FAMILIES["pictures"] = pictures
ON_THE_DISK = {**FAMILIES, "held": held}
"""With those that no reader reads: what they hold is read."""


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
        (
            "sound.ods",
            make.ods(
                "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
                "</table:table-row></table:table>"
            ),
        ),
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


if __name__ == "__main__":  # in a process of its own, for making them takes memory
    for family, files in ON_THE_DISK.items():
        folder = Path(sys.argv[1]) / family
        folder.mkdir(parents=True)
        for name, content in files():
            (folder / name).write_bytes(content)
