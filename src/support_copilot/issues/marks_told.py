"""Which marks of readers were told to them, and to whom it is owed that theirs were too many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support_copilot.issues.reading import MarkOut


@dataclass(slots=True)
class MarksTold:
    """What people were told of their own marks. Too many of all are the news of who set them, and of nobody else."""

    told: frozenset[tuple[str, MarkOut]] = frozenset()
    missed_at: dict[str, datetime] = field(default_factory=dict)
    owed: set[str] = field(default_factory=set)

    def fresh(self, marks: Mapping[str, Sequence[MarkOut]]) -> dict[str, list[MarkOut]]:
        """What people have read since they were told last, by person."""
        news = {who: [one for one in those if (who, one) not in self.told] for who, those in marks.items()}
        return {who: those for who, those in news.items() if those}

    def remember(self, marks: Mapping[str, Sequence[MarkOut]]) -> None:
        """From here on these are known."""
        self.told = frozenset((who, one) for who, those in marks.items() for one in those)

    def missed(self, people: Collection[str], now: datetime, every: timedelta) -> list[str]:
        """Of those whose marks were too many to tell, now or before, whom to tell so: each once in ``every``."""
        self.owed.update(people)
        self.missed_at = {who: at for who, at in self.missed_at.items() if now < at + every}
        due = sorted(self.owed - self.missed_at.keys())
        self.missed_at.update(dict.fromkeys(due, now))
        self.owed.difference_update(due)
        return due
