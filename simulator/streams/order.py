"""What a `<Stream>` asks for, and what is wrong with it."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from simulator.twiml.executor import Execution

INVALID_SCHEME, MALFORMED_URL, INVALID_TRACK = 31922, 31923, 31941
# Name and value of a Parameter together stay below this. Source: Stream, "Parameter".
PARAMETER_LIMIT = 500
_TRACKS = {"inbound_track": ["inbound"], "outbound_track": ["outbound"], "both_tracks": ["inbound", "outbound"]}


@dataclass(frozen=True, kw_only=True)
class StreamOrder:
    """A stream to begin. `status_url` is told of its start, stop and errors; `name` is what Stop calls it."""

    url: str
    name: str = ""
    tracks: list[str] = field(default_factory=lambda: ["inbound"])
    parameters: dict[str, str] = field(default_factory=dict)
    status_url: str | None = None
    status_method: str = "POST"


def read_order(run: Execution, noun: Element, *, both_ways: bool) -> StreamOrder | None:
    """The order in a Stream noun; None when it cannot be followed, of which the debugger has then been told."""
    url = urljoin(run.base or "", noun.get("url", ""))
    problem = _problem(url)
    if problem is not None:
        _refuse(run, *problem)
        return None
    track = noun.get("track", "inbound_track")
    if track not in _TRACKS or (both_ways and track != "inbound_track"):
        _refuse(run, INVALID_TRACK, f"'{track[:40]}' cannot be streamed here.")
        return None
    status_url = noun.get("statusCallback")
    return StreamOrder(
        url=url,
        name=noun.get("name", ""),
        tracks=_TRACKS[track],
        parameters=_parameters(run, noun),
        status_url=run.resolve(status_url) if status_url else None,
        status_method=noun.get("statusCallbackMethod", "POST").upper(),
    )


def _refuse(run: Execution, code: int, sentence: str) -> None:
    run.leg_complains(code, sentence)
    run.leg.phone.emit("stream", state="failed", stream_sid=None, code=code, why=sentence)


def _problem(url: str) -> tuple[int, str] | None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return MALFORMED_URL, "The stream's URL cannot be read."
    if parts.scheme != "wss" and not (parts.scheme == "ws" and _is_this_machine(host)):
        return INVALID_SCHEME, "A stream's URL begins with wss:// (ws:// is for this machine only)."
    if not host or url != url.strip() or any(sign.isspace() for sign in url):
        return MALFORMED_URL, "The stream's URL names no host, or has a space in it."
    if parts.query or "?" in url:
        return MALFORMED_URL, "A stream's URL has no query string; use Parameter."
    return None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parameters(run: Execution, noun: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in noun:
        if child.tag != "Parameter":
            continue
        name, value = child.get("name", ""), child.get("value", "")
        if not name:
            run.leg_complains(12200, "A Parameter of a Stream has no name; it is left out.")
        elif len(name) + len(value) >= PARAMETER_LIMIT:
            run.leg_complains(12200, f"Parameter '{name[:40]}' has {len(name) + len(value)} characters; under 500 fit.")
        else:
            found[name] = value
    return found
