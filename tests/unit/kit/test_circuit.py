"""The circuit: closed, open, half open."""

import pytest

from support_copilot.kit.circuit import Circuit


class Now:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def circuit(now: Now) -> Circuit:
    """One that opens after two failures, for ten seconds."""
    return Circuit(failures=2, pause_s=10, clock=now)


def fail(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        assert circuit.lets_through()
        circuit.failed()


def test_it_opens_after_failures_in_a_row_only(circuit: Circuit) -> None:
    fail(circuit, 1)
    circuit.succeeded()
    fail(circuit, 1)
    assert not circuit.is_open()

    fail(circuit, 1)

    assert not circuit.lets_through()


def test_after_the_pause_one_call_tries(circuit: Circuit, now: Now) -> None:
    fail(circuit, 2)
    now.seconds = 10

    assert circuit.lets_through()

    assert not circuit.lets_through()
    circuit.succeeded()
    assert circuit.lets_through()


def test_it_says_how_long_nobody_is_let_through(circuit: Circuit, now: Now) -> None:
    fail(circuit, 1)
    assert circuit.pauses_for_s() == 0
    fail(circuit, 1)
    assert circuit.pauses_for_s() == 10

    now.seconds = 12

    assert circuit.pauses_for_s() == 0


def test_a_failed_try_means_another_pause(circuit: Circuit, now: Now) -> None:
    fail(circuit, 2)
    now.seconds = 10
    fail(circuit, 1)

    now.seconds = 19
    assert not circuit.lets_through()
    now.seconds = 20
    assert circuit.lets_through()


def test_a_try_that_was_given_up_lets_the_next_one_try(circuit: Circuit, now: Now) -> None:
    fail(circuit, 2)
    now.seconds = 10
    assert circuit.lets_through()

    circuit.left()

    assert circuit.lets_through()
