"""BM25 over tokens by tantivy: a cache of the passages in the store. Nothing but this and its schema
imports tantivy.

The stamp of the store is itself a document of the index, replaced in the same commit as the passages
that it speaks of, so the two cannot disagree.
"""

import logging
import shutil
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import tantivy

from retrieval.index.base import Field, FieldStatistics
from retrieval.index.bm25 import WEIGHTS, fields_of
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.lexical_files import DamagedWordsError, clear, damaged_files, reading, storing
from retrieval.index.embedded.lexical_schema import NAMES, length, schema
from retrieval.index.embedded.stamp import NO_STAMP, Stamp
from retrieval.text.sounds import sounds
from retrieval.text.tokens import tokenize

_FORMAT = "3"
_HEAP = 64 * 2**20
_BATCH = 2_000
_EXACT = 1_000
"""Up to so many passages a document frequency is counted exactly; beyond, removed ones weigh nothing."""
_POSTINGS = 1_000_000
"""Passages that hold one of the words of a search, each counted once a word: what is gone through takes so long."""
_FEW = 100
"""Passages that are looked up one by one; to look for them as a set goes through more, and pays from there on."""
Keys = frozenset[int] | None
"""The only passages that count; None: all."""
_log = logging.getLogger(__name__)


class LexicalIndex:
    """Tokens of all passages, on disk; many processes may read while one writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = schema()
        self._index: tantivy.Index | None = None
        self._stamp = NO_STAMP
        self._lengths: tuple[Stamp, dict[Keys, Mapping[Field, int]]] = NO_STAMP, {}
        self._is_proven = False

    def is_behind(self, store: DocumentDatabase) -> bool:
        """Whether the store has what this has not; looks first whether another process has brought it up to date."""
        if self._stamp == store.stamp() and self._index is not None:
            return False
        self._reopen()
        return self._stamp != store.stamp()

    def catch_up(self, store: DocumentDatabase) -> None:
        """Replay what the store has and this has not. The caller holds the index's write lock."""
        if not self.is_behind(store):
            return
        target, since = store.stamp(), self._stamp.seq
        # What is damaged would be merged with what is new, and get a checksum that is right.
        if self._index is None or not store.continues(self._stamp) or not self.is_sound():
            self._create()
            since = 0
        with storing(self._folder):
            self._replay(store, since, target)
        self._reopen()

    def search(self, tokens: Sequence[str], count: int, within: Collection[int] | None = None) -> dict[int, float]:
        """BM25 by key of the `count` best passages that share a token, or of those `within`."""
        if not tokens or (within is not None and not within):
            return {}
        return self._hits(self._among(self._any_of(self._telling(tokens)), within), count)

    def holding(self, tokens: Sequence[str], count: int, within: Keys = None) -> dict[int, float]:
        """BM25 by key of at most `count` passages that hold all of the tokens."""
        if not tokens or (within is not None and not within):
            return {}
        all_of = [(tantivy.Occur.Must, self._any_of([token])) for token in dict.fromkeys(tokens)]
        return self._hits(self._among(tantivy.Query.boolean_query(all_of), within), count)

    def statistics(self, tokens: Collection[str], within: Keys = None) -> dict[Field, FieldStatistics]:
        """Of each field, and of the tokens that may stand there."""
        lengths = self._all_lengths(within)
        held: dict[Field, dict[str, int]] = {field: {} for field in WEIGHTS}
        for token in tokens:
            for field in fields_of(token):
                held[field][token] = self._held(token, field, self._term(NAMES[field], token), within)
        return {field: FieldStatistics(lengths[field], held[field]) for field in WEIGHTS}

    def document_frequency(self, token: str, within: Keys = None) -> int:
        """Passages that hold the token in their text or beside it; 0 where it stands in no text."""
        if within is not None and not self._held(token, "text", self._term(NAMES["text"], token), within):
            return 0
        return self._held(token, "text", self._any_of([token]), within)

    def _held(self, token: str, field: Field, query: tantivy.Query, within: Keys) -> int:
        """Passages that a query for the token finds. Of all passages: exact where few hold it in the field, else as
        many as that, with those removed since the last merge. Of some: exact."""
        if (index := self._index) is None:  # taken once: another thread may put a new one in its place
            return 0
        with reading(self._folder):
            searcher = index.searcher()
            estimate: int = searcher.doc_freq(NAMES[field], token)
            total: int = searcher.num_docs
        if estimate and within is not None:
            return len(within.intersection(self._hits(query, total)))
        if 0 < estimate <= _EXACT:
            with reading(self._folder):
                estimate = searcher.search(query, 1, count=True).count  # type: ignore[attr-defined]
        return estimate

    def _all_lengths(self, within: Keys) -> Mapping[Field, int]:
        """Tokens of each field over all passages; gone through once after each change."""
        stamp, index = self._stamp, self._index
        if self._lengths[0] != stamp:
            self._lengths = stamp, {}
        known = self._lengths[1]
        if index is None or (within is not None and not within):
            return dict.fromkeys(NAMES, 0)
        if within not in known:
            sums = {field: {"sum": {"field": length(name)}} for field, name in NAMES.items()}
            with reading(self._folder):
                found = index.searcher().aggregate(self._among(tantivy.Query.all_query(), within), sums)
            known[within] = {field: int(found[field]["value"]) for field in NAMES}
        return known[within]

    def is_sound(self) -> bool:
        """Whether the files are what was written; they are read through for that, until they were found to be."""
        damaged = [] if self._is_proven else damaged_files(self._folder)
        self._is_proven = not damaged
        if damaged:
            _log.warning("%s is damaged; the words are rebuilt from the database", damaged[0])
        return not damaged

    def discard(self) -> None:
        """Throw the files away, to be made anew by `catch_up`. The caller holds the index's write lock."""
        self._stamp = NO_STAMP  # first: what fails in between leaves words that are behind, not silent
        self._create()

    def _telling(self, tokens: Sequence[str]) -> Sequence[str]:
        """The rarest of the tokens, as many as a large index can be asked for in little time: what a part of all
        passages holds (的, 年) weighs little and takes the longest. In a small index all of them."""
        if (index := self._index) is None:
            return tokens
        with reading(self._folder):
            searcher = index.searcher()
            if searcher.num_docs * len(tokens) <= _POSTINGS:
                return tokens
            held = {token: searcher.doc_freq(NAMES[fields_of(token)[0]], token) for token in tokens}
        kept, total = set[str](), 0
        for token in sorted(held, key=held.__getitem__):
            total += held[token]
            if kept and total > _POSTINGS:
                break
            kept.add(token)
        return [token for token in tokens if token in kept]

    def _among(self, query: tantivy.Query, keys: Collection[int] | None) -> tantivy.Query:
        """The query, narrowed to the passages with these keys."""
        if keys is None:
            return query
        if len(keys) <= _FEW:
            each = [(tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "key", key)) for key in keys]
            among = tantivy.Query.boolean_query(each)
        else:
            among = tantivy.Query.term_set_query(self._schema, "key", list(keys))
        unweighed = tantivy.Query.const_score_query(among, 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unweighed)])

    def _any_of(self, tokens: Sequence[str]) -> tantivy.Query:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(NAMES[field], token), WEIGHTS[field]))
            for token in tokens
            for field in fields_of(token)
        ]
        return tantivy.Query.boolean_query(terms)

    def _term(self, field: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, token, "freq")

    def _hits(self, query: tantivy.Query, count: int) -> dict[int, float]:
        if (index := self._index) is None:
            return {}
        with reading(self._folder):
            searcher = index.searcher()
            hits = searcher.search(query, count, count=False).hits
            keys = searcher.fast_field_values("key", [address for _, address in hits])
        return {int(key): score for key, (score, _) in zip(keys, hits, strict=True) if key is not None}

    def _replay(self, store: DocumentDatabase, since: int, target: Stamp) -> None:
        clear(self._folder)
        # Opened anew: it writes the list of its files, which another process may have added to since.
        self._index = tantivy.Index.open(str(self._folder))
        writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        removed = store.removed_since(since, target.seq)
        if removed:
            # By query: delete_documents_by_term takes an int for signed and finds nothing in an unsigned field.
            writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "key", removed))
        added = store.added_since(since, target.seq)
        for start in range(0, len(added), _BATCH):
            for key, text, known in store.texts(added[start : start + _BATCH]):
                document = tantivy.Document()
                document.add_unsigned("key", key)
                for name, own in (
                    *(("body", tokenize(text)), ("known", tokenize(known))),
                    ("sound", sounds(f"{known}\n{text}")),
                ):
                    document.add_text(name, " ".join(own))
                    document.add_unsigned(length(name), len(own))
                writer.add_document(document)
        writer.delete_documents_by_query(tantivy.Query.exists_query("stamp"))
        writer.add_document(tantivy.Document(stamp=f"{_FORMAT}:{target.uuid}:{target.seq}:{target.token}"))
        writer.commit()
        writer.wait_merging_threads()

    def _reopen(self) -> None:
        try:
            with reading(self._folder):
                if self._index is None:
                    if not (self._folder / "meta.json").exists():
                        return
                    self._index = tantivy.Index.open(str(self._folder))
                self._index.reload()
                stamp = self._read_stamp(self._index)
            if stamp is None:  # laid out by another version: nothing of it is used until it is made anew
                self._index = None
            self._stamp = stamp or NO_STAMP
        except DamagedWordsError as error:
            _log.warning("%s; it is rebuilt from the database", error)
            self._index, self._stamp = None, NO_STAMP

    def _read_stamp(self, index: tantivy.Index) -> Stamp | None:
        """None when the words are laid out otherwise."""
        searcher = index.searcher()
        for _, address in searcher.search(tantivy.Query.exists_query("stamp"), 1).hits:
            form, uuid, seq, token = searcher.doc(address)["stamp"][0].split(":")
            return Stamp(uuid, int(seq), token) if form == _FORMAT else None
        return NO_STAMP

    def _create(self) -> None:
        self._index = None
        self._is_proven = True
        with storing(self._folder):
            if self._folder.exists():
                shutil.rmtree(self._folder)
            self._folder.mkdir(parents=True)
            self._index = tantivy.Index(self._schema, path=str(self._folder), reuse=False)
