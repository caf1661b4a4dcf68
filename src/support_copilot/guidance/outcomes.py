"""What became of a suggestion, and what that says of the template it was made from."""

from support_copilot.db.models import Suggestion
from support_copilot.guidance.queries import lock_suggestion, take_back_template_outcome
from support_copilot.guidance.schemas import OutcomeRequest
from support_copilot.guidance.seen import check_suggestion_seen
from support_copilot.identity.visibility import Sees
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.knowledge.templates import count_template_outcome
from support_copilot.ml.likeness import edit_distance
from support_copilot.resources import Resources


def record_outcome(resources: Resources, suggestion_id: str, request: OutcomeRequest, sees: Sees) -> Suggestion:
    """Note what the agent did. The same word again changes nothing; another one replaces it, in the figures too.

    Raises:
        SuggestionNotFoundError: no suggestion that is seen has this id.
        InvalidRequestError: it was edited and the final text is missing.
    """
    if request.outcome == "edited" and request.final_text is None:
        raise InvalidRequestError.of_field("final_text", "missing", "is needed when the suggestion was edited")
    with resources.database.transaction() as session:
        row = lock_suggestion(session, suggestion_id)
        check_suggestion_seen(session, row, sees)
        if (row.outcome, row.final_text, row.outcome_reason) == (request.outcome, request.final_text, request.reason):
            return row
        if row.template_id and row.outcome != request.outcome:
            count_template_outcome(session, row.template_id, request.outcome)
            if row.outcome:
                take_back_template_outcome(session, row.template_id, row.outcome)
        row.outcome, row.final_text, row.outcome_reason = request.outcome, request.final_text, request.reason
        row.edit_distance = _distance(row.text, request)
        row.outcome_at = resources.clock()
    return row


def _distance(text: str, request: OutcomeRequest) -> float | None:
    """How far what was sent is from the suggestion; unknown when it was rejected and nothing else is given."""
    if request.final_text is not None:
        return edit_distance(text, request.final_text)
    return 0.0 if request.outcome == "accepted" else None
