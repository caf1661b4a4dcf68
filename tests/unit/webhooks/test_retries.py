"""How long a delivery waits for its next try."""

from support_copilot.webhooks.delivery import retry_in_s


def test_pauses_grow_to_an_hour_and_are_spread() -> None:
    for attempts, ceiling in ((1, 5), (2, 10), (5, 80), (10, 2560), (11, 3600), (500, 3600)):
        drawn = [retry_in_s(attempts) for _ in range(200)]

        assert all(ceiling / 2 <= each <= ceiling for each in drawn)
        assert len(set(drawn)) > 100


def test_an_hour_is_reached_long_before_the_time_of_an_event_is_over() -> None:
    assert sum(2 * retry_in_s(attempts) for attempts in range(1, 11)) < 4 * 3600
