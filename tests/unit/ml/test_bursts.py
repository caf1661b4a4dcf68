"""Reports that look like one incident."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from support_copilot.backends.embedder.port import Embedder
from support_copilot.connect.sample.writing import families
from support_copilot.ml.bursts import Burst, Report, Signs, find_bursts, signs_of

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OUTAGE = next(family for family in families() if family["key"] == "checkout_502")


def report(
    number: int, cosine: float, *, minutes: float | None = None, codes: Sequence[str] = (), understood: bool = True
) -> Report:
    """A report whose vector has this cosine with the first axis and nothing else in common with the others."""
    vector = np.zeros(40, dtype=np.float32)
    vector[0], vector[number + 1] = cosine, np.sqrt(1 - cosine**2)
    at = BEGIN + timedelta(minutes=10 * number if minutes is None else minutes)
    return Report(
        f"iss_{number:02d}", at, f"cus_{number}", f"words {number}", Signs(frozenset(codes)), vector, understood
    )


def ids(bursts: Sequence[Burst]) -> list[tuple[str, ...]]:
    return [burst.ids for burst in bursts]


def told(embedder: Embedder, texts: Sequence[tuple[str, str, str]], *, minutes: float = 5) -> list[Report]:
    vectors = embedder.embed([f"{subject}\n{body}" for subject, body, _ in texts])
    return [
        Report(
            f"iss_{number:02d}", BEGIN + timedelta(minutes=minutes * number), f"cus_{number}", f"{subject}\n{body}",
            signs_of(subject, body, language), vectors[number], language == "en",
        )
        for number, (subject, body, language) in enumerate(texts)
    ]  # fmt: skip


def test_an_outage_told_in_five_ways_and_three_languages_is_one(embedder: Embedder) -> None:
    asks = [(ask["subject"], ask["body"], ask["lang"]) for ask in OUTAGE["asks"]]
    others = [
        (family["asks"][0]["subject"], family["asks"][0]["body"], "en")
        for family in families()[1:13]
        if family["asks"][0]["lang"] == "en"
    ]

    (burst,) = find_bursts(told(embedder, asks + others))

    assert set(burst.ids) <= {f"iss_{number:02d}" for number in range(len(asks))}
    assert len(burst.ids) >= 4
    assert (burst.codes, burst.kinds) == (("502",), ("outage",))
    assert "502" not in burst.words
    assert "pay" in burst.words
    assert burst.likeness is not None
    assert 0.4 < burst.likeness < 1


def test_twenty_unrelated_issues_are_no_incident(embedder: Embedder) -> None:
    asks = [family["asks"][0] for family in families()][:20]
    assert len(asks) == 20

    assert find_bursts(told(embedder, [(ask["subject"], ask["body"], ask["lang"]) for ask in asks])) == []


def test_two_are_too_few_and_three_of_one_customer_as_well() -> None:
    alike = [report(number, 0.95) for number in range(3)]

    assert ids(find_bursts(alike)) == [("iss_00", "iss_01", "iss_02")]
    assert find_bursts(alike[:2]) == []
    same = [Report(each.id, each.at, "cus_0", each.text, each.signs, each.vector) for each in alike]
    assert find_bursts(same) == []


def test_what_comes_over_days_is_no_burst() -> None:
    assert find_bursts([report(number, 0.95, minutes=600 * number) for number in range(6)]) == []


def test_a_chain_of_halfway_likeness_makes_none() -> None:
    angles = np.arange(6) * 0.9  # neighbours: cosine 0.62; the next but one: -0.23
    chain = [
        Report(
            f"iss_{place}", BEGIN, f"cus_{place}", "words", Signs(),
            np.array([np.cos(angle), np.sin(angle)], dtype=np.float32),
        )
        for place, angle in enumerate(angles)
    ]  # fmt: skip

    assert all(len(burst.ids) <= 3 for burst in find_bursts(chain))


def test_a_code_that_all_name_joins_texts_that_are_hardly_alike() -> None:
    far = [report(number, 0.65) for number in range(3)]

    assert find_bursts(far) == []
    named = [report(number, 0.65, codes=["E-77"]) for number in range(3)]
    assert [burst.codes for burst in find_bursts(named)] == [("E-77",)]


def test_in_a_language_the_model_does_not_know_likeness_alone_proves_little() -> None:
    foreign = [report(number, 0.85, understood=False) for number in range(3)]

    assert find_bursts(foreign) == []
    assert len(find_bursts([report(number, 0.95, understood=False) for number in range(3)])) == 1


def test_without_vectors_a_code_is_the_only_sign() -> None:
    bare = [
        Report(f"iss_{number}", BEGIN, f"cus_{number}", "Checkout fails", Signs(frozenset({"502"})))
        for number in range(4)
    ]

    (burst,) = find_bursts(bare)

    assert (len(burst.ids), burst.likeness) == (4, None)
    assert find_bursts([Report(each.id, BEGIN, each.customer, each.text, Signs()) for each in bare]) == []


def test_two_bursts_at_once_are_told_apart_the_larger_first() -> None:
    def turned(each: Report) -> Report:
        assert each.vector is not None
        return Report(f"b{each.id}", each.at, f"b{each.customer}", each.text, each.signs, each.vector[::-1])

    first = [report(number, 0.9) for number in range(3)]
    second = [turned(report(number, 0.9)) for number in range(5)]

    assert [len(burst.ids) for burst in find_bursts([*first, *second])] == [5, 3]


def test_a_code_of_the_companys_own_ties_languages_that_the_model_does_not_know_a_status_does_not() -> None:
    def foreign(code: str) -> list[Report]:
        return [report(number, 0.5, codes=[code], understood=number == 0) for number in range(3)]

    assert [burst.codes for burst in find_bursts(foreign("ERR-77"))] == [("ERR-77",)]
    assert not find_bursts(foreign("500"))
