"""Replies of incidents from before each of them was kept: the newest that an issue had is known from then on."""

from sqlalchemy import inspect, text

from support_copilot.db.engine import Database
from support_copilot.db.migrate import migrate
from tests.conftest import open_test_vault
from tests.unit.db.test_consent_migration import NOW, insert_row, old_database, upgrade

__all__ = ["old_database"]  # the fixture


def test_the_reply_that_an_issue_had_is_kept(old_database: Database) -> None:
    upgrade(old_database, "0035")
    with old_database.connection() as connection:
        insert_row(connection, "incidents", id="inc_1")
        for issue, reply in (("iss_free", "que_1"), ("iss_not", None)):
            given = {"reply_id": reply, "replied_by": "usr_ada", "replied_at": NOW} if reply else {}
            insert_row(connection, "incident_links", id=f"lnk_{issue}", incident_id="inc_1", issue_id=issue, **given)
        connection.commit()

    migrate(old_database, lambda: open_test_vault(old_database))

    with old_database.connection() as connection:
        kept = connection.execute(text("SELECT reply_id, link_id, replied_by FROM incident_replies")).all()
        left = {column["name"] for column in inspect(connection).get_columns("incident_links")}
    assert [tuple(row) for row in kept] == [("que_1", "lnk_iss_free", "usr_ada")]
    assert left == {"id", "incident_id", "issue_id", "created_by", "created_at"}
