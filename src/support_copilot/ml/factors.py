"""A reason that a person can read, as the predictions of this package give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Factor:
    """What spoke for (positive effect) or against (negative effect) a prediction; ``label`` is a ``Reason``."""

    label: str
    effect: float
