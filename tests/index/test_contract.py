"""What every PassageIndex keeps to, whichever machine or cluster it lies on. A new implementation joins `openers`."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from retrieval.embedding.base import Vectors
from retrieval.index.base import IndexedDocument, PassageIndex
from retrieval.index.embedded.index import EmbeddedIndex
from retrieval.index.embedded.rows import text_key
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize
from retrieval.types import Context, Document, Paragraph, Passage, Sentence
from tests.conftest import PaperEmbedder

GRID, CANTEEN, ELECTION = "左云县有网格员51名。", "云溪县有食堂52处。", "青禾县完成选举。"
SENTENCES = (GRID, CANTEEN, ELECTION, "网格员和志愿者参加培训。", "食堂食堂食堂。")
EVERYTHING = 1_000

Opener = Callable[[Path], PassageIndex]
Open = Callable[[], PassageIndex]


def _embedded(folder: Path) -> PassageIndex:
    return EmbeddedIndex.create(folder / "gen-0001", PaperEmbedder().identity, "recipe")


@pytest.fixture(scope="module", params=[_embedded], ids=["embedded"])
def opener(request: pytest.FixtureRequest) -> Opener:
    """Opens the index of a folder, an empty one at first; called again it opens the same one, as another process
    would."""
    chosen: Opener = request.param
    return chosen


@pytest.fixture
def open_index(opener: Opener, tmp_path: Path) -> Iterator[Open]:
    opened: list[PassageIndex] = []

    def open_again() -> PassageIndex:
        opened.append(opener(tmp_path / "index"))
        return opened[-1]

    yield open_again
    for index in opened:
        index.close()


@pytest.fixture
def index(open_index: Open) -> PassageIndex:
    return open_index()


def made(document_id: str, *sentences: str) -> IndexedDocument:
    """A document with one passage for each sentence: the first is `<document_id>-0`."""
    starts = [sum(len(one) + 1 for one in sentences[:i]) for i in range(len(sentences))]
    spans = [((start, start + len(one)),) for start, one in zip(starts, sentences, strict=True)]
    document = Document(
        path=Path("/docs", f"{document_id}.txt"),
        title=f"标题 {document_id}",
        text="\n".join(sentences),
        paragraphs=tuple(Paragraph(own) for own in spans),
        date="2025-07-03",
        url="https://example.org/a",
        page_starts=(0,),
    )
    passages = [
        Passage(f"{document_id}-{i}", i, i, i + 1, own, "节", 1, Context("题", "左云县", "2025-07-03"))
        for i, own in enumerate(spans)
    ]
    embedded = PaperEmbedder().embed_passages(sentences)
    vectors = dict(zip(map(text_key, sentences), embedded, strict=True))
    searched = [passage.searched(one) for passage, one in zip(passages, sentences, strict=True)]
    vectors |= zip(map(text_key, searched), embedded, strict=True)
    return IndexedDocument(
        document_id, f"sha of {sentences}", document, [Sentence(s) for s in spans], passages, vectors
    )


def found(index: PassageIndex, question: str, count: int = EVERYTHING) -> dict[str, tuple[float, float]]:
    """(dense, lexical) by passage id of what a search finds and the index still has."""
    candidates = index.search(lambda: PaperEmbedder().embed_questions([question])[0], tokenize(question), count)
    assert len({one.key for one in candidates}) == len(candidates), "a passage is a candidate once"
    return {
        stored.passage.passage_id: (one.dense, one.lexical)
        for one in candidates
        for stored in index.load([one.key]).values()
    }


def keys(index: PassageIndex) -> list[int]:
    vector = PaperEmbedder().embed_questions(["网格员"])[0]
    return [one.key for one in index.search(lambda: vector, [], EVERYTHING)]


# -- nothing, little, too much ------------------------------------------------------------------------------------


def test_an_empty_index_answers_every_call(index: PassageIndex) -> None:
    assert found(index, "网格员") == {}
    assert index.documents() == []
    assert index.document("a") is None
    assert index.passage("a-0") is None
    assert index.passages_of("a") == []
    assert index.load([]) == index.load([1, 2]) == {}
    assert index.holding(["网"], 5) == index.holding([], 5) == []
    assert index.known_vectors([]) == index.known_vectors([text_key(GRID)]) == {}
    statistics = index.statistics(["网", "网"])
    assert (statistics.passages, dict(statistics.document_frequency)) == (0, {"网": 0})
    index.remove([])
    index.remove(["a"])
    index.publish()
    assert index.documents() == []


def test_a_count_beyond_the_corpus_gives_all_of_it(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    assert found(index, "网格员", 1_000).keys() == {"a-0", "a-1"}


def test_a_question_without_tokens_is_searched_by_vector_alone(index: PassageIndex) -> None:
    index.put(made("a", GRID))
    index.publish()
    ((dense, lexical),) = found(index, "？！").values()
    # "？！" is (0, 0, 0, 0, 0, 1), GRID (1, 0, 0, 0, 0, 1)/√2.
    assert dense == pytest.approx(1 / 2**0.5, abs=1e-3)
    assert lexical == 0


# -- search --------------------------------------------------------------------------------------------------------


def test_a_passage_found_by_words_alone_has_its_cosine_and_the_other_way_round(index: PassageIndex) -> None:
    # The question's vector is that of 网格员; its tokens are those of another sentence.
    index.put(made("a", GRID, CANTEEN, ELECTION))
    index.publish()
    vector = PaperEmbedder().embed_questions(["网格员"])[0]
    candidates = index.search(lambda: vector, ["溪"], 1)
    by_id = {index.load([one.key])[one.key].passage.passage_id: one for one in candidates}
    assert by_id.keys() == {"a-0", "a-1"}
    assert by_id["a-0"].dense == pytest.approx(1, abs=1e-3)
    assert by_id["a-0"].lexical == 0
    # (1, 0, …, 1)/√2 · (0, 1, …, 1)/√2 = 1/2
    assert by_id["a-1"].dense == pytest.approx(1 / 2, abs=1e-3)
    # 溪 is in 1 of 3 passages: no BM25 gives such a passage nothing.
    assert by_id["a-1"].lexical > 0


def test_a_passage_found_by_vector_alone_still_gets_its_words_score(index: PassageIndex) -> None:
    """With a count of 1 the words choose one passage; the other shares the token too and must not be scored 0."""
    index.put(made("a", GRID, "网。"))
    index.publish()
    vector = PaperEmbedder().embed_questions(["网格员"])[0]
    candidates = index.search(lambda: vector, ["网"], 1)
    # BM25 prefers the shorter "网。"; the vector GRID.
    by_id = {index.load([one.key])[one.key].passage.passage_id: one for one in candidates}
    assert by_id.keys() == {"a-0", "a-1"}
    assert 0 < by_id["a-0"].lexical < by_id["a-1"].lexical


def test_the_cosine_of_each_sentence_comes_with_the_passage(index: PassageIndex) -> None:
    whole = made("a", GRID, CANTEEN)
    spans = tuple(span for sentence in whole.sentences for span in sentence.spans)
    text = GRID + CANTEEN
    own = PaperEmbedder().embed_passages([text])[0]
    passage = Passage("a-both", 0, 0, 2, spans, None, None, Context("题"))
    vectors = {**whole.vectors, text_key(passage.searched(text)): own}
    index.put(IndexedDocument("a", "sha", whole.document, whole.sentences, [passage], vectors))
    index.publish()
    (one,) = index.search(lambda: PaperEmbedder().embed_questions(["网格员"])[0], [], 5)
    # Passage (1, 1, 0, 0, 0, 1)/√3, its sentences (1, 0, …, 1)/√2 and (0, 1, …, 1)/√2, the question as the first.
    assert one.dense == pytest.approx(2 / 6**0.5, abs=1e-3)
    assert one.sentence_cosines == pytest.approx((1, 1 / 2), abs=1e-3)


# -- documents and passages ----------------------------------------------------------------------------------------


def test_a_document_comes_back_as_it_was_put(index: PassageIndex) -> None:
    original = made("a", GRID, CANTEEN)
    index.put(original)
    assert index.document("a") == original.document
    (record,) = index.documents()
    assert (record.document_id, record.path, record.title) == ("a", original.document.path, original.document.title)
    assert (record.date, record.url, record.sha256) == ("2025-07-03", "https://example.org/a", original.sha256)
    assert (record.characters, record.passages) == (len(original.document.text), 2)
    stored = index.passages_of("a")
    assert [one.passage for one in stored] == list(original.passages)
    assert [one.text for one in stored] == [GRID, CANTEEN]
    assert [one.sentences for one in stored] == [(sentence,) for sentence in original.sentences]
    assert index.passage("a-1") == stored[1]


def test_documents_come_in_order_of_path(index: PassageIndex) -> None:
    for name in ("c", "a", "b"):
        index.put(made(name, GRID))
    assert [record.path.name for record in index.documents()] == ["a.txt", "b.txt", "c.txt"]


def test_a_document_is_found_by_its_file_its_id_and_its_name(index: PassageIndex) -> None:
    for name in ("a", "b", "x_a"):
        index.put(made(name, GRID))
    assert index.count() == 3
    assert [one.document_id for one in index.documents(1, 1)] == ["b"]
    assert [one.document_id for one in index.documents(first=2)] == ["x_a"]
    found = index.at(Path("/docs/b.txt"))
    assert found is not None
    assert found.document_id == "b"
    assert index.at(Path("/docs/c.txt")) is None
    assert [one.document_id for one in index.named("a")] == ["a"]
    assert [one.document_id for one in index.named("a.txt")] == ["a"]
    for unknown in ("A.txt", "_.txt", "%", ".txt", "docs", "", "\ud800"):
        assert index.named(unknown) == []


def test_a_new_version_takes_the_place_of_the_old(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    index.put(made("a", ELECTION))
    index.publish()
    assert found(index, "网格员食堂选举").keys() == {"a-0"}
    assert [one.text for one in index.passages_of("a")] == [ELECTION]
    assert index.passage("a-1") is None
    assert len(index.documents()) == 1


def test_removing_takes_all_that_was_kept_and_passes_over_strangers(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    index.publish()
    index.remove(["a", "never"])
    index.publish()
    assert found(index, "网格员食堂").keys() == {"b-0"}
    assert (index.document("a"), index.passages_of("a"), index.passage("a-0")) == (None, [], None)
    assert [record.document_id for record in index.documents()] == ["b"]


def test_passages_are_loaded_by_key_and_removed_ones_left_out(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", ELECTION))
    index.publish()
    every = keys(index)
    loaded = index.load(every)
    assert loaded.keys() == set(every)
    assert {one.text for one in loaded.values()} == {GRID, CANTEEN, ELECTION}
    assert index.load(every[:1]) == {every[0]: loaded[every[0]]}
    index.remove(["b"])
    assert {one.text for one in index.load(every).values()} == {GRID, CANTEEN}


def test_passages_that_hold_all_tokens(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.publish()
    assert [one.text for one in index.holding(tokenize("网格员"), 5)] == [GRID]
    assert len(index.holding(tokenize("左云县"), 5)) == 2  # what is known beside the text counts too
    assert len(index.holding(tokenize("左云县"), 1)) == 1
    assert index.holding(tokenize("网格员食堂"), 5) == []
    assert [one.text for one in index.holding(sounds("网格员"), 5)] == [GRID]


def test_a_passage_keeps_its_context(index: PassageIndex) -> None:
    index.put(made("a", GRID))
    stored = index.passage("a-0")
    assert stored is not None
    assert stored.passage.context == Context("题", "左云县", "2025-07-03")


# -- vectors and figures -------------------------------------------------------------------------------------------


def test_vectors_are_known_as_long_as_a_document_holds_their_text(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", GRID))
    asked = [text_key(one) for one in (GRID, CANTEEN, ELECTION)]
    known = index.known_vectors(asked)
    assert known.keys() == {text_key(GRID), text_key(CANTEEN)}
    # GRID: (1, 0, 0, 0, 0, 1)/√2
    assert known[text_key(GRID)] == pytest.approx([2**-0.5, 0, 0, 0, 0, 2**-0.5], abs=1e-3)
    index.remove(["a"])
    assert index.known_vectors(asked).keys() == {text_key(GRID)}
    index.remove(["b"])
    assert index.known_vectors(asked) == {}


def test_many_keys_at_once(index: PassageIndex) -> None:
    """More than a database takes as variables of one statement."""
    sentences = [f"第{i}个村有网格员。" for i in range(1_200)]
    index.put(made("a", *sentences))
    index.publish()
    assert len(index.known_vectors(map(text_key, sentences))) == 1_200
    assert len(found(index, "网格员", 2_000)) == 1_200


def test_a_large_index_is_asked_for_the_rarest_words(index: PassageIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """网 is in all passages, 格 in ten of them, 溪 in one; sixteen may be gone through."""
    index.put(made("a", "云溪网格。", *(f"网格{n}。" for n in range(9)), *(f"网{n}。" for n in range(30))))
    index.publish()
    vector = PaperEmbedder().embed_questions(["水库"])[0]

    def lexical() -> list[float]:
        return [one.lexical for one in index.search(lambda: vector, ["网", "格", "溪"], EVERYTHING)]

    assert sum(score > 0 for score in lexical()) == 40
    monkeypatch.setattr("retrieval.index.embedded.lexical_index._POSTINGS", 16)
    assert sum(score > 0 for score in lexical()) == 10
    monkeypatch.setattr("retrieval.index.embedded.lexical_index._POSTINGS", 0)  # never none
    assert sum(score > 0 for score in lexical()) == 1


def test_statistics_count_passages(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN, "食堂食堂食堂。"))
    index.publish()
    statistics = index.statistics(["食堂", "食堂", "网", "选举"])
    # The sentence that says 食堂 three times is one passage.
    assert (statistics.passages, dict(statistics.document_frequency)) == (3, {"食堂": 2, "网": 1, "选举": 0})


def test_statistics_forget_what_was_removed(index: PassageIndex) -> None:
    index.put(made("a", GRID, CANTEEN))
    index.put(made("b", ELECTION))
    index.publish()
    index.put(made("a", GRID))
    index.publish()
    statistics = index.statistics(["食堂", "网", "选举"])
    assert (statistics.passages, dict(statistics.document_frequency)) == (2, {"食堂": 0, "网": 1, "选举": 1})


# -- several at the index ------------------------------------------------------------------------------------------


def test_a_second_one_sees_what_the_first_published(open_index: Open) -> None:
    writer, reader = open_index(), open_index()
    assert found(reader, "网格员") == {}
    writer.put(made("a", GRID))
    writer.publish()
    assert found(reader, "网格员").keys() == {"a-0"}
    writer.put(made("a", CANTEEN, ELECTION))
    writer.publish()
    by_id = found(reader, "食堂")
    assert by_id.keys() == {"a-0", "a-1"}
    assert by_id["a-0"][1] > 0 == by_id["a-1"][1]
    writer.remove(["a"])
    writer.publish()
    assert found(reader, "食堂") == {}


def test_what_changes_during_a_search_is_found_as_it_is_now(open_index: Open) -> None:
    writer, reader = open_index(), open_index()
    for number in range(3):
        writer.put(made(f"{number}", CANTEEN))
    writer.put(made("a", GRID))
    writer.publish()
    assert found(reader, "网格员", 1).keys() == {"a-0"}

    def changing() -> Vectors:
        writer.put(made("a", GRID, ELECTION))
        writer.publish()
        question: Vectors = PaperEmbedder().embed_questions(["网格员"])[0]
        return question

    candidates = reader.search(changing, [], 1)
    assert [one.passage.passage_id for one in reader.load([one.key for one in candidates]).values()] == ["a-0"]


def test_what_was_put_is_there_after_opening_again(open_index: Open) -> None:
    first = open_index()
    first.put(made("a", GRID))
    first.publish()
    before = found(first, "网格员")
    first.close()
    assert before.keys() == {"a-0"}
    assert found(open_index(), "网格员") == before


_documents = st.sampled_from("abcd")
_puts = st.tuples(_documents, st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3))
_removals = st.tuples(st.lists(_documents, max_size=3), st.none())


@hypothesis_settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.one_of(_puts, _removals, st.none()), max_size=12))
def test_any_sequence_leaves_what_a_dict_would_hold(
    opener: Opener, steps: Sequence[tuple[object, object] | None]
) -> None:
    """A step puts a document, removes some, or (None) lets a reader look."""
    expected: dict[str, list[str]] = {}
    with TemporaryDirectory() as folder:
        with closing(opener(Path(folder))) as writer, closing(opener(Path(folder))) as reader:
            for step in [*steps, None]:
                match step:
                    case (str(document_id), list(sentences)):
                        writer.put(made(document_id, *sentences))
                        expected[document_id] = sentences
                    case (list(document_ids), None):
                        writer.remove(document_ids)
                        for document_id in document_ids:
                            expected.pop(document_id, None)
                    case None:
                        writer.publish()
                        _agrees(reader, expected)
            _agrees(writer, expected)
        with closing(opener(Path(folder))) as later:
            _agrees(later, expected)


def _agrees(index: PassageIndex, expected: dict[str, list[str]]) -> None:
    texts = {f"{name}-{i}": one for name, sentences in expected.items() for i, one in enumerate(sentences)}
    assert [record.document_id for record in index.documents()] == sorted(expected)
    for name in "abcd":
        assert [one.text for one in index.passages_of(name)] == expected.get(name, [])
    known = index.known_vectors(map(text_key, SENTENCES))
    assert known.keys() == {text_key(text) for text in texts.values()}
    assert index.statistics([]).passages == len(texts)
    question = "食堂有多少网格员"
    by_id = found(index, question)
    assert by_id.keys() == texts.keys()
    tokens = set(tokenize(question))
    for passage_id, (dense, lexical) in by_id.items():
        assert dense == pytest.approx(_cosine(question, texts[passage_id]), abs=2e-3)
        assert (lexical > 0) == bool(tokens & set(tokenize(texts[passage_id])))


def _cosine(question: str, text: str) -> float:
    def counts(of: str) -> Counter[str]:
        return Counter({word: of.count(word) for word in PaperEmbedder.WORDS} | {"": 1})

    one, other = counts(question), counts(text)

    def length(of: Counter[str]) -> float:
        return float(sum(n * n for n in of.values()) ** 0.5)

    return float(sum(one[word] * other[word] for word in one)) / (length(one) * length(other))
