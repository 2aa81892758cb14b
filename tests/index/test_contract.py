"""What every engine keeps to when it is read and written, whichever machine or cluster it lies on; only the protocols
of `retrieval.index.base` are used. Several at once are tried in `test_contract_of_several.py`, its
store in `test_store_contract.py`."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.answering.citations import cite
from retrieval.index.base import IndexedDocument, PassageWriter, text_key
from retrieval.left_out import LeftOut
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize
from retrieval.types import Context, Passage
from tests.index.conftest import HOSPITALS, SCHOOLS, OpenStore
from tests.support.indexes import CANTEEN, ELECTION, GRID, MADE_BY, found, ids, keys, made, scored
from tests.support.paper import PaperEmbedder

# -- nothing, little, too much ------------------------------------------------------------------------------------


def test_an_empty_index_answers_every_call(index: PassageWriter) -> None:
    assert found(index, "网格员") == {}
    assert index.documents() == []
    assert index.document("a") is None
    assert index.passage("a-0") is None
    assert index.passages_of("a") == []
    assert index.load([]) == index.load([1, 2]) == {}
    assert index.texts([]) == index.texts([1, 2]) == {}
    assert dict(index.vectors([]).rows) == dict(index.vectors([1, 2]).rows) == {}
    assert index.search_words(["网"], 5) == index.search_words([], 5) == keys(index) == []
    assert index.keys(None, None, None) == []
    assert (index.is_empty(), index.count()) == (True, 0)
    assert index.holding(["网"], 5) == index.holding([], 5) == []
    assert index.known_vectors([]) == index.known_vectors([text_key(GRID)]) == {}
    statistics = index.statistics(["网", "网"])
    assert (statistics.passages, dict(statistics.document_frequency)) == (0, {"网": 0})
    assert index.lexical_statistics(["网"]).passages == 0
    index.remove([])
    index.remove(["a"])
    index.publish()
    assert index.documents() == []


def test_a_count_beyond_the_corpus_gives_all_of_it(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    assert found(index, "网格员", 1_000).keys() == {"a-0", "a-1"}


def test_a_question_without_tokens_is_searched_by_vector_alone(index: PassageWriter) -> None:
    index.put(made("a", GRID))
    index.publish()
    ((dense, lexical),) = found(index, "？！").values()
    # "？！" is (0, 0, 0, 0, 0, 1), GRID (1, 0, 0, 0, 0, 1)/√2.
    assert dense == pytest.approx(1 / 2**0.5, abs=1e-3)
    assert lexical == 0


# -- search --------------------------------------------------------------------------------------------------------


def test_each_side_proposes_by_itself(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN, ELECTION))
    index.publish()
    assert ids(index, index.search_words(["溪"], 5)) == {"a-1"}
    assert ids(index, index.search_words(tokenize("云县"), 5)) == {"a-0", "a-1", "a-2"}  # beside the text: 左云县
    assert ids(index, index.search_vectors(PaperEmbedder().embed_questions(["网格员"])[0], 1)) == {"a-0"}


def test_what_is_searched_within_alone_is_found(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    index.publish()
    within = index.keys(["b"], None, None)
    assert ids(index, within) == {"b-0"}
    assert {hit.key for hit in scored(index, "网格员食堂", within=within)} == set(within)
    assert scored(index, "网格员食堂", within=[]) == []
    assert index.keys(None, "2025-07-03", "2025-07-03") == index.keys(None, None, None)
    assert index.keys(None, "2025-07-04", None) == index.keys(None, None, "2025-07-02") == []


def test_a_passage_found_by_words_alone_has_its_cosine_and_the_other_way_round(index: PassageWriter) -> None:
    # The question's vector is that of 网格员; its tokens are those of another sentence.
    index.put(made("a", GRID, CANTEEN, ELECTION))
    index.publish()
    hits = scored(index, "网格员", 1, tokens=["溪"])
    by_id = {index.load([hit.key])[hit.key].passage.passage_id: hit for hit in hits}
    assert by_id.keys() == {"a-0", "a-1"}
    assert by_id["a-0"].dense == pytest.approx(1, abs=1e-3)
    assert by_id["a-0"].lexical == 0
    # (1, 0, …, 1)/√2 · (0, 1, …, 1)/√2 = 1/2
    assert by_id["a-1"].dense == pytest.approx(1 / 2, abs=1e-3)
    # 溪 is in 1 of 3 passages: no BM25 gives such a passage nothing.
    assert by_id["a-1"].lexical > 0


def test_a_passage_found_by_vector_alone_still_gets_its_words_score(index: PassageWriter) -> None:
    """With a count of 1 the words choose one passage; the other shares the token too and must not be scored 0."""
    index.put(made("a", GRID, "网。"))
    index.publish()
    hits = scored(index, "网格员", 1, tokens=["网"])
    # BM25 prefers the shorter "网。"; the vector GRID.
    by_id = {index.load([hit.key])[hit.key].passage.passage_id: hit for hit in hits}
    assert by_id.keys() == {"a-0", "a-1"}
    assert 0 < by_id["a-0"].lexical < by_id["a-1"].lexical


def test_the_cosine_of_each_sentence_comes_with_the_passage(index: PassageWriter) -> None:
    whole = made("a", GRID, CANTEEN)
    spans = tuple(span for sentence in whole.sentences for span in sentence.spans)
    text = GRID + CANTEEN
    own = PaperEmbedder().embed_passages([text])[0]
    passage = Passage("a-both", 0, 0, 2, spans, None, None, Context("题"))
    vectors = {**whole.vectors, text_key(passage.searched(text)): own}
    index.put(IndexedDocument("a", "sha", whole.document, whole.sentences, [passage], vectors))
    index.publish()
    (candidate,) = scored(index, "网格员", 5, tokens=[])
    # Passage (1, 1, 0, 0, 0, 1)/√3, its sentences (1, 0, …, 1)/√2 and (0, 1, …, 1)/√2, the question as the first.
    assert candidate.dense == pytest.approx(2 / 6**0.5, abs=1e-3)
    assert candidate.sentence_cosines == pytest.approx((1, 1 / 2), abs=1e-3)


# -- documents and passages ----------------------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_put(index: PassageWriter) -> None:
    original = made("a", GRID, CANTEEN)
    index.put(original)
    assert index.document("a") == original.document
    (record,) = index.documents()
    assert (record.document_id, record.path, record.title) == ("a", original.document.path, original.document.title)
    assert (record.date, record.url, record.sha256) == ("2025-07-03", "https://example.org/a", original.sha256)
    assert (record.characters, record.passages) == (len(original.document.text), 2)
    stored = index.passages_of("a")
    assert [passage.passage for passage in stored] == list(original.passages)
    assert [passage.text for passage in stored] == [GRID, CANTEEN]
    assert [passage.sentences for passage in stored] == [(sentence,) for sentence in original.sentences]
    assert index.passage("a-1") == stored[1]


def test_documents_come_in_order_of_path(index: PassageWriter) -> None:
    for name in ("c", "a", "b"):
        index.put(made(name, GRID))
    assert [record.path.name for record in index.documents()] == ["a.txt", "b.txt", "c.txt"]


def test_a_document_is_found_by_its_file_its_id_and_its_name(index: PassageWriter) -> None:
    for name in ("a", "b", "x_a"):
        index.put(made(name, GRID))
    assert index.count() == 3
    assert [record.document_id for record in index.documents(1, 1)] == ["b"]
    assert [record.document_id for record in index.documents(first=2)] == ["x_a"]
    found = index.at(Path("/docs/b.txt"))
    assert found is not None
    assert found.document_id == "b"
    assert index.at(Path("/docs/c.txt")) is None
    assert [record.document_id for record in index.documents_named("a")] == ["a"]
    assert [record.document_id for record in index.documents_named("a.txt")] == ["a"]
    for unknown in ("A.txt", "_.txt", "%", ".txt", "docs", "", "\ud800"):
        assert index.documents_named(unknown) == []


def test_a_new_version_takes_the_place_of_the_old(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    index.put(made("a", ELECTION))
    index.publish()
    assert found(index, "网格员食堂选举").keys() == {"a-0"}
    assert [passage.text for passage in index.passages_of("a")] == [ELECTION]
    assert index.passage("a-1") is None
    assert len(index.documents()) == 1


def test_removing_takes_all_that_was_kept_and_passes_over_strangers(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    index.publish()
    index.remove(["a", "never"])
    index.publish()
    assert found(index, "网格员食堂").keys() == {"b-0"}
    assert (index.document("a"), index.passages_of("a"), index.passage("a-0")) == (None, [], None)
    assert [record.document_id for record in index.documents()] == ["b"]


def test_passages_are_loaded_by_key_and_removed_ones_left_out(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", ELECTION))
    index.publish()
    every = keys(index)
    loaded = index.load(every)
    assert loaded.keys() == set(every)
    assert {passage.text for passage in loaded.values()} == {GRID, CANTEEN, ELECTION}
    assert index.load(every[:1]) == {every[0]: loaded[every[0]]}
    index.remove(["b"])
    assert {passage.text for passage in index.load(every).values()} == {GRID, CANTEEN}


def test_passages_that_hold_all_tokens(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    assert [passage.text for passage in index.holding(tokenize("网格员"), 5)] == [GRID]
    assert len(index.holding(tokenize("左云县"), 5)) == 2  # what is known beside the text counts too
    assert len(index.holding(tokenize("左云县"), 1)) == 1
    assert index.holding(tokenize("网格员食堂"), 5) == []
    assert [passage.text for passage in index.holding(sounds("网格员"), 5)] == [GRID]
    assert ids(index, index.search_words(sounds("网格员"), 5)) == {"a-0"}


def test_what_a_passage_is_found_by_can_be_had(index: PassageWriter) -> None:
    index.put(made("a", GRID))
    index.publish()
    (key,) = keys(index)
    assert index.texts([key, key + 1]) == {key: (GRID, "题\n节")}  # 左云县 stands in the text itself
    vectors = index.vectors([key, key + 1])
    assert (vectors.matrix.shape, dict(vectors.rows)) == ((2, 6), {key: slice(0, 2)})
    assert vectors.matrix.dtype == "float32"


def test_a_passage_keeps_its_context(index: PassageWriter) -> None:
    index.put(made("a", GRID))
    stored = index.passage("a-0")
    assert stored is not None
    assert stored.passage.context == Context("题", "左云县", "2025-07-03")


# -- vectors and figures -------------------------------------------------------------------------------------------


def test_vectors_are_known_as_long_as_a_document_holds_their_text(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    asked = [text_key(text) for text in (GRID, CANTEEN, ELECTION)]
    known = index.known_vectors(asked)
    assert known.keys() == {text_key(GRID), text_key(CANTEEN)}
    # GRID: (1, 0, 0, 0, 0, 1)/√2
    assert known[text_key(GRID)] == pytest.approx([2**-0.5, 0, 0, 0, 0, 2**-0.5], abs=1e-3)
    index.remove(["a"])
    assert index.known_vectors(asked).keys() == {text_key(GRID)}
    index.remove(["b"])
    assert index.known_vectors(asked) == {}


def test_many_keys_at_once(index: PassageWriter) -> None:
    """More than a database takes as variables of one statement."""
    sentences = [f"第{i}个村有网格员。" for i in range(1_200)]
    index.put(made("a", *sentences))
    index.publish()
    assert len(index.known_vectors(map(text_key, sentences))) == 1_200
    assert len(found(index, "网格员", 2_000)) == 1_200


def test_statistics_count_passages(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN, "食堂食堂食堂。"))
    index.publish()
    statistics = index.statistics(["食堂", "食堂", "网", "选举"])
    # The sentence that says 食堂 three times is one passage.
    assert (statistics.passages, dict(statistics.document_frequency)) == (3, {"食堂": 2, "网": 1, "选举": 0})


def test_each_field_is_counted_for_itself(index: PassageWriter) -> None:
    index.put(made("a", GRID, "食堂食堂食堂。"))
    index.publish()
    spoken = sounds("食堂")[0]
    statistics = index.lexical_statistics(["食堂", "左云", "题", spoken])
    assert statistics.passages == 2
    text, beside, sound = (statistics.fields[field] for field in ("text", "beside", "sound"))
    assert dict(text.document_frequency) == {"食堂": 1, "左云": 1, "题": 0}
    # 左云县 is known beside the passage that does not say it.
    assert dict(beside.document_frequency) == {"食堂": 0, "左云": 1, "题": 2}
    assert dict(sound.document_frequency) == {spoken: 1}
    assert (text.tokens, beside.tokens) == (
        len(tokenize(GRID)) + len(tokenize("食堂食堂食堂")),
        len(tokenize("题\n节")) + len(tokenize("题\n节\n左云县")),
    )


def test_scores_do_not_tell_how_an_index_came_about(index: PassageWriter, engine: OpenStore, tmp_path: Path) -> None:
    """One has what the other was made of at once and in another order, and nothing was ever taken from it."""
    for name, *sentences in [("a", GRID, CANTEEN), ("b", ELECTION), ("c", GRID), ("b", CANTEEN)]:
        index.put(made(name, *sentences))
        index.publish()
    index.remove(["c"])
    index.publish()
    with closing(engine(tmp_path / "other")) as other:
        other.create(MADE_BY)
        with other.writing(5) as at_once:
            for name, *sentences in [("b", CANTEEN), ("a", GRID, CANTEEN)]:
                at_once.put(made(name, *sentences))
            at_once.publish()
            assert found(at_once, "食堂有多少网格员") == found(index, "食堂有多少网格员")


def test_statistics_forget_what_was_removed(index: PassageWriter) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", ELECTION))
    index.publish()
    index.put(made("a", GRID))
    index.publish()
    statistics = index.statistics(["食堂", "网", "选举"])
    assert (statistics.passages, dict(statistics.document_frequency)) == (2, {"食堂": 0, "网": 1, "选举": 1})


def test_which_pages_were_recognised_is_kept_with_their_passages(index: PassageWriter) -> None:
    scanned = made("a", GRID, CANTEEN)
    document = replace(scanned.document, page_starts=(0, len(GRID) + 1), left_out=(LeftOut("recognised", ("2",)),))
    index.put(
        replace(scanned, document=document, passages=[scanned.passages[0], replace(scanned.passages[1], page=2)])
    )
    index.put(made("b", ELECTION))
    index.publish()
    assert [stored.ocr for stored in index.passages_of("a")] == [False, True]
    assert [cite(1, stored).ocr for stored in index.passages_of("a")] == [False, True]
    assert [stored.ocr for stored in index.passages_of("b")] == [False]


# -- some folders alone --------------------------------------------------------------------------------------------


def test_who_sees_some_folders_finds_what_lies_there_and_nothing_else(index: PassageWriter) -> None:
    """However an engine divides documents, and where it did so by another path that a document had before."""

    def seen(*documents: str) -> list[set[str]]:
        within = index.keys(documents, None, None)
        held = index.holding(tokenize("食堂"), 10, frozenset(within))
        return [
            ids(index, [hit.key for hit in scored(index, "食堂网格员", within=within)]),
            {stored.passage.passage_id for stored in held},
        ]

    for name, folder in {"a": SCHOOLS, "b": HOSPITALS, "c": Path("/docs"), "d": SCHOOLS / "north"}.items():
        index.put(made(name, GRID, CANTEEN, folder=folder))
    index.publish()
    for name in "abcd":
        assert seen(name) == [{f"{name}-0", f"{name}-1"}, {f"{name}-1"}]
    assert seen("a", "c") == [{"a-0", "a-1", "c-0", "c-1"}, {"a-1", "c-1"}]
    index.put(made("a", CANTEEN, folder=HOSPITALS))
    index.publish()
    assert seen("a") == [{"a-0"}, {"a-0"}]
    assert seen("a", "b") == [{"a-0", "b-0", "b-1"}, {"a-0", "b-1"}]
    index.remove(["a"])
    assert len(index.keys(None, None, None)) == 6
