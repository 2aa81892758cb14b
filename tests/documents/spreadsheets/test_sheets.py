"""Workbooks and CSV files, cell by cell: what becomes a section, a caption, a heading, a row, a note."""

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from retrieval.documents.structure.tables import COLUMN_LIMIT
from retrieval.left_out import LeftOut
from retrieval.types import Document, quote
from tests.documents import broken, make
from tests.documents.reading import headings, read, refusal, texts

VILLAGES: list[list[object]] = [["村名", "人口", "耕地（亩）"], ["柳树沟村", 1286, 3420.0], ["石桥村", 942, 2105]]


def rows(*lines: Sequence[object], title: str = "Sheet1", merged: Sequence[str] = ()) -> Callable[[Any], None]:
    def fill(sheet: Any) -> None:
        sheet.title = title
        for line in lines:
            sheet.append(list(line))
        for cells in merged:
            sheet.merge_cells(cells)

    return fill


def book(*sheets: Callable[[Any], None], name: str = "各村情况.xlsx") -> Document:
    return read(name, make.xlsx(*sheets))


class TestWorkbooks:
    def test_each_cell_stands_behind_the_heading_of_its_column(self) -> None:
        document = book(rows(*VILLAGES))
        assert texts(document) == [
            "村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420",
            "村名：石桥村 | 人口：942 | 耕地（亩）：2105",
        ]
        assert all(paragraph.whole for paragraph in document.paragraphs)
        assert document.title == "各村情况"
        assert document.left_out == ()

    def test_caption_unit_headings_in_rows_merged_cells_and_notes(self) -> None:
        lines: list[list[object]] = [
            ["白石镇2025年各村基本情况表"],
            ["填报单位：白石镇政府", None, None, None, "单位：万元"],
            ["片区", "村名", "收入", None, "占比"],
            [None, None, "种植", "养殖", None],
            ["东片", "柳树沟村", 120, 12.5, "三成"],
            [None, "石桥村", 98, 8, "两成"],
            ["西片", "上河村", 100, 9, "一半"],
            ["注：收入为上年数。"],
            ["填表人：张三", "审核人：李四"],
        ]
        document = book(rows(*lines, merged=["A1:E1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "A5:A6", "A8:E8"]))
        assert texts(document) == [
            "白石镇2025年各村基本情况表",
            "填报单位：白石镇政府 | 单位：万元",
            "片区：东片 | 村名：柳树沟村 | 收入·种植（万元）：120 | 收入·养殖（万元）：12.5 | 占比：三成",
            "片区：东片 | 村名：石桥村 | 收入·种植（万元）：98 | 收入·养殖（万元）：8 | 占比：两成",
            "片区：西片 | 村名：上河村 | 收入·种植（万元）：100 | 收入·养殖（万元）：9 | 占比：一半",
            "注：收入为上年数。",
            "填表人：张三 | 审核人：李四",
        ]
        assert document.title == "白石镇2025年各村基本情况表"
        assert headings(document) == [(2, document.title)]

    def test_a_sentence_below_the_table_is_no_row_of_it(self) -> None:
        head, row = ["类别", "用量", "价格"], ["居民用水", "180吨以内", 2.85]
        notes = ["每增加1人，用量增加50吨。", "低保户每月免费5吨。"]
        found = texts(book(rows(head, row, [notes[0]], [notes[1]])))
        assert found == ["类别：居民用水 | 用量：180吨以内 | 价格：2.85", *notes]
        assert texts(book(rows(head, row, [None, None, notes[0]])))[-1] == f"价格：{notes[0]}"
        assert texts(book(rows(head, [notes[0]], row)))[-1] == "类别：居民用水 | 用量：180吨以内 | 价格：2.85"

    def test_money_is_not_the_unit_of_people(self) -> None:
        document = book(rows(["单位：万元"], ["村名", "人口", "集体收入"], ["石桥村", 942, 98], ["上河村", 1730, 5]))
        assert texts(document)[1] == "村名：石桥村 | 人口：942 | 集体收入（万元）：98"
        document = book(
            rows(["单位：万元"], ["村名", "耕地面积", "占地补偿费"], ["石桥村", 942, 98], ["上河村", 1730, 5])
        )
        assert texts(document)[1] == "村名：石桥村 | 耕地面积：942 | 占地补偿费（万元）：98"

    def test_headings_in_three_rows(self) -> None:
        lines: list[list[object]] = [
            ["村名", "收入", None, None],
            [None, "种植", None, "养殖"],
            [None, "粮食", "蔬菜", None],
            ["柳树沟村", 10, 20, 30],
            ["石桥村", 11, 21, 31],
        ]
        document = book(rows(*lines, merged=["A1:A3", "B1:D1", "B2:C2", "D2:D3"]))
        assert texts(document)[0] == "村名：柳树沟村 | 收入·种植·粮食：10 | 收入·种植·蔬菜：20 | 收入·养殖：30"

    def test_a_year_above_some_columns_is_no_caption(self) -> None:
        lines: list[list[object]] = [
            [None, "2025年", None],
            ["村名", "人口", "耕地"],
            ["柳树沟村", 1286, 3420],
            ["石桥村", 942, 2105],
        ]
        document = book(rows(*lines, merged=["B1:C1"]))
        assert texts(document)[0] == "村名：柳树沟村 | 2025年·人口：1286 | 2025年·耕地：3420"

    def test_each_sheet_is_a_section_of_its_name(self) -> None:
        captioned: list[list[object]] = [["财政收支情况表", None], ["镇名", "支出"], ["白石镇", 55]]
        document = book(rows(*VILLAGES, title="基本情况"), rows(*captioned, title="2024年"))
        assert headings(document) == [(2, "基本情况"), (2, "2024年 · 财政收支情况表")]
        assert texts(document)[-1] == "镇名：白石镇 | 支出：55"
        assert document.title == "各村情况"

    def test_a_table_below_an_empty_row_has_headings_of_its_own(self) -> None:
        lines: list[list[object]] = [
            *VILLAGES,
            [],
            ["学校情况"],
            ["校名", "学生数"],
            ["石桥小学", 212],
            ["白石中学", 845],
        ]
        document = book(rows(*lines))
        assert texts(document)[2:] == ["学校情况", "校名：石桥小学 | 学生数：212", "校名：白石中学 | 学生数：845"]

    def test_rows_below_an_empty_row_go_on_with_the_table(self) -> None:
        document = book(rows(*VILLAGES, [], ["上河村", 1730, 58]))
        assert texts(document)[-1] == "村名：上河村 | 人口：1730 | 耕地（亩）：58"

    def test_an_empty_row_between_caption_and_table(self) -> None:
        document = book(
            rows(["各村基本情况表"], [], ["单位：万元"], [], ["村名", "收入"], ["石桥村", 98], ["上河村", 5])
        )
        assert texts(document) == [
            "各村基本情况表",
            "单位：万元",
            "村名：石桥村 | 收入（万元）：98",
            "村名：上河村 | 收入（万元）：5",
        ]

    def test_a_line_of_the_table_that_heads_those_below_it(self) -> None:
        document = book(
            rows(["项目", "单位", "数量"], ["一、种植业"], ["小麦", "吨", 12], ["二、养殖业"], ["羊", "只", 70])
        )
        assert texts(document) == [
            "一、种植业", "一、种植业 | 项目：小麦 | 单位：吨 | 数量：12",
            "二、养殖业", "二、养殖业 | 项目：羊 | 单位：只 | 数量：70",
        ]  # fmt: skip

    def test_a_list_in_one_column(self) -> None:
        assert texts(book(rows(["需要的材料"], ["身份证"], ["户口本"]))) == ["需要的材料", "身份证", "户口本"]

    def test_an_empty_cell_is_left_out_and_none_slides_into_its_place(self) -> None:
        document = book(rows(["村名", "人口", "耕地", "收入"], ["上河村", 1730, None, 58], ["下营村", None, 400, 22]))
        assert texts(document) == ["村名：上河村 | 人口：1730 | 收入：58", "村名：下营村 | 耕地：400 | 收入：22"]

    def test_a_table_that_begins_elsewhere(self) -> None:
        def fill(sheet: Any) -> None:
            for i, line in enumerate(VILLAGES):
                for j, value in enumerate(line):
                    sheet.cell(40 + i, 7 + 2 * j, value)

        assert texts(book(fill))[0] == "村名：柳树沟村 | 人口：1286 | 耕地（亩）：3420"

    def test_values_as_people_see_them(self) -> None:
        values: list[tuple[object, str, str]] = [
            (datetime.datetime(2026, 7, 15), "yyyy-mm-dd", "2026-07-15"),
            (datetime.datetime(2026, 7, 15), 'yyyy"年"m"月"d"日"', "2026年7月15日"),
            (0.125, "0.0%", "12.5%"), (1286.0, "#,##0", "1,286"), (7, "000", "007"), (True, "General", "TRUE"),
            ("2025-01", "@", "2025-01"), (datetime.time(8, 30), "h:mm", "08:30"),
        ]  # fmt: skip

        def fill(sheet: Any) -> None:
            sheet.append([f"第{i}列" for i in range(len(values))])
            for column, (value, code, _) in enumerate(values, 1):
                for row in (2, 3):
                    sheet.cell(row, column, value).number_format = code

        assert texts(book(fill))[0] == " | ".join(f"第{i}列：{shown}" for i, (*_, shown) in enumerate(values))

    def test_dates_in_a_format_that_chinese_programs_know_by_number(self) -> None:
        def fill(sheet: Any) -> None:
            sheet.append(["村名", "日期"])
            for village in ("石桥村", "上河村"):
                sheet.append([village, 46218])
                sheet.cell(sheet.max_row, 2).number_format = "0"
            sheet.append(["白塘村", 20260715])  # typed as it is read: no day that there is
            sheet.cell(4, 2).number_format = "0"

        whole = make.repacked(
            make.xlsx(fill), {"xl/styles.xml": lambda xml: xml.replace(b'numFmtId="1" ', b'numFmtId="31" ')}
        )
        found = texts(read("a.xlsx", whole))
        assert (found[0], found[2]) == ("村名：石桥村 | 日期：2026年7月15日", "村名：白塘村 | 日期：20260715")

    def test_texts_that_cells_share(self) -> None:
        """As Excel saves them, with how they are read aloud beside some."""
        whole = make.xlsx(rows(["a", "b"], ["c", 1], ["c", 2]))
        texts_of_it = ("村名", "人口", "石桥村")
        shared = "".join(f"<si><r><t>{text[0]}</t></r><r><t>{text[1:]}</t></r></si>" for text in texts_of_it[:2])
        shared += f"<si><t>{texts_of_it[2]}</t><rPh sb='0' eb='1'><t>shi</t></rPh></si>"
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        inside = {"a": 0, "b": 1, "c": 2}

        def by_number(xml: bytes) -> bytes:
            for text, number in inside.items():
                inline = f't="inlineStr"><is><t>{text}</t></is>'.encode()
                xml = xml.replace(inline, f't="s"><v>{number}</v>'.encode())
            return xml

        def announced(xml: bytes) -> bytes:
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/></Types>' % kind
            return xml.replace(b"</Types>", part)

        whole = broken.archive(whole, {"xl/sharedStrings.xml": f"<sst xmlns='{main}'>{shared}</sst>".encode()})
        changes = {"xl/worksheets/sheet1.xml": by_number, "[Content_Types].xml": announced}
        assert texts(read("a.xlsx", make.repacked(whole, changes))) == [
            "村名：石桥村 | 人口：1",
            "村名：石桥村 | 人口：2",
        ]

    def test_a_title_that_somebody_gave(self) -> None:
        def titled(sheet: Any) -> None:
            rows(*VILLAGES)(sheet)
            sheet.parent.properties.title = "白石镇台账"

        assert book(titled).title == "白石镇台账"


class TestLeftOut:
    def test_hidden_and_empty_sheets_are_told(self) -> None:
        def hidden(state: str) -> Callable[[Any], None]:
            def fill(sheet: Any) -> None:
                rows(["密码", "秘密"], title=state)(sheet)
                sheet.sheet_state = state

            return fill

        blank = rows(["  "], title="空格")
        document = book(rows(*VILLAGES), hidden("hidden"), hidden("veryHidden"), rows(title="Sheet3"), blank)
        assert document.left_out == (
            LeftOut("hidden_sheets", ("hidden", "veryHidden")),
            LeftOut("empty_sheets", ("Sheet3", "空格")),
        )
        assert "秘密" not in document.text

    def test_hidden_sheets_alone(self) -> None:
        def hidden(sheet: Any) -> None:
            rows(*VILLAGES, title="秘密")(sheet)
            sheet.sheet_state = "hidden"

        reason = refusal("a.xlsx", make.xlsx(rows(title="空"), hidden))
        assert reason == "holds hidden sheets alone; show those that are to be read, and save it"

    def test_a_formula_counts_as_the_value_that_was_saved(self) -> None:
        whole = make.xlsx(rows(*VILLAGES, ["合计", "=B2+B3", "=C2+C3"]))
        calculated = b"<f>B2+B3</f><v>2228</v>"
        saved = make.repacked(
            whole, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb"<f>B2\+B3</f><v ?/?>(</v>)?", calculated, xml)}
        )
        document = read("a.xlsx", saved)
        assert texts(document)[-1] == "村名：合计 | 人口：2228"
        assert document.left_out == (LeftOut("formulas", ("Sheet1",)),)

    def test_formulas_without_values_alone(self) -> None:
        reason = refusal("a.xlsx", make.xlsx(rows(["=1+1", "=TODAY()"])))
        assert reason == "holds formulas that were never calculated; open it in a spreadsheet program and save it"


class TestRefused:
    def test_nothing_in_it(self) -> None:
        assert refusal("a.xlsx", make.xlsx(rows())) == "holds no text"

    def test_a_password_or_the_format_before(self) -> None:
        reason = refusal("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        assert reason == "is protected by a password, or a legacy .xls; save a plain .xlsx copy"

    @pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04broken", make.docx(lambda _: None)])
    def test_no_workbook(self, content: bytes) -> None:
        assert refusal("a.xlsx", content) == "is not an XLSX file that can be opened (broken or cut short)"

    def test_too_many_columns(self) -> None:
        reason = "has 10,000 columns in one sheet; at most 1,000 are read; split it"
        assert refusal("a.xlsx", make.xlsx(rows(range(10_000), range(10_000)))) == reason
        assert refusal("a.csv", ",".join(map(str, range(10_000)))) == reason
        assert len(texts(book(rows(range(COLUMN_LIMIT))))) == 1

    def test_more_cells_than_are_kept(self) -> None:
        wide = "a," * 999 + "a\n"
        assert refusal("a.csv", wide * 1001) == "has more than 1,000,000 cells; split it"
        sparse = "".join("," * i + "a\n" for i in range(1000)) + "a\n" * 1000
        assert refusal("a.csv", sparse) == "has more than 1,000,000 cells in one sheet; split it"


class TestDelimited:
    LINES = ("村名：柳树沟村 | 人口：1286 | 地址：石桥街1号，二楼", "村名：石桥村 | 人口：942 | 地址：白石街")

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("suffix", [".csv", ".tsv"])
    def test_whatever_parts_the_cells(self, delimiter: str, encoding: str, suffix: str) -> None:
        lines = [("村名", "人口", "地址"), ("柳树沟村", "1286", "石桥街1号，二楼"), ("石桥村", "942", "白石街")]
        text = "\r\n".join(delimiter.join(line) for line in lines)
        assert tuple(texts(read(f"各村{suffix}", text.encode(encoding)))) == self.LINES

    def test_quotation_marks(self) -> None:
        text = '村名,人口,说明\n柳树沟村,"1,286","他说""好""，\n下一行"\n石桥村,942,无\n'
        assert texts(read("a.csv", text))[0] == '村名：柳树沟村 | 人口：1,286 | 说明：他说"好"， 下一行'

    def test_a_quotation_mark_without_its_end(self) -> None:
        reason = refusal("a.csv", 'a,b\n"' + "c,d\n" * 50_000)
        assert reason == "holds a cell of more than 131,072 characters (a quotation mark without its end?)"

    def test_a_quotation_mark_without_its_end_in_a_short_file(self) -> None:
        reason = refusal("a.csv", '村名,人口\n"石桥村,942\n上河村,5\n')
        assert reason == "has a quotation mark without its end, so that what follows it would be one cell; mend it"
        assert texts(read("a.csv", '尺寸,件\n5"管,942\n6管,5\n'))[0] == '尺寸：5"管 | 件：942', "an inch is none"

    def test_numbers_stay_as_they_are_written(self) -> None:
        assert texts(read("a.csv", '编号,户数\n="00123",3.0\n00124,"4,000"\n')) == [
            "编号：00123 | 户数：3.0", "编号：00124 | 户数：4,000",
        ]  # fmt: skip

    def test_a_declared_delimiter(self) -> None:
        assert texts(read("a.csv", "sep=|\n村名|人口\n石桥村|942\n上河村|5\n"))[0] == "村名：石桥村 | 人口：942"

    def test_caption_unit_and_empty_lines(self) -> None:
        text = "各村情况,,\n单位：万元,,\n\n村名,收入,支出\n石桥村,98,3\n上河村,5,4\n"
        document = read("表.csv", text)
        assert texts(document) == [
            "各村情况", "单位：万元",
            "村名：石桥村 | 收入（万元）：98 | 支出（万元）：3", "村名：上河村 | 收入（万元）：5 | 支出（万元）：4",
        ]  # fmt: skip
        assert document.title == "各村情况"
        assert read("各村.csv", "村名,人口\n石桥村,942\n").title == "各村"

    def test_lines_without_a_delimiter(self) -> None:
        assert texts(read("a.csv", "石桥村\n上河村\n")) == ["石桥村", "上河村"]

    @pytest.mark.parametrize("content", [b"", b",,,\n,,\n", b" \n"])
    def test_nothing_in_it(self, content: bytes) -> None:
        assert refusal("a.csv", content) == "holds no text"

    def test_no_text(self) -> None:
        assert refusal("a.csv", b"a,b\0c\n" * 3) == "holds binary data, not text"


def test_spans_quote_the_stored_text() -> None:
    document = book(rows(*VILLAGES, title="基本情况"))
    assert [quote(document.text, paragraph.spans) for paragraph in document.paragraphs] == document.text.split("\n")
