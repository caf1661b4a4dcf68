"""Which files are taken, how many, and how long a link to one is good; what counts in the order of the inbox."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.issues.file_types import USUAL_TYPES


class InboxConfig(BaseModel):
    """The order in which the inbox offers what to take next (`docs/operations.md`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan_points: dict[str, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default={"enterprise": 20, "business": 10},
        max_length=50,
        description="Points that issues of customers on a plan have in Copilot order, by name of the plan; as JSON.",
    )

    @property
    def points_by_plan(self) -> dict[str, int]:
        """The same, by names in small letters."""
        return {name.strip().lower(): points for name, points in self.plan_points.items()}


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
