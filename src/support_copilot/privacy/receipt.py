"""Receipts: statements of what was done, signed so that anybody with the public key can check them years later."""

import json
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import ECKey

from support_copilot.privacy.secrets import secret_of
from support_copilot.resources import Resources

_ALGORITHM: Final = "ES256"
_TYPE: Final = "privacy-receipt+json"
_SECRET: Final = "receipts"  # noqa: S105  # the name of the key, not the key


def receipt_key(resources: Resources) -> ECKey:
    """The private key of receipts, made at the first one; it is not rotated, since old receipts must stay checkable."""
    stored = secret_of(resources, _SECRET, _draw)
    return ECKey.import_key(json.loads(stored))


def sign_receipt(key: ECKey, statement: Mapping[str, Any]) -> str:
    """The statement as a compact JWS (RFC 7515)."""
    header = {"alg": _ALGORITHM, "typ": _TYPE, "kid": key.thumbprint()}
    return jws.serialize_compact(header, json.dumps(statement, ensure_ascii=False, sort_keys=True), key)


def public_keys(resources: Resources) -> list[dict[str, Any]]:
    """The JWK set by which receipts are checked."""
    key = receipt_key(resources)
    return [dict(key.as_dict(private=False)) | {"kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM}]


def _draw() -> bytes:
    return json.dumps(ECKey.generate_key("P-256").as_dict(private=True)).encode()
