"""Sessions: what is committed, what is rolled back, what a reader sees."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import (
    Database,
    DatabaseFullError,
    DatabaseReadOnlyError,
    open_database,
)
from support_copilot.db.migrate import current_revision, head_revision, migrate
from support_copilot.db.models import Article, Customer
from support_copilot.db.sealed import FieldCipher
from tests.conftest import open_test_vault

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def a_customer(identifier: str, name: str = "Ada") -> Customer:
    return Customer(id=identifier, name=name, attributes={}, created_at=NOW, updated_at=NOW, version=1)


def an_article(identifier: str, title: str) -> Article:
    return Article(
        id=identifier, title=title, body="", language="en", status="draft", contradictions=[], source_issue_ids=[],
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def test_transaction_commits_at_its_end(database: Database) -> None:
    with database.transaction() as session:
        session.add(a_customer("cus_1"))

    with database.read() as session:
        assert session.get(Customer, "cus_1") is not None


def test_an_exception_rolls_everything_back(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            session.add(a_customer("cus_1"))
            session.flush()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail_half_way()

    with database.read() as session:
        assert session.get(Customer, "cus_1") is None


def test_moments_come_back_in_utc_to_the_microsecond(database: Database) -> None:
    with database.transaction() as session:
        session.add(a_customer("cus_1"))

    with database.read() as session:
        customer = session.get(Customer, "cus_1")
    assert customer is not None
    assert customer.created_at == NOW


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    customer = a_customer("cus_1")
    customer.created_at = NOW.replace(tzinfo=None)

    with pytest.raises(Exception, match="time zone"), database.transaction() as session:
        session.add(customer)


@pytest.mark.parametrize("name", ["😀", "Ünïcödé", "שלום", "日本語", "a" * 200])
def test_text_of_any_script_survives(database: Database, name: str) -> None:
    with database.transaction() as session:
        session.add(an_article("art_1", name))

    with database.read() as session:
        assert session.scalar(select(Article.title)) == name


def test_emoji_and_case_never_compare_equal(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([an_article("art_1", "😀"), an_article("art_2", "😃"), an_article("art_3", "ada")])

    with database.read() as session:
        assert list(session.scalars(select(Article.id).where(Article.title == "😀"))) == ["art_1"]
        assert list(session.scalars(select(Article.id).where(Article.title == "ADA"))) == []


def test_migrating_twice_changes_nothing_and_needs_no_key(database: Database) -> None:
    def no_key() -> FieldCipher:
        raise AssertionError("nothing is left to encrypt")

    assert migrate(database, no_key) == current_revision(database) == head_revision()


@pytest.mark.parametrize(
    ("pragma", "expected"), [("max_page_count=1", DatabaseFullError), ("query_only=ON", DatabaseReadOnlyError)]
)
def test_what_keeps_a_writer_away_is_named(tmp_path: Path, pragma: str, expected: type[Exception]) -> None:
    opened = open_database(DatabaseConfig(), str(tmp_path / "a.db"))
    migrate(opened, lambda: open_test_vault(opened))
    with opened.transaction() as session:
        session.execute(text(f"PRAGMA {pragma}"))

    with pytest.raises(expected), opened.transaction() as session:
        session.add_all([an_article(f"art_{number}", "a" * 200) for number in range(2000)])

    opened.close()
