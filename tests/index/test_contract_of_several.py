"""What every engine keeps to when several read and write, now and after opening again; only the protocols of
`retrieval.index.base` are used."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from retrieval.index.base import Field, IndexStore, PassageIndex, PassageWriter, text_key
from retrieval.ranking.candidates import by_words, candidates
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize
from tests.index.conftest import Open, OpenStore
from tests.support.indexes import (
    CANTEEN,
    ELECTION,
    GRID,
    MADE_BY,
    SENTENCES,
    found,
    ids,
    keys,
    made,
)
from tests.support.paper import PaperEmbedder


def test_a_second_one_sees_what_the_first_published(index: PassageWriter, reader: PassageIndex) -> None:
    assert found(reader, "网格员") == {}
    index.put(made("a", GRID))
    index.publish()
    assert found(reader, "网格员").keys() == {"a-0"}
    index.put(made("a", CANTEEN, ELECTION))
    index.publish()
    by_id = found(reader, "食堂")
    assert by_id.keys() == {"a-0", "a-1"}
    assert by_id["a-0"][1] > 0 == by_id["a-1"][1]
    index.remove(["a"])
    index.publish()
    assert found(reader, "食堂") == {}
    assert reader.is_empty()


def test_what_was_removed_is_gone_for_who_has_its_keys(index: PassageWriter, reader: PassageIndex) -> None:
    index.put(made("a", GRID))
    index.put(made("b", CANTEEN))
    index.publish()
    held = keys(reader)
    gone = index.keys(["a"], None, None)
    index.remove(["a"])
    index.publish()
    assert reader.load(held).keys() == reader.texts(held).keys() == set(held) - set(gone)
    assert reader.vectors(held).rows.keys() == set(held) - set(gone)
    assert reader.passage("a-0") is None


def test_keys_stay_and_are_never_given_to_another(index: PassageWriter, open_again: Open) -> None:
    index.put(made("a", GRID))
    index.put(made("b", CANTEEN, ELECTION))
    index.publish()
    first, second = index.keys(["a"], None, None), index.keys(["b"], None, None)
    index.remove(["b"])
    index.put(made("c", CANTEEN, ELECTION))
    index.publish()
    assert index.keys(["a"], None, None) == first
    third = index.keys(["c"], None, None)
    assert len({*first, *second, *third}) == 5
    later = open_again().current()
    assert (later.keys(["a"], None, None), later.keys(["c"], None, None)) == (first, third)


def test_a_document_is_seen_whole_while_it_is_changed(index: PassageWriter, reader: PassageIndex) -> None:
    """One has two passages, the other three, and there is no moment with none or with some of each."""
    versions = [[f"第{i}个村有网格员。" for i in range(2)], [f"第{i}个镇有食堂。" for i in range(3)]]
    index.put(made("a", *versions[0]))
    index.publish()
    is_done = threading.Event()
    seen: list[list[str]] = []

    def look() -> None:
        while not is_done.is_set():
            seen.append([stored.text for stored in reader.passages_of("a")])
            document = reader.document("a")
            seen.append(document.text.split("\n") if document else [])

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for number in range(30):
            index.put(made("a", *versions[number % 2]))
            index.publish()
    finally:
        is_done.set()
        looking.join()
    assert seen
    assert all(texts in versions for texts in seen)


def test_what_changes_while_the_vector_is_computed_is_found_as_it_is_then(
    index: PassageWriter, reader: PassageIndex
) -> None:
    for number in range(3):
        index.put(made(f"{number}", CANTEEN))
    index.put(made("a", GRID))
    index.publish()
    assert found(reader, "网格员", 1).keys() == {"a-0"}
    words = by_words(reader, tokenize("网格员"), 1, None)
    index.put(made("a", GRID, ELECTION))
    index.publish()
    hits = candidates(reader, words, PaperEmbedder().embed_questions(["网格员"])[0])
    assert ids(reader, [hit.key for hit in hits]) == {"a-0"}


def test_what_was_put_is_there_after_opening_again(store: IndexStore, open_again: Open) -> None:
    with store.writing(5) as first:
        first.put(made("a", GRID))
        first.publish()
        before = found(first, "网格员")
    store.close()
    assert before.keys() == {"a-0"}
    assert found(open_again().current(), "网格员") == before


_documents = st.sampled_from("abcd")
_puts = st.tuples(_documents, st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3))
_removals = st.tuples(st.lists(_documents, max_size=3), st.none())


_steps = st.lists(st.one_of(_puts, _removals, st.none()), max_size=12)
Step = tuple[object, object] | None
"""Puts a document, removes some, or (None) lets a reader look."""


@hypothesis_settings(max_examples=10, deadline=None)
@given(steps=_steps)
def test_any_sequence_leaves_what_a_dict_would_hold(engine: OpenStore, steps: Sequence[Step]) -> None:
    _leaves_what_a_dict_would_hold(engine, steps)


@pytest.mark.slow
@hypothesis_settings(max_examples=100, deadline=None)
@given(steps=_steps)
def test_so_do_more_sequences(engine: OpenStore, steps: Sequence[Step]) -> None:
    _leaves_what_a_dict_would_hold(engine, steps)


def _leaves_what_a_dict_would_hold(engine: OpenStore, steps: Sequence[Step]) -> None:
    expected: dict[str, list[str]] = {}
    with TemporaryDirectory() as name:
        folder = Path(name, "index")
        with closing(engine(folder)) as ours, closing(engine(folder)) as theirs:
            ours.create(MADE_BY)
            reader = theirs.current()
            with ours.writing(5) as writer:
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
                known = writer.known_vectors(map(text_key, SENTENCES))
                assert known.keys() == {text_key(text) for own in expected.values() for text in own}
        with closing(engine(folder)) as later:
            _agrees(later.current(), expected)


def _agrees(index: PassageIndex, expected: Mapping[str, Sequence[str]]) -> None:
    texts = {f"{name}-{i}": text for name, sentences in expected.items() for i, text in enumerate(sentences)}
    assert [record.document_id for record in index.documents()] == sorted(expected)
    for name in "abcd":
        assert [stored.text for stored in index.passages_of(name)] == list(expected.get(name, []))
    question = "食堂有多少网格员"
    _counts_agree(index, list(texts.values()), question)
    by_id = found(index, question)
    assert by_id.keys() == texts.keys()
    tokens = set(tokenize(question))
    for passage_id, (dense, lexical) in by_id.items():
        assert dense == pytest.approx(_cosine(question, texts[passage_id]), abs=2e-3)
        assert (lexical > 0) == bool(tokens & set(tokenize(texts[passage_id])))


def _counts_agree(index: PassageIndex, texts: Sequence[str], question: str) -> None:
    tokens = set(tokenize(question))
    held = {token: sum(token in tokenize(text) for text in texts) for token in tokens}
    statistics = index.statistics(tokens)
    assert (statistics.passages, dict(statistics.document_frequency)) == (len(texts), held)
    lexical = index.lexical_statistics(tokens)
    of_text = lexical.fields["text"]
    assert (lexical.passages, dict(of_text.document_frequency)) == (len(texts), held)
    lengths: dict[Field, int] = {
        "text": sum(len(tokenize(text)) for text in texts),
        "sound": sum(len(sounds(f"{beside}\n{text}")) for text, beside in index.texts(keys(index)).values()),
    }
    assert {field: lexical.fields[field].tokens for field in lengths} == lengths


def _cosine(question: str, text: str) -> float:
    def counts(of: str) -> Counter[str]:
        return Counter({word: of.count(word) for word in PaperEmbedder.WORDS} | {"": 1})

    asked, other = counts(question), counts(text)

    def length(of: Counter[str]) -> float:
        return float(sum(n * n for n in of.values()) ** 0.5)

    return float(sum(asked[word] * other[word] for word in asked)) / (length(asked) * length(other))
