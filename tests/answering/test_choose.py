"""Which sentences are read, and in which order what was read puts them."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from config.settings import PassageSettings, Settings
from retrieval.answering.choose import READ, proposals, read
from retrieval.ranking.evidence import rank_sentences, sentence_texts
from retrieval.reading.base import Logits
from retrieval.readings import Reading
from retrieval.service import KnowledgeBase
from retrieval.types import Hit
from tests.reading.make import PaperReader
from tests.support.hits import asking, hit
from tests.support.paper import PaperEmbedder

Write = Callable[[str, str | bytes], Path]
Knowing = Callable[..., KnowledgeBase]
QUESTION = "左云县2024年有多少网格员"


@pytest.fixture
def knowing(settings: Settings, paper: PaperEmbedder, write: Write) -> Iterator[Knowing]:
    """A knowledge base of these documents, each a title and its sentences, with the given reader."""
    opened: list[KnowledgeBase] = []

    def open_base(reader: PaperReader, *documents: str, **changed: object) -> KnowledgeBase:
        own = settings.model_copy(update={"reader": "none", **changed})
        base = KnowledgeBase(own, embedder=paper, reader=reader)
        opened.append(base)
        base.add([write(f"{number}.txt", text) for number, text in enumerate(documents)])
        return base

    yield open_base
    for base in opened:
        base.close()


def ranked(hits: list[Hit]) -> list[tuple[str, Reading | None]]:
    """All sentences of the hits, the best first, with what was read of them."""
    return [
        (
            sentence_texts(hits[ranked_sentence.hit].stored)[ranked_sentence.sentence],
            hits[ranked_sentence.hit].readings.get(ranked_sentence.sentence),
        )
        for ranked_sentence in rank_sentences(hits)
    ]


def villages(count: int) -> str:
    """So many sentences that each tell how many there are."""
    return "各村的网格员\n\n" + "".join(
        f"{number}号村在册的网格员有{number + 100}名。" for number in range(1, count + 1)
    )


# -- what is read ----------------------------------------------------------------------------------------------------


def test_no_sentence_is_read_twice_although_passages_overlap(knowing: Knowing) -> None:
    reader = PaperReader({})
    base = knowing(reader, villages(20), passages=PassageSettings(size=60, overlap=40))
    _, hits = base.search("有多少网格员", read=False)
    assert reader.sentences == []
    everything = [text for found_hit in hits for text in sentence_texts(found_hit.stored)]
    assert len(set(everything)) < len(everything)  # they do overlap
    chosen = [sentence_texts(hits[number].stored)[i] for number, i in proposals(hits, 1000)]
    assert sorted(chosen) == sorted(set(everything))
    base.search("有多少网格员")
    first, apart = reader.sentences[:READ], reader.sentences[READ:]
    assert len(set(first)) == READ
    assert len(set(apart)) == len(apart) == 4
    assert set(apart) < set(first)


def test_the_sentences_with_the_best_evidence_are_proposed() -> None:
    asked = asking("左云县有多少网格员")
    hits = [
        hit(asked, ["左云县的食堂。", "左云县有网格员51名。"], [0.8, 0.9], document_id="a"),
        hit(asked, ["云溪县有网格员30名。", "天气很好。"], [0.85, 0.75], document_id="b"),
    ]
    order = sorted(
        ((-score, h, i) for h, found_hit in enumerate(hits) for i, score in enumerate(found_hit.sentence_scores))
    )
    assert proposals(hits, 4) == [(h, i) for _, h, i in order]
    assert proposals(hits, 2) == [(h, i) for _, h, i in order[:2]]
    assert proposals(hits, 0) == proposals([], 5) == []


def test_the_same_words_in_two_documents_are_two_sentences() -> None:
    asked = asking("左云县有多少网格员")
    hits = [hit(asked, ["左云县有网格员51名。"], [0.9], document_id=name) for name in "ab"]
    assert sorted(proposals(hits, 5)) == [(0, 0), (1, 0)]


def test_a_plain_answer_ends_the_reading(knowing: Knowing) -> None:
    reader = PaperReader({"网格员": 9.0})
    knowing(reader, villages(20)).search("有多少网格员")
    assert 0 < len(reader.sentences) < READ


def test_the_likeliest_are_read_again_apart_from_what_is_known_and_the_mean_counts(knowing: Knowing) -> None:
    class Doubtful(PaperReader):
        """Is sure of what it reads without a title only."""

        def read(self, question: str, texts: Sequence[str]) -> Logits:
            logits = super().read(question, texts)
            return np.where(["｜" in text for text in texts], logits, logits + 6).astype(np.float32)

    reader = Doubtful({"8号村": 1.0, "3号村": 0.0, "5号村": -1.0, "2号村": -2.0}, otherwise=-5.0)
    _, hits = knowing(reader, villages(9)).search("各村的网格员各有几名")
    read_twice = {text: reading.logit for text, reading in ranked(hits) if reading and reading.logit > -5.0}
    assert sorted(read_twice.values())[-4:] == [1.0, 2.0, 3.0, 4.0]
    assert {"各村的网格员各有几名", "各有几名"} == set(reader.questions)


def test_the_question_is_read_as_it_was_asked_and_cut_where_it_is_endless(knowing: Knowing) -> None:
    reader = PaperReader({})
    base = knowing(reader, villages(3))
    base.search("有多少网格员")
    base.search("有多少网格员" * 100)
    assert reader.questions[0] == "有多少网格员"
    assert len(reader.questions[-1]) == 120


def test_nothing_to_read() -> None:
    reader = PaperReader({})
    assert read(asking("左云县有多少网格员"), [], reader, lambda _: "", datetime.date(2026, 11, 29)) == []
    assert reader.sentences == []


# -- the order -------------------------------------------------------------------------------------------------------


def test_of_sentences_with_like_evidence_the_likelier_one_is_first(knowing: Knowing) -> None:
    for answer in ("103", "107"):
        _, hits = knowing(PaperReader({answer: 2.0}), villages(9)).search("有多少网格员")
        text, reading = ranked(hits)[0]
        assert answer in text
        assert reading == Reading(2.0, None)


def test_the_passage_of_the_likeliest_sentence_comes_first(knowing: Knowing) -> None:
    documents = [f"第{name}队\n\n第{name}队有网格员{number}名。" for number, name in enumerate("甲乙丙丁", 11)]
    for number in (11, 14):
        reader = PaperReader({f"{number}名": 5.0})
        _, hits = knowing(reader, *documents).search("有多少网格员")
        assert f"{number}名" in hits[0].stored.text
        assert [found_hit.score for found_hit in hits] == sorted(
            (found_hit.score for found_hit in hits), reverse=True
        )


def test_a_sentence_that_a_check_objects_to_stands_behind_all_others(knowing: Knowing) -> None:
    """Of the wrong year, of another county: the reader finds them likelier, and they are last nevertheless."""
    reader = PaperReader({"2018": 2.5, "30名": 2.5}, otherwise=-1.0)
    base = knowing(
        reader,
        "左云县的网格员\n\n左云县在2018年有网格员40名。左云县在2024年有网格员51名。左云县2024年还有网格员助手8名。",
        "云溪县的网格员\n\n云溪县2024年有网格员30名。",
    )
    _, hits = base.search(QUESTION)
    order = [(text, reading.objection) for text, reading in ranked(hits) if reading is not None]
    stands = [objection is None for _, objection in order]
    assert stands == sorted(stands, reverse=True)
    assert {text[:9]: objection for text, objection in order if "2018" in text or "30名" in text} == {
        "左云县在2018年": "time",
        "云溪县2024年有": "place",
    }
    answer = base.ask(QUESTION)
    assert "51名" in (answer.answer or "")


@pytest.mark.parametrize("odds", [3.0, 30.0])
def test_a_sentence_that_a_check_objects_to_is_never_the_answer(odds: float, knowing: Knowing) -> None:
    base = knowing(PaperReader({"2018": odds}), "左云县的网格员\n\n左云县在2018年有网格员40名。该县的网格员都很忙。")
    answer = base.ask(QUESTION)
    assert answer.status != "answered"
    assert answer.answer is None


def register(*people: str) -> str:
    return "持证社会工作者名单\n\n" + "\n".join(
        f"{i}. {name}，石桥镇，社会工作师证。" for i, name in enumerate(people, 1)
    )


def test_one_of_many_is_not_the_answer(knowing: Knowing) -> None:
    """Whoever asks for persons and gets the first of six takes it for all of them."""
    people = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
    base = knowing(PaperReader({"社会工作师证": 9.0}), register(*people))
    assert base.ask("谁拿到了当地的社会工作师证").status != "answered", "not all of the question is in the list"
    counted = base.ask("谁有社会工作师证").tally
    assert counted is not None and [row.text[3:5] for row in counted.rows] == [*people]


def test_who_asks_who_they_all_are_is_not_told_one_of_them(knowing: Knowing) -> None:
    entries = "县政府领导\n\n林芳，女，县长，主持县政府全面工作。\n\n何静，女，副县长，负责民政工作。"
    base = knowing(PaperReader({"林芳": 9.0}), entries)
    assert base.ask("县政府领导都有谁").status != "answered"
    assert "林芳" in (base.ask("县政府领导里县长是谁").answer or "")


def test_one_of_a_few_is_the_answer(knowing: Knowing) -> None:
    base = knowing(PaperReader({"社会工作师证": 9.0}), register("赵一", "钱二"))
    assert base.ask("谁有社会工作师证").status == "answered"


def test_the_one_of_many_that_is_meant_is_the_answer(knowing: Knowing) -> None:
    people = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
    base = knowing(PaperReader({"孙三": 9.0, "社会工作师证": 1.0}), register(*people))
    assert "孙三" in (base.ask("谁有社会工作师证").answer or "")


def test_an_unread_sentence_stands_behind_those_that_were_read(knowing: Knowing) -> None:
    reader = PaperReader({}, otherwise=-8.0)
    base = knowing(reader, villages(30), passages=PassageSettings(size=100, overlap=0))
    _, hits = base.search("有多少网格员")
    order = [reading is not None for text, reading in ranked(hits) if "名" in text]
    assert {True, False} == set(order)
    assert order == sorted(order, reverse=True)


def test_without_a_reader_nothing_is_read(base: KnowledgeBase, write: Write) -> None:
    base.add([write("a.txt", villages(5))])
    _, hits = base.search("有多少网格员")
    assert not any(found_hit.readings for found_hit in hits)
