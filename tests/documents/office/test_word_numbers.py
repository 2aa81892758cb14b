"""What Word shows and no paragraph holds: numbers, notes, edges of the pages."""

import zipfile
from pathlib import Path

import docx
import pytest

from retrieval.documents.office.word import read_docx
from retrieval.documents.office.word_numbers import formatted

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlRestart w:val="0"/>'
    '<w:lvlText w:val="第%2条"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1.%2.%3"/><w:isLgl/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>'
)


def numbered(level: int, text: str, num: int = 1) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def read(tmp_path: Path, body: str, nums: str = "", **parts: str) -> list[str]:
    """The lines of a document with this body; `parts` are footnotes, header, footer."""
    docx.Document().save(str(tmp_path / "plain.docx"))
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{nums}</w:numbering>'
    )
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(tmp_path / "plain.docx") as plain, zipfile.ZipFile(path, "w") as made:
        for name in plain.namelist():
            data = plain.read(name)
            if name == "word/document.xml":
                data = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
            elif name == "word/numbering.xml":
                data = numbering.encode()
            elif name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                more = "".join(f'<Relationship Id="x{p}" Type="{kind}/{p}" Target="{p}.xml"/>' for p in parts)
                data = data.replace(b"</Relationships>", f"{more}</Relationships>".encode())
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
                more = "".join(f'<Override PartName="/word/{p}.xml" ContentType="{kind}.{p}+xml"/>' for p in parts)
                data = data.replace(b"</Types>", f"{more}</Types>".encode())
            made.writestr(name, data)
        for part, xml in parts.items():
            made.writestr(f"word/{part}.xml", xml)
    return read_docx(path, path.read_bytes()).text.split("\n")


def test_chapters_and_articles_count_as_word_shows_them(tmp_path: Path) -> None:
    body = [
        numbered(0, "总则"),
        numbered(1, "目的。"),
        numbered(1, "范围。"),
        numbered(0, "收费"),
        numbered(1, "每小时2元。"),
    ]
    shown = read(tmp_path, "".join(body))
    assert shown == ["第一章 总则", "第一条 目的。", "第二条 范围。", "第二章 收费", "第三条 每小时2元。"]


def test_an_empty_paragraph_counts_and_so_does_one_in_a_table(tmp_path: Path) -> None:
    cells = f"<w:tbl><w:tr><w:tc>{numbered(1, '丙')}</w:tc></w:tr></w:tbl>"
    shown = read(tmp_path, numbered(1, "甲") + numbered(1, "") + cells + numbered(1, "丁"))
    assert shown == ["第一条 甲", "第三条 丙", "第四条 丁"]


def test_deeper_levels_begin_anew_and_name_those_above_in_digits(tmp_path: Path) -> None:
    body = [
        numbered(0, "甲"),
        numbered(1, "乙"),
        numbered(2, "丙"),
        numbered(2, "丁"),
        numbered(1, "戊"),
        numbered(2, "己"),
    ]
    assert read(tmp_path, "".join(body))[2:] == ["1.1.1丙", "1.1.2丁", "第二条 戊", "1.2.1己"]


def test_bullets_and_paragraphs_without_a_number(tmp_path: Path) -> None:
    body = (
        numbered(3, "身份证") + numbered(1, "没有", num=0) + numbered(1, "不存在", num=99) + numbered(8, "没有这级")
    )
    assert read(tmp_path, body) == ["• 身份证", "没有", "不存在", "没有这级"]


def test_a_list_that_starts_elsewhere(tmp_path: Path) -> None:
    nums = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num>"
    )
    body = numbered(1, "甲") + numbered(1, "乙", num=2) + numbered(1, "丙", num=2)
    assert read(tmp_path, body, nums) == ["第一条 甲", "第五条 乙", "第六条 丙"]


def test_notes_stand_behind_their_paragraph(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:t>责任人214名</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        "<w:p><w:r><w:t>完</w:t></w:r></w:p>"
    )
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="2">'
        "<w:p><w:r><w:t>其中县级26名。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    assert read(tmp_path, body, footnotes=notes) == ["责任人214名", "其中县级26名。", "完"]


def test_edges_of_the_pages_stand_at_the_end_without_page_numbers(tmp_path: Path) -> None:
    header = f"<w:hdr {W}><w:p><w:r><w:t>云政办发〔2026〕37号</w:t></w:r></w:p></w:hdr>"
    footer = f"<w:ftr {W}><w:p><w:r><w:t>第 3 页 共 12 页</w:t></w:r></w:p></w:ftr>"
    body = "<w:p><w:r><w:t>关于防汛的通知</w:t></w:r></w:p>"
    assert read(tmp_path, body, header=header, footer=footer) == ["关于防汛的通知", "云政办发〔2026〕37号"]


def test_a_hyphen_that_does_not_break_is_a_hyphen(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>QJ</w:t></w:r><w:r><w:noBreakHyphen/></w:r><w:r><w:t>80型</w:t></w:r></w:p>"
    assert read(tmp_path, body) == ["QJ-80型"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (11, "chineseCounting", "十一"),
        (20, "chineseCounting", "二十"),
        (105, "chineseCounting", "一百〇五"),
        (110, "chineseCounting", "一百一十"),
        *[(n, "lowerLetter", t) for n, t in {1: "a", 26: "z", 27: "aa"}.items()],
        *[(n, "upperRoman", t) for n, t in {4: "IV", 1994: "MCMXCIV"}.items()],
        *[(n, "decimalEnclosedCircle", t) for n, t in {1: "①", 20: "⑳", 21: "21"}.items()],
        (3, "ideographTraditional", "丙"),
        (7, "decimalZero", "07"),
        (7, "none", ""),
        (7, "unheardOf", "7"),
    ],
)
def test_forms_of_numbers(number: int, form: str, text: str) -> None:
    assert formatted(number, form) == text
