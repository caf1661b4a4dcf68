"""Sentences that were seen of late are not computed again, and nothing of them is kept in words."""

import pickle
from collections.abc import Callable

import numpy as np

from support_copilot.ml.personal_data.find import find_personal_data
from support_copilot.ml.personal_data.remembered import Numbers, RecentRows

TEXT = "My name is Ana Example. I live in Ghent.\nRegards, Ana Example"


def counting(asked: list[int]) -> Callable[[list[int]], list[Numbers]]:
    def compute(places: list[int]) -> list[Numbers]:
        asked.extend(places)
        return [np.full((1, 5), place, dtype=np.float32) for place in places]

    return compute


def test_what_was_computed_is_not_computed_again_until_it_is_pushed_out() -> None:
    recent, asked = RecentRows(2), list[int]()
    recent.rows_of([["one"], ["two"], ["one"]], counting(asked))
    assert sorted(asked) in ([0, 1], [1, 2])
    asked.clear()
    assert len(recent.rows_of([["two"], ["one"]], counting(asked))) == 2
    assert asked == []
    recent.rows_of([["three"]], counting(asked))
    asked.clear()
    recent.rows_of([["two"]], counting(asked))
    assert asked == [0]


def test_the_same_text_has_the_same_findings_again() -> None:
    first = [(each.start, each.end, each.type) for each in find_personal_data(TEXT)]
    assert first == [(each.start, each.end, each.type) for each in find_personal_data(TEXT)]
    assert any(kind == "person" for _start, _end, kind in first)


def test_no_word_is_kept() -> None:
    recent = RecentRows(10)
    recent.rows_of([["Ana", "Example"]], counting([]))
    assert b"Ana" not in pickle.dumps(recent._rows)
