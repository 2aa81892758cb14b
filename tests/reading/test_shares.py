"""How the sentences of a question are dealt out to the two halves of the processor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.compiled import _shares

LIMIT = 1024
"""Tokens of a batch at most."""


@given(lengths=st.lists(st.integers(1, 600), min_size=1, max_size=40), streams=st.sampled_from([1, 2]))
def test_each_sentence_is_read_once(lengths: list[int], streams: int) -> None:
    rows = [int(row) for share in _shares(lengths, streams) for row in share]
    assert sorted(rows) == list(range(len(lengths)))


@given(lengths=st.lists(st.integers(1, 600), min_size=1, max_size=40), streams=st.sampled_from([1, 2]))
def test_a_share_is_never_larger_than_a_batch_may_be(lengths: list[int], streams: int) -> None:
    for share in _shares(lengths, streams):
        assert len(share) == 1 or len(share) * max(lengths[row] for row in share) <= LIMIT


@pytest.mark.parametrize("lengths", [[100] * 6, [100] * 7, [150, 140, 90, 80, 70, 60], [300, 50, 50, 50, 50, 50, 50]])
def test_two_shares_take_about_the_same_time(lengths: list[int]) -> None:
    first, second = (len(share) * max(lengths[row] for row in share) for share in _shares(lengths, 2))
    assert abs(first - second) <= max(lengths)


def test_a_single_sentence_is_one_share() -> None:
    assert [share.tolist() for share in _shares([80], 2)] == [[0]]


def test_one_stream_reads_as_large_batches_as_there_may_be() -> None:
    assert [len(share) for share in _shares([100] * 14, 1)] == [10, 4]
    assert np.concatenate(list(_shares([1, 3, 2], 1))).tolist() == [1, 2, 0]
