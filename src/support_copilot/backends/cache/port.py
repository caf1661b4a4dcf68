"""What the product asks of a cache: to count what somebody took of a quota, for all processes at once."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``limit`` times in any ``window_s`` seconds. ``name`` keeps quotas of one subject apart."""

    name: str
    limit: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a quota: so many times, until it begins to refill in so many whole seconds (at least 1)."""

    allowed: bool
    remaining: int
    reset_after_s: int


class Cache(Protocol):
    """Safe from any thread. ``waits`` says whether a call may wait for the network."""

    waits: bool

    def take(self, quota: Quota, subject: str) -> Allowance:
        """Take one of the subject's quota, atomically; nothing is taken when none is left.

        Never fails: what cannot be asked elsewhere is counted in this process.
        """

    def ping(self) -> None:
        """Return when the cache answers.

        Raises:
            CacheUnavailableError: it does not.
        """

    def close(self) -> None: ...
