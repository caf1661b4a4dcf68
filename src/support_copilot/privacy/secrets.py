"""Keys of this slice that must outlive the rotation of data keys: drawn at the first use, encrypted in the database."""

from collections.abc import Callable

from support_copilot.db.models import PrivacySecret
from support_copilot.resources import Resources


def secret_of(resources: Resources, name: str, draw: Callable[[], bytes]) -> bytes:
    """The secret of this name; of two that draw it at once both get the one that was stored first.

    Opens a transaction, so never call it inside of one.
    """
    with resources.database.read() as session:
        row = session.get(PrivacySecret, name)
    if row is None:
        drawn = draw()
        with resources.database.transaction() as session:
            row = session.lock(PrivacySecret, name)
            if row is None:
                row = PrivacySecret(id=name, secret=drawn)
                session.add(row)
                session.flush()
    assert row.secret is not None  # noqa: S101  # never stored without
    return row.secret
