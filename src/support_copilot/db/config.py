"""Where the database is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

#: What an address may begin with, and the driver that serves it.
_DRIVERS: Final[Mapping[str, str]] = {
    "sqlite": "sqlite", "sqlite+pysqlite": "sqlite", "mysql": "mysql+pymysql", "mysql+pymysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql", "mariadb+pymysql": "mysql+pymysql",
}  # fmt: skip


class DatabaseConfig(BaseModel):
    """One SQLite file by default; MySQL or MariaDB by address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description=(
            "SQLAlchemy address, such as `mysql://user:password@host/name` (also `mariadb://` and `sqlite:///path`). "
            "Default: the file `support-copilot.db` in the data folder."
        ),
    )
    password_file: Path | None = Field(
        default=None,
        description=(
            "File with the password of a server's database, instead of one in the address: its text, or the JSON of "
            "AWS Secrets Manager (`username`, `password`). Read at each new connection, so that a rotated one is taken."
        ),
    )
    pool_size: int = Field(
        default=10, ge=1, le=200, description="Connections kept open for reading (and, on a server, writing)."
    )
    busy_timeout_s: float = Field(
        default=15.0, gt=0, le=120, description="How long a writer waits for another before it gives up with 503."
    )

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str | None) -> str | None:
        """What SQLAlchemy would refuse with the address in its words, which may hold a password."""
        try:
            kind = make_url(url).drivername if url else "sqlite"
        except (ArgumentError, ValueError):  # the latter for a port that is no number
            kind = ""
        if kind not in _DRIVERS:
            raise ValueError("must be sqlite:///path, mysql://user:password@host/name or mariadb://… of the same form")
        return url

    def address(self) -> URL | None:
        """The address with the driver that is used for it; None for the file in the data folder."""
        if self.url is None:
            return None
        url = make_url(self.url)
        return url.set(drivername=_DRIVERS[url.drivername])

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_file is None:
            return self
        url = self.address()
        if url is None or url.get_backend_name() == "sqlite":
            raise ValueError("password_file is for the database of a server: set url beside it")
        if url.password is not None:
            raise ValueError("password_file and a password in url exclude each other")
        return self
