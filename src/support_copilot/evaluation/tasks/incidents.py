"""Incidents: how many issues of a burst are found, and how many others are joined to one by mistake.

The ninety days of the sample company are lived through once more: at each arrival the issues of the last day that are
still open are looked at, with what their customers had said in their first message. One release broke the checkout for
18 customers, and today a carrier refuses the labels of six; everything else that is joined is a mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.analysis.clusters import LOOK_BACK
from support_copilot.connect.sample import sample_issues
from support_copilot.evaluation.product import scratch_product
from support_copilot.evaluation.sampling import Figure, figure
from support_copilot.kit.clock import hours_between
from support_copilot.ml.bursts import Report, Signs, find_bursts, signs_of
from support_copilot.ml.mail_text import clean_message
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_texts, embedded_text, understands

_NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: Tag of each incident -> since how many hours it runs at most; others had the same weeks before.
_BURSTS: Final = {"checkout-502": 24 * 90, "labels-refused": 24}


@dataclass(frozen=True, slots=True)
class Arrival:
    """An issue as it came, when it ended (None: it is open), and of which burst it is one."""

    report: Report
    ended_at: datetime | None
    burst: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """``joined``: ids that were ever in a burst; ``first``: issues there were of the burst that was noticed last."""

    joined: frozenset[str]
    first: int


def measure(_sets: Path, _data: Path | None, _held_out: Path | None) -> dict[str, Figure]:
    with scratch_product() as resources:
        arrivals = read_arrivals(resources)
    nothing_named = [replace(each, report=replace(each.report, signs=Signs())) for each in arrivals]
    ours, meaning = live_through(arrivals), live_through(nothing_named)
    counts = _counts(arrivals, ours)
    others = {"meaning alone": _counts(arrivals, meaning)}
    return {
        "own.found": figure(counts, lambda sums: float(sums[0] / sums[1]), others),
        "own.joined_rightly": figure(counts, lambda sums: float(sums[0] / max(sums[2], 1)), others),
        "own.wrongly_joined": figure(counts, lambda sums: float(sums[2] - sums[0]), others),
        "own.issues_until_noticed": Figure(ours.first, ours.first, ours.first, {"meaning alone": meaning.first}),
    }


def read_arrivals(resources: Resources) -> list[Arrival]:
    """The sample company's issues as they came, oldest first."""
    records = list(sample_issues(_NOW))
    words = [_first_words(record) for record in records]
    texts = [embedded_text(record["subject"], body) for record, body in zip(records, words, strict=True)]
    vectors = embed_texts(resources, texts)
    model = resources.embedder.model
    return [
        Arrival(
            Report(
                id=record["external_ref"]["id"],
                at=datetime.fromisoformat(record["created_at"]),
                customer=record["customer"]["external_ref"]["id"],
                text=texts[place],
                signs=signs_of(record["subject"], words[place], record["language"]),
                vector=None if vectors is None else vectors[place],
                understood=understands(model, record["language"]),
            ),
            datetime.fromisoformat(record["resolved_at"]) if record.get("resolved_at") else None,
            _burst_of(record),
        )
        for place, record in enumerate(records)
    ]


def live_through(arrivals: Sequence[Arrival]) -> Replay:
    """What is seen at each arrival of what is open then."""
    joined: set[str] = set()
    noticed: dict[str, int] = {}
    for now in (each.report.at for each in arrivals):
        open_now = [
            each.report
            for each in arrivals
            if now - LOOK_BACK < each.report.at <= now and (each.ended_at is None or each.ended_at > now)
        ]
        seen = {each for found in find_bursts(open_now) for each in found.ids}
        for burst in {each.burst for each in arrivals if each.burst and each.report.id in seen} - noticed.keys():
            noticed[burst] = sum(each.burst == burst and each.report.at <= now for each in arrivals)
        joined |= seen
    return Replay(frozenset(joined), max(noticed.values(), default=0))


def _burst_of(record: dict[str, Any]) -> str | None:
    hours = hours_between(datetime.fromisoformat(record["created_at"]), _NOW)
    return next((tag for tag in record["tags"] if hours <= _BURSTS.get(tag, 0)), None)


def _first_words(record: dict[str, Any]) -> str:
    said = next(each for each in record["messages"] if each["author"] == "customer")
    return clean_message(said["body"]).text


def _counts(arrivals: Sequence[Arrival], replay: Replay) -> NDArray[np.float64]:
    """Of each issue: of a burst and joined, of a burst, joined."""
    rows = [
        (bool(each.burst) and each.report.id in replay.joined, bool(each.burst), each.report.id in replay.joined)
        for each in arrivals
    ]
    return np.array(rows, dtype=np.float64)
