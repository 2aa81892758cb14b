"""ODT, as LibreOffice writes it."""

from pathlib import Path

import pytest

from retrieval.left_out import LeftOut
from tests.documents import make
from tests.documents.make import odt
from tests.documents.reading import headings, read, refusal, texts

LEVEL = "text:list-level-style-number"
NUMBERED = (
    '<text:list-style style:name="L1">'
    f'<{LEVEL} text:level="1" style:num-format="一, 二, 三, ..." style:num-prefix="第" style:num-suffix="条"/>'
    f'<{LEVEL} text:level="2" style:num-format="1" style:num-prefix="（" style:num-suffix="）"/>'
    '</text:list-style><text:list-style style:name="L2">'
    '<text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def items(*texts: str, style: str = "L1", attributes: str = "") -> str:
    inner = "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)
    return f'<text:list text:style-name="{style}" {attributes}>{inner}</text:list>'


def cell(text: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{p(text)}</table:table-cell>"


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_headings_paragraphs_and_marks_within_them() -> None:
    body = '<text:h text:outline-level="2">网格<text:span>员</text:span></text:h>'
    body += p("石桥<text:s/>村<text:line-break/>二队<text:tab/>三队")
    document = read("a.odt", odt(body, title="办法"))
    assert texts(document) == ["网格员", "石桥 村 二队 三队"]
    assert headings(document) == [(2, "网格员")]
    assert document.title == "办法"


def test_lists_have_the_numbers_that_are_shown() -> None:
    nested = (
        p("乙")
        + f"<text:list>{''.join(f'<text:list-item>{p(word)}</text:list-item>' for word in '丙丁')}</text:list>"
    )
    body = (
        items(p("甲"), nested) + p("中间。") + items(p("戊") + p("己"), attributes='text:continue-numbering="true"')
    )
    body += items(p("庚"), style="L2") + items(p("辛"))
    document = read("a.odt", odt(body, NUMBERED))
    assert texts(document) == [
        "第一条 甲", "第二条 乙", "（1） 丙", "（2） 丁", "中间。", "第三条 戊", "己", "庚", "第一条 辛",
    ]  # fmt: skip


def test_tables_have_their_headings() -> None:
    heads = f"<table:table-header-rows>{row(cell('村名'), cell('人口'))}</table:table-header-rows>"
    table = f"<table:table>{heads}{row(cell('石桥村'), cell('942'))}{row(cell('上河村'), cell('317'))}</table:table>"
    document = read("a.odt", odt(p("表一") + table))
    assert texts(document) == ["表一", "村名：石桥村 | 人口：942", "村名：上河村 | 人口：317"]


def test_notes_text_boxes_and_the_edges_of_pages_are_read_and_comments_are_not() -> None:
    inner = f"<text:note-citation>1</text:note-citation><text:note-body>{p('注文。')}</text:note-body>"
    note = f"<text:note>{inner}</text:note>"
    box = f"<drawing:frame><drawing:text-box>{p('框里的字')}</drawing:text-box></drawing:frame>"
    comment = f"<office:annotation>{p('批注')}</office:annotation>"
    deleted = f"<text:tracked-changes>{p('删去的')}</text:tracked-changes>"
    number = p("第<text:page-number>1</text:page-number>页")
    edges = f"<style:header>{p('云溪县水务局')}</style:header><style:footer>{number}</style:footer>"
    edges += f"<style:header-left>{p('偶数页')}</style:header-left>"
    document = read("a.odt", odt(deleted + p(f"正文{note}还有{box}{comment}。"), edges=edges))
    assert texts(document) == ["正文还有。", "注文。", "框里的字", "云溪县水务局", "偶数页"]


def test_pictures_are_told() -> None:
    whole = make.repacked(odt(p("文")), {})
    document = read("a.odt", make.archive({**_members(whole), "Pictures/scan.jpg": bytes(50_000)}))
    assert document.left_out == (LeftOut("pictures", ("scan.jpg",)),)


def _members(whole: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (odt(p("x"), manifest="<encryption-data/>"), "is protected by a password; save a copy without one"),
        (b"PK\x03\x04broken", "is not an ODT file that can be opened (broken or cut short)"),
        (make.ods(""), "is not an ODT file that can be opened (broken or cut short)"),
        (odt("<text:p>"), "is not an ODT file that can be opened (broken or cut short)"),
        (odt(""), "holds no text"),
        (make.archive({"a.xml": bytes(210 * 2**20)}), "unpacks to 210 MB; at most 200 MB are read"),
    ],
    ids=["password", "broken", "ods", "no XML", "empty", "bomb"],
)  # fmt: skip
def test_refused(content: bytes, reason: str) -> None:
    assert refusal("a.odt", content).startswith(reason)


def test_an_entity_is_not_followed() -> None:
    declared = b"<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><office:document-content"
    whole = make.repacked(
        odt(p("村名 &amp; x")),
        {"content.xml": lambda xml: xml.replace(b"<office:document-content", declared, 1).replace(b"&amp;", b"&x;")},
    )
    assert Path("/etc/passwd").read_text().splitlines()[0] not in read("a.odt", whole).text
