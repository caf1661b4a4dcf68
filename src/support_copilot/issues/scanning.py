"""Files of strangers go past the malware scanner, where there is one, before a byte of them is kept."""

from typing import BinaryIO

import structlog

from support_copilot.identity.acting import acting
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.kit.errors import FieldError, InvalidRequestError
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.issues")


class InfectedFileError(InvalidRequestError):
    code, title = "file_infected", "The file is known to do harm, so it was not kept"


def refuse_malware(resources: Resources, stream: BinaryIO, issue_id: str, content_type: str, size_bytes: int) -> None:
    """Return when nothing is known against the file, or when the settings name no scanner.

    Raises:
        InfectedFileError: it is malware; the refusal is in the audit trail.
        ScannerUnavailableError: the scanner does not answer: what was not scanned is not taken.
        TooLargeToScanError: the scanner takes no file of this size.
    """
    if resources.scanner is None:
        return
    found = resources.scanner.scan(stream)
    if found is None:
        return
    _log.warning("issues.attachment.infected", issue_id=issue_id, signature=found.signature, size_bytes=size_bytes)
    after = {"malware": found.signature, "content_type": content_type, "size_bytes": size_bytes}
    now, reason = resources.clock(), InfectedFileError.code
    event = AuditEvent("attachment.refused", now, acting(), issue_id, "refused", after=after, reason=reason)
    with resources.database.transaction() as session:
        record_audit(session, event)
    raise InfectedFileError(errors=[FieldError("file", "infected", "is known to do harm")])
