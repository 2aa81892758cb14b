"""A question for two things: what the second of them is."""

import pytest

from retrieval.query.asked.second import second_part


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("左云县有多少网格员，书记是谁", "书记是谁"),
        ("食堂和驿站分别有多少", "驿站分别有多少"),
        ("左云县和云溪县有多少网格员", None),
        ("左云县有多少网格员", None),
        ("How many canteens are there and who runs them", " who runs them"),
    ],
)
def test_the_second_half_of_a_question(question: str, second: str | None) -> None:
    assert second_part(question) == second
