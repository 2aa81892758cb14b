"""Versions of one statement: the rule as amended, the notice of this year."""

import datetime
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from retrieval.answering.versions.meant import Version, not_meant
from retrieval.query.asked.times import asked_time
from retrieval.service import KnowledgeBase
from retrieval.types import Answer
from tests.reading.make import PaperReader
from tests.support.paper import PaperEmbedder

Asking = Callable[..., Answer]
TODAY = datetime.date(2026, 11, 29)


def notice(year: int, sum_: int, place: str = "云溪县") -> str:
    return (
        f"---\ntitle: {place}{year}年城乡居民医保缴费公告\ndate: {year - 1}-09-10\n---\n"
        f"# {place}{year}年城乡居民医保缴费公告\n\n"
        f"{year}年度居民医保个人缴费标准为每人每年{sum_}元。\n"
    )


def rule(title: str, date: str, days: int) -> str:
    return (
        f"---\ntitle: {title}\ndate: {date}\n---\n# {title}\n\n"
        f"第二条 职工连续缴存公积金{days}天以上的，可以申请贷款。\n"
    )


NOTICES = {"2025.md": notice(2025, 400), "2026.md": notice(2026, 430), "2027.md": notice(2027, 460)}
RULES = {
    "old.md": rule("云溪县公积金贷款管理规定", "2023-03-15", 180),
    "new.md": rule("云溪县公积金贷款管理规定（2026年修正）", "2026-02-20", 270),
}


@pytest.fixture
def asking(tmp_path: Path, settings: Settings, paper: PaperEmbedder) -> Asking:
    """Asks on TODAY with a reader to whom every sentence is as likely, but for one that holds `liked`."""

    def ask(
        question: str,
        documents: dict[str, str],
        today: datetime.date = TODAY,
        liked: str = "没有这样的",
        otherwise: float = 7.0,
    ) -> Answer:
        (tmp_path / "documents").mkdir(exist_ok=True)
        for name, text in documents.items():
            (tmp_path / "documents" / name).write_text(text, "utf-8")
        search = settings.search.model_copy(update={"today": today})
        own = settings.model_copy(update={"reader": "none", "search": search})
        with closing(
            KnowledgeBase(own, embedder=paper, reader=PaperReader({liked: 9.9}, otherwise=otherwise))
        ) as base:
            base.add([tmp_path / "documents"])
            return base.ask(question)

    return ask


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("居民医保每人每年缴费多少元", "430元"),
        ("目前居民医保缴费标准是多少元", "430元"),
        ("今年居民医保缴费标准是多少元", "430元"),
        ("去年居民医保缴费标准是多少元", "400元"),
        ("明年居民医保缴费标准是多少元", "460元"),
        ("2025年居民医保缴费标准是多少元", "400元"),
        ("2027年居民医保缴费标准是多少元", "460元"),
    ],
)
def test_the_version_of_the_year_that_is_meant(question: str, told: str, asking: Asking) -> None:
    assert told in (asking(question, NOTICES).answer or "")


def test_of_this_year_is_no_day_that_was_last_year(asking: Asking) -> None:
    def season_of(year: int) -> str:
        return notice(year, 400) + f"\n参保登记时间为{year - 1}年10月12日至{year - 1}年12月20日。\n"

    documents = {f"{year}.md": season_of(year) for year in (2026, 2027)}
    answer = asking("今年参保登记到哪天", documents, liked="参保登记时间为")
    assert "2026年12月20日" in (answer.answer or "") and len(answer.quotes) == 1


def test_the_reader_is_not_told_that_it_is_asked_now(
    tmp_path: Path, settings: Settings, paper: PaperEmbedder
) -> None:
    (tmp_path / "a.md").write_text(NOTICES["2026.md"], "utf-8")
    reader = PaperReader({})
    with closing(
        KnowledgeBase(settings.model_copy(update={"reader": "none"}), embedder=paper, reader=reader)
    ) as base:
        base.add([tmp_path / "a.md"])
        base.ask("目前居民医保缴费标准是多少元")
    assert reader.questions and not [question for question in reader.questions if "目前" in question]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2026年度集中缴费期是什么时候", "2025年9月25日"),
        ("2025年度集中缴费期是什么时候", "2024年9月25日"),
    ],
)
def test_when_something_of_a_year_is_stands_in_the_paper_of_that_year(
    question: str, told: str, asking: Asking
) -> None:
    def season_of(year: int) -> str:
        return notice(year, 400) + f"\n集中缴费期为{year - 1}年9月25日至{year - 1}年12月25日。\n"

    documents = {f"{year}.md": season_of(year) for year in (2025, 2026)}
    answer = asking(question, documents, liked="集中缴费期为")
    assert told in (answer.answer or "") and len(answer.quotes) == 1


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (datetime.date(2026, 8, 1), "2026年10月12日"),
        (TODAY, "2026年10月12日"),
        (datetime.date(2025, 12, 1), "2025年10月12日"),
        (datetime.date(2027, 2, 1), "2026年10月12日"),
    ],
)
def test_of_several_seasons_the_one_that_is_not_over_is_told(today: datetime.date, told: str, asking: Asking) -> None:
    def season_of(year: int) -> str:
        return notice(year, 400) + f"\n参保登记时间为{year - 1}年10月12日至{year - 1}年12月20日。\n"

    documents = {f"{year}.md": season_of(year) for year in (2025, 2026, 2027)}
    answer = asking("参保登记什么时候截止", documents, today, liked="参保登记时间为")
    assert told in (answer.answer or "")


def test_of_what_is_not_over_that_counts_which_was_said_last(asking: Asking) -> None:
    def deadline(verb: str, date: str, day: int) -> str:
        title = f"关于{verb}公租房报名时间的公告"
        text = f"公租房报名时间为2026年11月1日至2026年12月{day}日。"
        return f"---\ntitle: {title}\ndate: {date}\n---\n# {title}\n\n{text}\n"

    documents = {"a.md": deadline("公布", "2026-10-20", 5), "b.md": deadline("调整", "2026-11-25", 20)}
    assert "12月20日" in (asking("公租房报名什么时候截止", documents, liked="报名时间为").answer or "")


def test_years_count_from_the_day_on_which_is_asked(asking: Asking) -> None:
    assert "460元" in (asking("今年居民医保缴费标准是多少元", NOTICES, datetime.date(2027, 1, 2)).answer or "")


def test_the_rule_as_amended(asking: Asking) -> None:
    answer = asking("公积金连续缴存多少天可以申请贷款", RULES)
    assert "270天" in (answer.answer or "")


def test_the_older_rule_until_the_newer_one_is_in_force(asking: Asking) -> None:
    answer = asking("公积金连续缴存多少天可以申请贷款", RULES, datetime.date(2025, 6, 1))
    assert "180天" in (answer.answer or "")


def test_what_is_told_of_another_place_is_no_older_version(asking: Asking) -> None:
    documents = {"a.md": notice(2024, 380), "b.md": notice(2026, 430, "青禾县")}
    assert "380元" in (asking("云溪县居民医保缴费标准是多少元", documents).answer or "")


def season(years: str, price: int) -> str:
    title = f"云溪县{years}年采暖期供热通知"
    return f"---\ntitle: {title}\ndate: {years[:4]}-09-10\n---\n# {title}\n\n居民供热价格为每平方米{price}元。\n"


def test_a_season_of_two_years_is_in_force_from_the_first_on(asking: Asking) -> None:
    documents = {"a.md": season("2025-2026", 18), "b.md": season("2026-2027", 22)}
    assert "22元" in (asking("居民供热价格是每平方米多少元", documents).answer or "")


def test_words_in_brackets_tell_things_apart(asking: Asking) -> None:
    def fee(area: str, date: str, price: int) -> str:
        title = f"云溪县停车收费标准（{area}）"
        return f"---\ntitle: {title}\ndate: {date}\n---\n# {title}\n\n{area}停车每小时收费{price}元。\n"

    documents = {"a.md": fee("城区", "2026-01-10", 5), "b.md": fee("乡镇", "2025-01-10", 2)}
    assert "2元" in (asking("乡镇停车每小时收费多少元", documents, liked="乡镇停车每小时").answer or "")


def test_numbers_in_titles_tell_things_apart(asking: Asking) -> None:
    def school(number: str, date: str, children: int) -> str:
        title = f"第{number}小学招生通知"
        return f"---\ntitle: {title}\ndate: {date}\n---\n# {title}\n\n第{number}小学招收新生{children}名。\n"

    documents = {"a.md": school("一", "2026-07-01", 90), "b.md": school("二", "2025-07-01", 45)}
    assert "45名" in (asking("第二小学招收新生多少名", documents).answer or "")


OLD = Version("职工连续缴存公积金天以上的可以申请贷款", "云溪县公积金贷款管理规定", (2023,), "2023-03-15")
NEW = replace(OLD, years=(2026,), date="2026-02-20")


@pytest.mark.parametrize(
    ("question", "out"),
    [
        ("公积金连续缴存多少天可以申请贷款", {"old"}),
        ("现在连续缴存多少天可以申请贷款", {"old"}),
        ("修正前连续缴存多少天可以申请贷款", set()),
        ("以前公积金连续缴存多少天可以申请贷款", set()),
        ("2023年连续缴存多少天可以申请贷款", set()),
        ("2023年什么时候可以申请贷款", {"new"}),
        ("2021年什么时候可以申请贷款", set()),
        ("2023年9月哪天可以申请贷款", set()),
        ("今年比去年多缴存多少天", set()),
        ("去年连续缴存多少天可以申请贷款", {"old", "new"}),
    ],
)
def test_which_versions_are_not_meant(question: str, out: set[str]) -> None:
    assert not_meant(asked_time(question, is_number=True, today=TODAY), {"old": OLD, "new": NEW}, TODAY) == out


@pytest.mark.parametrize("liked", ["180天", "270天"])
def test_what_the_reader_likes_better_does_not_make_a_rule_newer(liked: str, asking: Asking) -> None:
    assert "270天" in (asking("公积金连续缴存多少天可以申请贷款", RULES, liked=liked).answer or "")


def test_a_year_that_is_not_there_is_answered_by_no_other(asking: Asking) -> None:
    documents = {name: NOTICES[name] for name in ("2025.md", "2027.md")}
    assert asking("今年居民医保缴费标准是多少元", documents).status != "answered"


def test_the_newest_of_many_versions_is_found_although_the_first_answer_plainly(asking: Asking) -> None:
    documents = {f"{year}.md": notice(year, 100 + year - 2010) for year in range(2012, 2027)}
    assert "116元" in (asking("居民医保个人缴费标准是每人每年多少元", documents).answer or "")


@pytest.mark.parametrize("words", ["目前年纪大的人", "上年纪的老人", "请说明年度内", "退休后年收入低的人"])
def test_parts_of_other_words_name_no_year(words: str, asking: Asking) -> None:
    assert "430元" in (asking(f"{words}居民医保缴费标准是多少元", NOTICES).answer or "")


def paper_of(title: str, number: str, fee: str, effect: str, more: str = "") -> str:
    return (
        f"---\ntitle: {title}\n---\n# {title}\n\n第二条 {fee}\n\n第七条 本办法自{effect}起施行{more}。\n\n{number}\n"
    )


FEES = {
    "old.md": paper_of(
        "云溪县公房租赁办法", "云政发〔2021〕22号", "租金按使用面积每平方米4.5元收取。", "2021年11月1日"
    ),
    "new.md": paper_of(
        "云溪县公房租赁办法（2026年修订）",
        "云政发〔2026〕31号",
        "每平方米每月收3.8元，低保家庭减半。",
        "2027年1月1日",
        "，云政发〔2021〕22号文件同时废止",
    ),
}


@pytest.mark.parametrize(
    ("question", "today", "fee"),
    [
        ("现在公房每平方米租金多少元", TODAY, "4.5元"),
        ("公房每平方米租金多少元", TODAY, "4.5元"),
        ("明年公房每平方米租金多少元", TODAY, "3.8元"),
        ("公房每平方米租金多少元", datetime.date(2027, 3, 1), "3.8元"),
    ],
)
def test_a_paper_that_is_not_yet_in_force_answers_only_of_then(
    question: str, today: datetime.date, fee: str, asking: Asking
) -> None:
    assert fee in (asking(question, FEES, today=today, liked="每平方米").answer or "")


def test_a_rule_and_the_notice_that_adjusts_it_are_versions_of_one_statement(asking: Asking) -> None:
    def parking(verb: str, date: str, effect: str, hour: int) -> str:
        title = f"关于{verb}县城道路停车收费标准的通知"
        text = f"首小时停车收费{hour}元。\n\n本通知自{effect}起执行。"
        return f"---\ntitle: {title}\ndate: {date}\n---\n# {title}\n\n{text}\n"

    documents = {
        "a.md": parking("公布", "2024-03-11", "2024年4月1日", 3),
        "b.md": parking("调整", "2026-11-16", "2027年1月1日", 4),
    }
    for question, fee in (("首小时停车收费多少元", "3元"), ("明年首小时停车收费多少元", "4元")):
        assert fee in (asking(question, documents, liked="首小时").answer or "")


def test_a_season_of_two_years_is_that_of_its_first(asking: Asking) -> None:
    def season(year: int, day: int) -> str:
        title = f"{year}—{year + 1}年采暖季供热公告"
        return f"# {title}\n\n本采暖季从{year}年10月{day}日开始供热。\n"

    documents = {f"{year}.md": season(year, day) for year, day in ((2024, 21), (2025, 28), (2026, 25))}
    assert "28日" in (asking("去年是哪天开始供热的", documents, liked="开始供热").answer or "")


@pytest.mark.parametrize(
    "remark", ["（2026年修订草案征求意见稿）", "（修订征求意见稿）", "（草案）", "（征求意见稿）"]
)
def test_a_draft_is_not_in_force(remark: str, asking: Asking) -> None:
    def paper(more: str, fine: int, effect: str) -> str:
        title = f"云溪县停车管理办法{more}"
        return f"# {title}\n\n第二条 占道停车罚款{fine}元。\n\n第三条 本办法自{effect}起施行。\n"

    documents = {"old.md": paper("", 100, "2023年1月1日"), "new.md": paper(remark, 200, "2026年10月1日")}
    for question in ("占道停车罚款多少元", "明年占道停车罚款多少元"):
        assert "200元" not in (asking(question, documents, liked="罚款").answer or "")
    assert "100元" in (asking("占道停车罚款多少元", documents, liked="罚款").answer or "")
    assert "200元" in (asking("征求意见稿里占道停车罚款多少元", documents, liked="200元").answer or "")


def test_a_version_counts_however_much_likelier_another_is_to_the_reader(asking: Asking) -> None:
    def paper(fine: int, effect: str) -> str:
        title = "云溪县停车管理办法"
        return f"# {title}\n\n第二条 占道停车罚款{fine}元。\n\n第三条 本办法自{effect}起施行。\n"

    documents = {"old.md": paper(100, "2020年1月1日"), "new.md": paper(200, "2026年3月1日")}
    assert "200元" in (asking("占道停车罚款多少元", documents, liked="罚款200元").answer or "")
    unsure = asking("占道停车罚款多少元", documents, liked="罚款100元", otherwise=-2.0)
    assert "100元" not in (unsure.answer or "")


def test_papers_of_one_title_of_two_villages_both_hold(asking: Asking) -> None:
    def rules(village: str, fine: int, effect: str) -> str:
        head = f"环境卫生管理规定\n\n{village}村民委员会\n\n"
        return f"{head}第一条 乱倒垃圾的，罚款{fine}元。\n\n第二条 本规定自{effect}起施行。\n"

    documents = {"a.txt": rules("石门村", 50, "2024年3月1日"), "b.txt": rules("南坪村", 100, "2026年3月1日")}
    assert "50元" in (asking("乱倒垃圾罚款多少元", documents, liked="罚款50元").answer or "")
    assert "50元" in (asking("石门村乱倒垃圾罚款多少元", documents, liked="罚款").answer or "")


def test_what_completes_a_paper_does_not_end_it(asking: Asking) -> None:
    def opinion(verb: str, body: str, effect: str) -> str:
        return f"# 关于{verb}农村养老服务的意见\n\n{body}\n\n本意见自{effect}起施行。\n"

    documents = {
        "a.md": opinion("", "80岁以上老人每月发津贴50元。", "2024年1月1日"),
        "b.md": opinion("进一步完善", "90岁以上老人每月再发津贴100元，由镇里支付。", "2026年1月1日"),
    }
    assert "50元" in (asking("80岁以上老人每月津贴多少元", documents, liked="80岁").answer or "")


def test_papers_of_one_title_of_two_companies_both_hold(asking: Asking) -> None:
    def rules(company: str, sum_: int, effect: str) -> str:
        rule = f"第一条 迟到一次扣{sum_}元。\n\n第二条 本规定自{effect}起施行。"
        return f"考勤管理规定\n\n{rule}\n\n云溪{company}有限公司\n"

    documents = {"a.txt": rules("纺织", 20, "2023年1月1日"), "b.txt": rules("食品", 50, "2026年1月1日")}
    assert "20元" in (asking("迟到一次扣多少元", documents, liked="扣20元").answer or "")
