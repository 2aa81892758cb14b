"""Values of a spreadsheet, as people see them."""

import datetime

import pytest

from retrieval.documents.spreadsheets.cell_format import chinese_date_format, display_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3420, "3420"), (3420.0, "3420"), (24997.5, "24997.5"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333"),
        (-12.25, "-12.25"), (123456789012345678, "123456789012345678"), (12345678901.25, "12345678901"),
        (0.00001, "0.00001"), (1e30, "1E+30"), (10**4000, "1E+4000"),
        (0, "0"), (True, "TRUE"), (None, ""), ("  两 行\n文字 ", "两 行 文字"),
        (float("inf"), "Infinity"),
    ],
)  # fmt: skip
def test_what_has_no_format(value: object, text: str) -> None:
    assert display_text(value) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.125, "0.0%", "12.5%"), (0.125, "0%", "13%"), (0.3, "0.00%", "30.00%"),
        (1286, "#,##0", "1,286"), (1234567.5, "#,##0.00", "1,234,567.50"), (999, "#,##0", "999"),
        (7, "000", "007"), (2.5, "0", "3"), (-0.2, "0", "0"), (0.5, "#.##", "0.5"), (0, "#", ""),
        (3420, '0"亩"', "3420亩"), (5, '"第"0"期"', "第5期"), (3420, r"0\亩", "3420亩"),
        (3420, "¥#,##0.00", "¥3,420.00"), (3420, "[$¥-804]#,##0.00", "¥3,420.00"), (-3, "¥0", "-¥3"),
        (-5.5, "#,##0.00_);(#,##0.00)", "(5.50)"), (-5, "0;[Red]-0", "-5"), (120, "[Red]0", "120"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "-"), (0, "0;-0;;@", ""),
        (15000, "0.0,", "15.0"), (1500, "#,##0.0##", "1,500.0"), (1_500_000, '0,,"百万"', "2百万"),
        (13800138000.0, "0_ ", "13800138000"), (12, "@", "12"), (12, "General", "12"),
        (0.5, "# ?/?", "0.5"), (5, "0.00E+00", "5"), (120, "[>100]0;0.0", "120"),
        (31012345678, "000-0000-0000", "31012345678"), (1, '"有";;"无"', "有"), (0, '"有";;"无"', "无"),
        (12, "0." + "0" * 27, "12." + "0" * 27), (1e20, "0." + "0" * 10, "1" + "0" * 20 + "." + "0" * 10),
        (1, "0" + "%" * 30, "1" + "0" * 60 + "%" * 30),
        (1.5, "0." + "0" * 1000, "1.5"), (1e200, "#,##0", "1E+200"), (5, "", "5"), (5, '"', "5"),
    ],
)  # fmt: skip
def test_numbers_in_their_format(value: float, code: str, text: str) -> None:
    assert display_text(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (datetime.datetime(2026, 7, 15), "mm-dd-yy", "2026-07-15"),
        (datetime.date(2026, 7, 15), "yyyy-mm-dd", "2026-07-15"),
        (datetime.datetime(2026, 7, 15), 'yyyy"年"m"月"d"日"', "2026年7月15日"),
        (datetime.datetime(2026, 7, 1), 'yyyy"年"m"月"', "2026年7月"),
        (datetime.datetime(2026, 7, 1), "mmm-yy", "2026-07"),
        (datetime.datetime(2026, 7, 15), 'm"月"d"日";@', "7月15日"),
        (datetime.datetime(2026, 7, 15), "[$-804]yyyy", "2026"),
        (datetime.datetime(2026, 7, 15, 8, 30), "yyyy/m/d h:mm", "2026-07-15 08:30"),
        (datetime.datetime(2026, 7, 15, 8, 30), "h:mm", "08:30"),
        (datetime.datetime(2026, 7, 15), "yyyy/m/d h:mm", "2026-07-15"),
        (datetime.time(8, 30), "h:mm", "08:30"),
        (datetime.time(8, 30, 5), "h:mm:ss", "08:30:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_dates_in_their_format(value: object, code: str, text: str) -> None:
    assert display_text(value, code) == text


def test_formats_that_chinese_programs_know_by_number() -> None:
    assert chinese_date_format(31) == "yyyy年m月d日"
    assert chinese_date_format(14) is None
