"""The paper that a question names: by its title in 《…》, or by the number of its file (柏政办发〔2023〕12号)."""

import re
from dataclasses import dataclass

from retrieval.text.codes import FILE, MAKER, YEAR_AND_NUMBER
from retrieval.text.fold import fold

_HAN = r"\u4e00-\u9fff"
BODIES = (
    r"人民政府(?:办公[室厅])?|委员会(?:办公室)?|办公[室厅]|政府|委|局|厅|部|院|处|站|所|中心|公司|协会|学校|联社|"
    r"联合会|总工会|法院|检察院|居委会|村委会|党组|支部"
)
"""Kinds of those who issue papers, in which their names end; a pattern."""
DRAFT = "修[订改](?:草案)?(?:征求意见|送审|讨论)稿?|草案(?:征求意见|送审|讨论)?稿?|(?:征求意见|送审|讨论)稿"
"""What a paper is called before it is one, a pattern."""
_NAMED = re.compile(rf"《(?P<title>[^》]{{2,80}})》|(?P<file>{FILE})")
_SAYS_OF = re.compile(r"(?:根据|依据|按照|依照|按|在|请问)+$")
_OTHER_WORDS = re.compile(
    r"(?:.*(?:根据|依据|按照|依照|请问|文件|文号为?|编号|关于|打开|给我|[想需]要|有没有|一下|介绍|[按在是的了看找查]))?(?:.+[和与])?"
)
"""What seems to stand before the short name of who issued it: 根据 in 根据柏政发. 和政发 is one, 水费和柏水发 names
two things."""
_INSIDE = re.compile(r"(?:这[份个篇])?(?:文件|通知)?(?:(?:里面?|中|内|上)的?|规定的?|的?规定[,，]?|[,，])")
_KIND = re.compile(
    r"(办法|规定|条例|通知|意见|方案|细则|决定|通告|公告|公示|通报|标准|规划|报告|制度|章程|公约|指南|名单|法典?)"
    r"(?:\([^)]*\)|[^\u4e00-\u9fff(])*$"
)
_LABEL = r"(?:^|[\n|])\s{0,3}(?:文号|发文字号)[\s:|]{1,4}"
_IN_TABLE = re.compile(rf"{_LABEL}[{_HAN}]{{0,28}}\s{{0,3}}{YEAR_AND_NUMBER}")
"""Several of them list papers."""
_TABLE = 1_000
"""Characters of a page in which the table of its paper stands."""


@dataclass(frozen=True, slots=True)
class FileNumber:
    """`maker` is what stands before 〔: the short name of who issued it, and words before that (请给我柏水发); empty
    where it gives no such name."""

    maker: str
    year: str
    number: str

    def is_borne_by(self, text: str) -> bool:
        """Whether it stands alone, or with who signs, on a line of a folded text, as on the head of its own paper, or
        in the table of a web page that tells of one paper alone. Where the short name begins only the paper tells:
        all of its own must end what is asked."""
        number = rf"[〔\[(]\s{{0,3}}{self.year}\s{{0,3}}[〕\])]\s{{0,3}}第?\s{{0,3}}0*{self.number}\s{{0,3}}号"
        line = rf"(?:^|\n)(?:[^\n。，,|]{{0,16}}?[^\n。，,|{_HAN}])??(?P<own>[{_HAN}]{{0,28}})\s{{0,3}}{number}"
        heads = [*re.finditer(rf"{line}[ \t\u3000]*(?=\n|$|签发人)", text)]
        if len(_IN_TABLE.findall(text[:_TABLE])) == 1:
            heads += re.finditer(rf"{_LABEL}(?P<own>[{_HAN}]{{0,28}})\s{{0,3}}{number}", text[:_TABLE])
        return any(not self.maker or (head["own"] and self._ends_in(head["own"])) for head in heads)

    def _ends_in(self, own: str) -> bool:
        return self.maker.endswith(own) or (len(self.maker) == MAKER and own.endswith(self.maker))


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a question names it at [start, end) of its folded text, by one of both."""

    start: int
    end: int
    title: str | None = None
    file: FileNumber | None = None


def file_number(file: str) -> FileNumber:
    """What is written in the form of FILE."""
    year, number = re.findall(r"\d+", file)
    before = re.split(r"[\s〔\[(]", file, maxsplit=1)[0]
    return FileNumber("" if _maker_at(before) == len(before) else before, year, str(int(number)))


def _maker_at(file: str) -> int:
    """Where the short name of who issued it seems to begin."""
    words = _OTHER_WORDS.match(file)
    assert words is not None  # it matches any text
    return words.end()


def named_paper(question: str) -> Paper | None:
    """None where no paper is named, or several are."""
    found = [*_NAMED.finditer(fold(question))]
    if len(found) != 1:
        return None
    match = found[0]
    if match["title"]:
        return Paper(*match.span(), title=match["title"])
    start = match.start() + _maker_at(match["file"])
    return Paper(start, match.end(), file=file_number(match["file"]))


def is_of_kind(title: str) -> bool:
    """Whether the (folded) title says itself that it is one of a paper: 居住证 is none."""
    return kind_of(title) is not None


def kind_of(title: str) -> str | None:
    """What the (folded) title says that its paper is: 通知."""
    kind = _KIND.search(title)
    return kind[1] if kind else None


def within_paper(question: str, paper: Paper, title: str) -> str:
    """The question as it is asked of the paper alone, which does not name itself: 《水价办法》何时施行 asks
    there when 本办法 comes into force, and 《水价办法》里水费多少 how much 水费 is."""
    folded = fold(question)
    before, after = folded[: paper.start], folded[paper.end :]
    says_of, inside = _SAYS_OF.search(before), _INSIDE.match(after)
    if says_of or inside:
        before = before[: says_of.start()] if says_of else before
        return before + after[inside.end() if inside else 0 :]
    return f"{before}本{kind_of(fold(title)) or '文件'}{after}"
