"""Records from before companies were found: found by them at once, and issues narrowed by their severity."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from support_copilot.customers.queries import search_customers
from support_copilot.db.engine import Database
from support_copilot.db.migrate import migrate
from tests.conftest import open_test_vault
from tests.unit.db.test_consent_migration import filled_database, insert_row, upgrade

_ATTRIBUTES = {
    "cus_knits": {"shop": "Saltbox Knits", "floor": 3}, "cus_other": {"floor": 3}, "cus_named": {"company": "Knit Ltd"},
}  # fmt: skip
_SEVERITIES = {"iss_severe": "critical", "iss_mild": "low", "iss_none": None}


@pytest.fixture(params=["sqlite", "mariadb"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the last revision before."""
    with filled_database(request.param, tmp_path, _fill) as opened:
        yield opened


def _fill(database: Database) -> None:
    upgrade(database, "0043")
    vault = open_test_vault(database)
    with database.connection() as connection:
        for customer_id, attributes in _ATTRIBUTES.items():
            sealed = vault.encrypt("customers.attributes", json.dumps(attributes).encode(), customer_id)
            insert_row(connection, "customers", id=customer_id, attributes_sealed=sealed)
        # No key opens this one.
        insert_row(connection, "customers", id="cus_broken", attributes_sealed=b"\x00" * 64)
        token = {"token": 7, "customer_id": "cus_named"}
        connection.execute(text("INSERT INTO customer_words (token, customer_id) VALUES (:token, :customer_id)"), token)
        for seq, (issue_id, severity) in enumerate(_SEVERITIES.items(), start=1):
            insert_row(connection, "issues", id=issue_id, severity=severity)
            filters = json.dumps({"status": "open"})
            insert_row(
                connection, "search_documents", id=issue_id, kind="issue", seq=seq, filters=filters, deleted=False
            )
        connection.execute(text("UPDATE counters SET value = 3 WHERE name = 'search_documents'"))
        connection.commit()


def test_what_is_there_is_found_by_company_and_narrowed_by_severity(old_database: Database) -> None:
    migrate(old_database, lambda: open_test_vault(old_database))
    old_database.use_cipher(open_test_vault(old_database))

    with old_database.read() as session:
        found = {
            words: {row.id for row in search_customers(session, words, limit=9)} for words in ("saltbox knits", "knit")
        }
        documents = {row.id: row for row in session.execute(text("SELECT id, seq, filters FROM search_documents"))}
        counted = session.scalar(text("SELECT value FROM counters WHERE name = 'search_documents'"))
        kept = session.scalar(text("SELECT COUNT(*) FROM customer_words WHERE token = 7"))
    assert found == {"saltbox knits": {"cus_knits"}, "knit": {"cus_knits", "cus_named"}}
    assert kept == 1
    told = {each: json.loads(row.filters).get("severity") for each, row in documents.items()}
    assert told == _SEVERITIES
    # Indexes read upwards from the last number that they know.
    assert (sorted(row.seq for row in documents.values()), counted) == ([4, 5, 6], 6)
