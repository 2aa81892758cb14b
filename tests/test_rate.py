"""How many questions somebody may ask in a minute."""

from bot.rate import Rate


def test_a_rate_counts_the_last_minute() -> None:
    rate = Rate(2)
    assert [rate.wait(1, now) for now in (0.0, 10.0)] == [0.0, 0.0]
    assert rate.wait(1, 20.0) == 40.0, "the first is a minute old at 60"
    assert rate.wait(2, 20.0) == 0.0, "others are not concerned"
    assert rate.tell(1, 20.0) and not rate.tell(1, 30.0)
    assert rate.wait(1, 60.0) == 0.0 and rate.wait(1, 61.0) == 9.0
    assert rate.tell(1, 61.0), "it is another wait"
