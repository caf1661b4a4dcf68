"""Who is asked for what at the moment, whether they answer, and the switch that pauses them all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from support_copilot.backends.llm.port import ProviderState
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.model_pause import ALL_MODELS
from support_copilot.db.models import ModelSwitch, User
from support_copilot.identity.desk_settings import change_settings
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import NotFoundError
from support_copilot.prompts.outgoing import asker
from support_copilot.resources import Resources


class ModelProviderNotFoundError(NotFoundError):
    code, title = "model_provider_not_found", "No provider of models in use has this name"


@dataclass(frozen=True, slots=True)
class Pause:
    """That all models are paused, since when, by whom (an id, and the name where it is a person's), and why."""

    since: datetime
    by: str
    by_name: str | None
    reason: str | None


def load_pause(session: ReadSession) -> Pause | None:
    """The pause in force, None while models may be asked."""
    row = session.get(ModelSwitch, ALL_MODELS)
    if row is None or not row.paused:
        return None
    person = session.get(User, row.updated_by)
    return Pause(row.updated_at, row.updated_by, person.name if person else None, row.reason)


def set_pause(resources: Resources, *, paused: bool, reason: str | None, principal: Principal) -> Pause | None:
    """Pause all models, or let them be asked again; returns the pause in force. Written to the audit trail.

    New calls of every process see it at once, those on their way within a second or two.
    """

    def rows(session: WriteSession, _before: Pause | None) -> Iterator[ModelSwitch]:
        row = session.lock(ModelSwitch, ALL_MODELS) or ModelSwitch(name=ALL_MODELS)
        row.paused, row.reason = paused, reason if paused else None
        yield row

    return change_settings(resources, principal, "model_pause", load=load_pause, rows=rows, plain=_plain)


def check_provider(resources: Resources, name: str, principal: Principal) -> ProviderState:
    """Ask a provider for one word; blocks this thread.

    Raises:
        ModelProviderNotFoundError: none in use has this name.
    """
    if all(each.name != name for each in resources.llm.providers()):
        raise ModelProviderNotFoundError
    return resources.llm.examine(name, asker(principal))


def _plain(pause: Pause | None) -> dict[str, object]:
    return {"paused": pause is not None, "reason": pause.reason if pause else None}
