"""Which resolutions are fixes."""

import pytest

from support_copilot.kit.endings import is_fix


@pytest.mark.parametrize("kind", ["Duplicate", "Won't Fix", "wont_fix", "cannot-reproduce", "Works for me", "spam"])
def test_what_was_only_closed_is_no_fix(kind: str) -> None:
    assert not is_fix(kind)


@pytest.mark.parametrize("kind", [None, "fix", "Fixed", "refund", "how_to", "house special"])
def test_what_nobody_calls_otherwise_is_one(kind: str | None) -> None:
    assert is_fix(kind)
