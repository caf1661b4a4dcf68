"""Issues from before Copilot order: what it goes by is worked out from what they hold."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from support_copilot.db.engine import Database
from support_copilot.db.migrate import migrate
from tests.conftest import open_test_vault
from tests.unit.db.test_consent_migration import filled_database, insert_row, upgrade


@pytest.fixture(params=["sqlite", "mariadb"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the last revision before."""
    with filled_database(request.param, tmp_path, _fill) as opened:
        yield opened


_CUSTOMER, _AGENT = ("customer", "public"), ("agent", "public")
_SAID = {
    "waits": ("open", [_CUSTOMER, _AGENT, _CUSTOMER, ("agent", "internal"), _CUSTOMER]),
    "answered": ("open", [_CUSTOMER, _AGENT]),
    "never": ("pending", [_CUSTOMER, _CUSTOMER]),
    "solved": ("resolved", [_CUSTOMER]),
}


def _fill(database: Database) -> None:
    upgrade(database, "0036")
    with database.connection() as connection:
        for name, (status, messages) in _SAID.items():
            insert_row(connection, "issues", id=f"iss_{name}", status=status)
            insert_row(connection, "conversations", id=f"cnv_{name}", issue_id=f"iss_{name}", sequence=0)
            for position, (author, visibility) in enumerate(messages):
                insert_row(
                    connection, "messages", id=f"msg_{name}{position}", issue_id=f"iss_{name}",
                    conversation_id=f"cnv_{name}", position=position, author=author, visibility=visibility,
                    created_at=f"2026-01-0{position + 1} 00:00:00",
                )  # fmt: skip
        panels = {"waits": [0.9, 0.314], "answered": [None], "solved": [0.7]}
        for name, chances in panels.items():
            for number, chance in enumerate(chances):
                panel = json.dumps({"satisfaction_risk": {"status": "ok", "probability": chance}})
                insert_row(
                    connection, "analyses", id=f"ana_{name}{number}", issue_id=f"iss_{name}", panel=panel,
                    created_at=f"2026-01-0{number + 1} 00:00:00",
                )  # fmt: skip
        connection.commit()


def test_who_waits_and_how_likely_a_bad_rating_is_are_known_at_once(old_database: Database) -> None:
    migrate(old_database, lambda: open_test_vault(old_database))

    with old_database.read() as session:
        rows = session.execute(text("SELECT id, waiting_since AS since, rating_risk AS risk FROM issues"))
        known = {row.id: (str(row.since)[:10] if row.since else None, row.risk) for row in rows}
    assert known == {
        "iss_waits": ("2026-01-03", 31),
        "iss_answered": (None, None),
        "iss_never": ("2026-01-01", None),
        "iss_solved": (None, None),
    }
