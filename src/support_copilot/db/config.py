"""Where the database is."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class DatabaseConfig(BaseModel):
    """One SQLite file by default; MySQL or MariaDB by address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description=(
            "SQLAlchemy address, such as `mysql+pymysql://user:password@host/name`. "
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

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password_file is None:
            return self
        try:
            url = make_url(self.url or "sqlite://")
        except ArgumentError:
            raise ValueError("url is no address of a database") from None
        if url.get_backend_name() == "sqlite":
            raise ValueError("password_file is for the database of a server: set url beside it")
        if url.password is not None:
            raise ValueError("password_file and a password in url exclude each other")
        return self
