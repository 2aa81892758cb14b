"""Languages in which Wenju speaks to people: `bot/texts` has a folder for each."""

from typing import Literal

Language = Literal["zh", "en"]
