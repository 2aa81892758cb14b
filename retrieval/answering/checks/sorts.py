"""Is the sentence about the one of two that is asked? Of 面试 no 笔试 tells anything, nor 中医院 of 人民医院."""

import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.demands import Demands
from retrieval.text.fold import fold
from retrieval.text.sorts import OF_PAPERS, OF_SENTENCES, OF_TIMES, sorts_in

_COMPARED = re.compile("比(?![例赛重较])[^,。;]{1,8}")
"""What something is compared with: 比老馆多."""
_SPAN = re.compile(r"[至到]\s*(?=[\d次当翌])|(?<=[\d日号时点年月])\s*[~—–-]+\s*(?=\d)|[日号].*\d[日号]")


def is_of_sort(asked: Demands, setting: Setting) -> bool:
    """Whether neither the sentence nor its paper says only another of what words tell apart than the question.

    A question whether something is so may be met with the other (住院才能报销); of two days either may be meant."""
    if not asked.sorts:
        return True
    passage, sentence = setting.stored.passage, _COMPARED.sub(" ", setting.sentence)
    section = fold(passage.section or "") if passage.section != passage.context.title else ""
    groups = {*OF_SENTENCES} if not asked.measure.is_whether else set[str]()
    if asked.time.is_when and not _SPAN.search(sentence):
        groups |= {*OF_TIMES}
    for group, wanted in asked.sorts.items():
        told = sorts_in(sentence, [group]).get(group, wanted) if group in groups else wanted
        if not (told | sorts_in(section, [group]).get(group, frozenset())) & wanted:
            return False
        said = "" if asked.measure.is_whether else sentence
        paper = "\n".join((said, *setting.headings)) if group in OF_PAPERS else ""
        if not sorts_in(paper, [group]).get(group, wanted) & wanted:
            return False
    return True
