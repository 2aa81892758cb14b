"""Is the figure of what is asked, planned or done? 设计供热60万平方米 tells nothing of what is heated now."""

import re

from retrieval.answering.checks.setting import Setting
from retrieval.query.asked.measures import DONE, PLANNED
from retrieval.query.demands import Demands
from retrieval.text.tokens import is_unspaced

_CLAUSE = re.compile("[,。;]")
_DIGIT = re.compile(r"\d")
_DAY = re.compile(r"(?:19|20)\d\d年?|\d{1,2}月(?:\d{1,2}[日号])?")
"""No figure of what is built or done."""


def is_of_stage(asked: Demands, setting: Setting) -> bool:
    """Whether a clause with a figure that says some of the question is of that stage, or one that says most of it may
    be."""
    if asked.measure.stage is None or "number" not in asked.kind.kinds:
        return True
    own, other = (PLANNED, DONE) if asked.measure.stage == "planned" else (DONE, PLANNED)
    clauses = [clause for clause in _CLAUSE.split(_DAY.sub("", setting.sentence)) if _DIGIT.search(clause)]
    shares = [sum(map(asked.says, {*filter(is_unspaced, clause)})) for clause in clauses]
    most = max(shares, default=0)
    return not most or any(
        own.search(clause) or (share == most and not other.search(clause))
        for clause, share in zip(clauses, shares, strict=True)
        if share
    )
