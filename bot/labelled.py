"""Questions by form for what documents tell: in labelled lines (停水时间：…), below headings (二、缴费标准), in rows
of tables, and in the title of a report (青石乡召开会议).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.catalogue import SHARED, catalogue
from retrieval.types import DocumentRecord, StoredPassage

_WIDEST = 84
"""Of a question: a Chinese character is as wide as two others."""
_HAN = "\u4e00-\u9fff"
_ENDS = {
    "put_amount": "电话|热线|号码|费用?|价格|票价|金额|标准",
    "put_who": "联系人|负责人",
    "put_which": "材料|条件|渠道|路段",
    "put_what": "时间|日期|期限|时段|地点|地址|范围|对象|方式|原因|流程",
}
"""How what is labelled is asked for, by the end of its label."""
_NUMBER = r"(?:[-·•●■◆*]\s*)?(?P<number>[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]\s*)?"
_CHINESE = re.compile(
    rf"{_NUMBER}(?!发布|更新|成文|印发|[请如可本该以并和及为按])(?P<label>[{_HAN}]{{0,6}}?(?:"
    + "|".join(f"(?P<{kind}>{ends})" for kind, ends in _ENDS.items())
    + r"))\s*(?P<told>[:：]\s*(?P<value>.*))?",
    re.DOTALL,
)
_ENGLISH = re.compile(
    rf"{_NUMBER}(?P<label>(?:[a-z]+ ){{0,2}}(?:(?P<put_whats>hours|fees|prices|requirements)|"
    r"(?P<put_what>time|date|deadline|phone|telephone|address|place|venue|fee|price|cost)))\s*(?P<told>:\s*(?P<value>.*))",
    re.IGNORECASE | re.DOTALL,
)
_ROW_NAME = re.compile(rf"(?!合计|总计|小计|平均)[{_HAN}]{{3,16}}")
_EVENT = re.compile(rf"(?!关于)(?P<who>[{_HAN}]{{2,14}}?)(?P<done>(?:召开|举行|举办|启动|开展)[{_HAN}\d]{{2,16}})")
_PAPER = re.compile("(?:通知|公告|通告|方案|办法|意见)$")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True)
class PutQuestion:
    """`told` has to stand in its answer; nothing where it is a question that the document puts itself."""

    question: str
    told: str = ""

    def is_told(self, answer: str) -> bool:
        return _flat(self.told) in _flat(answer)


def labelled_questions(record: DocumentRecord, passages: list[StoredPassage]) -> Iterator[PutQuestion]:
    """One for each label, row and report."""
    title, asked = record.title.strip(), set[str]()
    for stored in passages:
        sentences = list(sentences_of(stored))
        is_own = title and stored.passage.context.title in ("", record.title) and not re.search("[《》“”]", title)
        for place, (text, level) in enumerate(sentences):
            if " | " in text:
                found = _of_row(text)
            elif not is_own:
                continue
            elif text == title:
                found = _of_report(text, stored.text)
            else:
                following = sentences[place + 1][0] if place + 1 < len(sentences) else ""
                found = _of_line(text, following, title, is_heading=level > 1)
            for put in found:
                if _width(put.question) <= _WIDEST and put.question not in asked:
                    asked.add(put.question)
                    yield put


def sentences_of(stored: StoredPassage) -> Iterator[tuple[str, int]]:
    """Each sentence of the passage, with the level of a heading."""
    offset = 0
    for sentence in stored.sentences:
        yield stored.text[offset : offset + sentence.length()].strip(), sentence.level
        offset += sentence.length()


def _of_line(text: str, following: str, title: str, *, is_heading: bool) -> Iterator[PutQuestion]:
    for language, form in (("zh", _CHINESE), ("en", _ENGLISH)):
        match = form.fullmatch(text)
        if match is None or not (is_heading or match["told"] or match["number"]):
            continue
        value = match["value"] or following
        texts: Mapping[str, str] = catalogue(language, SHARED)
        if len(value) > 1:
            yield _put(texts, match, texts["put_within"].format(title=title), value)


def _of_row(text: str) -> Iterator[PutQuestion]:
    (_, named), *cells = ((cell.partition("：")[0], cell.partition("：")[2].strip()) for cell in text.split(" | "))
    for label, value in cells:
        match = _CHINESE.fullmatch(label)
        if match is not None and len(value) > 1 and _ROW_NAME.fullmatch(named):
            yield _put(catalogue("zh", SHARED), match, named, value)


def _of_report(title: str, text: str) -> Iterator[PutQuestion]:
    """When it was, where the report begins with a day."""
    match, day = _EVENT.fullmatch(title), _DAY.search(text)
    if match is not None and day is not None and _PAPER.search(title) is None:
        yield PutQuestion(catalogue("zh", SHARED)["put_event"].format(**match.groupdict()), day[0])


def _put(texts: Mapping[str, str], match: re.Match[str], name: str, value: str) -> PutQuestion:
    kind = next(kind for kind, end in match.groupdict().items() if kind in (*_ENDS, "put_whats") and end)
    if match["label"].endswith("标准") and not re.search(r"\d", value):
        kind = "put_what"
    return PutQuestion(texts[kind].format(name=name, label=match["label"].lower()), value.splitlines()[0])


def _width(text: str) -> int:
    return len(text) + sum(character > "\u2e80" for character in text)


def _flat(text: str) -> str:
    return "".join(text.split())
