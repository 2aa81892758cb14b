"""Reprints collapse into one hit that names the others; articles by formula and passages of one document do not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import opencc
import pytest

from bot.render.terminal import render_answer
from retrieval.ranking import reprints
from retrieval.ranking.reprints import distinct, letters_of
from retrieval.service import KnowledgeBase
from retrieval.text.fold import fold
from retrieval.types import Context, Hit
from tests.support.hits import asking, hit

Write = Callable[[str, str | bytes], Path]

NEWS = (
    "山西省左云县的基层治理，重点落在城里的居民小区。小区人多、诉求杂，要有人管，先得把“谁来管”说清楚。"
    "全县有52个小区，一共划出58个网格。网格员分两种：专职网格员51名，另配兼职网格员7名。除此之外，还有400余名党员进入网格，"
    "和网格员一起走家串户。网格里的原则是小事就地解决，不往外推；大一点的事，在本社区办完。到目前为止，通过网格调解的矛盾"
    "已有120多起，居民的烦心事、着急事办结630余件。网格要有带头人。左云县选配小区党组织书记，用的是“四步工作法”，"
    "完成的时间在全市排第一。换上来的书记年轻了许多：平均43.3岁，一下子小了18.7岁。过去的书记年纪偏大，现在挑担子的"
    "多是年轻人。居民中的能人办起一间创作工作室，教妇女做手工，先后让60余名妇女有了一份补贴家用的收入。"
)
"""Of 299 letters and digits."""
NOTICE = (
    "关于公开招聘{county}专职网格员的通知。为进一步加强基层治理，充实网格力量，经县委同意，{county}面向社会公开招聘专职网格员{n}名。"
    "报名条件：遵守宪法和法律，品行端正，热爱网格工作，身体健康，能够吃苦耐劳，具有大专以上学历，熟悉计算机操作。"
    "报名时间为{month}月1日至15日，报名时须携带身份证、户口簿、学历证书原件及复印件，近期免冠照片三张。"
    "资格审查合格的人员参加笔试和面试，按照总成绩从高到低的顺序确定体检和考察人选，考察合格的予以公示。"
)


def is_copy(text: str, other: str) -> bool:
    return reprints.is_copy(letters_of(text), letters_of(other))


def notice(county: str = "左云县", n: int = 51, month: int = 3) -> str:
    return NOTICE.format(county=county, n=n, month=month)


def traditional(text: str) -> str:
    return str(opencc.OpenCC("s2t").convert(text))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (NEWS, NEWS),
        (NEWS, traditional(NEWS)),
        (NEWS, "\n".join(NEWS[i : i + 22] for i in range(0, len(NEWS), 22))),
        (NEWS, NEWS.replace("，", ",").replace("。", ".").replace("“", '"')),
        (NEWS, f"小区里的五十一名管家\n本报记者王晓明{NEWS}"),
        (f"左云：小区有了自己的网格\n{NEWS}", f"把“谁来管”说清楚（记者李丽 7月3日电）\n{NEWS}"),
        (NEWS, NEWS.replace("走家串户", "入户走访").replace("着急事", "操心事")),
        (NEWS, NEWS.replace("51名", "五十一名").replace("58个", "五十八个")),
        (NEWS, NEWS.replace("51名", "５１名")),
        (NEWS, NEWS[: len(NEWS) * 2 // 3]),  # a passage that ends sooner
        (NEWS[:250], NEWS[100:]),  # passages of the same text, cut at other sentences
        (NEWS[120:], NEWS[:270]),
        (notice(), notice()),
    ],
)
def test_near_copies_are_copies(text: str, other: str) -> None:
    assert is_copy(text, other)
    assert is_copy(other, text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (notice("左云县", 51), notice("云溪县", 43)),  # by formula
        (notice("左云县"), notice("云溪县")),
        (notice(n=51), notice(n=43)),
        (notice(month=3), notice(month=4)),
        (notice("左云县")[60:], notice("左云县", month=4)[60:]),
        (NEWS, NEWS.replace("51名", "43名")),
        (NEWS, NEWS.replace("51名", "151名")),
        (NEWS, NEWS.replace("左云县", "右玉县")),
        (NEWS[:250], NEWS[200:]),  # too little in common
        (
            "云溪县的水上网格。" * 3 + NEWS[:200],
            "青禾县建起老年食堂，老人吃饭不用愁，食堂每天中午开门。" * 4 + NEWS[:200],
        ),
        (NEWS, notice()),
        (  # two captions that tell where the bridge stands
            "当日，由中交一公局承建的特大桥在晴空下顺利合龙，工人们在桥上放起了鞭炮庆祝这个日子。" + NEWS[:72],
            "青年志愿者来到特大桥的工地上，给日夜施工的建设者送去月饼和慰问信，大家唱起了歌。" + NEWS[:72],
        ),
        ("左云县有网格员51名。", "左云县有网格员51名。"),  # too short to be a reprint
        ("", ""),
        (NEWS, "。" * 300),
        (NEWS, ""),
    ],
)
def test_others_are_not(text: str, other: str) -> None:
    assert not is_copy(text, other)
    assert not is_copy(other, text)


@pytest.mark.parametrize("text", [NEWS, traditional(NEWS), "ＡＢ５１名 Ünder\tEs", "\ud800网", "ⅣⅣ①"])
def test_letters_are_folded_without_punctuation(text: str) -> None:
    folded = "".join(fold(character)[:1] for character in text)
    assert letters_of(text).text == "".join(character for character in folded if character.isalnum())


# -- merging -------------------------------------------------------------------------------------------------------

_number = count()


def ranked(text: str, score: float, document: str, date: str | None = None) -> Hit:
    found_hit = replace(hit(asking("网格"), [text], [0.9], document_id=document), sentence_scores=(10 * score,))
    passage = replace(found_hit.stored.passage, passage_id=f"p{next(_number)}", context=Context("标题", None, date))
    return replace(found_hit, stored=replace(found_hit.stored, passage=passage))


def documents(hits: Sequence[Hit]) -> list[tuple[str, list[str]]]:
    return [
        (found_hit.stored.document.document_id, [s.document.document_id for s in found_hit.also])
        for found_hit in hits
    ]


def test_copies_become_one_hit_and_others_move_up() -> None:
    hits = [
        ranked(NEWS, 0.9, "a"),
        ranked(traditional(NEWS), 0.8, "b"),
        ranked(notice(), 0.7, "c"),
        ranked(f"又一个标题{NEWS}", 0.6, "d"),
        ranked(notice("云溪县", 43), 0.5, "e"),
    ]
    assert documents(distinct(hits, 3)) == [("a", ["b", "d"]), ("c", []), ("e", [])]


def test_passages_of_one_document_are_never_merged() -> None:
    assert documents(distinct([ranked(NEWS, 0.9, "a"), ranked(NEWS, 0.8, "a")], 5)) == [("a", []), ("a", [])]


def test_a_document_is_named_once_and_never_itself() -> None:
    hits = [ranked(NEWS[:300], 0.9, "a"), ranked(NEWS[:300], 0.8, "b"), ranked(NEWS[40:290], 0.7, "b")]
    assert documents(distinct(hits, 5)) == [("a", ["b"])]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((0.9, "2025-01-01"), (0.9, "2026-01-01"), "b"),  # equal: the newer
        ((0.9, "2026-01-01"), (0.9, "2025-01-01"), "a"),
        ((0.9, None), (0.895, "2025-01-01"), "b"),  # half a hundredth is no difference
        ((0.9, "2025-01-01"), (0.8, "2026-01-01"), "a"),
        ((0.9, "2025-01-01"), (0.9, None), "a"),
        ((0.9, None), (0.9, None), "a"),
    ],
)
def test_the_best_stays_and_of_equals_the_newer(
    first: tuple[float, str | None], second: tuple[float, str | None], kept: str
) -> None:
    (kept_hit,) = distinct([ranked(NEWS, first[0], "a", first[1]), ranked(NEWS, second[0], "b", second[1])], 5)
    assert kept_hit.stored.document.document_id == kept
    assert [stored.document.document_id for stored in kept_hit.also] == [({"a", "b"} - {kept}).pop()]


def test_other_hits_of_equal_score_stand_newest_first() -> None:
    hits = [
        ranked(NEWS, 0.9, "a"),
        ranked(notice(), 0.5, "b", "2024-05-01"),
        ranked("别的事。", 0.5, "c", "2025-01-01"),
    ]
    assert [document for document, _ in documents(distinct(hits, 5))] == ["a", "c", "b"]


def test_no_more_is_read_than_needed() -> None:
    taken: list[int] = []

    def endless() -> "list[Hit]":
        return [ranked(f"第{i}号文件讲的是另一件事情，{i}。" * 3, 1 - i / 1000, f"d{i}") for i in range(100)]

    for kept_hit in distinct((taken.append(i) or kept_hit for i, kept_hit in enumerate(endless())), 2):  # type: ignore[func-returns-value]
        assert kept_hit.also == ()
    assert taken == list(range(6))


# -- through the whole base ----------------------------------------------------------------------------------------


def test_a_question_cites_the_news_once_and_names_who_else_prints_it(base: KnowledgeBase, write: Write) -> None:
    files = [
        write("a.md", f"---\ndate: 2026-06-30\n---\n# 小区里的网格员队伍\n\n{NEWS}"),
        write("b.md", f"---\ndate: 2026-07-02\n---\n# 谁来管小区\n\n本报记者 王晓明\n\n{traditional(NEWS)}"),
        *[
            write(f"{i}.txt", f"{county}县的网格员每天巡查{i + 3}次。")
            for i, county in enumerate(["甲", "乙", "丙", "丁"])
        ],
    ]
    base.add(files)
    answer = base.ask("左云县有多少网格员")
    assert len(answer.citations) == 5
    (news,) = [citation for citation in answer.citations if citation.also]
    (reprint,) = news.also
    assert {news.document, reprint.document} == {"a.md", "b.md"}
    assert reprint.passage_id == base.passage(reprint.passage_id).passage.passage_id
    assert f"also in: {reprint.document} ({reprint.date})" in render_answer(answer, marks=True).plain
