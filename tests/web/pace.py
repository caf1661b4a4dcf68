"""Limits of time that hold on machines of any pace: the work of others makes a page slower, never faster."""

from collections.abc import Callable, Mapping
from statistics import median

import pytest
from playwright.sync_api import Page

#: What the piece of work below takes on the machine for which the limits are said, with nothing else to do.
WORK_MS = 18.0
#: However slow the machine, a limit grows no further.
MOST_SLOWED = 3.0
ROUNDS = 5
_WORK = """() => {
    const times = []
    for (let round = 0; round < 5; round += 1) {
        const begun = performance.now()
        const box = document.body.appendChild(document.createElement('div'))
        for (let at = 0; at < 2000; at += 1) {
            const line = box.appendChild(document.createElement('span'))
            line.textContent = `Line ${at * 7919 % 1000}`
            line.style.padding = '1px'
        }
        box.getBoundingClientRect()
        box.remove()
        times.push(performance.now() - begun)
    }
    return times
}"""


def slowness(page: Page) -> float:
    """How many times longer than on a quiet machine it takes now to draw some lines: from 1 to ``MOST_SLOWED``."""
    return min(MOST_SLOWED, max(1.0, median(page.evaluate(_WORK)) / WORK_MS))


def hold(limits: Mapping[str, float], page: Page, measure: Callable[[], Mapping[str, list[float]]]) -> None:
    """Fail unless the median of each series keeps its limit in one of a few rounds.

    Args:
        limits: milliseconds on a quiet machine, by the name of a series.
        page: any page of the same browser; how slow the machine is, is measured there around each round.
        measure: takes a round of the series that ``limits`` names.
    """
    left, seen = set(limits), []
    for _ in range(ROUNDS):
        before = slowness(page)
        series = measure()
        slowed = max(before, slowness(page))
        found = {name: median(series[name]) for name in limits}
        seen.append(", ".join(f"{name} {found[name]:.0f}" for name in limits) + f" (slowed {slowed:.1f} times)")
        print("median, ms:", seen[-1])
        left -= {name for name in limits if found[name] <= limits[name] * slowed}
        if not left:
            return
    pytest.fail(f"above { ({name: limits[name] for name in sorted(left)}) } ms in each round: {'; '.join(seen)}")
