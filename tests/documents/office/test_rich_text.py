"""RTF, as Word, WordPad and WPS write it."""

import pytest

from retrieval.left_out import LeftOut
from tests.documents.reading import damaged_copies, headings, read, read_or_refused, refusal, texts

FONTS = (
    rb"{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times New Roman;}"
    rb"{\f2\fcharset204 Arial;}}"
)
STYLES = rb"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}{\s2 \'b1\'ea\'cc\'e2 2;}{\*\cs10 Default;}}"


def rtf(body: bytes, head: bytes = FONTS + STYLES, code_page: int = 936) -> bytes:
    return rb"{\rtf1\ansi\ansicpg%d\deff0" % code_page + head + body + b"}"


def quoted(text: str, encoding: str = "gb18030") -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in text.encode(encoding))


def test_bytes_in_the_code_page_of_their_font_or_of_the_document() -> None:
    body = rb"\pard\f0 " + quoted("网格员51名。") + rb"\par\f1 " + quoted("左云县")
    document = read("a.rtf", rtf(body + rb"\f2 " + quoted("Да", "cp1251") + rb"\par"))
    assert texts(document) == ["网格员51名。", "左云县Да"]
    western = rtf(rb"\f1 caf" + quoted("é", "cp1252") + rb" \f2 " + quoted("Да", "cp1251") + rb"\par", code_page=1252)
    assert texts(read("a.rtf", western)) == ["café Да"]


@pytest.mark.parametrize(
    ("number", "encoding"), [(10008, "gb18030"), (10002, "big5"), (950, "big5"), (65001, "utf-8"), (936, "gb18030")]
)
def test_code_pages_by_the_numbers_that_programs_write(number: int, encoding: str) -> None:
    body = rtf(quoted("中文", encoding) + rb"\par", head=b"", code_page=number)
    assert texts(read("a.rtf", body)) == ["中文"]


def test_the_code_page_of_a_mac_and_numbers_that_name_none() -> None:
    assert texts(read("a.rtf", rtf(rb"caf\'8e\par", head=b"", code_page=10000))) == ["café"]
    for number in (0, 1200):
        assert texts(read("a.rtf", rtf(rb"caf\'e9\par", head=b"", code_page=number))) == ["café"]


def test_code_points_and_what_stands_for_them() -> None:
    body = (
        rb"\uc2\u20013\'d6\'d0\u22269\'b9\'fa\par\uc1\u-10179?\u-8704?\par{\uc0\u24038}\u20113?\par\u30707 {?}x\par"
    )
    assert texts(read("a.rtf", rtf(body))) == ["中国", "😀", "左云", "石?x"]


def test_raw_bytes_and_second_bytes_that_are_letters() -> None:
    body = "镕城区".encode("gb18030") + rb"\par\'81A\par"
    assert texts(read("a.rtf", rtf(body))) == ["镕城区", b"\x81A".decode("gb18030")]


def test_headings_lists_and_special_characters() -> None:
    body = (
        rb"\pard\s1 "
        + quoted("总则")
        + rb"\par\pard\plain\s2 "
        + quoted("网格员")
        + rb"\par\pard\outlinelevel2 x\par"
    )
    body += (
        rb"\pard{\listtext\pard\plain "
        + quoted("第三条")
        + rb"\tab}A\~B\_C\-D\emdash\line{\b E}\ldblquote F\rdblquote\par"
    )
    document = read("a.rtf", rtf(body))
    assert headings(document) == [(1, "总则"), (2, "网格员"), (3, "x")]
    assert texts(document)[3] == "第三条 A B-CD— E“F”"


def test_tables_have_their_headings_and_merged_cells_count_for_all() -> None:
    heads = rb"\trowd\trhdr\clvmgf\cellx1\clmgf\cellx2\clmrg\cellx3\pard\intbl " + quoted("村名") + rb"\cell "
    heads += quoted("收入") + rb"\cell\cell\row\trowd\clvmrg\cellx1\cellx2\cellx3\pard\intbl\cell "
    heads += quoted("种植") + rb"\cell " + quoted("养殖") + rb"\cell\row"
    row = (
        rb"\trowd\cellx1\cellx2\cellx3\pard\intbl "
        + quoted("石桥村")
        + rb"\par x\cell 98\cell 8.5\cell\row\pard end\par"
    )
    document = read("a.rtf", rtf(quoted("单位：万元") + rb"\par" + heads + row))
    line = "村名：石桥村 x | 收入·种植（万元）：98 | 收入·养殖（万元）：8.5"
    assert texts(document) == ["单位：万元", line, "end"]


def test_a_cell_that_is_wider_than_others_counts_for_all_that_it_covers() -> None:
    """As LibreOffice writes it; the edges of tables drawn by hand hardly meet."""

    def row(*cells: tuple[str, int], down: bytes = b"") -> bytes:
        told = b"".join((down if not i else b"") + rb"\cellx%d" % edge for i, (_, edge) in enumerate(cells))
        return (
            rb"\trowd" + told + rb"\pard\intbl " + b"".join(quoted(text) + rb"\cell " for text, _ in cells) + rb"\row"
        )

    rows = row(("机构", 1620), ("护理费", 5060), ("床位费", 8532), down=rb"\clvmgf")
    heads = zip(("", "自理", "全护理", "双人间", "单人间"), (1620, 3348, 5076, 6804, 8532), strict=True)
    rows += row(*heads, down=rb"\clvmrg")
    rows += row(("松鹤养老院", 1620), ("600", 3348), ("1800", 5076), ("450", 6804), ("900", 8532))
    rows += row(("康乐颐养中心", 1600), ("2200", 5100), ("1500", 8500))
    assert texts(read("a.rtf", rtf(rows))) == [
        "机构：松鹤养老院 | 护理费·自理：600 | 护理费·全护理：1800 | 床位费·双人间：450 | 床位费·单人间：900",
        "机构：康乐颐养中心 | 护理费·自理：2200 | 护理费·全护理：2200 | 床位费·双人间：1500 | 床位费·单人间：1500",
    ]


def test_numbers_of_tracked_changes_are_no_text_and_a_title_is_a_heading() -> None:
    body = rb"\pard\s7 " + quoted("关于值班的通知") + rb"\par\pard " + quoted("不少于")
    body += rb"{\deleted\revdttmdel-2074015744 3000}{\revised\revdttm-2074015744 5000}" + quoted("条") + rb"\par"
    document = read("a.rtf", rtf(body, head=FONTS + rb"{\stylesheet{\s7 Title;}}"))
    assert texts(document) == ["关于值班的通知", "不少于5000条"]
    assert headings(document) == [(1, "关于值班的通知")]


def table(*rows: str) -> bytes:
    begin = rb"\trowd\cellx1\cellx2\pard\intbl "
    return b"".join(
        begin + b"".join(quoted(cell) + rb"\cell " for cell in row.split("|")) + rb"\row " for row in rows
    )


def test_tables_that_an_empty_paragraph_parts_are_two() -> None:
    first, second = table("村名|人口", "石桥村|942"), table("食堂|座位", "北街食堂|40")
    told = ["村名：石桥村 | 人口：942", "食堂：北街食堂 | 座位：40"]
    assert texts(read("a.rtf", rtf(first + rb"\pard\par " + second + rb"\pard\par"))) == told
    # In one table, neither an empty paragraph of a cell, also without \intbl, nor the edge of a page ends it.
    empty = rb"\trowd\cellx1\cellx2\pard\par " + quoted("上河村") + rb"\cell\par 5\cell\row"
    document = read("a.rtf", rtf(first + rb"{\header \pard\par x}" + empty + rb"\pard end\par"))
    assert texts(document) == ["村名：石桥村 | 人口：942", "村名：上河村 | 人口：5", "end"]


def test_notes_edges_and_title_are_read_and_what_nobody_sees_is_not() -> None:
    head = FONTS + STYLES + rb"{\info{\title " + quoted("管理办法") + rb"}{\author x}}{\*\generator Word;}"
    body = rb"{\header " + quoted("云溪县水务局") + rb"\par}{\footer 1\par}" + quoted("正文")
    body += rb"{\footnote \pard\plain " + quoted("注文。") + rb"}{\v " + quoted("秘密") + rb"}"
    body += (
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt "
        + quoted("链接")
        + rb"}}{\*\annotation "
        + quoted("批注")
        + rb"}"
    )
    body += (
        rb"{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt "
        + quoted("框")
        + rb"\par}}\par{\pict\bin3 }}}{\object{\objdata 00}}"
    )
    document = read("a.rtf", rtf(body, head))
    assert texts(document) == ["正文链接", "注文。", "框", "云溪县水务局"]
    assert document.title == "管理办法"
    assert document.left_out == (LeftOut("pictures", ("1",)),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "is not an RTF file that can be opened (broken or cut short)"),
        (rb"{\rtf1 a}}}", "is not an RTF file that can be opened (broken or cut short)"),
        (rb"{\rtf1\ansicpg99999 a\par}", "is not an RTF file that can be opened (broken or cut short)"),
        (rtf(b""), "holds no text"),
        (rb"{\rtf1{\pict ffff}}", "holds no text, but pictures, which are not read"),
    ],
)  # fmt: skip
def test_refused(content: bytes, reason: str) -> None:
    assert refusal("a.rtf", content) == reason


def test_groups_within_groups_and_a_file_that_is_cut_short() -> None:
    assert texts(read("a.rtf", rb"{\rtf1 " + b"{" * 100_000 + b"a\\par")) == ["a"]
    assert texts(read("a.rtf", rb"{\rtf1 a\par b\bin999999999 c")) == ["a", "b"]


def test_damaged_files() -> None:
    row = (
        rb"\trowd\cellx1\cellx2\intbl "
        + quoted("村名")
        + rb"\cell 5\cell\row\pard\uc2\u20013\'d6\'d0{\footnote x}\par"
    )
    for copy in damaged_copies(rtf(row), 200):
        read_or_refused("a.rtf", copy)
