"""Whether an admin has paused the language models; one row that all processes look at."""

from typing import Final

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ModelSwitch

#: The name of the one switch there is.
ALL_MODELS: Final = "all"


def models_paused(session: ReadSession) -> bool:
    """Whether no model may be asked at all."""
    row = session.get(ModelSwitch, ALL_MODELS)
    return row is not None and row.paused
