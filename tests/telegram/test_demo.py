"""The conversation that docs/telegram.md shows is that of `make demo-bot`, as far as it can be told without playing
it: what people do there, in which order, and which buttons there are."""

import inspect
import re

from bot.catalogue import SHARED, TELEGRAM, catalogue
from tests.telegram.demo import Demo
from tests.telegram.running import ROOT

PAGE = (ROOT / "docs" / "telegram.md").read_text("utf-8")
(SHOWN,) = re.findall(r"```\n(用户  /start\n.*?)```", PAGE, re.DOTALL)
_DONE = re.compile(r'self\._(?:ask\(|nod\(|press\(\w+, |say\("管理员", )"([^"]+)"')


def test_what_people_do_there_is_what_they_do_in_the_demo() -> None:
    left = iter(_DONE.findall(inspect.getsource(Demo.run)))
    shown = re.findall(r"^(?:用户|管理员)  (?:☞ )?(.+)$", SHOWN, re.MULTILINE)
    assert len(shown) > 3
    for step in shown:
        assert any(done in step for done in left), f"{step} is not in the demo, or not there"


def test_the_bot_has_each_button_that_is_shown() -> None:
    labels = {re.sub(r" ?\{\w+\}$", "", text) for text in catalogue("zh", SHARED, TELEGRAM).values()} | {"👍", "👎"}
    for line in re.findall(r"^    \[\D.*\]$", SHOWN, re.MULTILINE):
        for label in re.findall(r"\[(.+?)\]", line):
            assert label.endswith("？") or re.sub(r" \d+$", "", label) in labels, label
