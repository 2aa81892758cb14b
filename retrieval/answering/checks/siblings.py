"""Is what stands below another hall or station about the one that is asked?

In a paper on 体育馆 and 游泳馆, 开放时间 is that of the one that was named last."""

from retrieval.answering.checks.setting import Setting
from retrieval.query.demands import Demands
from retrieval.text.words import houses


def is_of_house(asked: Demands, setting: Setting) -> bool:
    """Whether of each house that the question names, and no heading does, no other of its kind was named last."""
    return all(
        _is_of(house, asked, setting)
        for house in asked.houses
        if not any(house in heading for heading in setting.headings)
    )


def _is_of(house: str, asked: Demands, setting: Setting) -> bool:
    for text in (setting.sentence, *reversed(setting.before)):
        if house in text:
            return True
        if named := [other for other in houses(text) if other[-1] == house[-1]]:
            return any(map(asked.says, named))
    return True
