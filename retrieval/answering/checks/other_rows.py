"""Whether a row is of another thing than the question names, or one of many alike, as the others tell."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import TypeVar

from retrieval.answering.checks.setting import Setting
from retrieval.answering.tables.read_back import cells_of
from retrieval.query.asked.forms import LESSER, NAME
from retrieval.query.question import Question
from retrieval.text.fold import fold
from retrieval.text.lexicon import PLACE_WORDS, PLACES
from retrieval.text.lists import is_item, is_row

_KIND = re.compile(rf"(?<=..)(?:{PLACE_WORDS}|[{PLACES}])$")
_FIGURE = re.compile(r"(?!(?:19|20)\d\d年?$)[\d.,%-]+")
"""Years are none."""
_ENTRY = re.compile(rf"{NAME.pattern}[,，]")
"""On a person: 林芳，女，县委副书记、县长."""
_LESSER = re.compile(rf"(?:{LESSER})(?P<name>[\u4e00-\u9fff]{{2,12}})")
_MANY = 4
"""Items that answer alike from which on none of them is the answer."""
_SHORTEST, _SHORTEST_END = 2, 3
"""Characters of a name, and of what several end in."""

K = TypeVar("K", bound=Hashable)


def of_others(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The rows that have another cell where one of the same table has what the question names (职务：网格员 for who
    asks for the 护林员 of a village that has none), or where several are called alike and the question names none of
    them (微型无人机登记, 轻型无人机登记, for 重型无人机登记)."""
    rows = {place: setting for place, setting in passed.items() if is_row(setting.sentence)}
    if not rows:
        return []
    columns = _columns(everything)
    return [place for place, row in rows.items() if _is_passed_over(row, columns, question)]


def _columns(everything: Iterable[Setting]) -> dict[tuple[str, str], set[str]]:
    """The names that stand in the cells below each heading of each document."""
    columns: dict[tuple[str, str], set[str]] = {}
    for setting in everything:
        for cell in cells_of(setting.sentence) if is_row(setting.sentence) else ():
            if cell.label and _is_name(cell.text):
                columns.setdefault((setting.document_id, cell.label), set()).add(cell.text)
    return columns


def of_many(question: Question, likely: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """Items of a list or rows of a table that answer a question for persons or things alike, entries on persons
    (林芳，女，县长) where 都有谁 is asked, and rows where 这个村 is none that was named: each would be one of many,
    told in the tone of the whole answer."""
    kinds, found = set(question.asked.kinds), list[K]()
    if {"person", "list"} & kinds:
        found += _alike([place for place, setting in likely.items() if is_item(setting.sentence)], likely, _MANY)
    if question.points_at_place:
        found += _alike([place for place, setting in likely.items() if is_row(setting.sentence)], likely, 2)
    if kinds >= {"person", "list"}:
        entries = {(each.document_id, each.sentence) for each in everything if _ENTRY.match(each.sentence)}
        documents = Counter(document for document, _ in entries)
        found += [
            place
            for place, setting in likely.items()
            if _ENTRY.match(setting.sentence) and documents[setting.document_id] > 1
        ]
    return found


def of_lesser(question: Question, passed: Mapping[K, Setting], _: Iterable[Setting]) -> list[K]:
    """What names only the lesser of the rank that persons are asked for: 助理工程师 for who asks 谁是工程师."""
    if "person" not in question.asked.kinds and not question.asks_how_many_people:
        return []
    return [place for place, setting in passed.items() if _is_of_lesser(question, setting.sentence)]


def _is_of_lesser(question: Question, sentence: str) -> bool:
    for found in _LESSER.finditer(sentence):
        name = found["name"]
        ends = (end for end in range(len(name), _SHORTEST - 1, -1) if question.says(name[:end]))
        if (end := next(ends, None)) is not None:
            lesser = found[0][: found.start("name") - found.start() + end]
            if not question.says(lesser) and name[:end] not in sentence.replace(lesser, ""):
                return True
    return False


def _alike(places: Sequence[K], likely: Mapping[K, Setting], fewest: int) -> list[K]:
    """Those of which so many or more are of one document."""
    documents = Counter(likely[place].document_id for place in places)
    return [place for place in places if documents[likely[place].document_id] >= fewest]


def one_of_several(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The rows beside which another of their table has all that the question names: of 江涛哪几天带班 one day would
    be told in the tone of the whole answer."""
    if "list" not in question.asked.kinds:
        return []
    tables: dict[str, dict[str, frozenset[tuple[str, str]]]] = {}
    for setting in everything:
        if is_row(setting.sentence):
            cells = frozenset((cell.label, cell.text) for cell in cells_of(setting.sentence))
            tables.setdefault(setting.document_id, {})[setting.sentence] = cells
    found = []
    for place, row in passed.items():
        rows = tables.get(row.document_id, {})
        named = {(label, text) for label, text in rows.get(row.sentence, ()) if _is_named(text, question)}
        if named and any(named <= cells for sentence, cells in rows.items() if sentence != row.sentence):
            found.append(place)
    return found


def of_more(question: Question, passed: Mapping[K, Setting], everything: Iterable[Setting]) -> list[K]:
    """The sentences that do not say what the question names and only some rows of their document have, where persons
    are counted: of all that a list names, 12人 says nothing of its 焊工. Of places `place.py` tells."""
    if not question.asks_how_many_people:
        return []
    named: dict[str, set[str]] = {}
    for (document, _), texts in _columns(everything).items():
        names = {text for text in texts if not _KIND.search(text) and _is_named(text, question)}
        if len(texts) > 1:
            named.setdefault(document, set()).update(names)
    return [
        place
        for place, setting in passed.items()
        if not is_row(setting.sentence) and _says_none(setting, named.get(setting.document_id, set()))
    ]


def _says_none(setting: Setting, names: set[str]) -> bool:
    """Whether there are names, and neither the sentence nor its section says any of them."""
    said = "".join(f"{fold(setting.stored.passage.section or '')}{setting.sentence}".split())
    return bool(names) and not any(name in said for name in names)


def _is_passed_over(row: Setting, columns: Mapping[tuple[str, str], set[str]], asked: Question) -> bool:
    cells, document = cells_of(row.sentence), row.document_id
    for cell in cells:
        column = columns.get((document, cell.label), set()) - {cell.text}
        rest = [other for other in cells if other.label != cell.label]
        named = [text for text in column if asked.says(text)]
        if _is_named(cell.text, asked, named) or not column:
            continue
        if any(name not in cell.pieces and not any(name in other.text for other in rest) for name in named):
            return True
        if not named and any(_is_asked_of_another(_shared_end(cell.text, text), cell.text, asked) for text in column):
            return True
    return False


def _is_asked_of_another(end: str, name: str, asked: Question) -> bool:
    """Whether the question says what both names end in, behind something else than this name says."""
    return len(end) >= _SHORTEST_END and asked.says_of_another(end, name)


def _shared_end(name: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(reversed(name), reversed(other), strict=False))
    return name[len(name) - sum(1 for _ in same) :]


def is_of_another(line: str, row: str, asked: Question) -> bool:
    """Whether the line is a row like that one and of another thing: the question names the row by a cell
    (村名：石门村), and not what stands there in the line."""
    if not (is_row(fold(line)) and is_row(fold(row))):
        return False
    others = {cell.label: cell.text for cell in cells_of(line)}
    return any(
        others.get(cell.label, cell.text) != cell.text
        and _is_named(cell.text, asked)
        and not _is_named(others[cell.label], asked, [cell.text])
        for cell in cells_of(row)
    )


def goes_on_otherwise(line: str, row: str, asked: Question) -> bool:
    """Whether the line, behind a row that the question names, is none and does not say by what it is named: text that
    follows a table is about something else."""
    names = [cell.text for cell in cells_of(row) if is_row(fold(row)) and _is_named(cell.text, asked)]
    return bool(names) and not is_row(fold(line)) and not any(name in fold(line) for name in names)


def _is_named(name: str, asked: Question, others: Iterable[str] = ()) -> bool:
    """Whether the question says the name, and not only within a longer one of the `others`: who asks for 石桥镇小学
    东校区 names no 石桥镇小学."""
    longer = [other for other in others if name in other]
    return _is_name(name) and asked.says(_KIND.sub("", name), longer)


def _is_name(text: str) -> bool:
    return len(text) >= _SHORTEST and not _FIGURE.fullmatch(text)
