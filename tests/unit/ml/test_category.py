import numpy as np

from support_copilot.ml.category import LabelledNeighbour, classify_category

BILLING = np.array([1, 0, 0], dtype=np.float32)
LOGIN = np.array([0, 1, 0], dtype=np.float32)


def test_without_anything_there_is_no_category() -> None:
    prediction = classify_category([])
    assert prediction.value is None
    assert not prediction.sure


def test_near_neighbours_outvote_many_distant_ones() -> None:
    neighbours = [LabelledNeighbour("billing", 0.8)] * 2 + [LabelledNeighbour("login", 0.3)] * 10
    prediction = classify_category(neighbours)
    assert prediction.value == "billing"
    assert prediction.sure


def test_distant_neighbours_alone_are_unsure() -> None:
    prediction = classify_category([LabelledNeighbour("login", 0.3)] * 3)
    assert prediction.value == "login"
    assert not prediction.sure


def test_names_of_categories_decide_when_nothing_is_labelled() -> None:
    vector = np.array([0.2, 0.95, 0.1], dtype=np.float32)
    assert classify_category([], {"billing": BILLING, "login": LOGIN}, vector).value == "login"


def test_vectors_of_another_length_are_left_out() -> None:
    assert classify_category([], {"billing": BILLING}, np.ones(5, dtype=np.float32)).value is None


def test_order_does_not_matter_and_ties_are_settled() -> None:
    neighbours = [LabelledNeighbour("b", 0.6), LabelledNeighbour("a", 0.6)]
    assert classify_category(neighbours) == classify_category(neighbours[::-1])
    assert classify_category(neighbours).value == "a"


def test_likeness_out_of_range_is_harmless() -> None:
    assert classify_category([LabelledNeighbour("a", 1e9), LabelledNeighbour("b", -1e9)]).value == "a"
