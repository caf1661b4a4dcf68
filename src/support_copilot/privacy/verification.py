"""Each store asked again, and files on disk brought to hold no byte of what was removed."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer
from support_copilot.kit.errors import UnavailableError
from support_copilot.privacy.catalog import customer_tables
from support_copilot.privacy.exports import count_exports_of
from support_copilot.privacy.removal import count_rows_of_issues
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up

INDEX: Final = "search_index"


class FilesNotSettledError(UnavailableError):
    code, title = "files_not_settled", "The database's log is in use; erased bytes leave it a little later"


def settle_files(resources: Resources) -> None:
    """Have the index learn of the removals and rewrite its files; have the database empty its write-ahead log.

    Raises:
        FilesNotSettledError: somebody reads an old state of the database; to be tried again.
    """
    catch_up(resources)
    resources.search.compact()
    if not resources.database.empty_log():
        raise FilesNotSettledError(retry_after_s=5)


def count_left(resources: Resources, customer_ids: Sequence[str], issue_ids: Sequence[str]) -> Counter[str]:
    """How much of the customer each store still holds: rows by table, documents, files of exports; zeros included.

    Args:
        customer_ids: of all their records.
    """
    with resources.database.read() as session:
        left = count_rows_of_issues(session, issue_ids)
        left.update(_rows_of_customer(session, customer_ids))
        left["exports"] += count_exports_of(session, customer_ids)
    left[INDEX] = len(resources.search.held(issue_ids))
    return left


def _rows_of_customer(session: ReadSession, customer_ids: Sequence[str]) -> dict[str, int]:
    counts = {
        table.name: int(
            session.scalar(select(func.count()).select_from(table).where(table.c.customer_id.in_(customer_ids)))
        )
        for table in customer_tables()
    }
    row = select(func.count()).select_from(Customer).where(Customer.id.in_(customer_ids))
    return counts | {"customers": int(session.scalar(row))}
