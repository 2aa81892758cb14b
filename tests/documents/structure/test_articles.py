"""Articles of a page: titles before and behind, labels, bylines, captions, interrupted pieces, and ordinary texts."""

from pathlib import Path

import pytest

from config.settings import PassageSettings
from retrieval.documents.plain.plain_text import read_plain
from retrieval.ingestion.passages import passages_of, sentences_of
from retrieval.types import Document, quote

BODY = "左云县把小区划成网格，配备网格员，党员也嵌入网格，小事不出网格就能解决，居民都说办事比以前方便得多。"
OTHER = "兴县的食堂每天给老人做午饭，村干部轮流值班，行动不便的老人由志愿者送餐上门，饭菜一直是热的，老人很满意。"


def page(*lines: str) -> Document:
    return read_plain(Path("page.txt"), "\n\n".join(lines).encode())


def articles(document: Document) -> list[tuple[str, list[str]]]:
    """(title, texts of the paragraphs) of each article."""
    found: list[tuple[str, list[str]]] = [(article.title, []) for article in document.articles]
    for paragraph in document.paragraphs:
        found[paragraph.article][1].append(quote(document.text, paragraph.spans))
    return found


def levels(document: Document) -> dict[str, int]:
    return {quote(document.text, p.spans): p.level for p in document.paragraphs if p.level}


def test_each_byline_begins_an_article_under_the_title_before_it() -> None:
    found = articles(
        page(
            "网格里的小事",
            "□本报记者 王小明",
            BODY,
            "食堂里的热饭",
            "本报讯(记者 李小红)" + OTHER,
            "再说一句食堂的话。",
        )
    )
    assert [title for title, _ in found] == ["网格里的小事", "食堂里的热饭"]
    assert found[0][1] == ["网格里的小事", "□本报记者 王小明", BODY]
    assert found[1][1][-1] == "再说一句食堂的话。"


def test_a_column_label_is_no_title() -> None:
    found = articles(
        page(
            "学思践悟",
            "网格里的小事办得好",
            "□本报记者 王小明",
            BODY,
            "基层实践",
            "食堂里的热饭香喷喷",
            "□本报记者 李小红",
            OTHER,
        )
    )
    assert [title for title, _ in found] == ["网格里的小事办得好", "食堂里的热饭香喷喷"]


def test_a_title_may_stand_behind_its_body() -> None:
    found = articles(
        page(
            "网格里的小事办得好", "□本报记者 王小明", BODY, "文明新风", OTHER, "兴县食堂天天飘香", "□本报记者 李小红"
        )
    )
    assert found[1][0] == "兴县食堂天天飘香"
    assert OTHER in found[1][1]


def test_a_photograph_with_its_credit_is_an_article_of_its_own() -> None:
    found = articles(
        page(
            "网格里的小事办得好",
            "□本报记者 王小明",
            BODY,
            "掠影",
            "近日，志愿者给骑手发放体检卡。",
            "李雪 摄",
            "食堂里的热饭香",
            "□本报记者 李小红",
            OTHER,
        )
    )
    assert [title for title, _ in found] == ["网格里的小事办得好", "掠影", "食堂里的热饭香"]


def test_an_interrupted_article_is_not_glued_to_a_stranger_and_goes_on_where_it_belongs() -> None:
    cut = "左云县的干部说，左云县今后还要把网格划得更细，把专职的人配得更齐，让每一个小区都有人管，让他"
    tail = "元资金，咱们的中心哪能建得这么有底气！”左云县的一位书记笑着说。"
    rest = "左云县今年还要再建两个中心，左云县的居民都盼着。"
    found = articles(
        page(
            "左云县网格里的小事",
            "□本报记者 王小明",
            BODY,
            "兴县食堂里的热饭",
            "□本报记者 李小红",
            OTHER,
            cut,
            tail,
            rest,
        )
    )
    texts = dict(found)
    assert texts["兴县食堂里的热饭"][-1] == cut
    assert texts["左云县网格里的小事"][-2:] == [tail, rest]


@pytest.mark.parametrize("furniture", ["分享让更多人看到", "- 评论", "- 关注", "(下转3版)", "（上接第1版）"])
def test_page_furniture_is_in_no_paragraph(furniture: str) -> None:
    document = page("网格里的小事", BODY, furniture)
    assert furniture in document.text
    assert all(quote(document.text, p.spans) != furniture for p in document.paragraphs)


def test_a_sentence_cut_by_the_column_is_rejoined_unless_a_quotation_says_otherwise() -> None:
    joined = page(
        "题目",
        "他来到村里看望慰问了一位入党多年的老党员，问长问短，还亲手为老人颁发了一枚纪念章，那是“光\n\n荣在党50年”的纪念章，老人把它别在胸前。",
    )
    assert len(joined.paragraphs) == 2
    apart = page(
        "题目",
        "他为老党员颁发了纪念章，老人们把它别在胸前，脸上都是笑，话也说不完，高兴得让他\n\n的钱，哪能办得成！”书记说。",
    )
    assert len(apart.paragraphs) == 3


def test_headings_between_bodies() -> None:
    document = page(
        "青禾县工作总结", BODY, "一、网格与网格员", BODY, "织密小区“一张网”", OTHER, "联系电话：0351-5550118"
    )
    assert levels(document) == {"青禾县工作总结": 1, "一、网格与网格员": 2, "织密小区“一张网”": 2}
    assert len(document.articles) == 1


def test_lists_and_tables_have_no_headings() -> None:
    document = page(
        "食堂菜谱如下各位请看", BODY, "星期一 烩菜", "星期二 饺子", "星期三 焖面", "星期四 炸糕", "星期五 米饭", OTHER
    )
    assert list(levels(document)) == ["食堂菜谱如下各位请看"]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2026年1月15日", "2026-01-15"),
        ("(2026年1月15日，县委社会工作部）", "2026-01-15"),
        ("发布时间：2025-07-03 08:30", "2025-07-03"),
        ("（本文以正體字排印，2026年1月8日）", "2026-01-08"),
        ("2026年1月15日上午，干部们来到村里看望老人，送去了米面。", None),
    ],
)
def test_a_line_that_tells_the_date(line: str, date: str | None) -> None:
    assert page("题目是这样的", line, BODY).date == date


def test_a_text_without_titles_is_one_article() -> None:
    document = page(BODY, OTHER)
    assert len(document.articles) == 1
    assert levels(document) == {}


def test_passages_keep_to_their_article_and_know_its_place() -> None:
    document = page(
        *("左云县网格里的小事", "□本报记者 王小明", BODY, "该县今年还要再添人手。"),
        *("兴县食堂里的热饭", "□本报记者 李小红", OTHER, "全县都学这个办法。"),
    )
    passages = passages_of(document, "d", sentences_of(document, 450), PassageSettings())
    assert [(p.context.title, p.context.place) for p in passages] == [
        ("左云县网格里的小事", "左云县"),
        ("兴县食堂里的热饭", "兴县"),
    ]


def test_where_places_change_the_nearest_holds() -> None:
    document = page(
        "各地的新办法",
        *("左云县的网格很细。" + BODY.replace("左云县", "当地") * 6, "该地的人都满意。" * 20),
        *("兴县的食堂很多。" + OTHER.replace("兴县", "当地") * 6, "该地的人也满意。" * 20),
        *("敖汉旗的服务站在外地。" + "站里有人值班，来的人不少。" * 90,),
    )
    passages = passages_of(document, "d", sentences_of(document, 450), PassageSettings())
    places = [p.context.place for p in passages]
    assert places[0] in ("左云县", None)
    assert list(dict.fromkeys(place for place in places if place)) == ["左云县", "兴县", "敖汉旗"]


def test_a_heading_that_names_a_county_holds_below_it() -> None:
    document = page(
        "四县网格对照", BODY.replace("左云县", "各县"), "青禾县：城乡一起划", OTHER.replace("兴县", "这里") * 9
    )
    passages = passages_of(document, "d", sentences_of(document, 450), PassageSettings())
    assert passages[-1].context.place is None  # named once and in no list of counties: it may be no place
    document = page(
        "四县网格对照", BODY.replace("左云县", "各县"), "左云县：城乡一起划", OTHER.replace("兴县", "这里") * 9
    )
    passages = passages_of(document, "d", sentences_of(document, 450), PassageSettings())
    assert (passages[-1].section, passages[-1].context.place) == ("左云县：城乡一起划", "左云县")
