"""What stands in the article's part of a page is kept in its place; what leads elsewhere is not, and what may belong
to it is named."""

from pathlib import Path

import pytest

from retrieval.documents.web.html import read_html
from retrieval.left_out import LeftOut
from retrieval.types import Document

TITLE = "关于柳河县自来水检修停水的公告"
BODY = "".join(
    f"<p>第{i}片区的居民请提前储水，检修期间水压可能不稳，恢复供水后先放水五分钟再用，给您带来不便请谅解。</p>"
    for i in range(1, 7)
)
MENU = (
    '<div class="top"><a href="/">首页</a> <a href="/a">公告</a></div>'
    '<div>您现在的位置：<a href="/">首页</a> &gt; <a href="/a">公告</a> &gt; 正文</div>'
)
BYLINE = '<div class="info"><span>发布时间：2025-03-08</span> <span>来源：柳河县水务局</span></div>'
ARTICLE = f'<h1>{TITLE}</h1>{BYLINE}<div class="content">{BODY}</div>'
TERMS = "<dl><dt>抢修热线</dt><dd>0931-6612345</dd></dl>"
BELOW = (
    '<div class="share"><span>分享到：</span><a href="/w">微博</a></div>'
    "<div>【打印本页】【关闭窗口】</div>"
    '<div><h3>上一篇：<a href="/u">关于公交改线的通知</a></h3></div>'
    "<div><p>主办：柳河县政府办公室</p><p>电话：0931-6600000</p><p>陇ICP备05009999号</p></div>"
)


def page(body: str, title: str = TITLE) -> Document:
    html = f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"
    return read_html(Path("a.html"), html.encode())


@pytest.mark.parametrize(
    ("beside", "line"),
    [
        (TERMS, "抢修热线：0931-6612345"),
        ('<div class="attach"><p>附件：停水片区共12个</p></div>', "附件：停水片区共12个"),
        ('<div class="fj"><p>附件：<a href="a.docx">片区表.docx</a></p></div>', "附件：片区表.docx"),
        ("<p>柳河县水务局</p>", "柳河县水务局"),
        ("<dl><dt>消防栓能用吗？</dt><dd>可以</dd></dl>", "可以"),
    ],
)
@pytest.mark.parametrize("frame", ["{}", '<div class="wrap"><div class="left">{}</div></div>'])
def test_what_stands_below_the_article_is_kept_and_what_leads_on_is_not(beside: str, line: str, frame: str) -> None:
    document = page(MENU + frame.format(ARTICLE + beside + BELOW))
    lines = document.text.split("\n")
    assert lines[0] == TITLE
    assert lines[1] == "发布时间：2025-03-08 来源：柳河县水务局"
    assert lines.index(line) > max(i for i, text in enumerate(lines) if "片区的居民" in text)
    assert lines[-1] == line
    assert document.left_out == ()


def test_pairs_below_a_page_of_questions_are_kept_with_its_byline() -> None:
    pairs = "".join(f"<h3>问：{i}号窗口几点开门？</h3><p>答：早上八点半开门。</p>" for i in "一二三")
    document = page(
        f"<h1>水费缴纳问答</h1><p>2025-03-08 来源：县水务局</p><div class=faq>{pairs}</div>"
        "<dl><dt>问：能刷卡吗？</dt><dd>答：能刷卡。</dd></dl>",
        "水费缴纳问答",
    )
    lines = document.text.split("\n")
    assert lines[1] == "2025-03-08 来源：县水务局"
    assert lines[-2:] == ["问：能刷卡吗？", "答：能刷卡。"]


def test_what_is_left_out_in_the_middle_stands_in_its_place() -> None:
    table = "<table><tr><th>片区</th><th>户数</th></tr><tr><td>东关</td><td>812</td></tr></table>"
    first, second = f"<div class='content'>{BODY}</div>", "<p>柳河县水务局</p><p>2025年3月7日</p>"
    lines = page(f"<div class=main><h1>{TITLE}</h1>{first}{table}{second}</div>{BELOW}").text.split("\n")
    assert lines[-3:] == ["片区：东关 | 户数：812", "柳河县水务局", "2025年3月7日"]


def test_a_short_answer_that_stands_elsewhere_too_is_kept() -> None:
    body = f'<h1>{TITLE}</h1><div class="content">{BODY}<p>30元</p>{BODY.replace("片区", "小区")}</div>'
    lines = page(f"{body}<dl><dt>换表收多少工料费，怎么交才好呢？</dt><dd>30元</dd></dl>").text.split("\n")
    assert lines[-2:] == ["换表收多少工料费，怎么交才好呢？", "30元"]


@pytest.mark.parametrize(
    "beside",
    [
        "<div><h3>相关新闻</h3><p>柳河县新建水厂三座，日供水两万吨。</p></div>",
        "<aside><p>柳河县新建水厂三座，日供水两万吨。</p></aside>",
        '<div style="display: none"><p>柳河县新建水厂三座，日供水两万吨。</p></div>',
        '<div><ul><li><a href="/1">其一</a></li><li><a href="/2">其二</a></li></ul>'
        "<p>柳河县新建水厂三座，日供水两万吨。</p></div>",
    ],
)
def test_what_may_belong_to_the_article_is_named(beside: str) -> None:
    document = page(MENU + ARTICLE + beside + BELOW)
    assert "新建水厂" not in document.text
    assert document.left_out == (LeftOut("parts", ("柳河县新建水厂三座，日供水两万吨。",)),)


def test_a_column_beside_the_article_is_named_and_its_links_are_not() -> None:
    column = '<div><h3>公告</h3><ul><li><a href="/1">其一</a></li></ul></div><div><p>大厅周六照常办公。</p></div>'
    document = page(f"{MENU}<div><div>{ARTICLE}</div><div>{column}</div></div>{BELOW}")
    assert document.left_out == (LeftOut("parts", ("大厅周六照常办公。",)),)
    assert "其一" not in document.text
