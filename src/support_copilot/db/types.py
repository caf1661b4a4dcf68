"""Column types that mean the same on SQLite, MySQL and MariaDB."""

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql

from support_copilot.kit.ids import ID_MAX_LENGTH

#: One collation on every server: byte order, so emoji, case and accents never compare equal by accident. It still
#: pads with spaces in MySQL and MariaDB, so texts under a unique key are stripped before they are stored.
MYSQL_OPTIONS = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin", "mysql_engine": "InnoDB"}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC moments to the microsecond; stored without a zone, always read back as UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect):  # type: ignore[no-untyped-def]  # generic over every dialect's type
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


#: Ids are ASCII; a fixed short length keeps MySQL's index keys small.
Id = String(ID_MAX_LENGTH)
#: Texts of up to 16 MiB (plain TEXT ends at 64 KiB on MySQL).
LongText = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
#: Structured values; none_as_null keeps SQL NULL and JSON null from meaning two things.
JsonValue = JSON(none_as_null=True)
Blob = LargeBinary()
