"""The desk that a newcomer finds: busy, not neglected, with one incident that is going on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support_copilot.connect.sample import sample_issues
from support_copilot.connect.sample.writing import families, read_content
from support_copilot.issues.clocks import DEFAULT_TARGETS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def issues() -> list[dict[str, Any]]:
    return list(sample_issues(NOW))


def late(issue: dict[str, Any]) -> bool:
    target = DEFAULT_TARGETS[issue["severity"]]
    minutes = target.resolution_minutes if issue["first_response_at"] else target.first_response_minutes
    return minutes is not None and datetime.fromisoformat(issue["created_at"]) + timedelta(minutes=minutes) < NOW


def test_of_300_issues_34_are_open_and_two_of_them_late(issues: list[dict[str, Any]]) -> None:
    here = [issue for issue in issues if issue["status"] in ("open", "pending")]

    assert (len(issues), len(here)) == (300, 34)
    assert len({issue["customer"]["email"] for issue in here}) == 34
    assert sum(issue["status"] == "open" and late(issue) for issue in here) == 2


def test_six_report_one_incident_in_the_last_two_hours(issues: list[dict[str, Any]]) -> None:
    begin = (NOW - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    burst = [issue for issue in issues if "labels-refused" in issue["tags"] and issue["created_at"] > begin]

    assert len(burst) == 6
    assert {issue["language"] for issue in burst} == {"en", "de", "fr", "nl"}
    assert all(issue["status"] in ("open", "pending") for issue in burst)


def test_the_story_is_the_same_whenever_it_is_told(issues: list[dict[str, Any]]) -> None:
    later = list(sample_issues(NOW + timedelta(days=5)))

    assert [issue["subject"] for issue in issues] == [issue["subject"] for issue in later]
    assert [issue["customer"]["email"] for issue in issues] == [issue["customer"]["email"] for issue in later]


def test_who_writes_in_another_language_is_answered_in_it(issues: list[dict[str, Any]]) -> None:
    spoken = read_content("spoken.json")
    asked = {(family["key"], ask["lang"]) for family in families() for ask in family["asks"] if ask["lang"] != "en"}

    assert asked == {(key, language) for key, languages in spoken.items() for language in languages}
    for issue in issues:
        if issue["language"] != "en" and "resolution" in issue:
            family = issue["tags"][0].replace("-", "_")
            assert issue["resolution"]["steps"] == spoken[family][issue["language"]]["steps"]
