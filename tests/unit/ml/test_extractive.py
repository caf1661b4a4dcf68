import numpy as np

from support_copilot.ml.extractive import rank_sentences

SENTENCES = [
    "The printer prints blank pages since the update.",
    "Nice weather today.",
    "Since the update the printer prints only blank pages.",
    "Reinstalling the printer driver fixed the blank pages.",
]


def test_nothing_ranks_as_nothing() -> None:
    assert rank_sentences([]) == []


def test_every_position_comes_once() -> None:
    assert sorted(rank_sentences(SENTENCES)) == [0, 1, 2, 3]
    assert sorted(rank_sentences(["", "", "\x00"])) == [0, 1, 2]


def test_the_sentence_apart_comes_late_and_a_repetition_is_not_second() -> None:
    order = rank_sentences(SENTENCES, diversity=0.5)
    assert order[0] in {0, 2}
    assert order[1] not in {0, 2}
    assert rank_sentences(SENTENCES, diversity=0.0)[-1] == 1


def test_weights_move_sentences() -> None:
    assert rank_sentences(SENTENCES, weights=[1, 20, 1, 1])[0] == 1
    assert rank_sentences(SENTENCES, weights=[1, 1, 0, 1])[-1] == 2


def test_vectors_are_taken_into_account() -> None:
    vectors = np.eye(4, dtype=np.float32)
    vectors[1] = vectors[3] = vectors[0]
    assert rank_sentences(["a", "b", "c", "d"], vectors, diversity=0.0)[-1] == 2


def test_thousands_of_sentences_are_ranked_within_a_limit() -> None:
    order = rank_sentences([f"sentence number {number} about things" for number in range(5_000)])
    assert sorted(order) == list(range(5_000))
