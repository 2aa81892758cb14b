"""Text, Markdown and HTML: what becomes text, title, date, address and headings, and what is refused."""

import codecs
import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import data
from retrieval.documents import load, parse
from retrieval.errors import DocumentError
from tests.documents.reading import CANTEEN, GRID, SAMPLES, headings, read, refusal, texts

Write = Callable[[str, str | bytes], Path]


class TestLoad:
    def test_bytes_come_as_they_are(self, write: Write) -> None:
        assert load(write("a.TXT", "\ufeff网格\r\n"), 1) == codecs.BOM_UTF8 + "网格\r\n".encode()

    @pytest.mark.parametrize("name", ["a.bin", "a.exe", "noend"])
    def test_unknown_types_name_those_that_are_known(self, name: str, write: Write) -> None:
        with pytest.raises(DocumentError, match=r"unknown type .*\.docx, .*\.pdf, .*\.txt"):
            load(write(name, "text"), 1)

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.xls", "a.doc", "a.eml"])
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
        assert texts(document) == ["前", "村：张家场 | 男：12 | 女：12", "后"]

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
            *("村：张家场 | 男：12 | 女：12", "他说 & 粗体链接之后。"),
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
    def test_deep_nesting_isread_or_refused(self, depth: int) -> None:
        content = html_page("<div>" * depth + f"<p>{GRID}</p><p>{CANTEEN}</p>" + "</div>" * depth)
        try:
            assert GRID in read("a.html", content).text
        except DocumentError as error:
            assert error.reason


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_samples_of_every_format_are_read(path: Path) -> None:
    document = parse(path, load(path, 20))
    assert document.path == path
    assert document.title
    assert "\r" not in document.text
    spans = [span for paragraph in document.paragraphs for span in paragraph.spans]
    assert all(0 <= start < end <= len(document.text) for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))
