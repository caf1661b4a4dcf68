"""Numbers, codes and names that an agent would look up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """``text`` is exactly ``source[start:end]``."""

    type: str
    text: str
    start: int
    end: int


def extract_entities(text: str) -> list[Entity]:
    return []
