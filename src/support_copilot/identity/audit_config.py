"""How long the audit trail is kept, and where its heads go."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class AuditConfig(BaseModel):
    """The audit trail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heads_path: Path = Field(
        default=Path("audit-heads.jsonl"),
        description=(
            "File that the newest number and hash of the trail are appended to, best on another disk or one that only "
            "takes additions. Default: `audit-heads.jsonl` in the data folder. They also go to the log as `audit.head`."
        ),
    )
    keep_head_every_s: float = Field(
        default=300.0, ge=1, le=86_400, description="How often the head is kept, if it has moved."
    )
    keep_days: int | None = Field(
        default=None, ge=30, description="Days after which events are removed and the cut is sealed. Default: never."
    )
