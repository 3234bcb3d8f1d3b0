"""Which addresses of the network are everybody's, and how a name becomes addresses."""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Source: the special-purpose registries of IANA. Written out, since what Python calls global differs between its
# versions and leaves in multicast, relays and translated addresses.
_CLOSED_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
# All that is handed out to networks lies in here: mapped, translated (64:ff9b::), local and multicast ones do not.
_HANDED_OUT_6 = ipaddress.IPv6Network("2000::/3")
# Protocols (Teredo among them), documentation, 6to4, and the anycast of AS112.
_CLOSED_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)

# The system's own resolver can't be told how long it may take.
_lookups = ThreadPoolExecutor(max_workers=4, thread_name_prefix="lookup")


def is_public(address: IPAddress) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    return address in _HANDED_OUT_6 and not any(address in network for network in _CLOSED_6)


def resolve(host: str, seconds: float) -> list[IPAddress]:
    """All addresses of a host, as the system finds them. Raises OSError (TimeoutError where it takes longer)."""
    found = _lookups.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM).result(timeout=seconds)
    return list(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
