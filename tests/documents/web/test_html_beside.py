"""Headings and the table of a paper are kept where the text is, however the page is built."""

from pathlib import Path

import pytest
from lxml.html import fromstring

from retrieval.documents.structure.assemble import Block
from retrieval.documents.web.html import read_html
from retrieval.documents.web.html_beside import MissedParts
from retrieval.types import Document

TITLE = "柏川县殡葬补贴通知"
TEXT = "凡具有柏川县户籍的居民去世后在县殡仪馆火化的，免除遗体接运、存放和火化等各项基本殡葬服务费用。"
TABLE = (
    "<table><tr><th>文号</th><td>柏政办发〔2026〕19号</td><th>发文机关</th><td>柏川县人民政府办公室</td></tr>"
    "<tr><th>成文日期</th><td>2026年3月18日</td><th>发布日期</th><td>2026年3月24日</td></tr></table>"
)
ARTICLES = "".join(f"<p><b>第{number}条</b> {TEXT[number:]}</p>" for number in range(1, 13))
BODY = f"<h1>{TITLE}</h1><p>{TEXT}</p><h2>补贴标准</h2>{ARTICLES}"
"""So much text that trafilatura takes the paragraphs of a page without a frame, and not its headings."""
NAVIGATION = "<nav><h2>政务公开</h2><p>政务公开的各个栏目</p></nav>"


def page(body: str) -> Document:
    content = f"<html><head><title>{TITLE}</title></head><body>{NAVIGATION}{body}</body></html>"
    return read_html(Path("a.html"), content.encode())


def headings(document: Document) -> list[tuple[int, str]]:
    return [(p.level, document.text[p.spans[0][0] : p.spans[-1][1]]) for p in document.paragraphs if p.level]


@pytest.mark.parametrize("frame", ["article", 'div class="TRS_Editor"', 'div id="zoom"', "div"])
def test_headings_above_kept_text_are_kept(frame: str) -> None:
    document = page(f"<{frame}>{TABLE}{BODY}</{frame.split()[0]}>")
    assert [heading for heading in headings(document) if heading[0] > 1] == [(2, "补贴标准")]
    assert "补贴标准\n第1条" in document.text
    assert "政务公开" not in document.text


@pytest.mark.parametrize("frame", ["article", 'div class="TRS_Editor"', "div"])
def test_the_table_of_a_paper_is_kept_beside_its_text(frame: str) -> None:
    document = page(f"{TABLE}<{frame}>{BODY}</{frame.split()[0]}>")
    lines = document.text.split("\n")
    assert [lines.count(line) for line in ("文号：柏政办发〔2026〕19号", "成文日期：2026年3月18日")] == [1, 1]
    assert lines.index("成文日期：2026年3月18日") < next(i for i, line in enumerate(lines) if TEXT in line)
    assert document.title == TITLE
    assert document.date == "2026-03-18"


def test_another_table_beside_the_text_is_left_out() -> None:
    links = "<table><tr><th>友情链接</th><td>县医院</td></tr><tr><th>上级部门</th><td>省政府</td></tr></table>"
    assert "友情链接" not in page(f"<div>{links}</div><article>{BODY}</article>").text


def test_of_headings_that_are_missing_those_above_kept_text_come_back_in_order() -> None:
    tree = fromstring(
        "<body><h1>甲</h1><h2>乙</h2><p>一段。</p><h2>丙</h2><p>广告</p><h2>乙</h2><p>二段。</p><h2>丁</h2></body>"
    )
    added = MissedParts.of(tree).added_to([Block("一段。"), Block("二段。")])
    assert [(block.text, block.level) for block in added] == [
        *(("甲", 1), ("乙", 2), ("一段。", 0), ("乙", 2), ("二段。", 0)),
    ]
