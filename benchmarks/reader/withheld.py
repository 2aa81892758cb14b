"""The sentence that answers, without its answer: it speaks of the very thing that is asked, in the very words, and
does not say it. No sentence is harder to tell from an answer, and documents are full of them (时间另行通知, 若干).

Clauses that hold the answer are left out, or the answer gives way to words that say nothing. So that a missing clause
is no sign by itself, sentences that do answer lose another of their clauses, too.
"""

import random
import re
from collections.abc import Sequence

from retrieval.text.sentences import split_clauses

_MARKED = re.compile(r"(?s)(?P<before>.*)【(?P<sentence>.*)】(?P<after>.*)")
_END = re.compile(r"[。！？；…!?;.”’」』）)]*$")
_LEFT = 8
"""Characters of a sentence that are left at least."""
_VAGUE: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"[\d.]+[%％]|百分之.+"), ("一定比例", "适当比例")),
    (re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|\d{1,2}日"), ("近日", "日前", "择期", "近期")),
    (re.compile(r"\d{1,2}[:：]\d\d|(?:上午|下午|晚上?)?\d{1,2}[点时]半?"), ("规定时间", "另行通知的时间")),
    (re.compile(r"[\d,.]+[万亿千百余多]*(?P<unit>\D{1,3})"), (r"若干\g<unit>",)),
)
"""What an answer of a form may give way to."""
_ASKED_NAMES = (
    (re.compile("谁|哪位|叫什么|叫啥|什么名字|何人"), ("有关人员", "相关负责人", "一名工作人员", "有关同志")),
    (re.compile("哪里|哪儿|在哪|何处|地址|什么地方|啥地方"), ("指定地点", "当地", "某处")),
)
_LONGEST_NAME = 6


def withheld(question: str, text: str, answers: Sequence[str], rng: random.Random) -> str | None:
    """`text` as the reader is given it, without the answer; None where it cannot be taken out cleanly."""
    match = _MARKED.fullmatch(text)
    if not match:
        return None
    sentence = match["sentence"]
    held = [answer for answer in answers if answer and answer in sentence]
    if not held:
        return None
    ways = [_cut(sentence, held), _vague(question, sentence, held, rng)]
    ways = [way for way in ways if way and not any(answer in way for answer in answers)]
    elsewhere = match["before"] + match["after"]
    if not ways or any(answer in elsewhere for answer in answers):
        return None
    return f"{match['before']}【{rng.choice(ways)}】{match['after']}"


def shortened(text: str, answers: Sequence[str], rng: random.Random) -> str:
    """`text` without one clause that does not hold the answer, where there is such a clause."""
    match = _MARKED.fullmatch(text)
    if not match or not answers:
        return text
    sentence = match["sentence"]
    spans = split_clauses(sentence)
    others = [span for span in spans[1:] if not any(answer in sentence[slice(*span)] for answer in answers)]
    if not others:
        return text
    start, end = rng.choice(others)
    left = _closed(sentence[:start] + sentence[end:], sentence)
    holds = any(answer in left for answer in answers)
    return f"{match['before']}【{left}】{match['after']}" if holds and len(left) >= _LEFT else text


def _cut(sentence: str, held: Sequence[str]) -> str | None:
    """Without the clauses that touch the answer."""
    spans = split_clauses(sentence)
    touched = [(at, at + len(answer)) for answer in held for at in _places(answer, sentence)]
    kept = [(a, b) for a, b in spans if not any(a < end and start < b for start, end in touched)]
    left = _closed("".join(sentence[a:b] for a, b in kept), sentence)
    return left if len(left) >= _LEFT and len(kept) < len(spans) else None


def _closed(left: str, sentence: str) -> str:
    """With the punctuation that closes the sentence: a comma at the end would tell that something is missing."""
    end = _END.search(sentence)
    return left if left.endswith(sentence[-1]) else left.rstrip("，,；;：: ") + (end[0] if end else "")


def _places(answer: str, sentence: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(answer), sentence)]


def _vague(question: str, sentence: str, held: Sequence[str], rng: random.Random) -> str | None:
    """With words that say nothing in the place of the answer."""
    for answer in sorted(held, key=len, reverse=True):
        new = _nothing_for(question, answer, rng)
        if new is None:
            return None
        sentence = sentence.replace(answer, new)
    return sentence


def _nothing_for(question: str, answer: str, rng: random.Random) -> str | None:
    for form, words in _VAGUE:
        if form.fullmatch(answer):
            return form.sub(rng.choice(words), answer)
    if len(answer) <= _LONGEST_NAME:
        for asking, words in _ASKED_NAMES:
            if asking.search(question):
                return rng.choice(words)
    return None
