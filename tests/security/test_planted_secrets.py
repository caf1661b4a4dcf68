"""Secrets planted in settings and requests of real processes are found nowhere: output, logs, answers, files."""

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support_copilot.settings import load_settings
from tests.servers import made_key

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from support_copilot.cli import main; main()"]
#: One for each place, none of them a word that could stand anywhere by chance.
PLANTED = {
    name: f"planted0{number:02}{name.replace('_', '')}9f3ac7e1"
    for number, name in enumerate(
        ("model_key", "aws_id", "aws_secret", "client_secret", "redis_password", "database_password", "proxy_password",
         "bucket_password", "bearer", "cookie", "query", "unknown_field", "broken_json", "wrong_password", "refresh",
         "link_token", "header", "path")
    )
}  # fmt: skip
PASSWORD = "Planted-orchard-77-copper-9f3ac7e1"
NOWHERE = "127.0.0.1:9"
SETTINGS = {
    "LOG_LEVEL": "debug",
    "LOG_FORMAT": "json",
    "EMBEDDER__KIND": "none",
    "LLM__KIND": "openai",
    "LLM__MODEL": "some-model",
    "LLM__BASE_URL": f"http://{NOWHERE}",
    "LLM__API_KEY": PLANTED["model_key"],
    "LLM__PROVIDERS__OTHER__KIND": "bedrock",
    "LLM__PROVIDERS__OTHER__MODEL": "some-model",
    "LLM__PROVIDERS__OTHER__REGION": "eu-central-1",
    "LLM__PROVIDERS__OTHER__ACCESS_KEY_ID": PLANTED["aws_id"],
    "LLM__PROVIDERS__OTHER__SECRET_ACCESS_KEY": PLANTED["aws_secret"],
    "CACHE__URL": f"redis://user:{PLANTED['redis_password']}@{NOWHERE}/0",
    "IDENTITY__PUBLIC_URL": "http://127.0.0.1:8000",
    "IDENTITY__OIDC__ISSUER": f"http://{NOWHERE}",
    "IDENTITY__OIDC__CLIENT_ID": "support-copilot",
    "IDENTITY__OIDC__CLIENT_SECRET": PLANTED["client_secret"],
}


def environment(**more: str) -> dict[str, str]:
    given = {f"SUPPORT_COPILOT_{name}": value for name, value in {**SETTINGS, **more}.items()}
    return {**os.environ, **given, "PYTHONFAULTHANDLER": "1"}


def run(*arguments: str, data_dir: Path, **more: str) -> str:
    """Everything that a command prints, whatever becomes of it."""
    process = subprocess.run(
        [*COMMAND, *arguments, "--data-dir", str(data_dir)],
        capture_output=True, text=True, timeout=100, env=environment(**more),
    )  # fmt: skip
    return process.stdout + process.stderr


def found(secrets: dict[str, str], text: str | bytes) -> list[str]:
    """Names of the secrets that stand in the text, plain or in base64."""
    data = text.encode() if isinstance(text, str) else text
    return [
        name
        for name, secret in secrets.items()
        if any(form in data for form in (secret.encode(), base64.b64encode(secret.encode()).rstrip(b"=")))
    ]


@dataclass
class Asker:
    """Asks a server and keeps every answer but those whose point is to show a secret once."""

    address: str
    key: str
    said: list[str] = field(default_factory=list)

    def ask(
        self, method: str, path: str, body: Any = None, *, shows: bool = False, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}", **headers}
        request = urllib.request.Request(self.address + path, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, text, heads = answer.status, answer.read().decode(), str(answer.headers)
        except urllib.error.HTTPError as error:
            status, text, heads = error.code, error.read().decode(), str(error.headers)
        if not shows:
            self.said += [text, heads]
        return status, json.loads(text) if text and "application/json" in heads else {}


def provoke(asker: Asker) -> dict[str, str]:
    """Sign-ins, refusals and failures with secrets in every part of a request; returns those that were handed out."""
    ask = asker.ask
    handed: dict[str, str] = {"password": PASSWORD}
    made = ask("POST", "/v1/users", {"email": "ana@example.com", "name": "Ana", "role": "agent"}, shows=True)[1]
    handed["password_link"] = made["password_link"]["link"].partition("#token=")[2]
    assert ask("POST", "/v1/auth/password/reset", {"token": handed["password_link"], "password": PASSWORD})[0] == 204
    sign_in = {"email": "ana@example.com", "password": PASSWORD, "use": "tokens"}
    tokens = ask("POST", "/v1/auth/login", sign_in, shows=True)[1]["tokens"]
    handed |= {"access_token": tokens["access_token"], "refresh_token": tokens["refresh_token"]}
    assert ask("GET", "/v1/issues", Authorization=f"Bearer {tokens['access_token']}")[0] == 200
    handed["api_key"] = ask("POST", "/v1/api-keys", {"name": "shop", "role": "machine"}, shows=True)[1]["key"]
    handed["own_key"] = asker.key

    assert ask("POST", "/v1/auth/login", {**sign_in, "password": PLANTED["wrong_password"]})[0] == 401
    assert ask("POST", "/v1/auth/refresh", {"refresh_token": PLANTED["refresh"]})[0] == 401
    reset = {"token": PLANTED["link_token"], "password": PASSWORD}
    assert ask("POST", "/v1/auth/password/reset", reset)[0] == 403
    for shown in (f"Bearer {PLANTED['bearer']}", f"Bearer sck_{PLANTED['bearer']}", f"Basic {PLANTED['bearer']}"):
        assert ask("GET", "/v1/issues", Authorization=shown)[0] == 401
    ask("GET", "/v1/auth/me", Cookie=f"support_copilot={PLANTED['cookie']}")
    ask("GET", f"/v1/issues?api_key={PLANTED['query']}&limit={PLANTED['query']}")
    ask("POST", "/v1/issues", {"subject": "x", "api_key": PLANTED["unknown_field"]})
    ask("POST", "/v1/issues", {"subject": {"password": PLANTED["unknown_field"]}})
    ask("POST", "/v1/issues", f'{{"password": "{PLANTED["broken_json"]}"'.encode())
    ask("GET", f"/v1/issues/{PLANTED['path']}")
    ask("GET", f"/{PLANTED['path']}", **{"X-Api-Key": PLANTED["header"], "X-Request-Id": f"{PLANTED['header']} x"})
    ask("GET", "/v1/auth/oidc/start")
    ask("GET", f"/v1/auth/oidc/callback?code={PLANTED['query']}&state={PLANTED['query']}")

    issue_id = ask("POST", "/v1/issues", {"subject": "It stopped", "body": "Nothing works."})[1]["issue"]["id"]
    accept = {"Accept": "application/json"}
    ask("POST", f"/v1/issues/{issue_id}/guidance", {}, **accept)
    for path in ("/metrics", "/readyz", "/version", "/openapi.json", "/v1/audit", "/v1/audit/export", "/v1/api-keys",
                 "/v1/users", "/v1/jobs", "/.well-known/jwks.json"):  # fmt: skip
        ask("GET", path)
    return handed


@pytest.mark.timeout(400)
def test_a_running_server_keeps_its_secrets_and_those_that_are_sent_to_it(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with (tmp_path / "stderr").open("wb") as log_file:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--json", "--data-dir", str(data_dir)],
            stdout=subprocess.PIPE, stderr=log_file, text=True, env=environment(),
        )  # fmt: skip
    try:
        assert server.stdout is not None
        printed = ""
        while not printed.rstrip().endswith("}"):
            line = server.stdout.readline()
            assert line, (tmp_path / "stderr").read_text("utf-8")
            printed += line
        start = json.loads(printed)
        asker = Asker(start["address"], made_key(data_dir, "admin"))
        handed = provoke(asker)
        limits = Path(f"/proc/{server.pid}/limits")
        if limits.exists():
            (core,) = (line for line in limits.read_text("ascii").splitlines() if "core file size" in line)
            assert core.split()[4:6] == ["0", "0"]
        server.send_signal(signal.SIGABRT)
        server.wait(60)
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        rest = server.stdout.read()
        server.stdout.close()

    log = (tmp_path / "stderr").read_text("utf-8")
    assert "http.request" in log
    assert "Fatal Python error: Aborted" in log
    master_key = (data_dir / "master.key").read_text("ascii").strip()
    secrets = {**PLANTED, **handed, "master_key": master_key}
    # Shown to whoever starts the product, as long as there is no administrator; kept as a hash.
    assert found({"setup_link": start["setup_link"].partition("#token=")[2]}, log) == ["setup_link"]
    secrets["setup_link"] = start["setup_link"].partition("#token=")[2]
    log = log.replace(secrets["setup_link"], "")
    for name, text in {"stderr": log, "stdout": rest, "answers": "\n".join(asker.said)}.items():
        assert (name, found(secrets, text)) == (name, [])
    for file in data_dir.rglob("*"):
        if file.is_file() and file.name != "master.key":
            assert (file.name, found(secrets, file.read_bytes())) == (file.name, [])
    raw_key = base64.b64decode(master_key)
    assert not [file for file in data_dir.rglob("*") if file.is_file() and raw_key in file.read_bytes()]


ADDRESSES = {
    "DATABASE__URL": f"mysql+pymysql://copilot:{PLANTED['database_password']}@{NOWHERE}/copilot",
    "BLOBS__KIND": "s3",
    "BLOBS__BUCKET": "some-bucket",
    "BLOBS__ENDPOINT_URL": f"http://user:{PLANTED['bucket_password']}@{NOWHERE}",
}


@pytest.mark.timeout(400)
def test_no_command_prints_a_secret_of_the_settings_whether_it_succeeds_or_fails(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    key.write_text(base64.b64encode(bytes(range(7, 39))).decode(), encoding="ascii")
    more = {**ADDRESSES, "ENCRYPTION__PATH": str(key)}

    printed = {
        "config": run("config", data_dir=tmp_path, **more),
        "config --json": run("config", "--json", data_dir=tmp_path, **more),
        "doctor": run("doctor", data_dir=tmp_path, **more),
        "migrate": run("migrate", data_dir=tmp_path, **more),
        "serve": run("serve", "--port", "0", data_dir=tmp_path, **more),
        "unknown": run("config", data_dir=tmp_path, **more, LLM__NONSENSE=PLANTED["model_key"]),
        "wrong kind": run("config", data_dir=tmp_path, **more, CACHE__KIND=PLANTED["redis_password"]),
        "wrong type": run("config", data_dir=tmp_path, **{**more, "DATABASE__POOL_SIZE": PLANTED["database_password"]}),
        "model address": run(
            "config", data_dir=tmp_path, **more, LLM__BASE_URL=f"http://user:{PLANTED['proxy_password']}@{NOWHERE}"
        ),
        "no address": run("doctor", data_dir=tmp_path, **{**more, "DATABASE__URL": PLANTED["database_password"]}),
    }

    assert "mysql+pymysql://copilot:***@" in printed["config"]
    secrets = {**PLANTED, "master_key": key.read_text("ascii").strip()}
    assert {name: found(secrets, text) for name, text in printed.items() if found(secrets, text)} == {}


def test_settings_do_not_show_secrets_where_they_are_printed_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**SETTINGS, "DATABASE__URL": ADDRESSES["DATABASE__URL"]}.items():
        monkeypatch.setenv(f"SUPPORT_COPILOT_{name}", value)

    settings = load_settings(data_dir=tmp_path)

    assert found(PLANTED, f"{settings!r} {settings}") == []
