"""Reprints: the same passage printed by several documents becomes one hit that names the others.

A reprint has another headline, a byline more, small edits, other line breaks or traditional characters, and its
passages begin at other sentences. So two passages are compared by the runs of letters that they share, folded and
without punctuation, and copies overlap as windows on one text do: where one leaves off, the other's end or beginning
lies. Articles by formula (a notice for another county) share long runs too; figures and places tell them apart.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACES
from retrieval.text.numbers import integer
from retrieval.types import Hit, Span, StoredPassage

SHINGLE = 4
"""Letters of a shingle."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing, as in Knuth, The Art of Computer Programming 6.4
_LONG_ENOUGH = 30
"""Letters below which nothing is a copy: formulas and headings recur by themselves."""
_RUN = 12
"""Shingles in a row from which on a shared run counts; single ones are shared by all that speak of one subject."""
_CONTAINED = 0.8
"""Share of the shorter passage that stands in the other when they begin at about the same sentence."""
_OVERLAPPING = 0.5
"""The same when they begin elsewhere. Passages repeat up to a third of the one before, so some passage of the other
document overlaps by two thirds, and the one that was found by about half."""
_LITERAL = 60
"""Letters in a row that must be literally the same then."""
_REPEATED = 8
"""Places of one shingle in a passage that are looked at: rows of one letter have hundreds."""
_WIDE = 1 << 20
"""More than the letters of any passage: a diagonal and a place on it make one number."""
_HEADLINE = 60
"""Letters at the same end that may differ in both: headline and byline. No more than a quarter of the passage."""
_FURTHER = 3
"""Times the wanted number of hits that are looked at, so that also the copies of the last ones are named."""
_EQUAL_SCORE = 0.5
"""Hits whose scores differ less are equally good evidence."""
_SAMPLED = 100
"""Letters from which on a sample of one shingle in four tells at once that two passages are no copies: those that
share half of 100 shingles share fewer than an eighth of their sample once in 10,000 times (binomial, 25 tries)."""
_NOT_LETTER = np.uint32(0xFFFFFFFF)
_NUMBERS = re.compile(r"[0-9]{1,30}|[零〇一二三四五六七八九十百千万亿两]{1,30}")
_PLACES = re.compile(rf"(?<![的该全本各我此每几个社小园城])[{PLACES}州]")

_Facts = list[tuple[int, int, str]]
"""[start, end) in the letters, and what stands there."""


@dataclass(frozen=True)
class Letters:
    """The folded letters of a passage and the hash of the shingle that begins at each."""

    codes: NDArray[np.uint32]
    shingles: NDArray[np.uint64]

    @cached_property
    def sorted(self) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        """The shingles in order, and where each stands."""
        order = np.argsort(self.shingles, kind="stable")
        return self.shingles[order], order

    @cached_property
    def sample(self) -> frozenset[int]:
        """One shingle of four, chosen by its hash."""
        return frozenset(self.shingles[self.shingles >> np.uint64(62) == 0].tolist())

    @cached_property
    def text(self) -> str:
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def numbers(self) -> _Facts:
        """五十一 and 51 are the same."""
        return [(*match.span(), _digits(match[0])) for match in _NUMBERS.finditer(self.text)]

    @cached_property
    def places(self) -> _Facts:
        """Two characters and the kind of what looks like a place: 左云县."""
        ends = [match.end() for match in _PLACES.finditer(self.text)]
        return [(end - 3, end, self.text[end - 3 : end]) for end in ends if end >= 3]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two passages have in common: `share` of the shorter one, letters of the longest run, and the regions of
    both from the first shared run to the last."""

    share: float
    longest: int
    ours: Span
    theirs: Span

    @property
    def is_one_run(self) -> bool:
        return self.ours[1] - self.ours[0] == self.theirs[1] - self.theirs[0] == self.longest


def distinct(ranked: Iterable[Hit], count: int) -> list[Hit]:
    """The first `count` hits that are no copies of one another, best first, each with its copies in other documents.

    Takes no more from `ranked` than it needs. Of copies the best-ranked stays, of equally good ones the newest."""
    kept: list[tuple[Hit, Letters]] = []
    for number, hit in enumerate(ranked):
        letters = letters_of(hit.stored.text)
        same = next((i for i, (earlier, own) in enumerate(kept) if _is_reprint(earlier, hit, own, letters)), None)
        if same is not None:
            kept[same] = _merged(*kept[same], hit, letters)
        elif len(kept) < count:
            kept.append((hit, letters))
        if len(kept) == count and number + 1 >= _FURTHER * count:
            break
    newest_first = sorted((hit for hit, _ in kept), key=_date, reverse=True)
    return sorted(newest_first, key=lambda hit: -hit.score)


def letters_of(text: str) -> Letters:
    """Letters and digits folded one by one; what folds to several characters is taken for the first of them."""
    table = _folded_letters()
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = table[raw]
    if not codes.all():
        for code in np.unique(raw[codes == 0]).tolist():
            folded = fold(chr(code))[:1]
            table[code] = ord(folded) if folded.isalnum() else _NOT_LETTER
        codes = table[raw]
    codes = codes[codes != _NOT_LETTER]
    count = max(0, len(codes) - SHINGLE + 1)
    shingles = np.zeros(count, np.uint64)
    for i in range(SHINGLE):
        shingles = (shingles + codes[i : i + count]) * _MULTIPLIER
    return Letters(codes, shingles)


@cache
def _folded_letters() -> NDArray[np.uint32]:
    """For each code point its folded letter, 0 while not yet looked up."""
    return np.zeros(0x110000, np.uint32)


def _is_reprint(kept: Hit, hit: Hit, own: Letters, letters: Letters) -> bool:
    return kept.stored.document.document_id != hit.stored.document.document_id and is_copy(own, letters)


def _merged(kept: Hit, own: Letters, copy: Hit, letters: Letters) -> tuple[Hit, Letters]:
    """The better of both, naming the documents of the other."""
    if kept.score - copy.score < _EQUAL_SCORE and _date(copy) > _date(kept):
        return replace(copy, also=_others(copy, [kept.stored, *kept.also])), letters
    return replace(kept, also=_others(kept, [*kept.also, copy.stored])), own


def _others(hit: Hit, copies: Sequence[StoredPassage]) -> tuple[StoredPassage, ...]:
    """One passage for each document but the hit's own."""
    by_document = {copy.document.document_id: copy for copy in reversed(copies)}
    by_document.pop(hit.stored.document.document_id, None)
    return tuple(copy for copy in copies if by_document.get(copy.document.document_id) is copy)


def _date(hit: Hit) -> str:
    return hit.stored.passage.context.date or ""


def is_copy(own: Letters, other: Letters) -> bool:
    """Whether two passages print the same text, or nearly."""
    shorter = min(len(own.codes), len(other.codes))
    sampled = min(len(own.sample), len(other.sample)) if shorter > _SAMPLED else 0
    if shorter < _LONG_ENOUGH or 8 * len(own.sample & other.sample) < sampled:
        return False
    shared = _shared(own, other)
    if shared is None or shared.share < _OVERLAPPING:
        return False
    if shared.share < _CONTAINED and shared.longest < _LITERAL:
        return False
    return _aligned(own, other, shared) and not _contradict(own, other, shared)


def _shared(own: Letters, other: Letters) -> _Shared | None:
    ordered, order = own.sorted
    first = np.searchsorted(ordered, other.shingles)
    times = np.minimum(np.searchsorted(ordered, other.shingles, "right") - first, _REPEATED)
    total = int(times.sum())
    if total < _RUN:
        return None
    # All pairs of equal shingles; a run is pairs that follow each other in both, so on one diagonal.
    theirs = np.repeat(np.arange(len(times)), times)
    ours = order[np.repeat(first - np.cumsum(times) + times, times) + np.arange(total)]
    diagonals = (ours - theirs) * _WIDE + theirs
    diagonals.sort()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(diagonals) != 1) + 1])
    lengths = np.diff(np.concatenate([starts, [total]]))
    starts, lengths = diagonals[starts[lengths >= _RUN]], lengths[lengths >= _RUN]
    if not len(starts):
        return None
    letters = lengths + SHINGLE - 1
    theirs, ours = starts % _WIDE, starts // _WIDE + starts % _WIDE
    return _Shared(
        share=min(1.0, int(letters.sum()) / min(len(own.codes), len(other.codes))),
        longest=int(letters.max()),
        ours=(int(ours.min()), int((ours + letters).max())),
        theirs=(int(theirs.min()), int((theirs + letters).max())),
    )


def _aligned(own: Letters, other: Letters, shared: _Shared) -> bool:
    """Whether at either end at most a headline's length differs in both, as where windows on one text overlap."""
    limit = min(_HEADLINE, min(len(own.codes), len(other.codes)) // 4)
    return min(shared.ours[0], shared.theirs[0]) <= limit and _after(own, other, shared) <= limit


def _after(own: Letters, other: Letters, shared: _Shared) -> int:
    """Letters that follow the last shared run in both."""
    return min(len(own.codes) - shared.ours[1], len(other.codes) - shared.theirs[1])


def _contradict(own: Letters, other: Letters, shared: _Shared) -> bool:
    """Whether each has a figure, or each has a place, that the other lacks: between the first shared run and the
    last, or both before, or both after."""
    if shared.is_one_run and not (min(shared.ours[0], shared.theirs[0]) or _after(own, other, shared)):
        return False
    heads = (0, shared.ours[0]), (0, shared.theirs[0])
    tails = (shared.ours[1], len(own.codes)), (shared.theirs[1], len(other.codes))
    for ours, theirs in ((own.numbers, other.numbers), (own.places, other.places)):
        if [fact for _, _, fact in ours] == [fact for _, _, fact in theirs]:
            continue
        within, within_other = _reaching(ours, shared.ours), _reaching(theirs, shared.theirs)
        if within - within_other and within_other - within:
            return True
        all_ours, all_theirs = _reaching(ours, (0, len(own.codes))), _reaching(theirs, (0, len(other.codes)))
        for a, b in (heads, tails):
            if _reaching(ours, a) - all_theirs and _reaching(theirs, b) - all_ours:
                return True
    return False


@lru_cache(4096)
def _digits(number: str) -> str:
    return str(integer(number))


def _reaching(facts: _Facts, region: Span) -> Counter[str]:
    """The facts that reach into the region, each as often as it does."""
    return Counter(fact for start, end, fact in facts if start < region[1] and end > region[0])
