"""Nothing that must not be guessed or forged is weaker than 128 bits, whatever a default of a library becomes."""

import math
import re

from fastapi.testclient import TestClient

from support_copilot.identity.key_format import LENGTH, PREFIX, is_key, new_key
from support_copilot.identity.passwords import NOBODYS, hash_password, is_outdated
from support_copilot.identity.secrets import digest, new_secret
from support_copilot.identity.signing import ALGORITHM
from support_copilot.resources import Resources
from tests.people import add_person, headers_of

#: By passes, of https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
LEAST_MEMORY_KB = {1: 47_104, 2: 19_456, 3: 12_288}
LETTERS_OF_A_SECRET, LETTERS_OF_A_KEY, CHECKSUM = 64, 62, 6


def test_access_tokens_are_signed_over_p_256(anonymous: TestClient, resources: Resources) -> None:
    headers_of(anonymous, add_person(resources, "agent"))

    keys = anonymous.get("/.well-known/jwks.json").json()["keys"]

    assert keys
    assert {(key["kty"], key["crv"], key["alg"]) for key in keys} == {("EC", "P-256", ALGORITHM)}
    assert not any("d" in key for key in keys)


def test_passwords_are_stretched_as_owasp_wants() -> None:
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$", hash_password("violet-harbour-42-lantern"))

    assert found
    memory_kb, passes = map(int, found.groups())
    assert memory_kb >= LEAST_MEMORY_KB[passes]
    assert not is_outdated(NOBODYS), "who has no password would be told apart by the time it takes"


def test_secrets_have_256_bits_and_keys_more_than_128() -> None:
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(len(each) * math.log2(LETTERS_OF_A_SECRET) >= 256 for each in made)
    assert (LENGTH - len(PREFIX) - CHECKSUM) * math.log2(LETTERS_OF_A_KEY) >= 128
    assert is_key(new_key())
    assert len(digest("x")) * 4 == 256
