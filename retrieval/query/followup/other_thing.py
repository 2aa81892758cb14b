"""A follow-up that names another thing: what it is put in the place of, by what the question before names."""

import re

from retrieval.query.followup.further import ASKING, owner_of, subject
from retrieval.query.followup.like_slot import like_slot, said_of_it, whether_of_it
from retrieval.query.followup.place_slot import place_of
from retrieval.query.followup.slots import (
    Slot,
    attribute,
    attribute_of_thing,
    is_amount,
    is_of_places,
    owner,
    without_attribute,
)
from retrieval.query.followup.thing_slot import (
    body_of,
    counts,
    extreme_of,
    slots_of,
    thing_behind,
    thing_of,
    unmodified,
    whose,
)
from retrieval.query.followup.whom_slot import for_whom, is_class
from retrieval.text.fold import fold

_MODIFIER = re.compile(r"^([\u3400-\u9fff]{1,6})的$")


def other_thing(new: str, previous: str) -> str | None:
    """The question about the other thing; None where none is found that it could be put in the place of."""
    if not new.removesuffix("的"):
        return None
    about = subject(previous)
    own = owner(fold(about))
    place = place_of(previous)
    of_place = place is not None and is_of_places(fold(new))
    if (asks := attribute(fold(new))) and not (of_place and counts(previous)):
        mine = previous[slice(*place)] if place and of_place else owner_of(previous)
        return f"{without_attribute(mine)}的{new}{asks}" if mine else None
    is_owned = own < len(about) and previous.startswith(about)
    if is_owned and about[own - 1] == new[-1]:  # 网格员 for the 护林员 of 护林员的电话
        return about[: place.end if place and place.start == 0 else 0] + new + previous[own:]
    bare = new.removesuffix("的")
    like = like_slot(previous, bare)
    if like is not None and is_class(fold(bare)):
        return like.replaced(previous, bare)
    if other := for_whom(previous, about, place.end if place and not place.start else 0, new):
        return other
    if is_owned:
        start = place.end if place and place.start == 0 else 0
        return previous[:start] + new + previous[own:]
    if slot := extreme_of(previous, bare) or body_of(previous, bare) or like:
        return slot.replaced(previous, bare)
    at = attribute_of_thing(fold(about)) if previous.startswith(about) and not is_amount(fold(bare)) else None
    if at is not None:  # 停车场 for the 游泳馆 of 游泳馆收费标准
        body = body_of(previous)
        return slots_of(previous[: body.start if body and body.end == at else at]) + bare + previous[at:]
    thing = thing_of(previous)
    if thing is not None:
        modifier = _MODIFIER.match(new)
        alike = fold(previous).find(bare[-1], *thing)
        if thing.start < alike < thing.end - 1:  # 水利局 for the 民政局 of 民政局局长
            return Slot(thing.start, alike + 1).replaced(previous, bare)
        named = previous[slice(*thing)]
        if named == "人" and not modifier and not is_class(fold(new)):
            return None
        if modifier:
            return thing.replaced(previous, modifier[1] + unmodified(named, modifier[1]))
        return thing.replaced(previous, whose(named, new) + new)
    asking = ASKING.search(fold(previous))
    if asking is None:
        return whether_of_it(previous, bare)
    if (behind := thing_behind(previous, about, asking.end(), bare)) is not None:  # 谁有低保证
        return behind.replaced(previous, bare + about.partition(bare)[2])
    return slots_of(previous) + said_of_it(previous, asking.start(), new) + previous[asking.start() :]
