"""Reads receipts as somebody does who checks one."""

import json
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey


def read_receipt(receipt: str, key: ECKey) -> dict[str, Any]:
    """The statement of a receipt.

    Raises:
        joserfc.errors.JoseError: altered, or signed by another key.
    """
    statement: dict[str, Any] = json.loads(jws.deserialize_compact(receipt, key, algorithms=["ES256"]).payload)
    return statement
