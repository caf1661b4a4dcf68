"""Which search index is used."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class EmbeddedSearchConfig(BaseModel):
    """An index in a folder of this machine, inside the process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["embedded"] = "embedded"
    path: Path = Field(description="The folder. Default: `index` in the data folder. It may be deleted at any time.")
    flush_after_documents: int = Field(
        default=500, ge=1, le=100_000, description="How many new documents are kept in memory before they go to disk."
    )
    flush_after_s: float = Field(default=5.0, gt=0, le=3600, description="How long the newest may stay in memory only.")


SearchConfig = EmbeddedSearchConfig
