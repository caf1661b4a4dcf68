"""Where files are kept."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class LocalBlobsConfig(BaseModel):
    """A folder on this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["local"] = "local"
    path: Path = Field(description="The folder. Default: `files` in the data folder.")


class S3BlobsConfig(BaseModel):
    """A bucket of Amazon S3, or of a server that speaks its API (extra `aws`); credentials as boto3 finds them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["s3"] = "s3"
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", description="The bucket; it must exist.")
    prefix: str = Field(
        default="", pattern=r"^([A-Za-z0-9_.-]+/)*$", max_length=200, description="Before every key, ending in `/`."
    )
    region: str | None = Field(default=None, description="Region of the bucket, where boto3 does not know it.")
    endpoint_url: str | None = Field(default=None, description="Address of the service, where it is not Amazon's own.")


BlobsConfig = Annotated[LocalBlobsConfig | S3BlobsConfig, Field(discriminator="kind")]
