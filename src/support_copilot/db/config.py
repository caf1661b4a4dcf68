"""Where the database is."""

from pydantic import BaseModel, ConfigDict, Field


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
    pool_size: int = Field(
        default=10, ge=1, le=200, description="Connections kept open for reading (and, on a server, writing)."
    )
    busy_timeout_s: float = Field(
        default=15.0, gt=0, le=120, description="How long a writer waits for another before it gives up with 503."
    )
