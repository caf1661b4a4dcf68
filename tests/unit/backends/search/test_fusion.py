"""Two orders made one."""

import pytest

from support_copilot.backends.search.fusion import MEANING_SHARE, fuse


def test_words_are_counted_as_a_share_of_the_best() -> None:
    fused = fuse({1: 0.5, 2: 0.5}, {1: 8.0, 2: 2.0}, meaning=True)

    assert fused[1] == pytest.approx(MEANING_SHARE * 0.5 + (1 - MEANING_SHARE))
    assert fused[2] == pytest.approx(MEANING_SHARE * 0.5 + (1 - MEANING_SHARE) * 0.25)


def test_what_only_one_side_found_counts_with_that_side() -> None:
    fused = fuse({1: 0.9, 2: 0.0}, {2: 3.0}, meaning=True)

    assert fused == {1: pytest.approx(MEANING_SHARE * 0.9), 2: pytest.approx(1 - MEANING_SHARE)}


def test_an_opposite_meaning_counts_as_none() -> None:
    assert fuse({1: -0.8}, {}, meaning=True) == {1: 0.0}


def test_a_document_that_waits_for_its_vector_is_judged_by_words_below_one_judged_by_both() -> None:
    fused = fuse({1: None, 2: 1.0}, {1: 4.0, 2: 4.0}, meaning=True)

    assert 0 < fused[1] < fused[2] == pytest.approx(1.0)


def test_without_a_vector_of_the_question_words_decide_alone() -> None:
    assert fuse({}, {1: 4.0, 2: 1.0}, meaning=False) == {1: 1.0, 2: 0.25}


def test_words_that_weigh_nothing_divide_nothing() -> None:
    assert fuse({}, {1: 0.0}, meaning=False) == {1: 0.0}
    assert fuse({}, {}, meaning=True) == {}
