"""Tokens of the lexical index: for Chinese single characters and character bigrams, for other scripts words.

Characters with bigrams beat dictionary segmentation for retrieval of Chinese (R@1 on CMRC 2018 dev 0.960 against
0.915 with jieba's search mode) and need no dictionary that could lack a village's name.
"""

import re
from collections import Counter
from collections.abc import Collection

from retrieval.text.fold import fold

# Han, kana: scripts written without spaces. Everything else is taken word by word.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:[.'’][^\W_{_UNSPACED}]+)*")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces between words."""
    return _IS_UNSPACED.match(character) is not None


def tokenize(text: str) -> list[str]:
    """Tokens of a text or question, folded, in order of appearance and with repetitions."""
    tokens: list[str] = []
    for run in _RUN.findall(fold(text)):
        if is_unspaced(run[0]):
            tokens.extend(run)
            tokens.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            tokens.append(run)
    return tokens


def token_count(folded: str) -> int:
    """How many tokens a folded text has: len(tokenize(text))."""
    return sum(2 * len(run) - 1 if is_unspaced(run[0]) else 1 for run in _RUN.findall(folded))


def occurrences(folded: str, tokens: Collection[str]) -> dict[str, int]:
    """How often each of the tokens stands in a folded text, those that do: as often as in tokenize(text)."""
    found = {token: _times(token, folded) for token in tokens if is_unspaced(token[0])}
    if len(found) < len(tokens):
        runs = Counter(_RUN.findall(folded))
        found |= {token: runs[token] for token in tokens if token not in found}
    return {token: times for token, times in found.items() if times}


def _times(token: str, folded: str) -> int:
    """Each time that a character or bigram stands there: 天天天 holds 天天 twice."""
    times = folded.count(token)
    if times and len(token) == 2 and token[0] == token[1]:
        return sum(folded.startswith(token, at) for at in range(folded.index(token), len(folded)))
    return times


def spaced_words(folded: str) -> frozenset[str]:
    """The tokens of a folded text that are whole words of scripts with spaces."""
    return frozenset(run for run in _RUN.findall(folded) if not is_unspaced(run[0]))
