"""Where files are kept."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LocalBlobsConfig(BaseModel):
    """A folder on this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["local"] = "local"
    path: Path = Field(description="The folder. Default: `files` in the data folder.")


BlobsConfig = LocalBlobsConfig
