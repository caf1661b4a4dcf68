"""What the analysis reads of past issues, on both databases."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from support_copilot.analysis.queries import recent_resolutions
from support_copilot.db.engine import Database
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from tests.query_plans import planned

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_recent_resolutions_are_hours_and_days_with_the_newest_end_first(database: Database) -> None:
    ends = (timedelta(hours=-30), timedelta(hours=-1, microseconds=-1), timedelta(hours=3))
    with database.transaction() as session:
        for ended in ends:
            begun, resolved = NOW + ended - timedelta(minutes=90), NOW + ended
            told = [NewMessage("customer", "The printer prints blank labels.", created_at=begun)]
            new = NewIssue("Labels", "email", told, status="resolved", created_at=begun, resolved_at=resolved)
            insert_issue(session, new, now=NOW)
    with database.read() as session:
        read = recent_resolutions(session, NOW)

    np.testing.assert_allclose(read, [[1.5, (1 + 1e-6 / 3600) / 24], [1.5, 1.25]], rtol=1e-12)


def test_where_nothing_is_resolved_there_is_nothing_to_read(database: Database) -> None:
    with database.read() as session:
        assert recent_resolutions(session, NOW).shape == (0, 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_latest_ends_are_found_by_their_time_and_not_by_what_they_are_not(database: Database) -> None:
    with planned() as plans, database.read() as session:
        recent_resolutions(session, NOW)

    (plan,) = plans.values()
    assert plan == ["SEARCH issues USING INDEX ix_issues_resolved_at (resolved_at<?)"]
