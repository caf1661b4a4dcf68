"""Background work of bringing data in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from support_copilot.connect.sample_data import LOAD_SAMPLE, load_sample
from support_copilot.identity.principal import Principal
from support_copilot.resources import Resources

_LOADER: Final = Principal("job", LOAD_SAMPLE, "sample data", None, frozenset())


def _load_sample(resources: Resources, payload: Mapping[str, Any]) -> None:
    load_sample(resources, datetime.fromisoformat(payload["at"]), _LOADER, alone=True)


HANDLERS: Final[Mapping[str, Callable[[Resources, Mapping[str, Any]], None]]] = {LOAD_SAMPLE: _load_sample}
