"""The files that questions are asked of: one or more of each kind that Wenju reads, about an invented county."""

import json
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.documents import make
from tests.documents.make_xls import Day, Sheet, xls
from tests.documents.office.test_opendocument_text import NUMBERED, cell, items, p, row
from tests.documents.office.test_rich_text import quoted, rtf
from tests.documents.office.test_slides import cell as slide_cell
from tests.documents.office.test_slides import table as slide_table
from tests.documents.pages.test_pdf_layout import by_row, lines, placed
from tests.documents.spreadsheets.test_opendocument import cell as ods_cell
from tests.documents.spreadsheets.test_opendocument import row as ods_row
from tests.documents.spreadsheets.test_opendocument import table as ods_table
from tests.documents.spreadsheets.test_sheets import rows

Rows = Sequence[Sequence[str]]


def write_files(folder: Path) -> None:
    """All of them, each under the name that questions call it by; those of the archive lie in it."""
    for name, content in FILES.items():
        data = content() if callable(content) else content
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def _docx(*parts: str | Rows, title: str = "", inner: Rows = ()) -> bytes:
    """Paragraphs, those with # before them headings, and tables; `inner` is a table in the last cell of the last."""

    def fill(document: Any) -> None:
        document.core_properties.title = title
        for part in parts:
            if isinstance(part, str):
                document.add_heading(part[1:], 1) if part[0] == "#" else document.add_paragraph(part)
                continue
            last = _fill(document.add_table(len(part), len(part[0])), part)
            if inner and part is parts[-1]:
                _fill(last.add_table(len(inner), len(inner[0])), inner)

    return make.docx(fill)


def _fill(table: Any, texts: Rows) -> Any:
    for line, written in zip(table.rows, texts, strict=True):
        for place, text in zip(line.cells, written, strict=True):
            place.text = text
    return table.rows[-1].cells[-1]


def _tsv(*lines: str) -> str:
    return "\n".join("\t".join(line.split("|")) for line in lines) + "\n"


def _rtf(*parts: str | Rows) -> bytes:
    body = b""
    for part in parts:
        if isinstance(part, str):
            body += rb"\pard\f0 " + quoted(part) + rb"\par "
            continue
        for line in part:
            edges = b"".join(rb"\cellx%d" % (2000 * i) for i in range(1, len(line) + 1))
            body += rb"\trowd" + edges + rb"\pard\intbl " + b"".join(quoted(text) + rb"\cell " for text in line)
            body += rb"\row "
    return rtf(body)


def _letter() -> bytes:
    message = EmailMessage()
    message["Subject"] = "关于召开青杨县河湖管护工作会议的函"
    message["From"], message["To"] = "青杨县水务局 <water@example.org>", "各乡镇 <towns@example.org>"
    message["Date"] = "Mon, 12 Jan 2026 09:00:00 +0800"
    message.set_content(
        "各乡镇：\n\n定于2026年1月20日上午9时在县水务局三楼会议室召开河湖管护工作会议。\n\n"
        "请各乡镇分管领导参加，于1月16日前报名。\n\n联系人：贺春生，电话：0357-6620118。\n"
    )
    return message.as_bytes()


def _sheet(*lines: Sequence[object], title: str = "Sheet1", merged: Sequence[str] = ()) -> Callable[[Any], None]:
    return rows(*lines, title=title, merged=merged)


def _page(title: str, body: str) -> str:
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<html>{head}<body><article>{body}</article></body></html>"


HEATING = _docx(
    "#青杨县2026年冬季取暖补贴发放公告",
    "为保障困难群众温暖过冬，现将2026年冬季取暖补贴标准公布如下。",
    (("对象", "每户补贴（元）", "发放时间"), ("特困供养户", "1200", "11月15日"), ("低保户", "800", "11月20日"),
     ("低保边缘户", "400", "11月25日")),
    "申请人应当向户籍所在地乡镇人民政府提交身份证、户口簿和银行卡复印件。",
    "咨询电话：0357-6621234（县民政局社会救助股）。",
    title="新建 Microsoft Word 文档",
)  # fmt: skip
DUTY = _docx(
    "青杨县国庆假期值班安排",
    "假期值班人员应当24小时保持电话畅通。",
    (("事项", "安排"), ("值班", "")),
    inner=(("日期", "带班领导", "值班电话"), ("10月1日", "王大江", "0357-6620001"),
           ("10月2日", "李小河", "0357-6620002"), ("10月3日", "赵永泉", "0357-6620003")),
)  # fmt: skip
CHECKUP = _docx(
    "#青杨县2026年老年人免费体检通知",
    "65周岁及以上常住居民每年可以免费体检一次。",
    (("乡镇", "体检地点", "体检日期", "预计人数"), ("柳泉镇", "柳泉镇中心卫生院", "4月8日", "620"),
     ("东山乡", "东山乡卫生院", "4月10日", "310"), ("安河镇", "安河镇中心卫生院", "4月14日", "540")),
    "体检项目包括血常规、尿常规、心电图和腹部B超。请空腹前往，并携带身份证。",
)  # fmt: skip
VILLAGES = make.xlsx(
    _sheet(
        *(["柳泉镇2025年各村基本情况表"], ["填报单位：柳泉镇人民政府", None, None, None, "单位：万元"]),
        *(["村名", "人口", "耕地（亩）", "收入", None], [None, None, None, "种植", "养殖"]),
        *(["石门村", 1286, 3420, 96.5, 41], ["槐树村", 942, 2105, 73, 18.5], ["上湾村", 1530, 2980, 58, 120]),
        *(["下湾村", 655, 1460, 37, 22],),
        merged=("A1:E1", "A3:A4", "B3:B4", "C3:C4", "D3:E3"),
    )
)
SCHOOLS = make.xlsx(
    _sheet(["学校", "招生计划（人）", "报名电话"], ["青杨县第一小学", 270, "0357-6622101"],
           ["青杨县实验小学", 225, "0357-6622102"], ["东关小学", 180, "0357-6622103"], title="2026年小学招生"),
    _sheet(["学校", "招生计划（人）", "住宿费（元/学期）"], ["青杨县第二中学", 500, 300],
           ["青杨县第三中学", 400, 260], title="2026年初中招生"),
)  # fmt: skip
BUSES = xls(
    Sheet("公交", [
        ["线路", "起点", "终点", "首班", "末班", "票价（元）", "开通日期"],
        ["1路", "火车站", "县医院", "6:00", "21:00", 1, Day(43466)],
        ["2路", "汽车站", "工业园", "6:30", "20:30", 2, Day(44013)],
        ["5路", "县医院", "柳泉镇", "7:00", "18:30", 3, Day(45292)],
    ])
)  # fmt: skip
WATER = make.ods(
    ods_table(
        *(
            ods_row(*map(ods_cell, line.split("|")))
            for line in (
                "用水类别|年用水量（立方米）|水价（元/立方米）",
                *("居民第一阶梯|180以下|2.60", "居民第二阶梯|180至260|3.90", "居民第三阶梯|260以上|7.80"),
                *("非居民|不限|4.20", "洗车等特种行业|不限|12.00"),
            )
        ),
        name="青杨县城区自来水价格表",
    )
)
TRACTORS = make.pptx(
    make.shape("青杨县农机购置补贴政策宣讲", "title") + make.shape("县农业农村局 2026年3月"),
    make.shape("补贴标准", "title")
    + slide_table(
        *([slide_cell(text) for text in line.split("|")] for line in (
            "机具|最高补贴额（元）|办理单位", "轮式拖拉机|18000|县农机服务中心", "玉米收获机|42000|县农机服务中心",
            "植保无人机|9500|县植保站"))
    ),
    make.shape("办理要求", "title") + make.shape("购机后60日内提出申请。\n每户每年最多补贴3台机具。"),
    title="PowerPoint 演示文稿",
)  # fmt: skip
LETTINGS = placed([
    (60, 760, "Qingyang County Culture Hall: hiring a room in 2026"),
    *by_row(
        lines(60, "Room", "Great Hall", "Small Theatre", "Reading Room", "Dance Studio"),
        lines(220, "Fee per hour (yuan)", "260", "180", "40", "75"),
        lines(400, "Seats", "600", "220", "45", "30"),
    ),
    (60, 560, "A room must be booked seven days in advance at the front desk."),
    (60, 544, "Schools of the county pay half of the fee."),
])  # fmt: skip
FLOODS = make.epub(
    "<h1>预警</h1><p>青杨县防汛预警分为四级，红色预警为最高一级。</p>"
    "<p>发布红色预警后，低洼地带的居民应当在2小时内转移到安置点。</p>",
    "<h1>安置点</h1><table><tr><th>安置点</th><th>可容纳人数</th><th>负责人</th></tr>"
    "<tr><td>柳泉镇中学</td><td>800</td><td>孙立本</td></tr><tr><td>东山乡文化站</td><td>150</td><td>钱玉梅</td></tr></table>",
    title="青杨县防汛避险手册",
)
PACT = make.odt(
    '<text:h text:outline-level="1">石门村村规民约</text:h>'
    + items(p("红事办酒席不超过10桌，每桌不超过400元。"), p("白事三日内办完，不收礼金。"),
            p("乱倒垃圾的，由村委会责令清理，并在公示栏通报。"))
    + p("志愿服务积分兑换标准如下：")
    + "<table:table>" + "".join(row(*map(cell, line.split("|"))) for line in (
        "服务项目|积分（分）|可兑换物品", "清扫街道一次|5|肥皂一块", "照料老人一天|20|食用油一桶",
        "夜间巡逻一次|8|毛巾一条"))
    + "</table:table>",
    NUMBERED,
)  # fmt: skip
JOBS = _rtf(
    "青杨县2026年公开招聘社区工作者公告",
    "报名时间为2026年5月6日至5月10日，报名网址在县人民政府网站公布。",
    (("岗位", "招聘人数", "学历要求", "月工资（元）"), ("社区网格员", "24", "大专以上", "3600"),
     ("社区养老护理员", "10", "高中以上", "3200"), ("社区矫正社工", "6", "本科以上", "4100")),
    "笔试满分100分，占总成绩的60%。面试占总成绩的40%。",
)  # fmt: skip
WASTE = """# 青杨县生活垃圾分类管理办法

青政发〔2025〕8号

第一条 为了加强生活垃圾分类管理，改善人居环境，制定本办法。

第二条 生活垃圾分为可回收物、有害垃圾、厨余垃圾和其他垃圾四类。

第三条 有害垃圾投入红色收集容器，厨余垃圾投入绿色收集容器。

第四条 个人未分类投放的，责令改正；拒不改正的，处50元以上200元以下罚款。

| 收集容器 | 颜色 | 清运次数 |
|---|---|---|
| 可回收物 | 蓝色 | 每周2次 |
| 其他垃圾 | 灰色 | 每天1次 |

第五条 本办法自2026年1月1日起施行。
"""
OUTAGE = """关于城东片区计划停水的通知

因主管网改造，城东片区将于2026年6月18日22时至6月19日6时停水。

停水范围：东关街、滨河路和工业园。

县自来水公司抢修电话：0357-6623999。

青杨县自来水有限责任公司
2026年6月15日
"""
SERVICE = _page(
    "青杨县政务服务中心办事指南",
    "<h1>青杨县政务服务中心办事指南</h1><p>政务服务中心位于迎宾路26号，周一至周五8:30至17:30办公，午间不休息。</p>"
    "<table><tr><th>窗口</th><th>事项</th><th>办理时限</th><th>收费</th></tr>"
    "<tr><td rowspan='2'>公安窗口</td><td>居民身份证换领</td><td>20个工作日</td><td>20元</td></tr>"
    "<tr><td>居住证办理</td><td>15个工作日</td><td>免费</td></tr>"
    "<tr><td>不动产窗口</td><td>房屋转移登记</td><td>3个工作日</td><td>80元</td></tr></table>"
    "<p>老年人和残疾人可以走绿色通道，由导办员全程陪同办理。需要预约的，可以提前一天拨打服务热线。</p>",
)
HOUSES = """编号,户主,所在村,危房等级,补助金额（元）
WF-0017,董国强,上湾村,C级,14000
WF-0018,韩秀兰,槐树村,D级,35000
WF-0023,马志远,下湾村,D级,35000
WF-0031,陈桂香,石门村,C级,12000
"""
MEDICAL = "\n".join(
    json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
    for question, answer in (
        ("新生儿怎么参加居民医保", "出生后90天内到户籍所在地乡镇便民服务中心办理参保登记。"),
        ("异地住院报销比例是多少", "办理备案的报销60%，没有备案的报销45%。"),
        ("医保卡丢了怎么补办", "持身份证到县医保局二楼3号窗口补办，当场领取。"),
    )
)
PENSION = """问题,答案
养老金什么时候发放,每月15日发放，遇节假日提前。
城乡居民养老保险最低缴多少,每年最低缴200元，最高缴5000元。
多少岁可以领养老金,年满60周岁可以领取。
"""
STALLS = _tsv(
    *("摊位号|经营品类|月租金（元）|承租人", "A-03|蔬菜|450|刘桂枝", "A-07|水产|680|郑海", "B-12|熟食|720|冯建军"),
)
ARCHIVE = make.archive({
    "景区门票.txt": "青杨县景区门票价格\n\n翠屏山景区成人票每张60元，65周岁以上老年人免票。\n\n"
                "清水湖景区成人票每张35元，游船另收每人25元。\n",
    "殡葬收费.csv": "服务项目,收费标准（元）,备注\n遗体接运,280,县城范围内\n火化,450,普通炉\n骨灰寄存,120,每年\n",
})  # fmt: skip

FILES: dict[str, bytes | str] = {
    "取暖补贴.docx": HEATING,
    "国庆值班.docx": DUTY,
    "老年人体检.docx": CHECKUP,
    "柳泉镇各村情况.xlsx": VILLAGES,
    "学校招生.xlsx": SCHOOLS,
    "公交线路.xls": BUSES,
    "自来水价格.ods": WATER,
    "农机补贴.pptx": TRACTORS,
    "culture-hall.pdf": LETTINGS,
    "防汛手册.epub": FLOODS,
    "村规民约.odt": PACT,
    "社区招聘.rtf": JOBS,
    "垃圾分类.md": WASTE,
    "停水通知.txt": OUTAGE,
    "办事指南.html": SERVICE,
    "危房改造.csv": HOUSES,
    "医保问答.jsonl": MEDICAL,
    "养老问答.csv": PENSION,
    "农贸市场摊位.tsv": STALLS,
    "河湖会议.eml": _letter(),
    "价格.zip": ARCHIVE,
}
