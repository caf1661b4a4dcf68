"""The only place that asks the machine for the time; everything else takes a clock's answer."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current moment, timezone-aware, in UTC, to the microsecond."""
    return datetime.now(UTC)  # noqa: TID251  # the one place


def as_utc(moment: datetime) -> datetime:
    """Read a naive moment as UTC and convert an aware one to UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def hours_between(start: datetime, end: datetime) -> float:
    """Hours from ``start`` to ``end``; negative when ``end`` is earlier."""
    return (end - start).total_seconds() / 3600
