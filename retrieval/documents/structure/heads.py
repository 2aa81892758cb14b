"""The title in the head of a paper: what stands above it is none, and it may go on over several lines.

Official papers begin with secrecy, urgency, the red head (清水县人民政府文件), number and signer, as GB/T 9704 lays
them out; the title is what comes then.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise, takewhile

from retrieval.text.codes import YEAR_AND_NUMBER

HEAD_LINES = 8
"""Lines in which the title of a paper stands, at most."""
_TITLE_LINES = 4
_HAN = r"\u4e00-\u9fff"
_BODY = rf"[{_HAN}]{{2,40}}(?:政府|办公[室厅]|[局厅部院处委会]|中心|公司|学校|医院)"
_ISSUER = re.compile(_BODY)
_ABOVE = re.compile(
    rf"(?:(?:绝密|机密|秘密)(?:★\w{{0,6}})?|特急|加急|急件|平急|特提|紧急|(?!关于|学习|传达|转发|印发|贯彻){_BODY}(?:文件|令)"
    rf"|[{_HAN}]{{0,16}}{YEAR_AND_NUMBER}|第\d{{1,4}}号|签发人:[{_HAN}、]{{0,12}}|(?:份号:?)?\d{{3,8}}|\|)+"
)
"""Lines without their blanks, their marks in ASCII."""
_LONGEST = 80
_OF_PAPERS = (
    "通知|公告|通告|决定|意见|通报|报告|函|批复|办法|方案|公示|请示|纪要|规定|细则|条例|说明|公报|预案|规划|计划|名单"
)
_REMARK = r"(?:[(（][^()（）\n]{1,20}[)）])?"
_MATTER = re.compile(
    rf"(?:{_BODY}\n){{0,5}}[{_HAN}、 ]{{0,40}}?(?:关于|转发|批转|印发)"
    rf"(?:.{{2,60}}|(?s:.){{2,70}}的)(?:{_OF_PAPERS}){_REMARK}"
)
_NO_MATTER = re.compile(
    rf"(?:实施|管理|暂行|试行|工作|服务|建设|使用|考核|监督|应急|发展){{0,4}}(?:{_OF_PAPERS}){_REMARK}"
)
"""A kind of papers alone, which goes on with the line before it: 集体资产租赁, 管理办法."""
_STOPS = re.compile(r"[。：:；;，,！!？?]$|。")


def stands_above_title(line: str) -> bool:
    """Whether a line of a paper's head is none of its title: 特急, 清水县人民政府文件, 清政发〔2025〕14号, 签发人."""
    plain = "".join(unicodedata.normalize("NFKC", line[:_LONGEST]).split())
    return len(line) <= _LONGEST and _ABOVE.fullmatch(plain) is not None


def title_among(lines: Sequence[str]) -> str:
    """The title among the first lines of a paper, joined where it is broken; empty where there is no line."""
    named = [line for line in lines[:HEAD_LINES] if not stands_above_title(line)] or lines[:1]
    pieces = [*takewhile(lambda line: len(line) <= _LONGEST and not _STOPS.search(line), named[:_TITLE_LINES])]
    for count in range(1, len(pieces) + 1):
        if _MATTER.fullmatch("\n".join(pieces[:count])):
            return _joined(pieces[:count])
    if len(pieces) > 1 and _is_broken(*pieces[:2]):
        return _joined(pieces[:2])
    return named[0] if named else ""


def _is_broken(line: str, following: str) -> bool:
    return bool(
        re.fullmatch(rf"[{_HAN}\d“”《》、]{{4,40}}", line)
        and not re.search(f"(?:{_OF_PAPERS})$", line)
        and len(following) > 2
        and _NO_MATTER.fullmatch(following)
    )


def _joined(pieces: Sequence[str]) -> str:
    """As one line; those who issue a paper together stay apart."""
    apart = (
        " " if _ISSUER.fullmatch(line) and _ISSUER.fullmatch(following) else ""
        for line, following in pairwise(pieces)
    )
    return "".join(f"{between}{piece}" for between, piece in zip(["", *apart], pieces, strict=True))
