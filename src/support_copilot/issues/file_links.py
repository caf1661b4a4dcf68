"""Links that open one file for a few minutes without a sign-in: for a viewer or a download that cannot send a key.

A link names the file by its id and carries when it ends and a keyed hash over both (HMAC-SHA-256, ``Vault.sign``): it
tells nothing of the file, opens no other one, and cannot be made to last longer.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from support_copilot.identity.visibility import AttachmentNotFoundError
from support_copilot.kit.errors import AppError
from support_copilot.vault.vault import Vault

_PURPOSE: Final = "attachments.link"


class LinkExpiredError(AppError):
    status, code, title = 410, "link_expired", "The link was good for a short time only; ask for a new one"


@dataclass(frozen=True, slots=True)
class FileLink:
    """Path and query of a link, and the moment at which it ends."""

    path: str
    expires_at: datetime


def make_link(vault: Vault, attachment_id: str, lifetime: timedelta, now: datetime) -> FileLink:
    """A link to this file, good from now on for ``lifetime`` (to the second)."""
    expires = int((now + lifetime).timestamp())
    signature = vault.sign(_PURPOSE, _signed(attachment_id, expires))
    query = urlencode({"expires": expires, "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode()})
    return FileLink(f"/v1/attachments/{attachment_id}/download?{query}", datetime.fromtimestamp(expires, UTC))


def check_link(vault: Vault, attachment_id: str, expires: int, signature: str, now: datetime) -> None:
    """Return when the link is ours and has not ended; whether there is such a file is not looked at.

    Raises:
        AttachmentNotFoundError: we did not make it, as if there were no file.
        LinkExpiredError: we did, and its time is over.
    """
    try:
        given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (binascii.Error, ValueError):
        given = b""
    if not vault.verify(_PURPOSE, _signed(attachment_id, expires), given):
        raise AttachmentNotFoundError
    if now.timestamp() >= expires:
        raise LinkExpiredError


def _signed(attachment_id: str, expires: int) -> str:
    return f"{attachment_id}\0{expires}"
