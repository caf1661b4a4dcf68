"""Which files are taken, how many, and how long a link to one is good."""

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.issues.file_types import USUAL_TYPES


class AttachmentsConfig(BaseModel):
    """Files of issues. How large one may be is `SERVER__MAX_UPLOAD_BYTES`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed_types: frozenset[str] | None = Field(
        default=None,
        description=(
            "Content types taken, found by content; as JSON. Default: pictures, documents, texts, mails, archives, "
            "sound and video, without anything that runs (`docs/security.md`)."
        ),
    )
    max_per_issue: int = Field(default=200, ge=1, le=10_000, description="Most files of one issue.")
    max_bytes_per_issue: int = Field(default=500_000_000, ge=1000, description="Most bytes of all files of one issue.")
    link_minutes: int = Field(
        default=5, ge=1, le=60, description="How long a link opens a file for whoever has it, without a sign-in."
    )

    @property
    def types(self) -> frozenset[str]:
        """The content types that are taken."""
        return USUAL_TYPES if self.allowed_types is None else self.allowed_types

    def takes(self, content_type: str) -> bool:
        """Whether files of this type are taken."""
        return content_type in self.types
