"""PDF and Word: what of a file becomes text, title, headings and pages, and what is refused."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from retrieval.documents import parse
from retrieval.documents.office.unzipped import UNPACKED_LIMIT
from tests.documents import make
from tests.documents.reading import GRID, SAMPLES, damaged_copies, headings, read, read_or_refused, refusal, texts


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
        for damaged in damaged_copies(whole, copies=200):
            read_or_refused("a.pdf", damaged)


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
            *("村：张家场 | 男：12 | 女：13", "报名 时间 周一"),
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
        read_or_refused("a.docx", archive)

    def test_damage_anywhere_is_survived(self) -> None:
        for damaged in damaged_copies(make.docx(_report), copies=60):
            read_or_refused("a.docx", damaged)

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
