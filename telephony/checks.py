"""What can be wrong between this application and the phone company before the first call, and what to do about it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from telephony.numbers import is_e164
from telephony.provider import NumberConfiguration, Provider, ProviderError

VOICE_PATH = "/voice/incoming"
STATUS_PATH = "/voice/status"

# Signatures carry no time, so a wrong clock breaks no call; it misplaces calling hours and the order of events.
_SKEW_NOTICED_S = 5
_SKEW_HARMFUL_S = 60
_LOCAL_NAMES = ("localhost", ".localhost", ".local", ".internal", ".invalid", ".test", ".example")


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One result of a check: `subject` is what was looked at, `message` what was found and what to do."""

    level: Level
    subject: str
    message: str


class TellsTime(Protocol):
    """A provider that knows what time it is."""

    def carrier_time(self) -> datetime | None:
        """The phone company's clock (aware, UTC), or None."""


def check_signature_base_url(public_base_url: str, *, production: bool = True) -> list[Finding]:
    """Check the URL over which webhook signatures are computed.

    Args:
        public_base_url: the configured value.
        production: False allows http and this machine, as a demo uses them.
    """
    subject = "public base URL"
    if not public_base_url.strip():
        return [_problem(subject, "It is not set. Set PUBLIC_BASE_URL to the https address the phone company calls.")]
    try:
        parts = urlsplit(public_base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or public_base_url != public_base_url.strip():
        return [_problem(subject, "It is not an absolute URL. Write it like https://desk.example.org.")]
    found = [_problem(subject, message) for message in _faults_in_url(public_base_url, production=production)]
    return found or [_ok(subject, "Signatures are checked over this address.")]


def check_numbers(provider: Provider, public_base_url: str, expected: Iterable[str]) -> list[Finding]:
    """Check that every service number sends its calls here.

    Args:
        provider: asked for the account's numbers.
        public_base_url: where this application is reached.
        expected: service numbers in E.164 that have a flow.

    Returns:
        One or more findings per expected number; numbers of the account that are not expected but point here, too.
    """
    base = public_base_url.rstrip("/")
    try:
        held = {configuration.number: configuration for configuration in provider.number_configurations()}
    except ProviderError as error:
        return [_problem("service numbers", f"They cannot be listed. {error}")]
    wanted = list(dict.fromkeys(expected))
    if not wanted:
        return [_warning("service numbers", "No number has a flow yet: give one a flow, or no call is answered.")]
    found = [finding for number in wanted for finding in _check_number(number, held.get(number), base)]
    strays = [number for number, at in held.items() if number not in wanted and at.voice_url.startswith(base + "/")]
    found += [_warning(number, "It sends its calls here but has no flow: give it one.") for number in strays]
    return found


def check_clock(provider: TellsTime, now: datetime) -> list[Finding]:
    """Compare this machine's clock with the phone company's, which is known to the second."""
    subject = "clock"
    try:
        theirs = provider.carrier_time()
    except ProviderError as error:
        return [_warning(subject, f"The phone company's time is not known. {error}")]
    if theirs is None:
        return [_warning(subject, "The phone company does not tell its time; the clock was not compared.")]
    skew_s = round((now - theirs).total_seconds())
    told = f"This machine's clock is {abs(skew_s)} s {'ahead of' if skew_s > 0 else 'behind'} the phone company's."
    if abs(skew_s) >= _SKEW_HARMFUL_S:
        return [_problem(subject, f"{told} Calling hours and timelines will be wrong: set the clock with NTP.")]
    if abs(skew_s) >= _SKEW_NOTICED_S:
        return [_warning(subject, f"{told} Let NTP keep it.")]
    return [_ok(subject, "It agrees with the phone company's.")]


def _faults_in_url(url: str, *, production: bool) -> Iterator[str]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.path.strip("/"):
        yield f"It has the path {parts.path}. Take the path away: webhooks lie directly below the host."
    if parts.query or parts.fragment or parts.username:
        yield "It has a query, a fragment or a user name. Keep scheme, host and port only."
    if not production:
        return
    if parts.scheme != "https":
        yield "It is not https: callers' numbers and words would travel in the open. Put a TLS proxy before the app."
    if _is_local(host):
        yield f"{host} is not reachable from the phone company. Use the public host name."


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.lower().rstrip(".").endswith(_LOCAL_NAMES)


def _check_number(number: str, configuration: NumberConfiguration | None, base: str) -> Iterator[Finding]:
    if not is_e164(number):
        yield _problem(number, "It is not in E.164 form: write +, country code and number without spaces.")
        return
    if configuration is None:
        yield _problem(number, "The account does not hold this number: buy or port it, or take away its flow.")
        return
    voice, status = base + VOICE_PATH, base + STATUS_PATH
    at_fault = False
    for wanted, there, what in (
        (voice, configuration.voice_url, "voice webhook"),
        (status, configuration.status_callback, "status callback"),
    ):
        if there.partition("#")[0] != wanted:
            at_fault = True
            level = Level.PROBLEM if wanted == voice else Level.WARNING
            now_at = f"points to {there}" if there else "is empty"
            yield Finding(level=level, subject=number, message=f"Its {what} {now_at}; set it to {wanted} (POST).")
    if not configuration.voice_fallback_url:
        at_fault = True
        yield _warning(number, "It has no fallback URL: while the app is down, callers hear an error and are cut off.")
    elif configuration.voice_fallback_url.startswith(base + "/"):
        at_fault = True
        yield _warning(number, "Its fallback URL is this app itself, which cannot answer while it is down.")
    if not at_fault:
        yield _ok(number, "Its webhooks point here.")


def _ok(subject: str, message: str) -> Finding:
    return Finding(level=Level.OK, subject=subject, message=message)


def _warning(subject: str, message: str) -> Finding:
    return Finding(level=Level.WARNING, subject=subject, message=message)


def _problem(subject: str, message: str) -> Finding:
    return Finding(level=Level.PROBLEM, subject=subject, message=message)
