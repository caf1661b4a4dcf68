"""Answers that are kept for a while."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from support_copilot.kit.kept import Kept

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def counted() -> tuple[list[int], Callable[[], int]]:
    found: list[int] = []

    def find() -> int:
        found.append(len(found))
        return found[-1]

    return found, find


def test_an_answer_is_found_once_and_told_until_it_is_too_old() -> None:
    kept, (found, find) = Kept[str, int](10 * SECOND, 5), counted()

    assert [kept.get("a", NOW + seconds * SECOND, find) for seconds in (0, 5, 9, 10, 19)] == [0, 0, 0, 1, 1]

    assert len(found) == 2


def test_one_that_never_changes_is_kept_while_it_is_asked_for() -> None:
    kept, (found, find) = Kept[str, int](10 * SECOND, 5, while_used=True), counted()

    assert [kept.get("a", NOW + seconds * SECOND, find) for seconds in (0, 9, 18, 27, 37)] == [0, 0, 0, 0, 1]

    assert len(found) == 2


def test_what_is_too_old_goes_from_memory_when_anybody_looks_and_when_nobody_does() -> None:
    kept, (_found, find) = Kept[str, int](10 * SECOND, 5), counted()
    kept.get("a", NOW, find)
    kept.get("b", NOW + 11 * SECOND, find)
    assert len(kept) == 1

    kept.forget(NOW + 20 * SECOND)
    assert len(kept) == 1
    kept.forget(NOW + 21 * SECOND)

    assert len(kept) == 0


def test_of_too_many_the_oldest_goes() -> None:
    kept, (found, find) = Kept[str, int](10 * SECOND, 2), counted()
    for key in ("a", "b", "c"):
        kept.get(key, NOW, find)

    kept.get("c", NOW, find)
    assert len(found) == 3
    kept.get("a", NOW, find)

    assert len(found) == 4


def test_an_error_is_raised_and_not_kept() -> None:
    kept, (_found, find) = Kept[str, int](10 * SECOND, 5), counted()

    def refuse() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        kept.get("a", NOW, refuse)

    assert kept.get("a", NOW, find) == 0


def test_who_asks_meanwhile_waits_for_the_same_answer() -> None:
    kept, (found, find) = Kept[str, int](10 * SECOND, 5), counted()
    finding, go_on = threading.Event(), threading.Event()

    def slowly() -> int:
        finding.set()
        go_on.wait(10)
        return find()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", NOW, slowly)
        assert finding.wait(10)
        second = pool.submit(kept.get, "a", NOW, find)
        go_on.set()
        assert (first.result(10), second.result(10)) == (0, 0)
    assert len(found) == 1


def test_who_waited_for_one_that_failed_asks_for_themselves() -> None:
    kept, (_found, find) = Kept[str, int](10 * SECOND, 5), counted()
    finding, go_on = threading.Event(), threading.Event()

    def refuse() -> int:
        finding.set()
        go_on.wait(10)
        raise ValueError("no")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", NOW, refuse)
        assert finding.wait(10)
        second = pool.submit(kept.get, "a", NOW, find)
        go_on.set()
        assert isinstance(first.exception(10), ValueError)
        assert second.result(10) == 0
