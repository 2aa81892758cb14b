"""How many passages there are, how long, and in how many each token stands: kept by the writer, read by all.

Counts are written when what was put is published. Before the first change after that they are marked as behind; a
writer that finds the mark, because the one before was killed, counts everything anew.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import uuid4

from retrieval.frozen_dict import freeze
from retrieval.index.base import (
    Field,
    FieldStatistics,
    LexicalStatistics,
    SearchedText,
    TermStatistics,
)
from retrieval.index.bm25 import WEIGHTS, fields_of
from retrieval.index.milvus.client import Milvus
from retrieval.index.milvus.schema import code, record, tokens_of
from retrieval.text.sounds import SOUND

_TOTALS = "totals"
_SOME = 7
"""Sets of passages whose counts are remembered, beside the last."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all passages; `is_behind` where documents were changed since; `stamp` is no other's."""

    passages: int = 0
    lengths: Mapping[Field, int] = field(default_factory=lambda: dict.fromkeys(WEIGHTS, 0))
    is_behind: bool = False
    stamp: str = ""

    def __post_init__(self) -> None:
        freeze(self, "lengths")


def _terms(totals: Totals, held: Mapping[str, Sequence[int]], tokens: Iterable[str]) -> TermStatistics:
    return TermStatistics(totals.passages, {token: held[token][-1] if token in held else 0 for token in tokens})


def _lexical(totals: Totals, held: Mapping[str, Sequence[int]], tokens: Iterable[str]) -> LexicalStatistics:
    frequencies: dict[Field, dict[str, int]] = {name: {} for name in WEIGHTS}
    for token in tokens:
        names = fields_of(token)
        counts = held.get(token, [0] * (len(names) + 1))
        for name, n in zip(names, counts, strict=False):
            frequencies[name][token] = n
    own = {name: FieldStatistics(totals.lengths[name], frequencies[name]) for name in WEIGHTS}
    return LexicalStatistics(totals.passages, own)


class Changes:
    """What passages that come and go change: for each token by how many passages, in each field in which it may stand
    and in any of them. Of some passages alone these are their counts."""

    def __init__(self) -> None:
        self.passages = 0
        self.lengths: Counter[Field] = Counter()
        self.held: defaultdict[str, list[int]] = defaultdict(list)

    def count(self, passages: Iterable[SearchedText], sign: int) -> None:
        """They come (1) or go (-1)."""
        for searched in passages:
            self.passages += sign
            own = tokens_of(searched)
            for name, tokens in own.items():
                self.lengths[name] += sign * len(tokens)
            sets = {name: set(tokens) for name, tokens in own.items()}
            for token in set().union(*sets.values()):
                is_in = [token in sets[name] for name in fields_of(token)]
                before = self.held[token] or [0] * (len(is_in) + 1)
                self.held[token] = [n + sign * here for n, here in zip(before, [*is_in, any(is_in)], strict=True)]

    def terms(self, tokens: Iterable[str]) -> TermStatistics:
        wanted = set(tokens)
        held = {token: self.held[token] for token in wanted & self.held.keys() if not token.startswith(SOUND)}
        return _terms(self._totals, held, wanted)

    def lexical(self, tokens: Iterable[str]) -> LexicalStatistics:
        return _lexical(self._totals, self.held, set(tokens))

    @property
    def _totals(self) -> Totals:
        return Totals(self.passages, {name: self.lengths[name] for name in WEIGHTS})


class Counts:
    """Those of one generation."""

    def __init__(self, milvus: Milvus, records: str) -> None:
        self._milvus, self._records = milvus, records
        self._some: dict[frozenset[int], Changes] = {}

    def of(self, keys: frozenset[int], texts: Callable[[Sequence[int]], Mapping[int, SearchedText]]) -> Changes:
        """Of these passages alone: what a key stands for stays, so that they are gone through once."""
        known = self._some.get(keys)
        if known is None:
            known = Changes()
            known.count(texts(sorted(keys)).values(), 1)
            self._some = {**dict(list(self._some.items())[-_SOME:]), keys: known}
        return known

    def totals(self) -> Totals | None:
        """None where there are none: the generation was never finished."""
        for row in self._milvus.rows_in(self._records, "id", [_TOTALS], ["data"]):
            return Totals(**json.loads(row["data"]))
        return None

    def write_totals(self, totals: Totals) -> None:
        told = asdict(totals) | {"stamp": uuid4().hex}
        self._milvus.put(self._records, [record(_TOTALS, "totals", json.dumps(told))])

    def state(self) -> Hashable:
        """Of the index, as `PassageIndex.state` tells: that of the counts, which is one row; where documents were
        changed since, the versions of all of them."""
        totals = self.totals()
        if totals is not None and not totals.is_behind:
            return totals.stamp
        rows = self._milvus.rows(self._records, 'kind == "document"', ["document"])
        return self._records, tuple(sorted(row["document"] for row in rows))

    def apply(self, changes: Changes) -> None:
        """Add what was changed to what is counted. To be killed in between leaves the mark."""
        totals = self.totals() or Totals()
        changed = [token for token, by in changes.held.items() if any(by)]
        before = self._held(changed)
        now = {
            token: [n + more for n, more in zip(before[token], changes.held[token], strict=True)]
            if token in before
            else changes.held[token]
            for token in changed
        }
        self._write({token: counts for token, counts in now.items() if any(counts)})
        self._forget([_name(token) for token, counts in now.items() if not any(counts)])
        lengths = {name: totals.lengths[name] + changes.lengths[name] for name in WEIGHTS}
        self.write_totals(Totals(totals.passages + changes.passages, lengths))

    def replace(self, changes: Changes) -> None:
        """All counts by those of all passages; those that were there answer until then."""
        names = {row["id"] for row in self._milvus.rows(self._records, 'kind == "term"', ["id"])}
        self._write(changes.held)
        self._forget(sorted(names - {_name(token) for token in changes.held}))
        self.write_totals(Totals(changes.passages, {name: changes.lengths[name] for name in WEIGHTS}))

    def terms(self, tokens: Iterable[str]) -> TermStatistics:
        wanted = set(tokens)
        totals, held = self._totals_and_held([token for token in wanted if not token.startswith(SOUND)])
        return _terms(totals, held, wanted)

    def lexical(self, tokens: Iterable[str]) -> LexicalStatistics:
        wanted = set(tokens)
        return _lexical(*self._totals_and_held(wanted), wanted)

    def _held(self, tokens: Iterable[str]) -> dict[str, list[int]]:
        return self._totals_and_held(tokens)[1]

    def _totals_and_held(self, tokens: Iterable[str]) -> tuple[Totals, dict[str, list[int]]]:
        """By one call, and of one moment where the tokens are no more than one expression names."""
        names = {_name(token): token for token in tokens}
        rows = self._milvus.rows_in(self._records, "id", [_TOTALS, *names], ["id", "data"])
        found = {row["id"]: json.loads(row["data"]) for row in rows}
        totals = Totals(**found.pop(_TOTALS)) if _TOTALS in found else Totals()
        return totals, {names[name]: counts for name, counts in found.items()}

    def _write(self, held: Mapping[str, Sequence[int]]) -> None:
        rows = [record(_name(token), "term", json.dumps(counts)) for token, counts in held.items()]
        self._milvus.put(self._records, rows)

    def _forget(self, names: Sequence[str]) -> None:
        self._milvus.delete_in(self._records, "id", names)


def _name(token: str) -> str:
    return f"t{code(token)}"
