"""What all tables share."""

from datetime import datetime
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from support_copilot.db.types import MYSQL_OPTIONS, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def table_options(*constraints: Any) -> tuple[Any, ...]:
    """``__table_args__`` with the constraints given and the explicit MySQL character set and collation."""
    return (*constraints, MYSQL_OPTIONS)


class Timestamped:
    """Rows that know when they came and when they last changed."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Versioned(Timestamped):
    """Rows edited by people: ``version`` rises by one with each edit and is the ETag."""

    version: Mapped[int] = mapped_column(default=1)
