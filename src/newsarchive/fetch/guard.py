"""Which addresses may be connected to: a network backend that looks a name up once and connects to what it checked.

Checking a name first and letting a library resolve it again leaves a gap in which the answer can change (DNS
rebinding). Here the address that was checked is the address that is connected to; TLS still verifies the name.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052; how networks without IPv4 reach all of it
# 6to4 and Teredo hide IPv4 addresses; of 192.0.0.0/24, Python 3.11 knows only a part as special.
_REFUSED = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/32", "2002::/16")))
_MOST_ADDRESSES = 4  # of one host that are tried


class PrivateAddressError(httpcore.ConnectError):
    """A host with an address that is not public."""


class UnknownHostError(httpcore.ConnectError):
    """A host without an address, or none in time."""


async def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host in the system's order of preference.

    Raises:
        OSError: there are none.
        UnicodeError: the name is no host name.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is one of the public internet.

    Not public: loopback, private, link-local, shared (CGNAT), multicast, reserved and unspecified ones, IPv4 written
    as IPv6, 6to4 and Teredo; of NAT64, the embedded IPv4 address decides.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if not ip.is_global or ip.is_multicast or any(ip in network for network in _REFUSED):
        return False
    return ip.version == 4 or ip in _GLOBAL_UNICAST  # noqa: PLR2004 - the version of the protocol


class Guard(httpcore.AsyncNetworkBackend):
    """Connections to addresses that were looked up once and, with `public_only`, all found public.

    A timeout bounds the look-up, and again the connecting; a host's addresses are tried in order and share it.
    """

    def __init__(
        self, resolve: Resolve, *, public_only: bool, network: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        self._resolve = resolve
        self._public_only = public_only
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look `host` up, check every address, connect to the first that answers.

        Raises:
            PrivateAddressError: one of the addresses is not public.
            UnknownHostError: there is none.
            httpcore.ConnectError: none of them answers.
            httpcore.ConnectTimeout: none answers in time.
        """
        addresses = await self._addresses(host, port, timeout)
        if self._public_only and not all(map(is_public, addresses)):
            raise PrivateAddressError(f"{host} is not on the public internet")
        *others, last = addresses[:_MOST_ADDRESSES]
        share = timeout and timeout / (len(others) + 1)
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._network.connect_tcp(address, port, share, local_address, socket_options)
        return await self._network.connect_tcp(last, port, share, local_address, socket_options)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no outlet is a file."""
        raise PrivateAddressError(f"{path} is not on the public internet")

    async def sleep(self, seconds: float) -> None:
        """Sleep, for httpcore."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> Sequence[str]:
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise UnknownHostError(f"no answer about the name {host}") from error
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"{host}: {error}") from error
        if not addresses:
            raise UnknownHostError(f"{host} has no address")
        return addresses
