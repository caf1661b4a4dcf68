"""Why knowledge is proposed, in sentences that are stored with a proposal and told in other languages by their code."""

from typing import Final

from support_copilot.http.reasons import ReasonCode, code_of
from support_copilot.kit.reasons import Reason

_TOLD: Final = "Nobody recorded how it was solved: the fix is what the conversation tells and the customer confirmed."
NOT_THERE: Final = Reason("proposal.not_there", "No published article is about this problem.")
OTHER_FIX: Final = Reason("proposal.other_fix", "The article is about the same problem, but does not have this fix.")
TOLD_NOT_THERE: Final = Reason("proposal.told_not_there", f"{_TOLD} {NOT_THERE}")
TOLD_OTHER_FIX: Final = Reason("proposal.told_other_fix", f"{_TOLD} {OTHER_FIX}")
#: The same of a fix that nobody recorded.
_ALSO_TOLD: Final = {str(NOT_THERE): TOLD_NOT_THERE, str(OTHER_FIX): TOLD_OTHER_FIX}
_KNOWN: Final = {str(each): each for each in (NOT_THERE, OTHER_FIX, TOLD_NOT_THERE, TOLD_OTHER_FIX)}


def code_of_stored(sentence: str) -> ReasonCode | None:
    """The code of a sentence that was stored as plain text; None where it tells more than these."""
    found = code_of(_KNOWN.get(sentence))
    return found if isinstance(found, ReasonCode) else None


def only_told(why: str) -> str:
    """Why it is proposed, with that the conversation alone tells the fix."""
    return str(_ALSO_TOLD.get(why) or f"{_TOLD} {why}")
