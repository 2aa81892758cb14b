"""Titles that people would give: not what programs write, and no sentence or lead-in where the file has a name."""

from collections.abc import Callable
from typing import Any

import pytest

from retrieval.documents.structure.dates import told_date
from tests.documents import make
from tests.documents.reading import GRID, read, texts

MADE_UP = (
    *("新建 Microsoft Word 文档", "新建 Microsoft Word 文档 (2)", "新建 Microsoft Word Document", "新建文本文档"),
    *(
        "新建 Microsoft Excel 工作表",
        "新建 DOCX 文档 - 副本",
        "新建 Microsoft PowerPoint 演示文稿",
        "新建WPS文字文稿",
    ),
    *("New Microsoft Word Document", "Microsoft Word - 文件1", "文档1", "演示文稿1", "幻灯片 1", "工作簿2"),
    *(
        "Presentation2",
        "Slide 1",
        "Administrator",
        "admin",
        "微软用户",
        "20250301093055",
        "未命名",
        "报告.docx",
        "print.html",
        "scan0001.tif",
    ),
)
GIVEN = (
    *("新建住宅小区配套设施移交办法", "新建商品房买卖合同文本", "新文化馆开放公告", "文件管理办法", "用户须知"),
    *("幻灯片制作指南", "Word 使用说明", "Booking a hall", "2025年工作要点", "表格填写说明"),
)
LEAD_IN = "申请行政复议需要提交下列材料："


def _docx(*lines: str, title: str = "") -> bytes:
    def fill(document: Any) -> None:
        document.core_properties.title = title
        for line in lines:
            document.add_paragraph(line)

    return make.docx(fill)


def _xlsx(*rows: list[str], title: str | None = None) -> bytes:
    def fill(sheet: Any) -> None:
        sheet.title = "Sheet1"
        sheet.parent.properties.title = title
        for row in rows:
            sheet.append(row)

    return make.xlsx(fill)


@pytest.mark.parametrize("title", MADE_UP)
def test_what_a_program_made_up_is_no_title(title: str) -> None:
    assert read("a.docx", _docx("取暖补贴发放公告", GRID, title=title)).title == "取暖补贴发放公告"
    assert read("取暖.xlsx", _xlsx(["户名", "金额"], ["张三", "300"], title=title)).title == "取暖"
    assert read("a.pptx", make.pptx(make.shape("取暖补贴"), title=title)).title == "取暖补贴"


@pytest.mark.parametrize("title", GIVEN)
def test_what_somebody_called_it_is_the_title(title: str) -> None:
    assert read("a.docx", _docx("取暖补贴发放公告", GRID, title=title)).title == title


@pytest.mark.parametrize(
    "line", [LEAD_IN, GRID, f"{GRID[:-1]}，" * 3, "各村、各单位、", "全县共有网格员51名。各村都有", "a", "1", "——"]
)
@pytest.mark.parametrize(
    "made",
    [
        lambda line: ("复议.docx", _docx(line, "申请书")),
        lambda line: ("复议.txt", f"{line}\n\n{GRID}\n".encode()),
        lambda line: ("复议.md", f"{line}\n\n{GRID}\n".encode()),
        lambda line: ("复议.odt", make.odt(f"<text:p>{line}</text:p><text:p>{GRID}</text:p>")),
    ],
)
def test_the_name_of_the_file_serves_where_the_first_line_is_no_title(
    made: Callable[[str], tuple[str, bytes]], line: str
) -> None:
    name, content = made(line)
    document = read(name, content)
    assert document.title == "复议"
    assert texts(document)[0].strip("：").startswith(line[:20].strip("：")), "the line is still read"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("老人吃饭怎么办？社区办起食堂", "老人吃饭怎么办？社区办起食堂"),
        ("云溪县2025年取暖补贴发放公告", "云溪县2025年取暖补贴发放公告"),
        ("通知", "通知"),
        ("Opening hours of the town hall, Inc", "Opening hours of the town hall, Inc"),
        ("The hall is open from nine.", "复议"),
    ],
)
def test_a_line_that_may_be_a_title_is_one(line: str, title: str) -> None:
    assert read("复议.docx", _docx(line, GRID)).title == title


def test_a_sheet_that_one_letter_heads_goes_by_its_file() -> None:
    assert read("空行.xlsx", _xlsx(["a"], [], ["村名", "人口"], ["石桥村", "942"])).title == "空行"
    assert read("空行.xlsx", _xlsx(["a"], [], ["b"])).title == "空行"


@pytest.mark.parametrize("name", ["a", "新建 Microsoft Word 文档", "文档1", "20250301", "1", "新建文本文档 (3)"])
def test_the_line_is_the_title_where_the_file_has_no_name_either(name: str) -> None:
    assert read(f"{name}.docx", _docx(LEAD_IN, "申请书")).title == LEAD_IN


@pytest.mark.parametrize(
    "made",
    [
        lambda lines: ("a.txt", "\n\n".join(lines).encode()),
        lambda lines: ("a.docx", _docx(*lines)),
    ],
)
@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["云溪县水务局", "关于印发《供水细则》的通知", GRID], "云溪县水务局关于印发《供水细则》的通知"),
        (["云溪县水务局", "供水服务指南", GRID], "云溪县水务局"),
        (["供水服务", "关于停水的通知", GRID], "供水服务"),
    ],
)
def test_a_title_that_goes_on_behind_the_line_of_who_issues_it(
    made: Callable[[list[str]], tuple[str, bytes]], lines: list[str], title: str
) -> None:
    assert read(*made(lines)).title == title


@pytest.mark.parametrize(
    "made",
    [
        lambda lines: ("a.md", "\n\n".join([f"# {lines[0]}", *lines[1:]]).encode()),
        lambda lines: ("a.md", "\n".join([f"# {lines[0]}", *lines[1:]]).encode()),
        lambda lines: ("a.docx", _docx(*lines)),
        lambda lines: ("a.odt", make.odt("".join(f"<text:p>{line}</text:p>" for line in lines))),
    ],
)
@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["停水通知", "发布机构：云溪县水务局", "发布日期：2026-03-18", GRID], "2026-03-18"),
        (["停水通知", "云溪县水务局 2026年3月18日", GRID], "2026-03-18"),
        (["停水通知", GRID, "云溪县水务局", "2026年3月18日"], "2026-03-18"),
        (["停水通知", "2026年3月20日8时起停水，请储水。", GRID], None),
        (["停水通知", "停水自2026年3月20日起。", GRID, "联系人：赵建国"], None),
    ],
)
def test_the_day_of_a_paper_is_read_from_its_head_or_its_end(
    made: Callable[[list[str]], tuple[str, bytes]], lines: list[str], date: str | None
) -> None:
    assert read(*made(lines)).date == date


@pytest.mark.parametrize(
    "made",
    [
        lambda lines: ("a.txt", "\n\n".join(lines).encode()),
        lambda lines: ("a.txt", "\n".join(lines).encode()),
        lambda lines: ("a.docx", _docx(*lines)),
        lambda lines: ("a.md", "\n\n".join([f"# {lines[0]}", *lines[1:]]).encode()),
        lambda lines: ("a.odt", make.odt("".join(f"<text:p>{line}</text:p>" for line in lines))),
    ],
)
@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (
            ["松岭县水务局文件", "松水发〔2024〕6号", "松岭县水务局关于清理河道的通知"],
            "松岭县水务局关于清理河道的通知",
        ),
        (
            ["松岭县水务局文件", "松水发（2024）6号", "松岭县水务局", "关于清理河道的通知"],
            "松岭县水务局关于清理河道的通知",
        ),
        (
            ["000128", "机密★1年", "特 急", "松水函〔2024〕6号　签发人：王　敏", "关于清理河道的函"],
            "关于清理河道的函",
        ),
        (
            ["松岭县水务局办公室关于开展汛期", "河道巡查工作的通知"],
            "松岭县水务局办公室关于开展汛期河道巡查工作的通知",
        ),
        (["松岭县水务局", "松岭县财政局", "关于清理河道的通知"], "松岭县水务局 松岭县财政局关于清理河道的通知"),
        (
            ["松岭县农村饮水工程", "管理办法（试行）", "第一条 本办法适用于全县。"],
            "松岭县农村饮水工程管理办法（试行）",
        ),
        (["松岭县人民政府令", "第16号", "松岭县犬只管理办法"], "松岭县犬只管理办法"),
        (["河道清理", "关于时间", "松岭县水务局通知"], "河道清理"),
        (["关于学习省委文件的说明", "松水发〔2024〕6号"], "关于学习省委文件的说明"),
    ],
)
def test_what_stands_above_a_title_is_none_and_a_broken_title_is_whole(
    made: Callable[[list[str]], tuple[str, bytes]], lines: list[str], title: str
) -> None:
    assert read(*made([*lines, GRID])).title == title


def test_the_name_of_a_person_in_the_properties_is_no_title() -> None:
    assert read("a.docx", _docx("公示", GRID, title="郑红梅")).title == "公示"
    assert read("a.docx", _docx("公示", GRID, title="郑红梅同志事迹")).title == "郑红梅同志事迹"
    assert read("郑红梅.docx", _docx(GRID)).title == "郑红梅"


def test_the_heading_of_a_part_is_no_title() -> None:
    assert read("a.md", f"松岭县河道清理方案\n\n## 一、目标\n\n{GRID}\n".encode()).title == "松岭县河道清理方案"
    assert read("河道.md", f"{GRID}\n\n## 一、目标\n\n{GRID}\n".encode()).title == "河道"


@pytest.mark.parametrize(
    ("name", "sheet", "title"),
    [
        ("松岭县护林员.xlsx", "补贴", "松岭县护林员"),
        ("车辆台账.xlsx", "台账", "车辆台账"),
        ("台账.xlsx", "车辆台账", "车辆台账"),
        ("新建 Microsoft Excel 工作表.xlsx", "补贴", "补贴"),
        ("1.xlsx", "补贴", "补贴"),
    ],
)
def test_the_name_of_a_sheet_is_the_title_where_the_file_has_none(name: str, sheet: str, title: str) -> None:
    def fill(made: Any) -> None:
        made.title = sheet
        for row in (["户名", "金额"], ["张三", "300"]):
            made.append(row)

    assert read(name, make.xlsx(fill)).title == title


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("（2019年4月2日松岭县人民政府第7次常务会议通过）", "2019-04-02"),
        ("（2019年4月2日松岭县人民政府令第3号公布　自2019年6月1日起施行）", "2019-04-02"),
        ("（2019年4月2日县政府会议通过，根据2021年9月8日《关于修改部分规定的决定》修正）", "2021-09-08"),
        ("（自2019年6月1日起施行）", None),
        ("（2019年4月2日以前登记的，由发布单位收回）", None),
        ("时间：22-07-09", "2022-07-09"),
        ("来源：县水务局　时间：22-07-09　点击：31", "2022-07-09"),
        ("来源：县水务局　发布时间：2022年7月9日　浏览次数：31", "2022-07-09"),
        ("会议主题：防汛　时间：2022年7月9日上午", None),
        ("二〇二四年十二月三十一日", "2024-12-31"),
        ("二○二四年三月八日", "2024-03-08"),
        ("松岭县水务局　二零二四年十月二十日", "2024-10-20"),
        ("2024年3月", None),
        ("二〇二四年二月三十日", None),
    ],
)
def test_a_line_that_tells_the_day_of_a_paper(line: str, day: str | None) -> None:
    assert told_date(f"松岭县犬只管理办法\n{line}\n{GRID}") == day
