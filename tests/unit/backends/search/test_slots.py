"""Documents in memory."""

from datetime import timedelta

import numpy as np
import pytest

from support_copilot.backends.search.port import SearchQuery
from support_copilot.backends.search.slots import Slots
from tests.unit.backends.search.samples import NOW, random_vectors

ALL = SearchQuery("")


def filled(count: int, dimension: int = 16) -> Slots:
    slots = Slots(dimension)
    for number, vector in enumerate(random_vectors(count, dimension), 1):
        filters = {"parity": "even" if number % 2 == 0 else "odd"}
        slots.put(f"d{number}", "issue", number, NOW + timedelta(minutes=number), filters, vector)
    return slots


def test_a_replaced_document_leaves_its_old_slot_dead() -> None:
    slots = filled(2)
    slots.put("d1", "issue", 3, NOW, {}, None)

    assert (slots.count(), slots.seq_of("d1"), slots.slot_of_seq(1)) == (2, 3, None)
    assert slots.mask(ALL).tolist() == [False, True, True]
    assert not slots.is_embedded(2)


def test_a_removed_document_takes_its_vector_along() -> None:
    slots = filled(2)
    slots.remove("d1")
    slots.remove("unknown")

    assert (slots.count(), slots.seq_of("d1")) == (1, 0)
    assert slots.cosines(random_vectors(1, 16)[0], np.array([0])).tolist() == [0.0]


def test_room_grows_and_nothing_is_lost() -> None:
    slots = filled(2500)

    assert slots.count() == 2500
    assert int(slots.mask(SearchQuery("", filters={"parity": ["odd"]})).sum()) == 1250
    assert slots.ids[slots.slot_of_seq(2345) or 0] == "d2345"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ALL, 10),
        (SearchQuery("", kinds=["issue"]), 10),
        (SearchQuery("", kinds=["article"]), 0),
        (SearchQuery("", filters={"parity": ["even"]}), 5),
        (SearchQuery("", filters={"parity": ["even", "odd", "neither"]}), 10),
        (SearchQuery("", filters={"parity": []}), 0),
        (SearchQuery("", filters={"colour": ["red"]}), 0),
        (SearchQuery("", exclude_ids=["d3", "unknown"]), 9),
        (SearchQuery("", created_before=NOW + timedelta(minutes=4)), 3),
        (SearchQuery("", created_after=NOW + timedelta(minutes=4)), 7),
        (SearchQuery("", created_after=NOW + timedelta(minutes=2), created_before=NOW + timedelta(minutes=4)), 2),
    ],
)
def test_a_question_allows_some_slots(query: SearchQuery, expected: int) -> None:
    assert int(filled(10).mask(query).sum()) == expected


def test_a_copy_without_dead_slots_answers_the_same() -> None:
    slots = filled(1500)
    for number in range(1, 1001):
        slots.remove(f"d{number}")
    assert slots.is_wasteful()
    asked = random_vectors(1, 16, seed=2)[0]

    copy = slots.compacted()

    assert not copy.is_wasteful()
    assert copy.count() == slots.count() == 500
    names, scores = zip(*[(copy.ids[s], c) for s, c in copy.nearest(asked, copy.mask(ALL), 20)], strict=True)
    assert names == tuple(slots.ids[s] for s, _ in slots.nearest(asked, slots.mask(ALL), 20))
    assert scores == tuple(sorted(scores, reverse=True))
    copy.put("new", "issue", 1501, NOW, {"parity": "odd"}, None)
    assert int(copy.mask(SearchQuery("", filters={"parity": ["odd"]})).sum()) == 251


def test_among_many_the_first_look_by_signs_misses_little() -> None:
    """Vectors in clumps, as texts on the same topics are; all of one direction would tell nothing."""
    topics = random_vectors(50, 384)
    noise = random_vectors(6000, 384, seed=3)
    vectors = topics[np.arange(6000) % 50] + 0.8 * noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    slots = Slots(384)
    for number, vector in enumerate(vectors, 1):
        slots.put(f"d{number}", "issue", number, NOW, {}, vector)
    allowed = slots.mask(ALL)
    hits = 0
    for asked in vectors[::300]:
        exact = set(np.argsort(-(vectors @ asked))[:10].tolist())
        hits += len(exact & {slot for slot, _ in slots.nearest(asked, allowed, 10)})

    assert hits / 200 >= 0.95


def test_among_thousands_that_are_equal_the_better_one_is_the_nearest() -> None:
    alike, other = random_vectors(2, 16)
    slots = Slots(16)
    for number in range(1, 6001):
        slots.put(f"d{number}", "issue", number, NOW, {}, other if number == 3000 else alike)

    best = slots.nearest(other, slots.mask(ALL), 1200)

    assert slots.ids[best[0][0]] == "d3000"
    assert len(best) == 1000
    assert len({slot for slot, _ in best}) == 1000


def test_few_allowed_among_many_are_compared_like_all_of_a_small_store() -> None:
    vectors = random_vectors(18_000, 64)
    many, few = Slots(64), Slots(64)
    for number, vector in enumerate(vectors, 1):
        kind = "issue" if number % 4 == 0 else "article"
        many.put(f"d{number}", kind, number, NOW, {}, vector)
        if kind == "issue":
            few.put(f"d{number}", kind, number, NOW, {}, vector)
    asked = vectors[99]

    best = many.nearest(asked, many.mask(SearchQuery("", kinds=["issue"])), 10)
    expected = few.nearest(asked, few.mask(ALL), 10)

    assert [(many.ids[slot], cosine) for slot, cosine in best] == [(few.ids[slot], cosine) for slot, cosine in expected]


def test_kept_numbers_come_back_exactly_tiny_and_negative_ones_too() -> None:
    numbers = np.array([1, -1, 0.5, -0.333, 2**-14, -(2**-14), 2**-24, -(2**-24), 0, 0.1, -0.1, 7e-5], np.float16)
    slots = Slots(len(numbers))
    slots.put("d1", "issue", 1, NOW, {}, numbers.astype(np.float32))

    for place, axis in enumerate(np.eye(len(numbers), dtype=np.float32)):
        assert slots.cosines(axis, np.array([0]))[0] == np.float32(numbers[place])


def test_a_vector_of_another_length_is_not_kept() -> None:
    slots = Slots(16)
    slots.put("d1", "issue", 1, NOW, {}, random_vectors(1, 8)[0])

    assert not slots.is_embedded(0)
    assert slots.nearest(random_vectors(1, 16)[0], slots.mask(ALL), 5) == []


def test_without_a_model_there_are_no_vectors() -> None:
    slots = Slots(0)
    slots.put("d1", "issue", 1, NOW, {}, None)

    assert slots.count() == 1
    assert slots.compacted().count() == 1
