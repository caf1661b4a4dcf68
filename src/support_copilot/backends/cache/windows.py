"""One way of counting for every storage: a sliding window of two counters, constant in memory.

The window before counts by the share of it that is still inside; so at its edge no caller gets twice the quota.
"""

import math
import time

from limits import RateLimitItemPerSecond
from limits.strategies import SlidingWindowCounterRateLimiter

from support_copilot.backends.cache.port import Allowance, Quota


def take(limiter: SlidingWindowCounterRateLimiter, quota: Quota, subject: str) -> Allowance:
    """Take one of the quota and say what is left."""
    item = RateLimitItemPerSecond(quota.limit, quota.window_s, namespace="support-copilot")
    allowed = limiter.hit(item, quota.name, subject)
    stats = limiter.get_window_stats(item, quota.name, subject)
    # The library counts by the wall clock, so its answer is compared with the wall clock.
    wait = math.ceil(stats.reset_time - time.time())
    return Allowance(allowed, max(0, stats.remaining), min(max(1, wait), quota.window_s))
