"""What can be wrong with a cache."""

from support_copilot.kit.errors import UnavailableError


class CacheUnavailableError(UnavailableError):
    code, title = "cache_unavailable", "The cache does not answer at the moment"
