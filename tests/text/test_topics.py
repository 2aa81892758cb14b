"""Topics are words that several documents have in their headings, and no others."""

import pytest

from retrieval.text.topics import topics

LIBRARIES = [["白水县图书馆搬迁"], ["云溪县图书馆的新书"], ["青禾县图书馆"]]
MEALS = [["白水县长者食堂开饭"], ["云溪县长者食堂招工"], ["青禾县：长者食堂"], ["兴县长者食堂"]]


def test_what_most_documents_share_comes_first_and_whole() -> None:
    assert topics([*LIBRARIES, *MEALS]) == ["长者食堂", "图书馆"]
    assert topics([*LIBRARIES, *MEALS, *([f"{where}食堂的账"] for where in "甲乙丙")]) == ["食堂", "图书馆"]


def test_a_document_counts_once_whatever_its_headings_repeat() -> None:
    assert topics([*LIBRARIES, ["长者食堂", "长者食堂开饭", "长者食堂招工"]]) == []
    assert topics([*LIBRARIES, *(["目录", *meal] for meal in MEALS)]) == ["长者食堂", "图书馆"]


def test_one_topic_and_what_two_documents_share_are_not_told() -> None:
    assert topics(MEALS) == [] and topics([*MEALS, *LIBRARIES[:2]]) == [] and topics([]) == []


@pytest.mark.parametrize(
    "title", ["左云县{}通知", "石盘乡{}名单", "2025年上半年{}工作总结", "李建国{}", "社区{}", "The {} of Millbrook"]
)
def test_places_persons_times_and_words_of_any_paper_are_none(title: str) -> None:
    alike = [[title.format(own)] for own in ("桥", "茶", "灯", "雪")]
    assert topics([*LIBRARIES, *MEALS, *alike]) == ["长者食堂", "图书馆"]


def test_topics_of_documents_in_english_are_common_nouns() -> None:
    meals = [
        ["School Meals of Millbrook", "Prices of school meals"],
        ["The school meals"],
        ["What school meals cost"],
    ]
    permits = [[f"How to renew a parking permit in {place}"] for place in ("Millbrook", "Ashford", "Stowe", "Ely")]
    assert topics([*meals, *permits]) == ["parking permit", "school meals"]
    assert topics([*LIBRARIES, *permits]) == ["parking permit", "图书馆"]
    parties = [[f"{where} parties for the art"] for where in ("Two", "Three", "Four")]
    assert topics([*meals, *parties]) == ["school meals", "parties", "art"], "a word is no part of another"


@pytest.mark.parametrize(
    "title",
    [
        "The {} of Millbrook",
        "Notice of the {} in Millbrook",
        "Die {} und die Stadt",
        "Les {} avec la mairie",
        "МФЦ {}",
    ],
)
def test_names_papers_and_languages_that_are_not_known_give_no_topic(title: str) -> None:
    assert topics([*LIBRARIES, *MEALS, *([title.format(own)] for own in ("A", "B", "C"))]) == ["长者食堂", "图书馆"]


def test_no_more_than_five_are_told() -> None:
    named = ["图书馆", "合作社", "医院", "小学", "公交", "柑橘", "津贴"]
    found = topics([[f"{where}的{topic}"] for topic in named for where in "甲乙丙丁"])
    assert len(found) == 5 and set(found) < set(named)
