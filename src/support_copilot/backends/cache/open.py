"""Opens the configured cache."""

from support_copilot.backends.cache.config import CacheConfig
from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.cache.port import Cache


def open_cache(config: CacheConfig) -> Cache:
    """Redis where an address is given, else the memory of this process. Redis need not answer yet."""
    if config.url is None:
        return MemoryCache()
    from support_copilot.backends.cache.redis import RedisCache

    return RedisCache(
        config.url.get_secret_value(),
        timeout_s=config.timeout_s,
        retry_after_s=config.retry_after_s,
        password_file=config.password_file,
    )
