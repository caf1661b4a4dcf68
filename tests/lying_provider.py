"""An identity provider that puts into its tokens whatever a test says."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from support_copilot.kit.clock import utc_now
from tests.http_service import Handler, running_service


@dataclass
class Liar:
    """What the lying provider puts into its tokens, and what it was sent."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    unsigned: bool = False
    secret: str | None = None
    issuer: str = ""
    challenge: str = ""
    nonce: str = ""
    verified: bool = False

    def id_token(self) -> str:
        now = int(utc_now().timestamp())
        usual = {
            "iss": self.issuer, "aud": "copilot", "sub": "liar", "iat": now, "exp": now + 300, "nonce": self.nonce,
            "groups": ["helpers"],
        }  # fmt: skip
        claims = {name: value for name, value in (usual | self.claims).items() if value is not None}
        if self.unsigned:
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        if self.secret:
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.secret), algorithms=["HS256"])
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **self.header}, claims, self.key)


def _handler(liar: Liar) -> type[Handler]:
    class Provider(Handler):
        def do_GET(self) -> None:
            documents: dict[str, Any] = {
                "/.well-known/openid-configuration": {
                    "issuer": liar.issuer, "authorization_endpoint": f"{liar.issuer}/authorize",
                    "token_endpoint": f"{liar.issuer}/token", "jwks_uri": f"{liar.issuer}/keys",
                },
                "/keys": {"keys": [liar.key.as_dict(private=False)]},
            }  # fmt: skip
            self.answer(documents[self.path])

        def do_POST(self) -> None:
            form = parse_qs(self.asked_body().decode())
            digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
            liar.verified = base64.urlsafe_b64encode(digest).decode().rstrip("=") == liar.challenge
            self.answer({"access_token": "x", "token_type": "Bearer", "id_token": liar.id_token()})

    return Provider


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """Serve a liar on a free port."""
    liar = Liar()
    with running_service(_handler(liar)) as liar.issuer:
        yield liar
