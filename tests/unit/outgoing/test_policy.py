"""Where requests may go."""

from ipaddress import ip_address

import pytest
from pydantic import ValidationError

from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import policy_of, real_address

STRICT = policy_of(OutgoingConfig())

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:0:0:0:0:80ff:fffe",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_reached_in_any_form(address: str) -> None:
    assert not STRICT.permits("example.com", ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_public_network_is_reached(address: str) -> None:
    assert STRICT.permits("example.com", ip_address(address))


def test_a_network_that_is_named_is_reached_in_every_form() -> None:
    policy = policy_of(OutgoingConfig(allow=("10.1.0.0/16",)))

    assert policy.permits("llm.internal", ip_address("10.1.2.3"))
    assert policy.permits("llm.internal", ip_address("::ffff:10.1.2.3"))
    assert not policy.permits("llm.internal", ip_address("10.2.0.1"))


def test_a_host_that_is_named_may_be_inside_but_never_the_metadata_service() -> None:
    policy = policy_of(OutgoingConfig(allow=("LLM.internal",)))

    assert policy.permits("llm.internal", ip_address("10.1.2.3"))
    assert policy.permits("LLM.INTERNAL.", ip_address("10.1.2.3"))
    assert not policy.permits("other.internal", ip_address("10.1.2.3"))
    assert not policy.permits("llm.internal", ip_address("169.254.169.254"))


@pytest.mark.parametrize(
    ("url", "address", "permitted"),
    [
        ("http://localhost:11434/v1", "127.0.0.1", True),
        ("http://localhost:11434/v1", "::1", True),
        ("http://localhost:11434/v1", "10.0.0.1", False),
        ("http://10.0.0.7:8000/v1", "10.0.0.7", True),
        ("http://10.0.0.7:8000/v1", "10.0.0.8", False),
        ("http://[fd12::7]:8000/v1", "fd12::7", True),
        ("http://169.254.169.254/latest", "169.254.169.254", False),
        ("https://sso.company.example", "10.0.0.7", False),
    ],
)
def test_what_the_settings_name_by_number_is_reached(url: str, address: str, permitted: bool) -> None:
    assert policy_of(OutgoingConfig(), url).permits("x", ip_address(address)) is permitted


@pytest.mark.parametrize("place", ["http://x", "x:80", "10.0.0.1/8", "", "*", "a b", "256.1.1.1", "-x"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(ValidationError, match="allow"):
        OutgoingConfig(allow=(place,))


def test_an_address_inside_of_another_is_the_one_that_counts() -> None:
    assert str(real_address(ip_address("::ffff:127.0.0.1"))) == "127.0.0.1"
    assert str(real_address(ip_address("2606:4700::1"))) == "2606:4700::1"
