"""PPTX, slide by slide."""

import pytest

from retrieval.documents.structure.layout import pages_without_text, shown_pages_without_text
from retrieval.left_out import LeftOut
from tests.documents import make
from tests.documents.make import pptx, shape
from tests.documents.reading import headings, read, refusal, texts


def cell(text: str, attributes: str = "") -> str:
    return f"<a:tc {attributes}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


def table(*rows: list[str]) -> str:
    lines = "".join(f"<a:tr>{''.join(row)}</a:tr>" for row in rows)
    return (
        '<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>'
        f"{lines}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def test_slides_are_pages_with_their_titles() -> None:
    document = read("a.pptx", pptx(
        shape("云溪县2025年工作", "ctrTitle") + shape("云溪县人民政府", "subTitle"),
        shape("网格员51名。\n全部上岗。") + shape("网格员", "title") + shape("3", "sldNum") + shape("内部", "ftr"),
    ))  # fmt: skip
    assert headings(document) == [(1, "云溪县2025年工作"), (2, "网格员")]
    assert texts(document) == ["云溪县2025年工作", "云溪县人民政府", "网格员", "网格员51名。", "全部上岗。"]
    assert document.page_of(document.text.index("网格员51")) == 2
    assert document.page_of(0) == 1
    assert document.title == "云溪县2025年工作"


def test_a_slide_without_a_title_is_called_by_its_short_first_line() -> None:
    document = read("a.pptx", pptx(shape("一"), shape("食堂\n每餐三元。"), shape("很长的一段话" * 20)))
    assert headings(document) == [(1, "一"), (2, "食堂")]


def test_rows_of_tables_have_their_headings_and_merged_cells_count_for_all() -> None:
    rows = [
        [cell("村名", 'rowSpan="2"'), cell("收入", 'gridSpan="2"'), cell("", 'hMerge="1"')],
        [cell("", 'vMerge="1"'), cell("种植"), cell("养殖")],
        [cell("石桥村"), cell("98"), cell("8.5")],
    ]
    document = read("a.pptx", pptx(shape("收入", "title") + shape("单位：万元") + table(*rows)))
    assert texts(document)[-1] == "村名：石桥村 | 收入·种植（万元）：98 | 收入·养殖（万元）：8.5"


def test_notes_groups_fields_and_line_breaks() -> None:
    group = f"<p:grpSp>{shape('组内的字')}</p:grpSp>"
    breaks = (
        "<p:sp><p:txBody><a:p><a:r><a:t>上</a:t></a:r><a:br/><a:r><a:t>下</a:t></a:r>"
        '<a:fld type="slidenum"><a:t>9</a:t></a:fld></a:p></p:txBody></p:sp>'
    )
    document = read("a.pptx", pptx(shape("题", "title") + group + breaks, notes={1: "讲稿里的话。"}))
    assert texts(document) == ["题", "组内的字", "上 下", "讲稿里的话。"]


def test_an_empty_run_parts_no_word() -> None:
    runs = "<a:r><a:t>网格</a:t></a:r><a:r><a:t/></a:r><a:r/><a:fld/><a:r><a:t>员</a:t></a:r>"
    document = read("a.pptx", pptx(shape("题", "title") + f"<p:sp><p:txBody><a:p>{runs}</a:p></p:txBody></p:sp>"))
    assert texts(document) == ["题", "网格员"]


def test_hidden_and_empty_slides_and_pictures_are_told() -> None:
    picture = {"ppt/media/image1.png": bytes(30_000), "ppt/media/dot.png": bytes(90)}
    picture["docProps/thumbnail.jpeg"] = bytes(30_000)  # which Office saves of the first slide
    document = read("a.pptx", pptx(shape("一"), shape("秘密"), "", shape("四"), hidden=[2], others=picture))
    assert "秘密" not in document.text
    assert document.left_out == (LeftOut("hidden_slides", ("2",)), LeftOut("pictures", ("image1.png",)))
    assert pages_without_text(document) == [2, 3]
    assert shown_pages_without_text(document) == [3], "a hidden slide is no scan"
    assert refusal("a.pptx", pptx(shape("秘密"), hidden=[1])).startswith("holds hidden slides alone; ")


def test_a_title_that_somebody_gave() -> None:
    assert read("a.pptx", pptx(shape("一"), title="述职报告")).title == "述职报告"
    assert read("a.pptx", pptx(shape("一"), title="演示文稿1")).title == "一"
    assert read("a.pptx", pptx(shape("一"), title="PowerPoint Presentation")).title == "一"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is protected by a password, or a legacy .ppt; save a plain .pptx copy"),
        (b"PK\x03\x04broken", "is not a PPTX file that can be opened (broken or cut short)"),
        (make.docx(lambda document: document.add_paragraph("x")), "is not a PPTX file that can be opened "),
        (pptx(""), "holds no text"),
        (pptx(*[""] * 5001), "has 5,001 slides; at most 5,000 are read"),
        (make.archive({"a.xml": bytes(210 * 2**20)}), "unpacks to 210 MB; at most 200 MB are read"),
    ],
    ids=["password", "broken", "docx", "empty", "many", "bomb"],
)  # fmt: skip
def test_refused(content: bytes, reason: str) -> None:
    assert refusal("a.pptx", content).startswith(reason)
