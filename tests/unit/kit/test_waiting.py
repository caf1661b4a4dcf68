"""Work that ends when nobody waits for it any more."""

from contextvars import copy_context
from threading import Thread

import pytest

from support_copilot.kit.waiting import GivenUpError, Wait, stopped_when_given_up, waited_for_by


def test_where_nobody_is_known_to_wait_nothing_is_stopped() -> None:
    stopped: list[str] = []

    with stopped_when_given_up(lambda: stopped.append("it")):
        pass

    assert stopped == []


def test_what_is_under_way_is_stopped_and_its_own_failure_does_not_count() -> None:
    wait, stopped = Wait(), []

    def work() -> None:
        with stopped_when_given_up(lambda: stopped.append("it")):
            wait.give_up()
            raise ValueError("broken off")

    with waited_for_by(wait), pytest.raises(GivenUpError):
        work()
    assert stopped == ["it"]


def test_what_would_begin_later_is_not_begun() -> None:
    wait, begun = Wait(), []
    wait.give_up()

    with waited_for_by(wait), pytest.raises(GivenUpError), stopped_when_given_up(lambda: None):
        begun.append("it")

    assert begun == []


def test_what_has_ended_is_not_stopped_any_more() -> None:
    wait, stopped = Wait(), []
    with waited_for_by(wait), stopped_when_given_up(lambda: stopped.append("it")):
        pass

    wait.give_up()

    assert stopped == []


def test_a_failure_while_somebody_waits_stays_what_it_is() -> None:
    with waited_for_by(Wait()), pytest.raises(ValueError, match="broken"), stopped_when_given_up(lambda: None):
        raise ValueError("broken")


def test_a_thread_with_the_context_works_for_the_same_one() -> None:
    wait, stopped = Wait(), []

    def work() -> None:
        with stopped_when_given_up(lambda: stopped.append("it")):
            wait.give_up()

    with waited_for_by(wait):
        thread = Thread(target=copy_context().run, args=(work,))
        thread.start()
        thread.join()

    assert stopped == ["it"]
