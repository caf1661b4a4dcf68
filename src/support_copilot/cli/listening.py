"""Whether the server could listen where the settings say, or who does already."""

import errno
import http.client
import json
import socket
import ssl
from typing import Final

from support_copilot.http.config import ServerConfig

_TIMEOUT_S: Final = 2.0
_MOST_BYTES: Final = 1000


def why_not_listening(config: ServerConfig) -> str | None:
    """Why nothing can listen there, None when it can or a Support Copilot does already; nothing stays open."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            # As the server does: what is left over from one that ended a moment ago is no hindrance.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen(1)
    except OSError as error:
        return None if error.errno == errno.EADDRINUSE and is_ours(config) else _reason(config, error)
    return None


def is_ours(config: ServerConfig) -> bool:
    """Whether a Support Copilot answers there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104  # it is read, not bound
    if config.tls_certificate is None:
        connection = http.client.HTTPConnection(host, config.port, timeout=_TIMEOUT_S)
    else:
        # Who it is does not matter here: nothing is told to it.
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, config.port, timeout=_TIMEOUT_S, context=trusting)
    try:
        connection.request("GET", "/livez", headers={"Host": "localhost"})
        answer = connection.getresponse()
        told = json.loads(answer.read(_MOST_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return answer.status == http.client.OK and told == {"status": "ok"} and "X-Request-Id" in answer.headers


def _reason(config: ServerConfig, error: OSError) -> str:
    where = f"port {config.port} of {config.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program: end it, or name another with SUPPORT_COPILOT_SERVER__PORT"
    if error.errno == errno.EACCES:
        return f"this user may not listen on {where}: name one above 1023 with SUPPORT_COPILOT_SERVER__PORT"
    return f"nothing can listen on {where}: {error.strerror or type(error).__name__}"
