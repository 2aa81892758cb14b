"""How a later paper changes another: its words (将《供水办法》第二条中的“180天”修改为“270天”), or a whole article
(将第九条修改为：“…”, 删去第十条).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.text.codes import NUMBER
from retrieval.text.numbers import integer
from retrieval.types import Span

VERBS = ("修改", "修订", "修正", "调整", "变更", "更改", "更正")
_CHANGES = re.compile(
    r"(?:第(?P<article>" + NUMBER + r")条[^“”\"]{0,200})?[“\"](?P<old>[^“”\"]+)[”\"][^“”\"]{0,6}"
    rf"(?:{'|'.join(VERBS)}|改)[为成]:?"
    r"[“\"](?P<new>[^“”\"]*)"
)
_CHANGES_ARTICLE = re.compile(
    rf"第(?P<article>{NUMBER})条(?P<part>(?:第{NUMBER}[款项])*)[^“”\",。;条]{{0,8}}"
    rf"(?:{'|'.join(VERBS)}|改)[为成]:?\s*[“\"](?P<new>[^“”\"]+)"
    rf"|删[去除]第(?P<deleted>{NUMBER})条(?=[,。;]|$)"
)
_ARTICLE = re.compile(rf"(?:^|[。;\s])第({NUMBER})条")
_TITLE = "[《〈][^《》〈〉]{1,80}[》〉]"
_NAMED = re.compile(
    rf"“[^“”]*”|(?:根据|依据|按照|依照|遵照|参照|按)(?:{_TITLE}(?:\([^()]{{0,40}}\))?[、和及与]?)+|简称:?{_TITLE}"
    r"|[《〈](?P<title>[^《》〈〉]{1,80})[》〉]"
)
"""Neither words that are quoted nor the law on which a change rests is what is changed."""
_DIGIT = "0-9〇零一二两三四五六七八九十百千万亿"
_IS_DIGIT = re.compile(f"[{_DIGIT}]")
_ALIKE = 0.5
"""Share of pairs of characters that a paragraph and its new words have in common at least."""


@dataclass(frozen=True, slots=True)
class Change:
    """The words `old` become `new`, in that article where it says which; where `old` is None, the whole article does
    so, or, where it `is_of_part`, one of its paragraphs. `before` is its sentence up to what is changed."""

    before: str
    article: int | None
    old: str | None
    new: str
    is_of_part: bool = False

    def is_of(self, title: str, above: str) -> bool:
        """Whether the paper of that title is the last one named up to the change; `above` is what stands above its
        sentence, from the title of its own paper on, which may name it without 《》; folded."""
        named = _last_named(f"{above}\n{self.before}")
        return named == title or (named is None and title in above.partition("\n")[0])

    def place(self, rule: str, within: Span) -> Span | None:
        """[start, end) of the old words in the (folded) rule, some of them within that span; None where they are not
        there, in the article that is changed as far as both say which it is."""
        if self.old is None:
            return self._whole(rule, within)
        before = rf"(?<![{_DIGIT}.])(?<!\d,)" if _IS_DIGIT.match(self.old[0]) else ""
        after = rf"(?!\.?[{_DIGIT}])" if _IS_DIGIT.match(self.old[-1]) else ""
        done = [match.span() for match in re.finditer(re.escape(self.new), rule)] if self.old in self.new else []
        for words in re.finditer(before + re.escape(self.old) + after, rule):
            start, end = words.span()
            articles = [integer(match[1]) for match in _ARTICLE.finditer(rule, 0, start)]
            if (
                (not articles or self.article in (None, articles[-1]))
                and start < within[1]
                and within[0] < end
                and not any(since <= start and end <= until for since, until in done)
            ):
                return start, end
        return None

    def _whole(self, rule: str, within: Span) -> Span | None:
        """What the rule has of the article, without its number; of a paragraph, where its words are much like the
        new ones, for which one it is the rule does not say."""
        begun = list(_ARTICLE.finditer(rule, 0, within[1]))
        bounds = [*(match.start() for match in begun), within[1]]
        for match, until in zip(begun, bounds[1:], strict=True):
            start = max(match.end(), within[0])
            if integer(match[1]) == self.article and start < until:
                is_it = not self.is_of_part or _are_alike(rule[start:until], self.new)
                return (start, until) if is_it else None
        return None


def changes_in(sentence: str) -> Iterator[Change]:
    """The changes that a folded sentence makes."""
    for match in _CHANGES.finditer(sentence):
        article = None if match["article"] is None else integer(match["article"])
        yield Change(sentence[: match.start("old")], article, match["old"], match["new"])
    for match in _CHANGES_ARTICLE.finditer(sentence):
        article = integer(match["article"] or match["deleted"])
        yield Change(sentence[: match.start()], article, None, match["new"] or "", bool(match["part"]))


def _last_named(text: str) -> str | None:
    """The title that is named last; a short form of one before it (《办法》) is that one."""
    titles = [match["title"] for match in _NAMED.finditer(text) if match["title"]]
    last = titles[-1] if titles else None
    return next((title for title in reversed(titles) if last and title != last and title.endswith(last)), last)


def _are_alike(text: str, other: str) -> bool:
    """Whether the shorter of them shares most pairs of its characters with the other."""
    pairs, others = ({words[i : i + 2] for i in range(len(words) - 1)} for words in (text, other))
    return len(pairs & others) >= _ALIKE * min(len(pairs), len(others))
