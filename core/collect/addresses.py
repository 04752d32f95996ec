"""Which addresses may be asked: only http(s) on the open internet, checked again at the moment of connecting.

A picture address comes from strangers. One that leads to this machine or into the network around it (loopback,
link-local, private, reserved) is refused, also where a name only resolves to such an address, and also after a
redirect: `GuardedBackend` resolves a name itself, checks every answer and connects to the very address it checked.
"""

from __future__ import annotations

import ipaddress
import math
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import httpcore
import httpx


class AddressRefused(Exception):
    """An address that is not asked; the message is the reason."""


HOST = re.compile(rb"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+(%[\w]+)?\]?")
"""What a server's name may be made of, once it is encoded for DNS; or an IPv6 address."""

Resolver = Callable[[str, int], list[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that this machine finds for a name, in the system's order."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def checked(url: str, *, private: bool = False) -> httpx.URL:
    """The address, parsed. Raises AddressRefused where it is not http(s), has a login in it, or names a private place.

    A name is not looked up here: GuardedBackend does that when it connects.
    """
    try:
        parsed = httpx.URL(url.strip())
        host = parsed.host
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused(f"it is not a web address ({error})") from error
    if parsed.scheme not in ("http", "https"):
        raise AddressRefused(f"only http and https are fetched, not {parsed.scheme or 'a bare name'}")
    if not host:
        raise AddressRefused("it names no server")
    if not HOST.fullmatch(parsed.raw_host) or not 0 < (80 if parsed.port is None else parsed.port) < 65_536:
        raise AddressRefused(
            f"it is not a web address ({parsed.netloc.decode('ascii', 'replace')} is no server's name)"
        )
    if parsed.userinfo:
        raise AddressRefused("it carries a login")
    if not private:
        if host.lower().rstrip(".").endswith(("localhost", ".local", ".internal")):
            raise AddressRefused(f"{host} is on this machine or in the network around it")
        place = private_place(host)
        if place:
            raise AddressRefused(place)
    return parsed.copy_with(fragment=None)


def private_place(address: str) -> str:
    """Why an IP address is not asked, in words; "" for one on the open internet and for a name.

    >>> private_place("10.1.2.3")
    '10.1.2.3 is in a private network'
    """
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    for inner in _inside(ip):
        if inner.is_loopback or inner.is_unspecified:
            return f"{address} is this machine itself"
        if inner.is_link_local:
            return f"{address} is a link-local address"
        if inner.is_multicast:
            return f"{address} is a multicast address"
        if not inner.is_global or any(inner in network for network in _NEVER if network.version == inner.version):
            return f"{address} is in a private network"
    return ""


def _inside(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterable[Any]:
    """The address and the IPv4 address hidden in it (mapped, compatible, 6to4, Teredo, NAT64)."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    hidden = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in _EMBEDDING) and int(ip) > 1:  # :: and ::1 are what they are
        hidden.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    found = [h for h in hidden if h is not None]
    return found or [ip]


_EMBEDDING = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))
"""IPv4-compatible addresses (RFC 4291, 2.5.5.1) and NAT64's well-known prefix (RFC 6052)."""
_NEVER = (ipaddress.IPv6Network("64:ff9b:1::/48"), ipaddress.IPv6Network("fec0::/10"))
"""NAT64 for local use (RFC 8215) and the old site-local addresses (RFC 3879): both lead into the network around."""


class GuardedBackend(httpcore.SyncBackend):
    """Connects only to checked addresses: what was checked is what is connected to, so DNS cannot change in between."""

    def __init__(
        self,
        *,
        private: bool = False,
        resolver: Resolver = system_resolver,
        seconds: float = math.inf,
        now: Callable[[], float] = time.monotonic,
    ):
        self.private, self.resolver, self.seconds, self.now = private, resolver, seconds, now

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        try:
            addresses = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} is not known") from error
        refused = [] if self.private else [place for a in addresses if (place := private_place(a))]
        # One private answer among public ones is how a rebinding attack looks: refuse them all.
        if refused:
            where = refused[0].replace(" is ", ", which is ", 1)
            raise AddressRefused(refused[0] if host in addresses else f"{host} leads to {where}")
        last: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                return TimedStream(super().connect_tcp(address, port, *args, **kwargs), self.seconds, self.now)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                last = failure
        raise last


class TimedStream(httpcore.NetworkStream):
    """A connection on which an answer may take so many seconds from its question on, headers included.

    A time-out for each read alone lets a server drip one byte at a time for days.
    """

    def __init__(self, stream: httpcore.NetworkStream, seconds: float, now: Callable[[], float]):
        self._stream, self._seconds, self._now, self._asked = stream, seconds, now, now()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._now() - self._asked > self._seconds:
            raise httpcore.ReadTimeout(f"it took longer than {self._seconds:g} s")
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._asked = self._now()
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> TimedStream:
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._seconds, self._now)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that httpx trusts, read once in a process: 60 ms."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over a GuardedBackend."""

    def __init__(self, backend: GuardedBackend, *, verify: Any = True, connections: int = 32):
        context = _trusted() if verify is True else httpx.create_ssl_context(verify=verify, trust_env=False)
        super().__init__(verify=context, trust_env=False)
        # httpx takes no network backend; its transport is a thin shell around httpcore's pool, so the pool is replaced.
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=20.0,
            network_backend=backend,
        )
