"""What documents are about, told by words that the headings of several of them share. Nothing is made up: each stands
in a heading."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from retrieval.text.fold import fold_all
from retrieval.text.lexicon import PLACES
from retrieval.text.words import Word, words

_SHARED = 3
"""So many documents share a topic at least."""
_LEAST, _MOST = 2, 5
"""One topic alone tells nothing of the whole, and many are not read."""
_WORDS = 3
_NEARLY = 0.6
"""A longer run of words is taken for one that it holds where at least this share of its documents has it."""
_TOPIC = re.compile(rf"[\u4e00-\u9fff]{{2,8}}(?<![{PLACES}])(?<!街道)")
_OF_NOUNS, _OF_NAMES = ("n", "vn", "an", "l", "j"), ("ns", "nr", "nt")
"""How tags begin of words that a topic may have, and among these of the names of places and persons."""
_OF_ANY_PAPER = re.compile(
    "通知|公告|通告|公示|公报|简报|月报|年报|报告|通报|办法|规定|条例|意见|方案|细则|决定|"
    "标准|制度|章程|指南|须知|手册|名单|纪要|会议|会议纪要|简章|启事|说明|说明书|总结|预案|"
    "概况|简况|一览|情况|问题|内容|结果|文件|资料|附件|摘要|全文|节选|目录|前言|总则|附则|"
    "问答|答复|综述|新闻|记者|见闻|时间|年度|上半年|下半年|季度|名称|单位|部门|公司|"
    "有限公司|人员|同志|领导|群众|人民|居民|队伍|政府|人民政府|县政府|县委|全国|全省|全市|"
    "全县|县级|市级|基层|社会|地方|中心|县城|大道|工作|计划|管理|建设|发展|活动|服务|办理|"
    "办事|进行|实施|开展|调整|分工|项目|工程|部分|区域|方面|助力|突破"
)
"""Words of papers and of news as such: a topic neither begins nor ends with one."""
_IS_ENGLISH = re.compile(r"\b(?:the|of|and|for|to|how|what|with)\b", re.IGNORECASE)
"""A document in English has one of these in its headings, and none in another language that is written in letters."""
_COMMON = re.compile(r"(?<![A-Za-z'’-])[a-z]{3,}(?![A-Za-z'’-])")
"""A word that stands in small letters somewhere. One that never does may be a name, and is no topic."""
_BETWEEN = re.compile(
    r"\bto [A-Za-z]+|[^A-Za-z ]+|\b(?:of|the|and|for|with|from|into|about|are|was|were|has|have|this|that)\b"
)
"""What parts two runs of English nouns; behind `to` a verb is likelier."""
_OF_ANY_ENGLISH = re.compile(
    "how|what|who|why|when|where|which|can|may|must|should|your|our|their|its|you|not|all|any|new|other|more|"
    "notices?|reports?|rules?|guides?|minutes|lists?|plans?|polic(?:y|ies)|information|questions?|answers?|"
    "frequently|asked|general|introduction|summary|contents|annual|page|part|chapter|section|year|month|news|"
    "public|council|county|town|city|district|national|local|open|closed|opening|changes?|work|works"
)
"""As `_OF_ANY_PAPER`."""


def topics(documents: Iterable[Collection[str]]) -> list[str]:
    """Two to five nouns, or runs of them, in Chinese or English, that the headings of at least three documents share,
    those of most documents first; none where fewer are found. For each document its headings are given."""
    every = list(documents)
    common = {word for headings in every for heading in headings for word in _COMMON.findall(heading)}
    shared = Counter(run for headings in every for run in _of_document(headings, common))
    known = {run: count for run, count in shared.items() if count >= _SHARED}
    found = list[str]()
    for run, count in sorted(known.items(), key=lambda told: (-told[1], -len(told[0]), told[0])):
        whole = max((other for other in known if _holds(other, run) and known[other] >= _NEARLY * count), key=len)
        if not any(_holds(other, whole) or _holds(whole, other) for other in found):
            found.append(whole)
        if len(found) == _MOST:
            break
    return found if len(found) >= _LEAST else []


def _holds(longer: str, run: str) -> bool:
    """Words in letters are held whole or not at all."""
    return f" {run} " in f" {longer} " if run.isascii() else run in longer


def _of_document(headings: Collection[str], common: Collection[str]) -> set[str]:
    found = {run for heading in fold_all(list(headings)) for run in _runs(heading)}
    if any(map(_IS_ENGLISH.search, headings)):
        found.update(run for heading in headings for run in _english_runs(heading, common))
    return found


def _english_runs(heading: str, common: Collection[str]) -> Iterator[str]:
    """One to three words beside each other that may name a topic, in small letters."""
    for piece in _BETWEEN.split(heading):
        said = piece.lower().split()
        for first in range(len(said)):
            for last in range(first + 1, min(first + _WORDS, len(said)) + 1):
                run = said[first:last]
                if all(word in common for word in run) and not any(map(_OF_ANY_ENGLISH.fullmatch, (run[0], run[-1]))):
                    yield " ".join(run)


def _runs(heading: str) -> Iterator[str]:
    """One to three nouns beside each other that may name a topic, in a folded heading."""
    said = words(heading)
    for first, begun in enumerate(said):
        for word in said[first : first + _WORDS]:
            if not _is_noun(word):
                break
            run, edges = heading[begun.start : word.end], (heading[edge.start : edge.end] for edge in (begun, word))
            is_whole = begun.end - begun.start > 1 and not heading.startswith(tuple(PLACES), word.end)
            if is_whole and _TOPIC.fullmatch(run) and not any(map(_OF_ANY_PAPER.fullmatch, edges)):
                yield run


def _is_noun(word: Word) -> bool:
    return word.tag.startswith(_OF_NOUNS) and not word.tag.startswith(_OF_NAMES)
