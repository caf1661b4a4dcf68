"""Which key wraps the data keys."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Refreshed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    refresh_s: float = Field(
        default=5.0,
        gt=0,
        le=300,
        description="How soon every process knows of a new data key; a rotation waits as long.",
    )


class FileMasterKeyConfig(_Refreshed):
    """A key in a file: 32 random bytes in base64."""

    kind: Literal["file"] = "file"
    path: Path | None = Field(
        default=None,
        description=(
            "File of the master key. Default with the embedded database: `master.key` in the data folder, made at the "
            "first start; a server's database needs one named here (`support-copilot encryption create-key`)."
        ),
    )


class KmsMasterKeyConfig(_Refreshed):
    """A key that never leaves AWS KMS (extra `aws`); credentials and region as boto3 finds them."""

    kind: Literal["kms"] = "kms"
    key_arn: str = Field(description="ARN of the symmetric KMS key.", pattern=r"^arn:aws[a-z-]*:kms:", max_length=200)
    endpoint_url: str | None = Field(default=None, description="Address of KMS, where it is not the region's own.")


MasterKeyConfig = Annotated[FileMasterKeyConfig | KmsMasterKeyConfig, Field(discriminator="kind")]
