"""Database and Redis over TLS, by the settings of the documentation; nothing is said to who cannot prove who it is."""

from pathlib import Path

import pytest
from sqlalchemy import text

from support_copilot.backends.cache.errors import CacheUnavailableError
from support_copilot.backends.cache.redis import RedisCache
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import DatabaseUnavailableError, open_database
from tests.servers import find_mariadb, find_redis, free_port, make_certificate, running_mariadb, running_redis


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    (tmp_path / "tls").mkdir()
    return make_certificate(tmp_path / "tls")


@pytest.fixture
def another(tmp_path: Path) -> Path:
    """A certificate that the server does not have."""
    (tmp_path / "another").mkdir()
    return make_certificate(tmp_path / "another")


def test_redis_is_asked_over_tls_and_only_if_it_proves_who_it_is(
    tmp_path: Path, certificate: Path, another: Path
) -> None:
    if find_redis() is None:
        pytest.skip("Redis is not installed")
    with running_redis(tmp_path, free_port(), certificate) as url:
        trusting = RedisCache(f"{url}?ssl_ca_certs={certificate}/cert.pem", timeout_s=5, retry_after_s=1)
        trusting.ping()
        trusting.close()
        for doubtful in (f"{url}?ssl_ca_certs={another}/cert.pem", url, url.replace("rediss", "redis")):
            cache = RedisCache(doubtful, timeout_s=5, retry_after_s=1)
            with pytest.raises(CacheUnavailableError):
                cache.ping()
            cache.close()


def test_the_database_is_asked_over_tls_and_only_if_it_proves_who_it_is(
    tmp_path: Path, certificate: Path, another: Path
) -> None:
    if find_mariadb() is None:
        pytest.skip("MariaDB is not installed")
    options = (f"--ssl-cert={certificate}/cert.pem", f"--ssl-key={certificate}/key.pem")
    with running_mariadb(tmp_path, *options, "--require-secure-transport=ON") as plain:
        url = plain.partition("?")[0]
        database = open_database(DatabaseConfig(url=f"{url}?ssl_ca={certificate}/cert.pem"), "")
        with database.read() as session:
            cipher = session.execute(text("SHOW STATUS LIKE 'Ssl_cipher'")).one()
        database.close()
        refused = open_database(DatabaseConfig(url=f"{url}?ssl_ca={another}/cert.pem"), "")
        with pytest.raises(DatabaseUnavailableError), refused.read() as session:
            session.execute(text("SELECT 1"))
        refused.close()

    assert cipher[1].startswith("TLS_"), "a suite of TLS 1.3"
