from support_copilot.ml.personal_data.spans import Finding, PersonalDataType, settle

TEXT = "abcdefghij klmnopqrst"


def settled(*findings: Finding) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.type) for each in settle(TEXT, findings)]


def finding(start: int, end: int, kind: PersonalDataType | None, rank: int) -> Finding:
    return Finding(start, end, kind, 0.9, rank)


def test_the_stronger_keeps_what_both_claim_and_the_rest_stays_found() -> None:
    assert settled(finding(0, 10, "person", 1), finding(3, 6, "email", 2)) == [
        (0, 3, "person"),
        (3, 6, "email"),
        (6, 10, "person"),
    ]


def test_rests_of_one_or_two_letters_are_dropped() -> None:
    assert settled(finding(0, 8, "person", 1), finding(2, 10, "email", 2)) == [(2, 10, "email")]


def test_of_equal_rank_the_earlier_and_longer_wins() -> None:
    assert settled(finding(2, 5, "card", 1), finding(0, 6, "phone", 1)) == [(0, 6, "phone")]


def test_what_is_spared_takes_the_place() -> None:
    assert settled(finding(0, 6, "person", 1), finding(0, 6, None, 2)) == []


def test_street_and_town_are_one_address() -> None:
    assert settled(finding(0, 10, "address", 1), finding(11, 20, "place", 1)) == [(0, 20, "address")]
    assert settled(finding(0, 10, "place", 1), finding(11, 20, "place", 1)) == [(0, 10, "place"), (11, 20, "place")]
    assert settled(finding(0, 10, "person", 1), finding(11, 20, "person", 2)) == [(0, 20, "person")]
