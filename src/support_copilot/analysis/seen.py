"""What of a panel is shown to somebody who sees only a part of the issues."""

from support_copilot.analysis.schemas import Panel
from support_copilot.identity.visibility import Sees, seen_issue_ids
from support_copilot.resources import Resources


def seen_panel(resources: Resources, panel: Panel, sees: Sees) -> Panel:
    """The panel without other issues that are not seen. Made once for everybody, it is narrowed when shown."""
    if sees is None:
        return panel
    named = {item.issue_id for item in panel.similar_issues.items} | {
        item.issue_id for item in panel.customer.recent_issues
    }
    with resources.database.read() as session:
        seen = seen_issue_ids(session, named, sees)
    similar = [item for item in panel.similar_issues.items if item.issue_id in seen]
    recent = [item for item in panel.customer.recent_issues if item.issue_id in seen]
    return panel.model_copy(
        update={
            "similar_issues": panel.similar_issues.model_copy(update={"items": similar}),
            "customer": panel.customer.model_copy(update={"recent_issues": recent}),
        }
    )
