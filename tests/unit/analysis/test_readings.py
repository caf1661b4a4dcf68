"""What texts say is read once while boards ask for it, and not kept for long."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from support_copilot.analysis.clusters import new_readings, read_texts
from support_copilot.ml.bursts import signs_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def row(number: int) -> Any:
    return SimpleNamespace(
        id=f"iss_{number}", seq=number, language="en", subject="Checkout fails", body="It fails with 502."
    )


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The subjects that were read, in order."""
    seen: list[str] = []

    def counted(subject: str, body: str, language: str) -> Any:
        seen.append(subject)
        return signs_of(subject, body, language)

    monkeypatch.setattr("support_copilot.analysis.clusters.signs_of", counted)
    return seen


def test_a_text_is_read_once_while_somebody_asks_for_it(read: list[str]) -> None:
    readings = new_readings()
    for minute in range(0, 20, 4):
        (first,) = read_texts(readings, [row(1)], NOW + timedelta(minutes=minute))
        assert first[0].kinds == {"outage"}
    assert len(read) == 1


def test_what_nobody_asks_for_any_more_is_let_go(read: list[str]) -> None:
    readings = new_readings()
    read_texts(readings, [row(1)], NOW)
    read_texts(readings, [row(2)], NOW + timedelta(minutes=11))
    read_texts(readings, [row(1)], NOW + timedelta(minutes=12))
    assert len(read) == 3
