"""What another county, town, village or school has is never the answer."""

import pytest

from retrieval.answering.checks.objections import PLACE
from retrieval.query.asked.places import asked_places
from retrieval.types import StoredPassage
from tests.answering.make import objection, passage

COUNTY = "左云县有多少网格员"
TOWN = "金河镇有几个食堂"
VILLAGE = "渡头村有多少户"
SAYS_NO_PLACE = "网格员共有51名。"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (COUNTY, "左云县有网格员51名。"),
        (COUNTY, "左雲縣有網格員51名。"),
        (COUNTY, "左云有网格员51名。"),
        (COUNTY, "左云县比云溪县多，有网格员51名。"),
        (TOWN, "金河镇有食堂5个。"),
        (VILLAGE, "渡头村有120户。"),
        ("和平社区有多少户", "和平社区有1200户。"),
        ("云溪县白塘镇有几个食堂", "云溪县白塘镇有食堂5个。"),
        ("育才小学有多少学生", "育才小学有学生500名。"),
    ],
)
def test_a_sentence_that_names_the_place_may_answer(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (COUNTY, "云溪县有网格员30名。"),
        (COUNTY, "雲溪縣有網格員30名。"),
        (TOWN, "白塘镇有食堂5个。"),
        (VILLAGE, "石桥村有120户。"),
        ("和平社区有多少户", "幸福社区有1200户。"),
        ("和平街道有多少户", "幸福街道有1200户。"),
        ("云溪县白塘镇有几个食堂", "云溪县金河镇有食堂5个。"),
        ("云溪县白塘镇有几个食堂", "青禾县白塘镇有食堂5个。"),
    ],
)
def test_a_sentence_that_names_another_place_never_answers(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence)) == PLACE
    asked = question[: question.index("有")]
    assert objection(question, passage(f"{asked}来人学习。", sentence)) == PLACE
    assert objection(question, passage(sentence, f"{asked}来人学习。"), number=0) == PLACE
    assert objection(question, passage(sentence), rest=f"{asked}来人学习。") == PLACE


@pytest.mark.parametrize(
    ("question", "asked", "other", "sentence"),
    [
        (COUNTY, "左云县", "云溪县", "该县有网格员30名。"),
        (COUNTY, "左云县", "云溪县", "全县有网格员30名。"),
        (COUNTY, "左云县", "云溪县", SAYS_NO_PLACE),
        (TOWN, "金河镇", "白塘镇", "该镇有食堂5个。"),
        (TOWN, "金河镇", "白塘镇", "食堂有5个。"),
        (VILLAGE, "渡头村", "石桥村", "该村有120户。"),
        (VILLAGE, "渡头村", "石桥村", "一共120户。"),
        ("育才小学有多少学生", "育才小学", "实验小学", "该校有学生500名。"),
        ("育才小学有多少学生", "育才小学", "实验小学", "学生共500名。"),
        ("仁济医院有多少床位", "仁济医院", "同仁医院", "该院有床位500张。"),
    ],
)
def test_the_place_that_was_named_last_is_meant(question: str, asked: str, other: str, sentence: str) -> None:
    here, there = f"{asked}在河边。", f"{other}在山上。"
    assert objection(question, passage(here, there, sentence)) == PLACE
    assert objection(question, passage(there, here, sentence)) is None
    assert objection(question, passage(there, sentence), rest=here) == PLACE


def known(name: str, where: str, sentence: str) -> StoredPassage:
    """The sentence in a passage that tells of its place only so."""
    return {
        "title": lambda: passage(sentence, title=f"{name}概况"),
        "section": lambda: passage(sentence, section=name),
        "file": lambda: passage(sentence, file=f"{name}概况.txt"),
        "folder": lambda: passage(sentence, folder=name),
    }[where]()


@pytest.mark.parametrize("where", ["title", "section", "file", "folder"])
@pytest.mark.parametrize(
    ("question", "asked", "other", "sentence"),
    [
        (COUNTY, "左云县", "云溪县", "该县有网格员30名。"),
        (COUNTY, "左云县", "云溪县", SAYS_NO_PLACE),
        (TOWN, "金河镇", "白塘镇", "食堂有5个。"),
        (VILLAGE, "渡头村", "石桥村", "全村有120户。"),
        ("育才小学有多少学生", "育才小学", "实验小学", "该校有学生500名。"),
        ("仁济医院有多少床位", "仁济医院", "同仁医院", "床位共500张。"),
    ],
)
def test_the_place_may_stand_beside_the_text(
    where: str, question: str, asked: str, other: str, sentence: str
) -> None:
    assert objection(question, known(asked, where, sentence)) is None
    assert objection(question, known(other, where, sentence)) == PLACE
    assert objection(question, known(other, where, sentence), rest=f"{asked}来人学习。") == PLACE


def test_the_place_may_stand_elsewhere_in_the_document() -> None:
    assert objection(COUNTY, passage(SAYS_NO_PLACE), rest="左云县民政局文件") is None
    assert objection(COUNTY, passage(SAYS_NO_PLACE), rest="民政局文件") == PLACE
    assert objection(TOWN, passage("食堂有5个。"), rest="金河镇文件") is None
    assert objection("育才小学有多少学生", passage("学生500名。"), rest="育才小学概况") is None


def test_a_county_is_not_the_town_that_lies_in_it() -> None:
    asked = "云溪县白塘镇有几个食堂"
    assert objection(asked, passage("云溪县有食堂52个。")) == PLACE
    assert objection(asked, passage("白塘镇有食堂5个。", title="云溪县的食堂")) is None
    assert objection(asked, passage("白塘镇有食堂5个。", title="青禾县的食堂")) == PLACE


def test_the_county_that_was_found_for_the_passage_holds() -> None:
    assert objection(COUNTY, passage(SAYS_NO_PLACE, place="左云县")) is None
    assert objection(COUNTY, passage(SAYS_NO_PLACE, place="云溪县"), rest="左云县来人学习。") == PLACE


@pytest.mark.parametrize(
    ("question", "here", "there"),
    [("大同市有多少人", "大同市", "大同县"), ("大同县有多少人", "大同县", "大同市")],
)
def test_a_city_is_not_the_county_of_its_name(question: str, here: str, there: str) -> None:
    assert objection(question, passage(f"{here}有30万人。")) is None
    assert objection(question, passage("共有30万人。", title=f"{here}概况")) is None
    assert objection(question, passage(f"{there}有30万人。")) == PLACE
    assert objection(question, passage("共有30万人。", title=f"{there}概况")) == PLACE


@pytest.mark.parametrize(
    ("question", "title", "other"),
    [
        ("左云有多少网格员", "左云县的网格", "云溪县有网格员30名。"),
        ("请问云溪有多少网格员", "云溪县的网格", "青禾县有网格员30名。"),
        ("金河有多少网格员", "金河镇的网格", "白塘镇有网格员30名。"),
    ],
)
def test_a_short_name_means_the_place_that_documents_know(question: str, title: str, other: str) -> None:
    assert objection(question, passage(SAYS_NO_PLACE, title=title)) is None
    assert objection(question, passage(other), known=title) == PLACE
    assert objection(question, passage("网格员共有30名。", title=other[:3]), known=title) == PLACE


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("育才小学有多少人", "实验小学有500人。"),
        ("仁济医院有多少人", "同仁医院有500人。"),
        ("左云县人民医院有多少人", "云溪县人民医院有500人。"),
        ("向阳幼儿园有多少人", "蓝天幼儿园有500人。"),
        ("松鹤养老院有多少人", "夕阳红养老院有500人。"),
    ],
)
def test_another_school_or_hospital_never_answers(asked: str, other: str) -> None:
    name = asked[: asked.index("有")]
    assert objection(asked, passage(f"{name}有500人。")) is None
    assert objection(asked, passage(other)) == PLACE
    assert objection(asked, passage(f"{name}来人学习。", other)) == PLACE
    assert objection(asked, passage(f"{name}来人学习。", other), rest=name) == PLACE


@pytest.mark.parametrize(
    ("question", "before", "sentence"),
    [
        ("育才小学有多少学生", "育才小学在河边。", "全县有普通小学12所，这里有学生500名。"),
        ("仁济医院有多少床位", "仁济医院是定点医院。", "床位500张。"),
        ("仁济医院有多少床位", "仁济医院不大，比不上县级医院。", "床位500张。"),
    ],
)
def test_a_sort_of_school_or_hospital_is_not_another_one(question: str, before: str, sentence: str) -> None:
    assert objection(question, passage(before, sentence)) is None


def test_who_asks_of_no_place_is_answered_from_any() -> None:
    assert objection("一共有多少网格员", passage("云溪县有网格员30名。")) is None
    assert objection("全县有多少网格员", passage("云溪县有网格员30名。")) is None
    assert objection("附近的小学有多少学生", passage("实验小学有学生500名。")) is None


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("在外打工回不来,云溪选村干部能让家里人替我投吗", ["云溪"]),
        ("云溪白塘村有多少人", ["云溪", "白塘村"]),
        ("住户不爱交物业费,槐树社区用了啥招", ["槐树社区"]),
    ],
)
def test_a_name_does_not_begin_in_the_middle_of_another(question: str, names: list[str]) -> None:
    assert [place.name for place in asked_places(question, {"云溪县"})] == names


@pytest.mark.parametrize(
    ("question", "sentences", "rest"),
    [
        ("上海的篮球场几点开门", ["虹口区的篮球场6:00开门。"], "上海市体育局。"),
        ("上海的篮球场几点开门", ["篮球场6:00开门。"], "管理方是虹口区城发集团。"),
        ("沈阳的比赛在哪里颁奖", ["颁奖典礼在皇姑区珠江小学举行。"], "沈阳市教育局。"),
        ("益阳赫山区有几个食堂", ["根据市民政局安排，今年赫山区有食堂10个。"], "益阳市。"),
        ("枫溪县新医院在哪条路上", ["新院区位于枫香大道88号。"], "枫溪县。"),
        ("金河县审计局局长是谁", ["会议由县人大主任主持。", "审计局局长谭明作了报告。"], "金河县。"),
        ("安樟县的干部哪天交接完", ["任命鲁大江为局长，兼任县指挥部主任。", "请于5月20日前交接完。"], "安樟县。"),
        ("钱塘湿地公园有多大", ["启动区块由海塘围成，公园总面积6公顷。"], "钱塘区湿地公园。"),
        ("南门社区的孩子读哪所小学", ["北门、文昌三个社区读第一小学，南门、河街两个社区读第二小学。"], ""),
        ("护航幼儿园的老师违反了什么规定", ["护航幼儿园。", "违反了《新时代幼儿园教师准则》第三条。"], ""),
        ("陆家嘴心家园有几台设备", ["陆家嘴“心家园”的旗舰店有设备3台。"], ""),
        ("中小学生比赛有多少人参加", ["有500人参加，实验小学承办。"], ""),
    ],
)
def test_the_place_is_told_in_more_ways_than_by_its_name(question: str, sentences: list[str], rest: str) -> None:
    assert objection(question, passage(*sentences), rest=rest) is None


def test_a_city_beside_the_asked_one_does_not_hold_its_districts() -> None:
    assert objection("上海的篮球场几点开门", passage("杭州市的篮球场6:00开门。"), rest="虹口区。") == PLACE


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("2025年上半年修乡村路的养护款拨下来多少", "上半年农村公路养护资金已拨付2700万元。"),
        ("去年洪水时县城为什么没自来水", "去年由于取水口被泥沙堵死，县城供水中断31个小时。"),
        ("开幕式谁给中国队扛旗", "网球运动员郭涵煜担任旗手。"),
        ("葡萄今年进了哪家超市", "葡萄今年批发销售给盒马生鲜超市。"),
    ],
)
def test_words_that_only_end_like_places_ask_for_none(question: str, sentence: str) -> None:
    assert objection(question, passage(sentence, date="2025-07-01", title="2025年上半年")) is None


@pytest.mark.parametrize("zone", ["候车区", "新院区", "非灌区", "分管县"])
def test_a_zone_is_no_other_county(zone: str) -> None:
    text = f"{zone}另有规定。"
    assert objection("左云县有多少网格员", passage(text, SAYS_NO_PLACE, title="左云县的网格")) is None


@pytest.mark.parametrize("asked", ["枫山县县城", "石景山区", "枫山镇", "枫山村"])
def test_a_place_called_by_a_mountain_is_a_place(asked: str) -> None:
    assert objection(f"{asked}有几个社区", passage(f"{asked}有4个社区。")) is None
    assert objection(f"{asked}有几个社区", passage("云溪县县城有4个社区。")) == PLACE


def test_what_the_whole_county_counts_is_of_no_town_of_it() -> None:
    report = passage("全县有茶园3万亩，其中柏树镇4千亩。", "目前全县共有茶农6千户。", title="茶叶简报")
    assert objection("柏树镇有多少户茶农", report) == PLACE
    assert objection("柏树镇有茶园多少亩", report, 0) is None


@pytest.mark.parametrize("question", ["咱县捐款最多的捐了多少", "俺旗今年种了多少亩", "8路车还到滨河公园吗"])
def test_ones_own_county_and_an_adverb_are_no_names(question: str) -> None:
    assert not [place for place in asked_places(question) if place.name[0] in "咱俺还"]
