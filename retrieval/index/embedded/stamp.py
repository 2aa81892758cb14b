"""A state of the store, by which a cache remembers what it contains."""

from typing import NamedTuple


class Stamp(NamedTuple):
    """A state of the store: its database, the number of its last commit, and that commit's token."""

    uuid: str
    seq: int
    token: str


NO_STAMP = Stamp("", 0, "")
