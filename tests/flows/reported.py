"""Issues as figures are made from: with moments, severities and ratings, and what the copilot was asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from support_copilot.db.models import Issue, Suggestion
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def stored(resources: Resources, opened: datetime = NOON, **columns: Any) -> str:
    """An issue with these columns; ``answered`` and ``solved`` are hours after it was opened."""
    for name, hours in (
        ("first_response_at", columns.pop("answered", None)),
        ("resolved_at", columns.pop("solved", None)),
    ):
        columns[name] = None if hours is None else opened + timedelta(hours=hours)
    columns.setdefault("status", "resolved" if columns["resolved_at"] else "open")
    issue = Issue(
        id=new_id("issue"), subject="Checkout", channel=columns.pop("channel", "email"), tags=[], version=1,
        created_at=opened, updated_at=opened, **columns,
    )  # fmt: skip
    with resources.database.transaction() as session:
        session.add(issue)
    return issue.id


def suggested(
    resources: Resources,
    issue_id: str,
    outcome: str | None = None,
    distance: float | None = None,
    checks: Sequence[tuple[str, str]] = (),
    articles: Sequence[str] = (),
) -> None:
    """A reply that the copilot suggested; ``checks`` are their names and verdicts, ``articles`` what it stood on."""
    sources = [{"kind": "article", "id": each, "title": "T"} for each in articles]
    with resources.database.transaction() as session:
        session.add(
            Suggestion(
                id=new_id("suggestion"),
                issue_id=issue_id,
                request={},
                context={},
                text="Hello",
                citations=[
                    {"index": at, "source": source, "sentence": "S"} for at, source in enumerate([None, *sources])
                ],
                checks=[{"name": name, "verdict": verdict, "detail": ""} for name, verdict in checks],
                engine="offline/1",
                usage={},
                duration_ms=1.0,
                message_count=1,
                created_at=NOON,
                outcome=outcome,
                edit_distance=distance,
            )
        )


def report(client: TestClient, **query: Any) -> dict[str, Any]:
    """Of the last three days, if nothing else is asked for."""
    answer = client.get("/v1/reports/desk", params={"days": 3, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
