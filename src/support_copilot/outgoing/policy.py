"""Which addresses a request may go to (against server-side request forgery, OWASP API7:2023)."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from support_copilot.outgoing.config import OutgoingConfig

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Where clouds hand out credentials of the machine; only a network named in so many words lets these through.
_METADATA: Final = tuple(
    ipaddress.ip_address(address) for address in ("169.254.169.254", "169.254.170.2", "168.63.129.16", "fd00:ec2::254")
)
#: IPv6 that stands for an IPv4 address: NAT64 of any prefix in use, and the compatible form of old.
_NAT64: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class OutgoingPolicy:
    """What is allowed besides the public network, and how much may come back."""

    networks: tuple[Network, ...]
    hosts: frozenset[str]
    max_response_bytes: int

    def permits(self, host: str, address: Address) -> bool:
        """Whether a connection to this address, which the host resolved to, may be made."""
        meant = real_address(address)
        if any(meant in network or address in network for network in self.networks):
            return True
        if meant in _METADATA:
            return False
        return host.lower().rstrip(".") in self.hosts or is_public(meant)


def policy_of(config: OutgoingConfig, *named_in_settings: str) -> OutgoingPolicy:
    """The policy for requests to addresses that an operator wrote into the settings, or to any other ones.

    Args:
        named_in_settings: URLs of settings. One that names this machine or a number is allowed as it is; one that
            names a host must resolve to a public address, or be allowed, since who answers for a name can change.
    """
    networks = [ipaddress.ip_network(place) for place in config.allow if _is_network(place)]
    hosts = {place for place in config.allow if not _is_network(place)}
    for url in named_in_settings:
        host = (urlsplit(url).hostname or "").lower()
        if host == "localhost":
            networks += [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
        elif _is_network(host) and ipaddress.ip_address(host) not in _METADATA:
            networks.append(ipaddress.ip_network(host))
    return OutgoingPolicy(tuple(networks), frozenset(hosts), config.max_response_bytes)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network, and to one machine."""
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or site_local)


def real_address(address: Address) -> Address:
    """The address that packets reach in the end: the IPv4 one inside of an IPv6 form that carries one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    for inner in (address.ipv4_mapped, address.sixtofour, address.teredo[1] if address.teredo else None):
        if inner is not None:
            return inner
    carries = address in _COMPATIBLE and int(address) > 1
    if carries or any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_network(place: str) -> bool:
    try:
        ipaddress.ip_network(place)
    except ValueError:
        return False
    return True
