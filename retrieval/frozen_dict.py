"""A dict that cannot be written to, for what is handed out as a frozen value."""

from collections.abc import Mapping
from typing import NoReturn, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class FrozenDict(dict[_Key, _Value]):
    """A copy of a mapping that refuses every write with TypeError. It is a dict and no `MappingProxyType`, so that
    `dataclasses.asdict`, `copy.deepcopy` and `json` take a value that holds one as they take any other."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("This mapping cannot be changed. Copy it with dict(…) and change the copy.")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type["FrozenDict[_Key, _Value]"], tuple[dict[_Key, _Value]]]:
        return type(self), (dict(self),)


def freeze(value: object, *names: str) -> None:
    """Put a read-only copy in the place of the mapping in each of these fields: for the `__post_init__` of a frozen
    dataclass."""
    for name in names:
        mapping: Mapping[object, object] = getattr(value, name)
        if not isinstance(mapping, FrozenDict):
            object.__setattr__(value, name, FrozenDict(mapping))
