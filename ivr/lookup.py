"""The HTTP client behind lookups: bounded in time and size, blind to our own network, with secrets put in last.

A flow's author names the URL, so the address is checked: the host is resolved once, every address it has must be
public (or allowed by configuration), and the connection goes to the address that was checked. Redirects are not
followed; they would be a second address that nobody checked.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from flows.requests import Lookup, LookupReply

log = logging.getLogger(__name__)

MAX_REPLY_BYTES = 1_000_000

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})

_SECRET = re.compile(r"secret:([A-Za-z][A-Za-z0-9_]{0,63})")


class RefusedError(Exception):
    """The lookup may not be made: a forbidden address, an unknown secret, a URL that is none."""


@dataclass(frozen=True, kw_only=True)
class LookupPolicy:
    """What lookups may reach and know.

    Attributes:
        secrets: by name; put in where a URL or header says "secret:NAME".
        allowed_hosts: host names, or "host:port", whose addresses may be private: a service in our own network.
    """

    secrets: Mapping[str, str] = field(default_factory=dict)
    allowed_hosts: frozenset[str] = frozenset()


def look_up(lookup: Lookup, policy: LookupPolicy) -> LookupReply:
    """Make the request, again up to `retries` times where that is harmless, within `timeout_s` each.

    Outcomes: ok (2xx), not_found (404 or 410), refused (not allowed, or 401, 403), timeout, error (anything else).
    """
    reply = LookupReply(outcome="error")
    for attempt in range(1 + max(lookup.retries, 0)):
        if attempt:
            time.sleep(min(0.2 * 2**attempt, 1.0))
        try:
            reply = _try(lookup, policy)
        except RefusedError as refused:
            log.warning("lookup of node %s refused: %s", lookup.node, refused)
            return LookupReply(outcome="refused")
        if not _worth_another_try(lookup, reply):
            break
    return reply


def _worth_another_try(lookup: Lookup, reply: LookupReply) -> bool:
    """A POST that may have arrived is not sent again; nothing is where the answer is final."""
    if reply.outcome == "timeout":
        return lookup.method.upper() in ("GET", "HEAD")
    return (
        reply.outcome == "error"
        and (reply.status is None or reply.status == 429 or reply.status >= 500)
        and (lookup.method.upper() in ("GET", "HEAD") or reply.status == 429)
    )


def _try(lookup: Lookup, policy: LookupPolicy) -> LookupReply:
    method = lookup.method.upper()
    if method not in METHODS:
        raise RefusedError(f"The method is not one of {', '.join(sorted(METHODS))}.")
    url = _with_secrets(lookup.url, policy.secrets)
    headers = {name: _with_secrets(value, policy.secrets) for name, value in lookup.headers.items()}
    deadline = time.monotonic() + lookup.timeout_s
    session = session_for(url, policy)
    if session is None:
        return LookupReply(outcome="error")
    with session:
        try:
            with session.request(
                method,
                url,
                headers={"Accept": "application/json", **headers},
                json=lookup.body,
                timeout=(min(lookup.timeout_s, 5.0), lookup.timeout_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                return _read(answer, deadline)
        except requests.Timeout:
            return LookupReply(outcome="timeout")
        except (requests.RequestException, ValueError) as error:
            log.warning("lookup of node %s failed with %s", lookup.node, type(error).__name__)
            return LookupReply(outcome="error")


def session_for(url: str, policy: LookupPolicy) -> requests.Session | None:
    """A session for this one URL: it connects to the address that was checked, and heeds no proxy of the environment.

    None when the host's name leads nowhere. Raises RefusedError when the host is neither public nor allowed. Whoever
    uses it must not follow redirects.
    """
    address = _checked_address(url, policy)
    if not address:
        return None
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _PinnedAdapter(address))
    return session


def _with_secrets(text: str, secrets: Mapping[str, str]) -> str:
    def secret(match: re.Match[str]) -> str:
        if match.group(1) not in secrets:
            raise RefusedError(f"There is no secret named {match.group(1)}.")
        return secrets[match.group(1)]

    return _SECRET.sub(secret, text)


def _checked_address(url: str, policy: LookupPolicy) -> str:
    """The IP address to connect to, "" when the name has none.

    Raises RefusedError when the host is neither public nor allowed.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise RefusedError("The URL cannot be read.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise RefusedError("The URL is not an absolute http or https URL.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ""
    addresses = [str(entry[4][0]) for entry in found]
    if not {host.lower(), f"{host.lower()}:{port}"} & policy.allowed_hosts:
        for address in addresses:
            if not _is_public(address):
                raise RefusedError("The address is private, local or reserved, and not on the list of allowed hosts.")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None and not inner.is_global:
        return False
    return address.is_global and not address.is_multicast and not _is_translated(address)


def _is_translated(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """NAT64 addresses (RFC 6052) hide an IPv4 address that may be private."""
    return address.version == 6 and address in ipaddress.ip_network("64:ff9b::/96")


def _read(answer: requests.Response, deadline: float) -> LookupReply:
    """The answer, read up to the size limit and the deadline; a server may drip bytes for ever."""
    body = b""
    for chunk in answer.iter_content(16_384):
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            log.warning("a lookup's answer is over %d bytes", MAX_REPLY_BYTES)
            return LookupReply(outcome="error", status=answer.status_code)
        if time.monotonic() > deadline:
            return LookupReply(outcome="timeout", status=answer.status_code)
    status = answer.status_code
    return LookupReply(outcome=_outcome(status), status=status, body=_parsed(body, answer))


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return "ok"
    if status in (404, 410):
        return "not_found"
    return "refused" if status in (401, 403) else "error"


def _parsed(body: bytes, answer: requests.Response) -> Any:
    """The body as JSON, else as text, else None; without characters that cannot be stored."""
    if not body:
        return None
    text = body.decode(answer.encoding or "utf-8", errors="replace")
    try:
        return storable(json.loads(text, parse_constant=lambda _: None))
    except (ValueError, RecursionError):
        return storable(text[:10_000])


def storable(value: Any) -> Any:
    """The JSON value without NUL characters and lone surrogates, which PostgreSQL refuses."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        case dict():
            return {storable(key): storable(inner) for key, inner in value.items()}
        case list():
            return [storable(inner) for inner in value]
        case _:
            return value


class _PinnedAdapter(HTTPAdapter):
    """Connects to the address that was checked, whatever a second look at the name would give."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools make connections that go to the address; name, certificate and Host stay those of the URL."""
        super().init_poolmanager(*args, **kwargs)
        address = self._address

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, address, super()._new_conn)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, address, super()._new_conn)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, address: str, connect: Callable[[], socket.socket]) -> socket.socket:
    """Connect while urllib3 takes the address for the host's name; it names the host by the same field afterwards."""
    name, connection._dns_host = connection._dns_host, address
    try:
        return connect()
    finally:
        connection._dns_host = name
