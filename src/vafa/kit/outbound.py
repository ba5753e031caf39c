"""The one way out: every request that Vafa sends to an address that somebody entered goes through here.

The address must be http or https. All addresses that its name resolves to are looked at, and if one of them is private,
local or otherwise not of the public internet, nothing is sent, unless the operator has allowed the name in
VAFA_ALLOW_PRIVATE. The connection goes to the very address that was looked at, so that a name can't point elsewhere a
moment later. No redirects, an answer of limited size, in limited time.
"""

import ipaddress
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from vafa.kit.errors import VafaError

if TYPE_CHECKING:
    import httpx

SECONDS = 15.0
MOST_BYTES = 20 * 1024 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# A network's own translation (RFC 8215) leads inside it; addresses that were once IPv4's ("::127.0.0.1") hold one.
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")


class NotSent(VafaError):
    """Nothing came back: the address is not allowed, or nobody answered in time. `permanent` says that another try
    would end alike; `may_have_arrived` that the request went out and only its answer is missing."""

    code = "not_sent"

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        permanent: bool = False,
        code: str = "",
        may_have_arrived: bool = False,
    ) -> None:
        super().__init__(message, remedy, code)
        self.permanent = permanent
        self.may_have_arrived = may_have_arrived


@dataclass(frozen=True)
class Reply:
    """What a server answered. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the server did what was asked."""
        return 200 <= self.status < 300

    def text(self, most: int = 500) -> str:
        """The beginning of the answer, for people."""
        return self.body[: most * 4].decode("utf-8", "replace").replace("\0", "")[:most]


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Reply:
    """Send one request and read its answer. Raises NotSent."""
    with open_outlet(url, seconds=seconds) as outlet:
        return outlet.send(method, url, headers=headers, body=body, most_bytes=most_bytes)


@contextmanager
def open_outlet(url: str, *, seconds: float = SECONDS) -> Iterator["Outlet"]:
    """Keep connections to the server of an address open while the block runs. Raises NotSent."""
    import httpx

    host, port = check_address(url)
    address = choose_address(host, port)
    # The environment's proxies would resolve the name once more, and elsewhere.
    with httpx.Client(follow_redirects=False, timeout=seconds, trust_env=False) as client:
        yield Outlet(client, host, port, address, seconds)


@dataclass(frozen=True)
class Outlet:
    """Open connections to one server, at the very address that was looked at. Several threads may send by it."""

    client: "httpx.Client"
    host: str
    port: int
    address: str
    seconds: float

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        most_bytes: int = MOST_BYTES,
    ) -> Reply:
        """Send one request to this server and read its answer. Raises NotSent."""
        import httpx

        if check_address(url) != (self.host, self.port):
            raise NotSent(_("This address is another server's."), permanent=True, code="other_server")
        parts = urlsplit(url)
        shown = f"[{self.address}]" if ":" in self.address else self.address
        pinned = parts._replace(netloc=f"{shown}:{self.port}").geturl()
        named = {**(headers or {}), "Host": parts.netloc.rpartition("@")[2]}
        told = {"content": body, "headers": named, "extensions": {"sni_hostname": self.host}}
        try:
            with self.client.stream(method, pinned, **told) as answer:  # type: ignore[arg-type]
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, found, self._read(answer, most_bytes))
        except httpx.TimeoutException as error:
            arrived = not isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            raise NotSent(
                _("%(host)s did not answer in time.") % {"host": self.host},
                code="timed_out",
                may_have_arrived=arrived,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            arrived = isinstance(error, httpx.HTTPError) and not isinstance(
                error, httpx.ConnectError | httpx.UnsupportedProtocol
            )
            raise NotSent(
                _("%(host)s can't be reached: %(reason)s") % {"host": self.host, "reason": error},
                code="unreachable",
                may_have_arrived=arrived,
            ) from error

    def _read(self, answer: "httpx.Response", most_bytes: int) -> bytes:
        until = time.monotonic() + self.seconds
        content = bytearray()
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > most_bytes:
                raise NotSent(
                    _("The answer is larger than allowed."),
                    permanent=True,
                    code="too_large",
                    may_have_arrived=True,
                )
            if time.monotonic() > until:
                raise NotSent(_("The answer took too long."), code="timed_out", may_have_arrived=True)
        return bytes(content)


def check_address(url: str) -> tuple[str, int]:
    """The host and port of an address that may be asked. Raises NotSent; asks no name server."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise NotSent(
            _("“%(url)s” is no address of a web server.") % {"url": url[:200]},
            _("Write it in full, such as https://example.com/path, without a password in it."),
            permanent=True,
            code="no_address",
        )
    return host, port or (443 if parts.scheme == "https" else 80)


def choose_address(host: str, port: int) -> str:
    """The numeric address to connect to, after all that the name has were looked at. Raises NotSent."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(
            _("There is no server of the name %(host)s.") % {"host": host}, code="unknown_host"
        ) from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if host.lower() not in list_allowed() and not all(map(is_public, addresses)):
        raise NotSent(
            _("%(host)s is an address inside a private network, and nothing is sent there.") % {"host": host},
            _("If that is meant, the operator adds the name to VAFA_ALLOW_PRIVATE and starts Vafa anew."),
            permanent=True,
            code="private_address",
        )
    return addresses[0]


def list_allowed() -> frozenset[str]:
    """The names that may lie in a private network, as the operator has set them."""
    told = os.environ.get("VAFA_ALLOW_PRIVATE", "")
    return frozenset(name.strip().lower() for name in told.split(",") if name.strip())


def is_public(address: str) -> bool:
    """Whether an address is of the public internet, also where it is wrapped in one of another kind."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and (found in _NAT64 or found in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local or found in _NAT64_LOCAL:
            return False
    return found.is_global and not found.is_multicast
