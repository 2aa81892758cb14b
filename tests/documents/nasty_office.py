"""Nasty Word documents and workbooks, sheets of text, and what else offices and mail programs write."""

import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from tests.documents import make, make_xls
from tests.documents.broken import (
    MEGABYTE,
    OLE,
    SENTENCE,
    File,
    archive,
    changed,
    commented,
    external,
    lying,
    related,
    styled,
)  # fmt: skip


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
    yield "rows without a number.xlsx", with_rows(b"<row/>" * 1_100_000)
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
    yield "password.xlsx", OLE
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
    reference = b'<externalReference xmlns:r="%b" r:id="rId99"/>' % office
    changes: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", link),
        "xl/workbook.xml": lambda xml: xml.replace(
            b"</sheets>", b"</sheets><externalReferences>%b</externalReferences>" % reference
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
    table = f"<table:table><table:table-row><table:table-cell><text:p>{SENTENCE}</text:p></table:table-cell>"
    table += "</table:table-row></table:table>"
    sound = {
        ".ods": (make.ods(table), "content.xml", b"<office:document-content ", b"<text:p>"),
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
        yield f"password{suffix}", OLE
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
