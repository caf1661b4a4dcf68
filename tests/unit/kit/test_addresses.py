"""Addresses as people paste them."""

import pytest

from support_copilot.kit.addresses import api_address, service_address


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("http://localhost:1234/v1", "http://localhost:1234/v1"),
        ("http://localhost:1234/v1/", "http://localhost:1234/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("http://localhost:8080/chat/completions", "http://localhost:8080/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        ("https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1"),
        ("https://name.openai.azure.com/openai/v1/", "https://name.openai.azure.com/openai/v1"),
        ("https://host/v1beta/openai", "https://host/v1beta/openai"),
        ("https://gateway.example/llm", "https://gateway.example/llm/v1"),
        (" https://host ", "https://host/v1"),
    ],
)
def test_the_version_is_there_once(given: str, used: str) -> None:
    assert api_address(given) == used
    assert api_address(used) == used, "an address that is right stays as it is"


@pytest.mark.parametrize(
    "given",
    ["", "localhost:11434", "ftp://host", "http://", "http://user:secret@host", "http://host?key=1", "http://host#x",
     "http://host:99999999", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(given: str) -> None:
    for check in (api_address, service_address):
        with pytest.raises(ValueError, match="address") as raised:
            check(given)
        assert "secret" not in str(raised.value)


def test_an_endpoint_of_a_service_gets_no_version() -> None:
    assert service_address("https://vpce-1.bedrock-runtime.eu-central-1.vpce.amazonaws.com/").endswith("amazonaws.com")
