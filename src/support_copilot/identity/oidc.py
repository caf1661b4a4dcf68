"""Talks to the identity provider: where to send the browser, and who came back.

OpenID Connect Core 1.0, section 3.1; PKCE (RFC 7636); state, nonce and code verifier all come from one secret in a
cookie of the browser that began, so that nothing is stored here and nobody can finish what another began.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.identity.secrets import derived, same
from support_copilot.kit.errors import AppError, UnavailableError
from support_copilot.kit.text import heading
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import policy_of
from support_copilot.outgoing.transport import GuardedTransport

_log = structlog.get_logger("support_copilot.identity")

CALLBACK_PATH: Final = "/v1/auth/oidc/callback"
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
_TIMEOUT_S: Final = 10.0
_LEEWAY_S: Final = 60
#: Metadata and keys of a provider are read anew after so long; keys also when a token names an unknown one.
_FRESH_FOR: Final = timedelta(hours=1)
_LOOK_AGAIN_AFTER: Final = timedelta(seconds=10)
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderUnavailableError(UnavailableError):
    code, title = "identity_provider_unavailable", "The identity provider does not answer as it should"


class OidcRefusedError(AppError):
    status, code, title = 403, "oidc_refused", "The identity provider's answer does not let you in"


@dataclass(frozen=True, slots=True)
class ProvenPerson:
    """Who the provider says it is. ``email`` is there only if the provider has verified it."""

    issuer: str
    subject: str
    name: str
    email: str | None
    groups: tuple[str, ...]
    second_factor: bool


class OidcProvider:
    """One provider; keeps its metadata and keys for a while. Safe from any thread."""

    def __init__(self, config: OidcConfig, public_url: str, outgoing: OutgoingConfig) -> None:
        self.config = config
        self._policy = policy_of(outgoing, config.issuer)
        self._redirect_uri = public_url + CALLBACK_PATH
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at: datetime | None = None

    def authorization_url(self, secret: str, now: datetime) -> str:
        """Where to send the browser that holds the secret.

        Raises:
            ProviderUnavailableError: its metadata cannot be read.
        """
        metadata, _ = self._known(now)
        with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=derived(secret, "state"), nonce=derived(secret, "nonce"),
                code_verifier=derived(secret, "verifier"),
            )  # fmt: skip
        return str(url)

    def person(self, secret: str, state: str, code: str, issuer: str | None, now: datetime) -> ProvenPerson:
        """Trade the code for an ID token and check it.

        Args:
            issuer: ``iss`` of the answer, if it had one (RFC 9207).

        Raises:
            OidcRefusedError: the answer is not to what this browser asked, or its token is not good.
            ProviderUnavailableError: the provider does not answer.
        """
        if not same(state, derived(secret, "state")) or issuer not in (None, self.config.issuer):
            raise OidcRefusedError
        metadata, _ = self._known(now)
        try:
            with self._client() as client:
                tokens = client.fetch_token(
                    metadata["token_endpoint"], code=code, code_verifier=derived(secret, "verifier"),
                    grant_type="authorization_code",
                )  # fmt: skip
        except httpx2.HTTPError as error:
            raise ProviderUnavailableError(retry_after_s=10) from error
        except (AuthlibBaseError, ValueError) as error:
            raise _refusal(error) from error
        return self._proven(self._claims(tokens, derived(secret, "nonce"), now))

    def _claims(self, tokens: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        try:
            token = self._decoded(str(tokens.get("id_token") or ""), now)
            options = {"iss": {"essential": True, "value": self.config.issuer},
                       "aud": {"essential": True, "value": self.config.client_id}}  # fmt: skip
            params = {"nonce": nonce, "client_id": self.config.client_id, "access_token": tokens.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise _refusal(error) from error
        return dict(claims)

    def _decoded(self, id_token: str, now: datetime) -> jwt.Token:
        registry = JWSRegistry(algorithms=list(_ALGORITHMS))
        _, keys = self._known(now)
        try:
            return jwt.decode(id_token, keys, registry=registry)
        except (JoseError, ValueError):
            # The provider may have begun to sign with another key.
            _, newer = self._known(now, older_than=_LOOK_AGAIN_AFTER)
            return jwt.decode(id_token, newer, registry=registry)

    def _proven(self, claims: Mapping[str, Any]) -> ProvenPerson:
        groups = claims.get(self.config.groups_claim) or []
        names = [claims.get(name) for name in ("name", "preferred_username", "email", "sub")]
        methods = claims.get("amr") or []
        return ProvenPerson(
            issuer=self.config.issuer,
            subject=str(claims["sub"])[:190],
            name=next((name for name in map(heading, map(str, filter(None, names))) if name), str(claims["sub"]))[:200],
            email=str(claims["email"]) if claims.get("email_verified") is True and claims.get("email") else None,
            groups=tuple(str(group) for group in ([groups] if isinstance(groups, str) else groups)),
            second_factor=bool(self.config.second_factor_methods & set(methods)),
        )

    def _known(self, now: datetime, *, older_than: timedelta = _FRESH_FOR) -> tuple[Mapping[str, Any], KeySet]:
        with self._lock:
            if self._keys is None or self._read_at is None or now - self._read_at > older_than:
                self._metadata, self._keys = self._read()
                self._read_at = now
            return self._metadata, self._keys

    def _read(self) -> tuple[Mapping[str, Any], KeySet]:
        address = self.config.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            with httpx2.Client(transport=GuardedTransport(self._policy), timeout=_TIMEOUT_S) as client:
                metadata = client.get(address).raise_for_status().json()
                if metadata["issuer"] != self.config.issuer or not all(self._trusted(metadata[e]) for e in _ENDPOINTS):
                    raise ProviderUnavailableError("The identity provider's metadata is not its own.")
                keys = KeySet.import_key_set(client.get(metadata["jwks_uri"]).raise_for_status().json())
        except (httpx2.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
            raise ProviderUnavailableError(retry_after_s=10) from error
        return metadata, keys

    def _trusted(self, address: str) -> bool:
        """Over TLS, unless the provider itself is one of this machine."""
        return address.startswith("https://") or self.config.issuer.startswith("http://")

    def _client(self) -> OAuth2Client:
        secret = self.config.client_secret
        return OAuth2Client(
            self.config.client_id, secret.get_secret_value() if secret else None, scope=self.config.scopes,
            redirect_uri=self._redirect_uri, code_challenge_method="S256", timeout=_TIMEOUT_S,
            transport=GuardedTransport(self._policy), follow_redirects=False,
        )  # fmt: skip


def _refusal(error: Exception) -> OidcRefusedError:
    _log.warning("identity.oidc.refused", exc_info=error)
    return OidcRefusedError()
