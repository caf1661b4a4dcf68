"""Real servers for tests, each in a scratch folder on a free port of this machine."""

import getpass
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import open_database
from support_copilot.identity.api_keys import create_key
from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.kit.clock import utc_now

MARIADB_HINT = "apt-get install mariadb-server"
REDIS_HINT = "apt-get install redis-server"
CLAMD_HINT = "apt-get install clamav-daemon"
#: What the scanner of the tests takes for malware: a whole file, and a part of one. Nothing else in the world does.
MALWARE, MALWARE_PART = b"a file that only tests take for malware", b"a part that only tests take for malware"
#: Largest file that the scanner of the tests reads.
SCANNED_BYTES = 1_000_000
_STARTUP_S = 60
_FIRST_SQL = """CREATE DATABASE test;
CREATE USER 't'@'127.0.0.1' IDENTIFIED BY 't';
GRANT ALL ON *.* TO 't'@'127.0.0.1' WITH GRANT OPTION"""


def made_key(data_dir: Path, role: Role = "machine") -> str:
    """A key to the embedded database of a data folder; its server may be running."""
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    with database.transaction() as session:
        made = create_key(session, name="test", role=role, scopes=None, expires_at=None, actor=LOCAL_CLI, now=utc_now())
    database.close()
    return made.secret


def find_mariadb() -> str | None:
    """The server's program, None when it is not installed."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")


def make_certificate(folder: Path) -> Path:
    """Put ``cert.pem``, signed by itself for this machine, and ``key.pem`` into the folder, and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=36500))
        .add_extension(names, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


@contextmanager
def running_mariadb(folder: Path, *more: str) -> Iterator[str]:
    """Start a MariaDB server of our own with ``more`` options; yields the SQLAlchemy address of an empty database."""
    program = find_mariadb()
    assert program, "mariadbd is not installed"
    data, port = folder / "data", free_port()
    # Two servers that start at once would remove each other's temporary tables from a shared folder.
    (folder / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", *_as_user()],
        check=True, capture_output=True, timeout=_STARTUP_S, env=environment,
    )  # fmt: skip
    options = [
        *(f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/sock", f"--pid-file={folder}/pid"),
        *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", *_as_user(), *more),
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, "--no-defaults", f"--datadir={data}", *options],
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=environment,
        )
    try:
        wait_for_port(port, server)
        run_sql = ["mariadb", "--no-defaults", f"--socket={folder}/sock", "-u", "root", "-e"]
        subprocess.run(
            [*run_sql, _FIRST_SQL],
            check=True, capture_output=True, timeout=_STARTUP_S,
        )  # fmt: skip
        # In the clear on this machine: the driver reads all certificates of the system for each connection else.
        yield f"mysql+pymysql://t:t@127.0.0.1:{port}/test?ssl_disabled=true"
    finally:
        server.terminate()
        server.wait(_STARTUP_S)


def find_redis() -> str | None:
    """The server's program, None when it is not installed."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def running_redis(folder: Path, port: int, certificate: Path | None = None) -> Iterator[str]:
    """Start a Redis server of our own that keeps nothing, speaking TLS alone with a certificate; yields its address."""
    program = find_redis()
    assert program, "redis-server is not installed"
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    options += ["--port", "0", "--tls-port", str(port)] if certificate else ["--port", str(port)]
    if certificate:
        files = {"cert": "cert.pem", "key": "key.pem", "ca-cert": "cert.pem"}
        options += [word for name, file in files.items() for word in (f"--tls-{name}-file", str(certificate / file))]
        options += ["--tls-auth-clients", "no"]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, server)
        yield f"{'rediss' if certificate else 'redis'}://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(_STARTUP_S)


def find_clamd() -> str | None:
    """The server's program, None when it is not installed."""
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def running_clamd(folder: Path, port: int) -> Iterator[dict[str, str]]:
    """Start a clamd of our own with a few signatures of our own; yields its addresses by scheme."""
    program = find_clamd()
    assert program, "clamd is not installed"
    (folder / "signatures").mkdir(exist_ok=True)
    digest = hashlib.md5(MALWARE, usedforsecurity=False).hexdigest()
    (folder / "signatures" / "own.hdb").write_text(f"{digest}:{len(MALWARE)}:Test.Whole\n")
    (folder / "signatures" / "own.ndb").write_text(f"Test.Part:0:*:{MALWARE_PART.hex()}\n")
    options = {
        "DatabaseDirectory": folder / "signatures", "TemporaryDirectory": folder, "LocalSocket": folder / "clamd.ctl",
        "TCPAddr": "127.0.0.1", "TCPSocket": port, "StreamMaxLength": SCANNED_BYTES, "User": getpass.getuser(),
        "AlertExceedsMax": "yes", "Foreground": "yes",
    }  # fmt: skip
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in options.items()))
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=log, stderr=log)
    try:
        wait_for_port(port, server)
        yield {"unix": f"unix://{folder}/clamd.ctl", "tcp": f"tcp://127.0.0.1:{port}"}
    finally:
        server.terminate()
        server.wait(_STARTUP_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTUP_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("the server ended while starting")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not answer in time")


def _as_user() -> list[str]:
    """MariaDB refuses to run as root unless it is told to."""
    return ["--user=root"] if Path("/root").is_dir() and Path.home() == Path("/root") else []
