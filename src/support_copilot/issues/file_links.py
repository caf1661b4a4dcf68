"""Links that open one file for a few minutes without a sign-in: for a viewer or a download that cannot send a key.

A link names the file by its id and carries when it ends, the session or key that made it, and a keyed hash over all
three (HMAC-SHA-256, ``Vault.sign``): it tells nothing of the file, opens no other one, and cannot be made to last
longer. At each use whoever made it must still be let in, and still see the file.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from support_copilot.db.engine import ReadSession
from support_copilot.identity.authentication import holder_of
from support_copilot.identity.errors import InvalidTokenError
from support_copilot.identity.runtime import Identity
from support_copilot.identity.visibility import AttachmentNotFoundError, check_path_seen
from support_copilot.kit.errors import AppError
from support_copilot.vault.vault import Vault

_PURPOSE: Final = "attachments.link"
_NEEDED: Final = "issues.read"


class LinkExpiredError(AppError):
    status, code, title = 410, "link_expired", "The link was good for a short time only; ask for a new one"


@dataclass(frozen=True, slots=True)
class FileLink:
    """Path and query of a link, and the moment at which it ends."""

    path: str
    expires_at: datetime


def make_link(vault: Vault, attachment_id: str, by: str, lifetime: timedelta, now: datetime) -> FileLink:
    """A link to this file, good from now on for ``lifetime`` (to the second).

    Args:
        by: ``Principal.credential_id`` of who makes it.
    """
    expires = int((now + lifetime).timestamp())
    signature = vault.sign(_PURPOSE, _signed(attachment_id, by, expires))
    encoded = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    query = urlencode({"by": by, "expires": expires, "signature": encoded})
    return FileLink(f"/v1/attachments/{attachment_id}/download?{query}", datetime.fromtimestamp(expires, UTC))


def check_link(vault: Vault, attachment_id: str, by: str, expires: int, signature: str, now: datetime) -> None:
    """Return when the link is ours and has not ended; whether there is such a file is not looked at.

    Raises:
        AttachmentNotFoundError: we did not make it, as if there were no file.
        LinkExpiredError: we did, and its time is over.
    """
    try:
        given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (binascii.Error, ValueError):
        given = b""
    if not vault.verify(_PURPOSE, _signed(attachment_id, by, expires), given):
        raise AttachmentNotFoundError
    if now.timestamp() >= expires:
        raise LinkExpiredError


def check_maker(identity: Identity, session: ReadSession, attachment_id: str, by: str) -> str:
    """The id of whoever made the link, when they could make it again now.

    Raises:
        LinkExpiredError: the session or key has ended, or its person may not come in any more.
        AttachmentNotFoundError: they may, and the file is not theirs to see any more, as if there were none.
    """
    try:
        maker = holder_of(identity, by)
    except InvalidTokenError as error:
        raise LinkExpiredError from error
    if not maker.may(_NEEDED):
        raise AttachmentNotFoundError
    if maker.sees is not None:
        check_path_seen(session, {"attachment_id": attachment_id}, maker.sees)
    return maker.id


def _signed(attachment_id: str, by: str, expires: int) -> str:
    return f"{attachment_id}\0{by}\0{expires}"
