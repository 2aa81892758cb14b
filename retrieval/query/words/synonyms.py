"""Words that mean the same, in sets, and which of them a question says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from retrieval.text.fold import fold


@dataclass(frozen=True)
class Synonyms:
    """Sets of words, folded; `both` takes two of them together."""

    sets: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, sets: Iterable[Sequence[str]]) -> "Synonyms":
        return cls(tuple(tuple(dict.fromkeys(map(_normal, words))) for words in sets))

    def both(self, sets: Iterable[Sequence[str]]) -> "Synonyms":
        more = Synonyms.of(sets)
        return Synonyms((*self.sets, *more.sets)) if more.sets else self

    @cached_property
    def _others(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for words in self.sets:
            for word in words:
                others = (*found.get(word, ()), *(other for other in words if other != word))
                found[word] = tuple(dict.fromkeys(others))
        return found

    @cached_property
    def _lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(word) for word in self._others}, reverse=True))

    def said_in(self, folded: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """(offset, word, the others of its sets) for each word that a folded question says; of two that overlap the
        longer, or the first."""
        at = 0
        while at < len(folded):
            found = next((word for n in self._lengths if (word := folded[at : at + n]) in self._others), None)
            if found is not None and is_whole(folded, at, at + len(found)):
                yield at, found, self._others[found]
                at += len(found)
            else:
                at += 1


def is_whole(folded: str, start: int, end: int) -> bool:
    """Whether no word in letters or digits is cut at either end."""
    return not any(
        0 < at < len(folded) and _is_letter(folded[at - 1]) and _is_letter(folded[at]) for at in (start, end)
    )


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _normal(word: str) -> str:
    return " ".join(fold(word).split())


NO_SYNONYMS = Synonyms()
