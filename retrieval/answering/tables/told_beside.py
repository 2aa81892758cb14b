"""What stands beside a table, title, section and the line above it, and whether the question says the same.

All that a question says beside cells and headings must stand there, its place above all; and the title must say no
more of the rows than the question does, where it is about all of them.
"""

import re
from collections.abc import Iterator, Sequence

from retrieval.answering.tables.cell_figures import base_of
from retrieval.answering.tables.read_back import Table
from retrieval.query.asked.bounds import GAP
from retrieval.query.asked.over_rows import RowsQuestion
from retrieval.text.lexicon import LARGER_PLACES, PLACE_WORDS, PLACES, UNITS
from retrieval.text.mentions import Mention, asked_mentions
from retrieval.text.numbers import integer

_KINDS = f"{PLACE_WORDS}|[{PLACES}]"
FILLING = re.compile(
    r"各[个]?(?:乡镇|村|镇|乡|县|社区|街道|单位)?|每个?|所有|全部|里面?|其中|当中|哪些|哪|持有|具有|属于|拥有|"
    r"[的了有是在为和与共个都]"
)
_ALL_OF = re.compile(rf"[全本该](?P<kind>{_KINDS})")
_ACCOUNTS = "预算|决算"
_OF_TITLES = re.compile(
    r"关于|公布|公示|公开|印发|填报|统计|汇总|一览|明细|基本|基础|情况|名单|名册|花名册|目录|台账|清单|通知|通报|公告|报告|"
    r"数据|信息|登记|行政(?=村)|表|册|年度|月份|季度|上半年|下半年|全年|截至|如下|所示|工作|总结|年报|发展|经济|社会|村情|"
    rf"{_ACCOUNTS}|单位|人数|面积|数量|附件|{_KINDS}|[年月日底初末第的各全分及和与为是到个份等了号]|[一二三四五六七八九十]"
)
_UNIT = f"[十百千万亿]*(?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})"
_OF_FIGURES = re.compile(rf"单位[:：] *(?:[百千万亿]*元|{_UNIT}(?: *[、,，/] *{_UNIT})+)$")
_OF_SOME = re.compile("部分|其中|以下|下列|下表|主要|个别|有的|一些|另外?有?|其[余他它]")
_UNIT_LINE = re.compile(r"单位[:：][^()（）。;]{1,20}")
"""Says in what the figures are, and not of whom."""
_GROUPS = re.compile(
    r"人(?![民口均大社居数])|户(?![口籍均数])|者|[职民员务]工|居民|农民|妇女|儿童|学生|家庭|军|党员|"
    r"[十百千]强|前[\d十百]|先进|优秀|示范|试点|重点|骨干|龙头|集体(?![经收土])"
)
"""People and bodies that are some of all: 移民户技能培训, 残疾人养老保险, 纳税十强企业."""
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_PLACES_BEFORE = re.compile(
    rf"^(?:(?!示范|试点|先进|贫困|重点|文明|美丽|获奖|脱贫|部分|边远|偏远)(?:(?!各)[\u4e00-\u9fff]){{2,6}}?"
    rf"(?:[{LARGER_PLACES}省]|街道|苏木)(?!(?!村[情级庄]|乡镇)[{PLACES}]))+"
)
"""The county and the town with which titles begin; 村情 and 乡镇 behind it are what the table is of."""
_YEAR = re.compile(r"\d+年(?:度|[初底末])?|\d+月份?[初底末]?")
_KIND_OF_LIFE = re.compile("[农乡]村|城[镇乡]")
"""农村人口 are no people of a village."""
_ROWS = r"单位|部门|学校|企业|公司|合作社|机构|项目|小区|人员"
_LISTS = ("名单", "名册", "花名册", "目录", "台账", "清单")
_ROWS_COUNTED = re.compile(rf"[这共]?(\d{{1,4}}|[一二三四五六七八九十百]{{1,4}})个?(?:{_KINDS}|人|户)(?={GAP}|$)")
_SHORTEST = 2
_VILLAGE = 3
"""The level of the smallest places: 获奖村 is no name, though it looks like one."""


def without_count(rest: str, count: int) -> str:
    """Without the number of all rows: 五个村 of a table of five."""
    return _ROWS_COUNTED.sub(lambda match: GAP if integer(match[1]) == count else match[0], rest)


def is_told(rest: str, context: Sequence[str], sort: str, left_out: re.Pattern[str] = FILLING) -> bool:
    """Whether all that is left of the question stands beside the table, or only fills, or is `left_out`: what stands
    there is looked for first, for 公交 holds the verb 交."""
    left: list[str] = []
    for piece in rest.replace(sort or GAP, GAP).split(GAP) if sort else rest.split(GAP):
        left.extend(_uncovered(_ALL_OF.sub(GAP, piece), context))
    return not any(character.isalnum() for character in FILLING.sub("", left_out.sub(GAP, GAP.join(left))))


def _uncovered(piece: str, context: Sequence[str]) -> Iterator[str]:
    """The piece without the longest parts that the context has."""
    for length in range(len(piece), _SHORTEST - 1, -1):
        for at in range(len(piece) - length + 1):
            part = piece[at : at + length]
            if GAP not in part and any(part in text for text in context):
                yield from _uncovered(piece[:at], context)
                yield from _uncovered(piece[at + length :], context)
                return
    yield piece


def is_of_place(asked: RowsQuestion, values: Sequence[str], context: Sequence[str]) -> bool:
    """Whether the places that the question names are those of the table: named beside it or in its cells, and none
    larger than its own, whose part it would be."""
    named = asked_mentions(asked.rest, nested=True)
    texts = "\n".join(context)
    names = [place.name.lstrip("年月日底末的") + place.kind for place in named]
    if any(name not in texts and not any(name in value for value in values) for name in names):
        return False
    known = {kind for text in context for kind in _kinds(text)}
    smallest = max((level for level, _ in known), default=None)
    of_all = _ALL_OF.search(asked.rest)
    if of_all is not None:
        return (smallest, of_all["kind"]) in known
    beside = [place for place, name in zip(named, names, strict=True) if name in texts]
    return not beside or any(place.level == smallest for place in beside)


def _kinds(text: str) -> Iterator[tuple[int, str]]:
    """The kinds of the places that the text names, with how small they are: the smallest are highest."""
    yield from ((place.level, place.kind) for place in asked_mentions(text, nested=True))
    kind = re.search(f"(?:{_KINDS})$", place_before(text))
    if kind is not None:
        yield Mention(0, 0, "", kind[0]).level, kind[0]


def place_before(title: str) -> str:
    """The place with which the title begins, empty where it begins with none."""
    begins = _PLACES_BEFORE.match(title)
    return begins[0] if begins else ""


def is_whole(asked: RowsQuestion, table: Table, title: str) -> bool:
    """Whether what stands beside the table says no more of what its rows are than the question does."""
    for text in (title, *table.above):
        if _OF_SOME.search(text):
            return False
        left = _without_said(_PLACES_BEFORE.sub(GAP, _OF_FIGURES.sub(GAP, text)), asked, table)
        for place in asked_mentions(left, nested=True):
            if place.level < _VILLAGE and left[place.end : place.end + 1] not in {*PLACES}:
                left = left.replace(place.name + place.kind, GAP * len(place.name + place.kind))
        if _HAN.search(_OF_TITLES.sub(GAP, left)):
            return False
    return True


def _without_said(text: str, asked: RowsQuestion, table: Table) -> str:
    """The text without the headings of the table and what the question says."""
    for known in (*table.labels, *_parts(asked)):
        text = text.replace(base_of(known), GAP)
    return text


def are_all_rows(asked: RowsQuestion, table: Table, title: str, sort: str) -> bool:
    """Whether what stands beside the table names its rows, if it does, without a word that makes them some of all:
    各乡镇, and not 示范乡镇; and no people that neither question nor headings say."""
    for text in (title, *table.above):
        named = _PLACES_BEFORE.sub(GAP, _UNIT_LINE.sub(GAP, text))
        if _OF_SOME.search(text) or _GROUPS.search(_without_said(named, asked, table)):
            return False
        before = re.findall(rf"([\u4e00-\u9fff]*?)(?<!农){re.escape(sort)}", named) if sort else []
        if any(_HAN.search(_OF_TITLES.sub(GAP, words)[-_SHORTEST:]) for words in before):
            return False
    return True


def is_unmodified(rest: str, said: str, heading: str, name: str, context: Sequence[str]) -> bool:
    """Whether what the question says directly before the words of a heading stands with them, or only says whose
    figures they are: 农业人口 is not 人口, though the title be that of 农业农村局."""
    at = rest.find(said)
    while at >= 0:
        before = _YEAR.sub(GAP, _ALL_OF.sub(GAP, rest[:at].split(GAP)[-1].split("的")[-1]))
        for place in asked_mentions(before, nested=True):
            whole = place.name + place.kind
            if any(whole in text for text in context) and not _KIND_OF_LIFE.search(whole):
                before = before.replace(whole, GAP)
        modifier = FILLING.sub(GAP, before).split(GAP)[-1]
        if modifier and not _stands_with(modifier, said, heading, name, context):
            return False
        at = rest.find(said, at + 1)
    return True


def _stands_with(modifier: str, said: str, heading: str, name: str, context: Sequence[str]) -> bool:
    if modifier in context or any(modifier + said in text for text in (heading, *context)):
        return True
    if len(name) >= _SHORTEST and modifier == name:
        return True
    of_rows = re.search(f"(?:{_ACCOUNTS}|{_ROWS}|(?:{_KINDS}))$", modifier) and not _KIND_OF_LIFE.search(modifier)
    return any(modifier in text if of_rows else any(modifier + end in text for end in _LISTS) for text in context)


def _parts(asked: RowsQuestion) -> list[str]:
    """All runs of two to six characters of the question, the longest first."""
    pieces = asked.rest.split(GAP)
    return [p[i : i + n] for n in range(6, 1, -1) for p in pieces for i in range(len(p) - n + 1)]
