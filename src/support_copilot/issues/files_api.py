"""Endpoints of files that are not sent yet: what is taken, and taking one back out of a draft."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import MAX_FILES_PER_MESSAGE
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.issues.config import AttachmentsConfig
from support_copilot.issues.message_files import remove_draft_file, take_back_upload
from support_copilot.issues.schemas import AttachmentRulesOut

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

#: The other parts of an upload's form count as well.
_FORM_BYTES: Final = 4_000


@router.get("/v1/attachment-rules", dependencies=[requires("issues.read")])
async def get_attachment_rules(request: Request) -> AttachmentRulesOut:
    """Read which files are taken, how large and how many."""
    rules: AttachmentsConfig = request.app.state.attachments
    return AttachmentRulesOut(
        max_bytes=min(request.app.state.max_upload_bytes - _FORM_BYTES, rules.max_bytes_per_issue),
        max_per_issue=rules.max_per_issue,
        max_bytes_per_issue=rules.max_bytes_per_issue,
        max_per_message=MAX_FILES_PER_MESSAGE,
        types=sorted(rules.types),
    )


@router.delete("/v1/attachments/{attachment_id}", status_code=204, dependencies=[requires("issues.edit")])
def delete_attachment(attachment_id: str, resources: ResourcesDep, principal: PrincipalDep) -> None:
    """Remove a file from your draft; one that was sent stays."""
    remove_draft_file(resources, attachment_id, principal.id)


@router.delete("/v1/issues/{issue_id}/uploads/{key}", status_code=204, dependencies=[requires("issues.edit")])
def delete_upload(
    issue_id: str,
    key: Annotated[str, Path(min_length=1, max_length=190, description="The `Idempotency-Key` of the upload.")],
    resources: ResourcesDep,
    principal: PrincipalDep,
) -> None:
    """Take back an upload to your draft whose answer you do not have: it is removed, or refused when it arrives."""
    take_back_upload(resources, issue_id, key, principal.id, principal.sees)
