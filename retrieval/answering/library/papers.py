"""Which of the documents is the paper that a question names, and what it tells of itself: its day, its number, who
issued it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from retrieval.documents.structure.dates import iso_date
from retrieval.index.base import PassageIndex
from retrieval.query.library.paper import BODIES, FileNumber, Paper, is_of_kind
from retrieval.query.question_text import QuestionText
from retrieval.query.scope import Scope
from retrieval.ranking.evidence import sentence_texts
from retrieval.text.fold import fold, fold_all
from retrieval.text.tokens import tokenize
from retrieval.types import DocumentRecord, Quote, StoredPassage

_HEAD, _HEAD_LINES = 1_000, 8
"""Characters and sentences of a document in which it tells of itself, at its beginning or its end."""
_TITLE_LINES = 4
"""Sentences that stand below the title and not below another heading, though some look like one."""
_SIGNED = 5
"""Lines in which those stand who sign, and the day below them, at most."""
_LOOKED_AT = 200
"""Passages that speak of a number of a file, looked at for the paper that bears it."""
_ENDS = 50_000
"""Characters of a document that are looked through at either end."""
_LEAST_OF_TITLE = 6
"""Characters of a title that may be short for another."""
_LEFT_OUT_OF_TITLE = "设置|工作|监督|实施|服务|暂行|试行|若干|有关|相关|[的与和及]"
"""What may be left out of it; whatever else stands there makes it another's: 学校[食品]安全管理规定."""
_MOST = 20
"""Papers that a title may mean at most; one that fits more names none."""
_REMARK = re.compile(r"\((?![^()]*(?:征求意见|草案|送审|讨论))[^()]*\)$")
"""(2023年修订), and not that it is a draft."""
_HAN = r"\u4e00-\u9fff"
_BODY = rf"[{_HAN}]{{2,24}}?(?:{BODIES})"
_ISSUERS = rf"(?!各){_BODY}(?:(?:[ \t\u3000]{{1,4}}|、){_BODY}){{0,9}}"
_DAY = (
    r"(?:(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"|[一二][〇零○一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_SAID = re.compile(
    rf"(?:发布(?:单位|机构|机关)|发文(?:单位|机关)|制定机关|印发(?:单位|机关)|来源)[:：]\s*"
    rf"(?P<body>{_ISSUERS})\s*(?:$|[|｜]|(?:发布|成文|印发|生成)(?:日期|时间))"
)
_ALONE = re.compile(rf"[ \t\u3000]*(?P<body>{_ISSUERS})(?:[ \t\u3000]*(?P<day>{_DAY})(?:印发|发布)?)?[ \t\u3000]*$")
_DAY_ALONE = re.compile(rf"[ \t\u3000]*(?P<day>{_DAY})(?:印发|发布)?[ \t\u3000]*$")
_IN_TITLE = re.compile(rf"(?!关于|转发|批转)(?P<body>{_ISSUERS})(?:关于|转发|批转)")
"""Who hands on what another wrote issued the paper: 县政府办公室转发县水务局关于…"""
_OWN_NUMBER = (
    rf"(?P<number>[{_HAN}]{{1,24}}?(?P<minutes>纪要)?\s*[〔\[(（]\s*(?:19|20)\d\d\s*[〕\])）]\s*第?\s*\d{{1,5}}\s*号)"
)
_NUMBER = re.compile(rf"(?P<of>[{_HAN}]{{2,24}}文件)?[ \t\u3000]*{_OWN_NUMBER}[ \t\u3000]*(?:$|\|?\s*签发人)")
_IN_TABLE = re.compile(rf"(?:^|[|｜])\s*(?:文号|发文字号)[\s:：|｜]{{1,4}}{_OWN_NUMBER}")
_YEAR_IN_NUMBER = re.compile(r"[〔\[(（]\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class PaperExcerpt:
    """What a paper tells, `text` at [start, end) of a passage of it."""

    stored: StoredPassage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.stored.text[self.start : self.end]

    def quote(self, about: str) -> Quote:
        """As what the first citation says."""
        return Quote(1, self.start, self.end, about)


def of_paper(index: PassageIndex, question: QuestionText, scope: Scope | None) -> tuple[QuestionText, Scope] | None:
    """The question as it is asked of the paper that it names, and that paper as its scope. None where it names none
    that is there, asks for nothing but the paper, or is narrowed to documents already."""
    paper = question.paper
    if paper is None or (scope is not None and (scope.documents or scope.folders)):
        return None
    if question.named is not None and question.named.file is not None:
        return None
    records = meant(index, paper)
    asked = question.within(paper, records[0].title) if records else None
    if asked is None or not asked.asks_something:
        return None
    return asked, replace(scope or Scope(), documents=tuple(str(record.path) for record in records))


def meant(index: PassageIndex, paper: Paper, known: Sequence[DocumentRecord] | None = None) -> list[DocumentRecord]:
    """The documents that go by the title or bear the number, of all or of those `known`; none where too many do. A
    part of their titles is enough where it is that of a paper: 《居住证》 means no 居住证办理指南."""
    if paper.file is not None:
        return _bearing(index, paper.file, known)
    records = index.documents() if known is None else known
    wanted = fold(paper.title or "")
    titles = [*zip(records, fold_all([record.title for record in records]), strict=True)]
    found = (
        [record for record, own in titles if own == wanted]
        or [record for record in records if fold(record.path.stem) == wanted]
        or [record for record, own in titles if is_of_kind(wanted) and own.endswith(wanted)]
        or [record for record, own in titles if is_of_kind(wanted) and wanted in own]
        or [record for record, own in titles if is_of_kind(wanted) and _is_short_for(wanted, own)]
    )
    return found if len(found) <= _MOST else []


def _is_short_for(wanted: str, title: str) -> bool:
    """Whether the title says all that is wanted, and between only what says nothing of its matter: 户外广告管理细则
    of 户外广告设置管理细则."""
    if len(wanted) < _LEAST_OF_TITLE:
        return False
    between = f"(?:{_LEFT_OUT_OF_TITLE})?"
    return re.search(between.join(map(re.escape, wanted)), title) is not None


def ends_of(index: PassageIndex, document_id: str) -> str:
    """What a document says at its beginning and at its end, where it names who issued it; folded."""
    document = index.document(document_id)
    text = "" if document is None else document.text
    return fold(text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]}\n{text[-_ENDS:]}")


def is_itself(record: DocumentRecord, paper: Paper) -> bool:
    """Whether the document is the paper or issues it (关于印发《…办法》的通知), and does not only name it in its
    title, as a draft does or a decision that changes it."""
    if paper.title is None:
        return True
    own, wanted = _REMARK.sub("", fold(record.title)), fold(paper.title)
    issues = rf"(?:印发|发布|公布|颁布)[《〈]?[^《》〈〉]*{re.escape(wanted)}[》〉]?的(?:通知|公告|决定|令)$"
    return own.endswith(wanted) or fold(record.path.stem) == wanted or re.search(issues, own) is not None


def _bearing(index: PassageIndex, file: FileNumber, known: Sequence[DocumentRecord] | None) -> list[DocumentRecord]:
    end_of_maker = file.maker[-2:]  # what stands before that may be no part of the name
    holding = index.holding(tokenize(f"{end_of_maker}{file.year} {file.number}号"), _LOOKED_AT)
    records = {stored.document.document_id: stored.document for stored in holding}
    wanted = None if known is None else {record.document_id for record in known}
    return [
        record
        for document_id, record in records.items()
        if (wanted is None or document_id in wanted)
        and (document := index.document(document_id)) is not None
        and file.is_borne_by(fold(f"{document.text[:_HEAD]}\n{_page_head(document.text)}"))
    ]


def _page_head(text: str) -> str:
    """The lines below a text that stood at the head of its pages and tell whose papers they are."""
    return "\n".join(line for line in text[-_HEAD:].split("\n")[-_SIGNED:] if re.search("文件|纪要", line))


def issuers(passages: Sequence[StoredPassage]) -> list[PaperExcerpt]:
    """Who issued the paper: as its head says, else its title, else a line of its own there, or below the paper, where
    several sign one below the other."""
    head, end = [*_head(passages)], [*_end(passages)]
    for pattern, lines in ((_SAID, head), (_IN_TITLE, head[:2]), (_ALONE, head), (_ALONE, end)):
        matches = [(stored, at, pattern.match(line)) for stored, at, line in lines]
        first = next((number for number, (_, _, match) in enumerate(matches) if match), len(matches))
        signed = (
            takewhile(lambda found: found[2], matches[first:]) if pattern is _ALONE else matches[first : first + 1]
        )
        if found := [PaperExcerpt(stored, at + m.start("body"), at + m.end("body")) for stored, at, m in signed if m]:
            return found
    return []


def own_number(passages: Sequence[StoredPassage]) -> PaperExcerpt | None:
    """The number under its title, or in the head of its pages (石桥县人民政府文件 石政发〔2025〕8号), which stands
    below the text, or in the table of the paper on a web page; several of these would list papers."""
    found = [(stored, at, _NUMBER.match(line), False) for stored, at, line in _head(passages)]
    rows = [(stored, at, match, False) for stored, at, line in _head(passages) if (match := _IN_TABLE.search(line))]
    found += rows if len(rows) == 1 else []
    found += [(stored, at, _NUMBER.match(line), True) for stored, at, line in _end(passages)]
    for stored, at, match, is_below in found:
        if match and (not is_below or match["minutes"] or match.groupdict().get("of")):
            return PaperExcerpt(stored, at + match.start("number"), at + match.end("number"))
    return None


def day(passages: Sequence[StoredPassage], date: str | None) -> PaperExcerpt | None:
    """The day of the paper where the text says it: `date` where it is known, else the one beside who issued it, or in
    a line of its own."""
    if date is not None:
        found = ((stored, match) for stored in passages for match in re.finditer(_DAY, stored.text))
        return next(
            (PaperExcerpt(stored, *match.span()) for stored, match in found if iso_date(match[0]) == date), None
        )
    for pattern in (_ALONE, _DAY_ALONE):
        for stored, at, line in (*_head(passages), *_end(passages)):
            match = pattern.match(line)
            if match and match["day"]:
                return PaperExcerpt(stored, at + match.start("day"), at + match.end("day"))
    return None


def year_of(number: str) -> str | None:
    """The year in the number of a paper, in which it was issued: 2025 in 云政发〔2025〕8号."""
    year = _YEAR_IN_NUMBER.search(number)
    return year[1] if year else None


_Line = tuple[StoredPassage, int, str]
"""A sentence (a line of a head is one), with where it begins in its passage."""


def _head(passages: Sequence[StoredPassage]) -> Iterator[_Line]:
    """The first sentences of the document."""
    for stored in passages[:2]:
        yield from _lines(stored, 0, _HEAD_LINES - stored.passage.first)


def _end(passages: Sequence[StoredPassage]) -> Iterator[_Line]:
    """The last sentences of the document, where a paper is signed."""
    for stored in passages[-1:]:
        yield from _lines(stored, len(stored.sentences) - _HEAD_LINES, len(stored.sentences))


def _lines(stored: StoredPassage, first: int, last: int) -> Iterator[_Line]:
    """Sentences of the passage. Headings further down in the document are left out: 便民服务中心 above a section
    issued nothing. What stands above a day is none, though it may look so."""
    texts = sentence_texts(stored)
    at = 0
    for number, sentence in enumerate(stored.sentences):
        below = [*dropwhile(_ALONE.match, texts[number + 1 : number + 1 + _SIGNED])]
        is_signed = below and _DAY_ALONE.match(below[0])
        is_in_title = stored.passage.first + number < _TITLE_LINES
        if first <= number < last and (sentence.level <= 1 or is_in_title or is_signed):
            yield stored, at, texts[number].rstrip()
        at += sentence.length()
