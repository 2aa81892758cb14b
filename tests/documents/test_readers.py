"""The five formats: what of a file becomes text, title, date, address, headings and pages, and what is refused."""

import codecs
import itertools
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data
from retrieval.documents import load, parse
from retrieval.documents.word import UNPACKED_LIMIT
from retrieval.errors import DocumentError
from retrieval.types import Document, quote
from tests.documents import make

Write = Callable[[str, str | bytes], Path]

SAMPLES = Path(data.__file__).parent / "corpus"
GRID = "左云县配备专职网格员51名，兼职网格员7名，每个网格不超过三百户居民，遇到矛盾先由网格员上门调解。"
CANTEEN = "养老食堂设在村委会旁边，每天中午开饭，老人每餐付三元，其余由村集体和志愿者协会共同承担。"


def read(name: str, content: str | bytes) -> Document:
    """The document that `parse` makes of the content of a file of that name."""
    return parse(Path(name), content if isinstance(content, bytes) else content.encode("utf-8"))


def texts(document: Document) -> list[str]:
    return [quote(document.text, paragraph.spans) for paragraph in document.paragraphs]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(p.level, quote(document.text, p.spans)) for p in document.paragraphs if p.level]


def refusal(name: str, content: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(name, content)
    assert caught.value.path == Path(name)
    assert "\n" not in str(caught.value)
    return caught.value.reason


class TestLoad:
    def test_bytes_come_as_they_are(self, write: Write) -> None:
        assert load(write("a.TXT", "\ufeff网格\r\n"), 1) == codecs.BOM_UTF8 + "网格\r\n".encode()

    @pytest.mark.parametrize("name", ["a.xlsx", "a.exe", "noend", "a.txt.gz"])
    def test_unknown_types_name_those_that_are_known(self, name: str, write: Write) -> None:
        with pytest.raises(DocumentError, match=r"unknown type .*\.docx, .*\.pdf, .*\.txt"):
            load(write(name, "text"), 1)

    @pytest.mark.parametrize("name", ["a.doc", "a.wps", "a.RTF"])
    def test_legacy_formats_say_what_to_do(self, name: str, write: Write) -> None:
        with pytest.raises(DocumentError, match=r"save it as \.docx"):
            load(write(name, b"\xd0\xcf\x11\xe0"), 1)

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx"])
    @pytest.mark.parametrize("content", ["", " \r\n\t\n"])
    def test_empty_files(self, name: str, content: str, write: Write) -> None:
        with pytest.raises(DocumentError, match="is empty"):
            load(write(name, content), 1)

    def test_the_limit_of_size_is_the_limit(self, write: Write) -> None:
        path = write("a.txt", "x" * 2**20)
        assert len(load(path, 1)) == 2**20
        with pytest.raises(DocumentError, match=r"has 1\.0 MB; the limit is 0\.5 .*WENJU_DOCUMENTS__MAX_MEGABYTES"):
            load(path, 0.5)

    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "folder.txt").mkdir()
        (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere.txt")
        for name in ("folder.txt", "broken.txt", "missing.txt"):
            with pytest.raises(DocumentError, match=r"cannot be read: |is not a file"):
                load(tmp_path / name, 1)

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
    def test_a_named_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.txt"
        os.mkfifo(pipe)
        code = (
            "import sys; from pathlib import Path; from retrieval.documents import load; load(Path(sys.argv[1]), 1)"
        )
        root = Path(data.__file__).parents[1]
        # In a process of its own, because it could never be stopped in this one.
        outcome = subprocess.run(
            [sys.executable, "-c", code, str(pipe)], cwd=root, timeout=20, capture_output=True, text=True, check=False
        )
        assert "DocumentError" in outcome.stderr


class TestPlain:
    def test_a_page(self) -> None:
        document = read("a.txt", f"\n  左云县配备网格员  \n\n{GRID}\n{CANTEEN}\n")
        assert document.title == "左云县配备网格员"
        assert texts(document) == ["左云县配备网格员", GRID, CANTEEN]
        assert (document.date, document.url, document.page_starts) == (None, None, ())
        assert document.page_of(0) is None

    def test_the_text_is_the_file(self) -> None:
        content = "\u3000第一段。\t\n\n 第二段 。 \n"
        assert read("a.txt", content).text == content
        assert read("a.txt", codecs.BOM_UTF8 + content.replace("\n", "\r\n").encode()).text == content
        assert read("a.txt", content.encode("gb18030")).text == content
        assert read("a.txt", codecs.BOM_UTF16_BE + content.encode("utf-16-be")).text == content

    def test_a_long_first_line_is_cut_to_a_title(self) -> None:
        title = read("a.txt", GRID * 3).title
        assert len(title) == 80
        assert title == (GRID * 3)[:79] + "…"

    def test_damaged_and_binary_files_are_refused(self) -> None:
        assert "damaged at byte" in refusal("a.txt", GRID.encode()[:-1] + b"\xff")
        assert "binary" in refusal("a.txt", b"\x7fELF" + bytes(300))

    @pytest.mark.parametrize("content", ["。。。！！", "\ufeff", "\u3000\u3000\n", "----\n****\n"])
    def test_marks_alone_are_no_text(self, content: str) -> None:
        assert refusal("a.txt", content) == "holds no text"


class TestMarkdown:
    def test_a_page(self) -> None:
        document = read(
            "a.md",
            f"---\ntitle: 左云县的网格员\ndate: 2025-07-03\nurl: https://example.org/1\n---\n# 大标题\n\n{GRID}\n\n"
            f"## 小标题\n\n- 第一项\n- **第二**项\n\n> 引用 `代码` [链接](https://example.org/x)\n",
        )
        assert document.title == "左云县的网格员"
        assert document.date == "2025-07-03"
        assert document.url == "https://example.org/1"
        assert headings(document) == [(1, "大标题"), (2, "小标题")]
        assert texts(document) == ["大标题", GRID, "小标题", "第一项", "第二项", "引用 代码 链接"]

    def test_the_text_is_the_file(self) -> None:
        content = "---\ntitle: x\n---\n# 标*题*\n\n正 文\n"
        assert read("a.md", content).text == content
        assert read("a.md", codecs.BOM_UTF8 + content.replace("\n", "\r\n").encode()).text == content
        assert read("a.md", content.encode("gb18030")).text == content

    @pytest.mark.parametrize(
        ("content", "title"),
        [
            ("正文在前。\n\n## 第一个标题\n\n# 第二个\n", "第一个标题"),
            ("标题\n====\n\n正文", "标题"),
            ("只有正文。\n\n第二段", "只有正文。"),
            ("---\ntitle: 无标题文档\n---\n# 真标题\n", "真标题"),
            ("---\ntitle:\n---\n# 真标题\n", "真标题"),
            ("---\n- a\n- b\n---\n# 真标题\n", "真标题"),
            ("---\ntitle: '# 不是 *标记*'\n---\n正文", "# 不是 *标记*"),
        ],
    )
    def test_titles(self, content: str, title: str) -> None:
        assert read("a.md", content).title == title

    @pytest.mark.parametrize(
        ("front", "date"),
        [
            ("date: 2025-07-03", "2025-07-03"),
            ("date: 2025-07-03 08:30:00", "2025-07-03"),
            ("date: 2025年7月3日", "2025-07-03"),
            ("published: '2025/7/3'", "2025-07-03"),
            ("date: 2025-13-45", None),
            ("date: soon", None),
            ("date: [2025, 7, 3]", None),
            ("other: 2025-07-03", None),
        ],
    )
    def test_dates(self, front: str, date: str | None) -> None:
        assert read("a.md", f"---\n{front}\n---\n正文\n").date == date

    @pytest.mark.parametrize(
        ("front", "url"),
        [
            ("url: https://example.org/a?b=1", "https://example.org/a?b=1"),
            ("link: http://example.org", "http://example.org"),
            ("source: https://example.org/s", "https://example.org/s"),
            ("source: 人民网", None),
            ("url: javascript:alert(1)", None),
            ("url: 'https://example.org/ \"><script>'", None),
            ("url: [https://example.org]", None),
        ],
    )
    def test_only_addresses_that_are_safe_to_open(self, front: str, url: str | None) -> None:
        assert read("a.md", f"---\n{front}\n---\n正文\n").url == url

    def test_front_matter_is_no_text(self) -> None:
        assert texts(read("a.md", "---\ntitle: 标题\nkeywords: 网格员\n---\n正文。\n")) == ["正文。"]

    def test_tables_are_read_row_by_row_and_equal_cells_stay(self) -> None:
        document = read("a.md", "前\n\n| 村 | 男 | 女 |\n|---|---|---|\n| 张家场 | 12 | 12 |\n\n后\n")
        assert texts(document) == ["前", "村 | 男 | 女", "张家场 | 12 | 12", "后"]

    def test_lines_of_a_paragraph_are_joined(self) -> None:
        document = read("a.md", "网格\n员上门。\n\nThe grid\nworkers  \nvisit.\n")
        assert texts(document)[0] == "网格员上门。"
        assert texts(document)[1].split() == ["The", "grid", "workers", "visit."]

    def test_images_and_code_marks(self) -> None:
        document = read("a.md", "看![图](a.png)这里。\n\n```\ncode_line()\n```\n")
        assert texts(document) == ["看这里。", "code_line()"]

    @pytest.mark.parametrize(
        "content",
        [
            "网格员 51 名 \\* 每天上门。",
            "A &amp; B 公司出资。",
            "第一&nbsp;第二 每天上门。",
            "村内\\_编号 每天上门。",
        ],
        ids=["escaped star", "ampersand", "space", "underscore"],
    )
    def test_escapes_and_entities_lose_no_words(self, content: str) -> None:
        words = "".join(texts(read("a.md", f"# 标题\n\n{content}\n"))[1:])
        # Each word stands literally in the source; only what is escaped may be missing.
        for word in ("每天上门", "出资"):
            assert (word in words) == (word in content)

    def test_words_are_not_glued(self) -> None:
        assert "workers visit" in " ".join(texts(read("a.md", "The *grid workers*\nvisit us."))[0].split())
        # There is no white space to quote, so the mark itself keeps the words apart.
        assert texts(read("a.md", "The grid workers<br>visit us.")) == ["The grid workers<br>visit us."]

    def test_text_in_html_blocks_is_read(self) -> None:
        assert "食堂在村口" in "".join(texts(read("a.md", "前\n\n<div>\n食堂在村口。\n</div>\n\n后\n")))

    def test_marks_inside_a_sentence_of_an_html_block_do_not_cut_it(self) -> None:
        assert texts(read("a.md", "<div>\n食堂在<b>村口</b>，每天开饭。\n</div>\n")) == ["食堂在村口，每天开饭。"]

    def test_an_escaped_emoji_in_the_title(self) -> None:
        title = read("a.md", '---\ntitle: "\\uD83C\\uDFEE 灯笼"\n---\n正文\n').title
        assert title.encode("utf-8").decode("utf-8").endswith("灯笼")

    def test_a_colon_in_an_unquoted_title(self) -> None:
        document = read("a.md", "---\ntitle: 左云: 网格员\ndate: 2025-07-03\n---\n# 真标题\n\n正文\n")
        assert texts(document) == ["真标题", "正文"]

    @given(st.text(st.sampled_from("网格 abc1\n\n#*_`[]()!<>&;\\|-~>=\"'"), max_size=120))
    @settings(max_examples=100)
    def test_spans_quote_the_file_in_order(self, content: str) -> None:
        try:
            document = read("a.md", content)
        except DocumentError:
            return
        assert document.text == content
        assert all(start < end for p in document.paragraphs for start, end in p.spans)
        for paragraph in document.paragraphs:
            assert all(left[1] <= right[0] for left, right in itertools.pairwise(paragraph.spans))
        starts = [paragraph.spans[0][0] for paragraph in document.paragraphs]
        assert starts == sorted(starts)


def html_page(body: str, charset: str = "utf-8", head: str = "") -> str:
    title = "<title>左云县配备网格员</title>"
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{title}{head}</head><body>{body}</body></html>'


ARTICLE = (
    '<nav><a href="/">首页</a> <a href="/b">基层频道</a></nav>'
    f"<article><h1>左云县配备网格员</h1><p>{GRID}</p><h2>养老食堂</h2><p>{CANTEEN}</p>"
    "<ul><li>报名地点：镇政府一楼大厅</li><li>报名时间：周一至周五</li></ul>"
    "<table><tr><th>村</th><th>男</th><th>女</th></tr><tr><td>张家场</td><td>12</td><td>12</td></tr></table>"
    '<p>他说 &amp; <b>粗</b>体<a href="x">链接</a>之后。</p></article>'
    '<footer><a href="/about">关于我们</a> 版权所有</footer><script>var x = "脚本";</script><style>p {}</style>'
)


class TestHtml:
    def test_a_page(self) -> None:
        head = (
            '<meta property="article:published_time" content="2025-07-03T08:00:00+08:00">'
            '<link rel="canonical" href="https://example.org/news/1.html">'
        )
        document = read("a.html", html_page(ARTICLE, head=head))
        assert document.title == "左云县配备网格员"
        assert document.date == "2025-07-03"
        assert document.url == "https://example.org/news/1.html"
        assert headings(document) == [(1, "左云县配备网格员"), (2, "养老食堂")]
        assert texts(document) == [
            *("左云县配备网格员", GRID, "养老食堂", CANTEEN, "报名地点：镇政府一楼大厅", "报名时间：周一至周五"),
            *("村 | 男 | 女", "张家场 | 12 | 12", "他说 & 粗体链接之后。"),
        ]

    @pytest.mark.parametrize("furniture", ["首页", "基层频道", "关于我们", "版权所有", "脚本", "p {}"])
    def test_navigation_and_scripts_are_left_out(self, furniture: str) -> None:
        assert furniture not in read("a.html", html_page(ARTICLE)).text

    def test_a_date_in_the_text_is_not_the_date_of_the_page(self) -> None:
        document = read("a.html", html_page(f"<article><p>2024年5月6日，{GRID}</p><p>{CANTEEN}</p></article>"))
        assert document.date is None

    def test_an_address_that_is_none_is_left_out(self) -> None:
        head = '<link rel="canonical" href="javascript:alert(1)">'
        assert read("a.html", html_page(ARTICLE, head=head)).url is None

    @pytest.mark.parametrize(
        ("declared", "actual"),
        [
            ("utf-8", "utf-8"),
            ("gb2312", "gb18030"),
            ("GBK", "gb18030"),
            ("gb18030", "gb18030"),
            ("utf-8", "gb18030"),  # wrong about itself
            ("x-unknown", "utf-8"),
            ("gb2312", "utf-8-sig"),  # the BOM is right, the declaration is not
        ],
    )
    def test_encodings(self, declared: str, actual: str) -> None:
        # 㸃 is in GB18030 and not in GB2312: pages that declare GB2312 hold such characters.
        body = ARTICLE.replace("他说", "㸃心")
        document = read("a.htm", html_page(body, declared).encode(actual))
        assert "㸃心 & 粗体链接之后。" in texts(document)

    def test_traditional_pages_in_big5(self) -> None:
        body = "<article><p>網格員共有五十一名，每月補貼兩百元，由鎮政府發放。</p></article>"
        page = f'<html><head><meta charset="big5"><title>補貼</title></head><body>{body * 3}</body></html>'
        assert "每月補貼兩百元" in read("a.html", page.encode("big5")).text

    def test_the_declaration_of_old_pages(self) -> None:
        old = html_page(ARTICLE).replace(
            '<meta charset="utf-8">', '<META http-equiv="Content-Type" content="text/html; charset=gb2312">'
        )
        assert GRID in read("a.html", old.encode("gb18030")).text

    @pytest.mark.parametrize("declared", ["utf-16", "undefined"])
    def test_a_declaration_that_cannot_be_true(self, declared: str) -> None:
        # A declaration that can be read byte by byte does not stand in UTF-16.
        sentence = "The grid workers of the county visit every household once a month."
        page = html_page(f"<article><p>{sentence}</p></article>", declared).replace(
            "左云县配备网格员", "Grid workers"
        )
        padding = " " * (len(page) % 2)  # an odd number of bytes would be no UTF-16 and be found out
        assert sentence in read("a.html", page + padding).text

    def test_navigation_of_a_short_page_is_left_out(self) -> None:
        body = f"<nav>首页 | 政务</nav><article><h1>标题</h1><p>{GRID}</p></article><footer>版权所有</footer>"
        # Pages of some frameworks stand in one form from head to foot.
        for page in (body, f"<form>{body}</form>"):
            document = read("a.html", html_page(page))
            assert GRID in texts(document)
            assert "首页" not in document.text
            assert "版权" not in document.text

    def test_words_around_a_line_break_are_not_glued(self) -> None:
        line = "The grid workers of the county visit every household once a month"
        document = read("a.html", html_page(f"<article><p>{line}<br>while the canteen opens at noon.</p></article>"))
        assert "once a month while" in " ".join(document.text.split())

    @pytest.mark.parametrize("content", ["<html></html>", "<html><body></body></html>", "<script>x()</script>", "<>"])
    def test_pages_without_text(self, content: str) -> None:
        assert "no article text" in refusal("a.html", content) or refusal("a.html", content) == "holds no text"

    @pytest.mark.parametrize("depth", [100, 5000])
    def test_deep_nesting_is_read_or_refused(self, depth: int) -> None:
        content = html_page("<div>" * depth + f"<p>{GRID}</p><p>{CANTEEN}</p>" + "</div>" * depth)
        try:
            assert GRID in read("a.html", content).text
        except DocumentError as error:
            assert error.reason


class TestPdf:
    def test_pages(self) -> None:
        document = read("a.pdf", make.pdf([["Report", "The first page."], ["The second page."], [], ["The last."]]))
        assert document.title == "Report"
        assert texts(document) == ["Report", "The first page.", "The second page.", "The last."]
        pages = [document.page_of(document.text.index(word)) for word in ("Report", "second", "last")]
        assert pages == [1, 2, 4]
        assert len(document.page_starts) == 4
        assert document.text[document.page_starts[1] :].startswith("The second page.")

    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("左云县的网格员", "左云县的网格员"),
            ("Microsoft Word - 报告.doc", "The text."),
            ("untitled", "The text."),
            ("report.docx", "The text."),
            ("", "The text."),
        ],
    )
    def test_titles_that_programs_made_up_are_not_taken(self, title: str, expected: str) -> None:
        assert read("a.pdf", make.pdf([["The text."]], title=title)).title == expected

    def test_a_sentence_goes_on_over_the_page_number(self) -> None:
        first = "The grid workers of the county visit each and every"
        document = read("a.pdf", make.pdf([[first, "- 1 -"], ["household once a month.", "- 2 -"]]))
        assert [" ".join(text.split()) for text in texts(document)] == [f"{first} household once a month."]

    def test_a_figure_on_a_line_of_its_own_is_kept(self) -> None:
        document = read(
            "a.pdf", make.pdf([["Grid workers in the county:", "51", "This was counted in spring.", "1"]])
        )
        assert texts(document) == ["Grid workers in the county:", "51", "This was counted in spring."]

    def test_a_hyphen_at_the_end_of_a_line(self) -> None:
        document = read("a.pdf", make.pdf([["The canteen is open for contin-", "uous use by the old people."]]))
        assert "\x02" not in document.text
        assert "continuous" in document.text.replace("-", "").replace("\n", "")

    def test_chinese(self) -> None:
        document = parse(
            SAMPLES / "云溪县基层治理年报2025.pdf", (SAMPLES / "云溪县基层治理年报2025.pdf").read_bytes()
        )
        assert "云溪县" in document.text
        assert len(document.page_starts) >= 2
        assert document.page_of(len(document.text) - 1) == len(document.page_starts)

    def test_a_scan_asks_for_text_recognition(self) -> None:
        assert "OCR" in refusal("a.pdf", make.pdf([[], []]))

    def test_a_password(self) -> None:
        assert "password" in refusal("a.pdf", make.pdf([["Secret."]], password="secret"))
        assert texts(read("a.pdf", make.pdf([["Not secret."]], password=""))) == ["Not secret."]

    @pytest.mark.parametrize("kept", [20, 200, 400])
    def test_a_pdf_cut_short(self, kept: int) -> None:
        whole = make.pdf([["The text."]])
        assert len(whole) > 400
        assert "broken or cut short" in refusal("a.pdf", whole[:kept])

    @pytest.mark.parametrize("content", ["no PDF at all", "%PDF-1.7\n%%EOF"])
    def test_what_is_no_pdf(self, content: str) -> None:
        assert "broken or cut short" in refusal("a.pdf", content)

    def test_damage_anywhere_is_survived(self) -> None:
        whole = make.pdf([["The first page."], ["The second page."]], title="Report")
        for damaged in _damaged(whole, copies=200):
            _read_or_refused("a.pdf", damaged)


def _report(document: Any) -> None:
    document.core_properties.title = "左云县的网格员"
    document.add_heading("第一章 网格", 1)
    document.add_paragraph(GRID)
    document.add_heading("人数", 2)
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ["村", "男", "女", "张家场", "12", "13"], strict=True):
        cell.text = text
    document.add_paragraph("报名\t时间\n周一")
    document.add_paragraph("   ")


class TestDocx:
    def test_a_document(self) -> None:
        document = read("a.docx", make.docx(_report))
        assert document.title == "左云县的网格员"
        assert headings(document) == [(1, "第一章 网格"), (2, "人数")]
        assert texts(document) == [
            *("第一章 网格", GRID, "人数"),
            *("村 | 男 | 女", "张家场 | 12 | 13", "报名 时间 周一"),
        ]
        assert (document.date, document.url, document.page_starts) == (None, None, ())

    @pytest.mark.parametrize(
        ("title", "expected"), [("", "第一章"), ("文档1", "第一章"), ("Document 2", "第一章"), ("年报", "年报")]
    )
    def test_titles(self, title: str, expected: str) -> None:
        def fill(document: Any) -> None:
            document.core_properties.title = title
            document.add_paragraph("前言在标题之前。")
            document.add_heading("第一章", 1)

        assert read("a.docx", make.docx(fill)).title == expected

    def test_merged_cells_are_read_once(self) -> None:
        def fill(document: Any) -> None:
            table = document.add_table(1, 3)
            table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
            table.cell(0, 2).text = "单独"

        assert texts(read("a.docx", make.docx(fill))) == ["合并 | 单独"]

    def test_equal_cells_of_a_row_stay(self) -> None:
        def fill(document: Any) -> None:
            table = document.add_table(1, 3)
            for cell, text in zip(table._cells, ["张家场", "12", "12"], strict=True):
                cell.text = text

        assert texts(read("a.docx", make.docx(fill))) == ["张家场 | 12 | 12"]

    @pytest.mark.parametrize(
        "wrapped",
        [
            '<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>食堂在村口</w:t></w:r></w:ins></w:p>',
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>食堂在村口</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>食堂在村口</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            "<w:p/></w:tc></w:tr></w:tbl>",
        ],
        ids=["tracked insertion", "content control", "table in a table"],
    )
    def test_text_is_read_wherever_a_word_processor_shows_it(self, wrapped: str) -> None:
        def insert(xml: bytes) -> bytes:
            return xml.replace(b"<w:body>", b"<w:body>" + wrapped.encode())

        archive = make.repacked(make.docx(_report), {"word/document.xml": insert})
        assert "食堂在村口" in read("a.docx", archive).text

    def test_text_that_was_moved_is_read_once_and_text_that_was_deleted_not_at_all(self) -> None:
        # Text that was moved keeps the tag of text; text that was deleted has another.
        moved = (
            '<w:p><w:moveFrom w:id="1" w:author="a"><w:r><w:t>食堂在村口</w:t></w:r></w:moveFrom>'
            '<w:del w:id="2" w:author="a"><w:r><w:delText>已经作废</w:delText></w:r></w:del></w:p>'
            '<w:p><w:moveTo w:id="3" w:author="a"><w:r><w:t>食堂在村口</w:t></w:r></w:moveTo></w:p>'
        )

        def insert(xml: bytes) -> bytes:
            return xml.replace(b"<w:body>", b"<w:body>" + moved.encode())

        text = read("a.docx", make.repacked(make.docx(_report), {"word/document.xml": insert})).text
        assert text.count("食堂在村口") == 1
        assert "已经作废" not in text

    def test_a_document_without_text(self) -> None:
        assert refusal("a.docx", make.docx(lambda _: None)) == "holds no text"

    @pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
    def test_a_document_cut_short(self, kept: float) -> None:
        whole = make.docx(_report)
        assert "broken or cut short" in refusal("a.docx", whole[: int(len(whole) * kept)])

    @pytest.mark.parametrize("content", [b"no archive", b"PK\x03\x04"])
    def test_what_is_no_archive(self, content: bytes) -> None:
        assert "broken or cut short" in refusal("a.docx", content)

    def test_a_password_or_a_doc_by_another_name(self) -> None:
        assert "password" in refusal("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    def test_an_archive_of_something_else(self, tmp_path: Path) -> None:
        path = tmp_path / "other.docx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "not a document")
        assert "broken or cut short" in refusal("other.docx", path.read_bytes())

    @pytest.mark.parametrize("member", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
    def test_parts_that_are_no_xml(self, member: str) -> None:
        archive = make.repacked(make.docx(_report), {member: lambda _: b"not <xml"})
        assert "broken or cut short" in refusal("a.docx", archive)

    @pytest.mark.parametrize("member", ["word/document.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels"])
    def test_parts_that_are_foreign_xml(self, member: str) -> None:
        archive = make.repacked(make.docx(_report), {member: lambda _: b"<foreign/>"})
        _read_or_refused("a.docx", archive)

    def test_damage_anywhere_is_survived(self) -> None:
        for damaged in _damaged(make.docx(_report), copies=60):
            _read_or_refused("a.docx", damaged)

    def test_an_archive_that_unpacks_to_more_than_the_limit(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.docx"
        chunk = bytes(2**20)
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open("word/document.xml", "w") as member,
        ):
            for _ in range(UNPACKED_LIMIT // len(chunk) + 1):
                member.write(chunk)
        assert path.stat().st_size < 2**20
        assert "unpacks to 201 MB; at most 200 MB" in refusal("bomb.docx", path.read_bytes())


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_samples_of_every_format_are_read(path: Path) -> None:
    document = parse(path, load(path, 20))
    assert document.path == path
    assert document.title
    assert "\r" not in document.text
    spans = [span for paragraph in document.paragraphs for span in paragraph.spans]
    assert all(0 <= start < end <= len(document.text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


def _damaged(whole: bytes, copies: int) -> Iterator[bytes]:
    """Copies of the file with some bytes overwritten, the same ones in each run."""
    chance = random.Random(20250703)
    for _ in range(copies):
        copy = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            copy[chance.randrange(len(copy))] = chance.randrange(256)
        yield bytes(copy)


def _read_or_refused(name: str, content: bytes) -> None:
    try:
        document = read(name, content)
    except DocumentError as error:
        assert error.reason
    else:
        assert document.text
