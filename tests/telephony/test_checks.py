"""What the doctor says about the way between this application and the phone company."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from telephony.checks import Finding, Level, check_clock, check_numbers, check_signature_base_url
from telephony.memory import MemoryProvider
from telephony.provider import ProviderError

BASE = "https://desk.example.org"
NUMBER = "+12025550123"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def told(findings: list[Finding]) -> str:
    return "\n".join(f"{finding.level} {finding.subject}: {finding.message}" for finding in findings)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "not set"),
        ("desk.example.org", "not an absolute URL"),
        ("https://", "not an absolute URL"),
        ("https://desk.example.org:port", "not an absolute URL"),
        (" https://desk.example.org", "not an absolute URL"),
        ("ftp://desk.example.org", "not an absolute URL"),
        ("https://desk.example.org/desk", "path /desk"),
        ("https://desk.example.org?x=1", "query"),
        ("https://me@desk.example.org", "user name"),
        ("http://desk.example.org", "not https"),
        ("https://localhost", "not reachable"),
        ("https://127.0.0.1:5000", "not reachable"),
        ("https://10.1.2.3", "not reachable"),
        ("https://[::1]", "not reachable"),
        ("https://desk", "not reachable"),
        ("https://desk.local", "not reachable"),
    ],
)
def test_a_base_url_over_which_no_signature_can_be_right_is_a_problem(url: str, says: str) -> None:
    findings = check_signature_base_url(url)
    assert {finding.level for finding in findings} == {Level.PROBLEM}
    assert says in told(findings)


@pytest.mark.parametrize("url", [BASE, BASE + "/", BASE + ":8443", "https://203.0.114.9"])
def test_a_public_https_address_is_right(url: str) -> None:
    assert [finding.level for finding in check_signature_base_url(url)] == [Level.OK]


def test_a_demo_may_run_on_this_machine() -> None:
    assert [finding.level for finding in check_signature_base_url("http://127.0.0.1:5000", production=False)] == [
        Level.OK
    ]
    assert check_signature_base_url("http://127.0.0.1:5000/x", production=False)[0].level is Level.PROBLEM


@pytest.fixture
def company() -> MemoryProvider:
    return MemoryProvider("secret", BASE, clock=lambda: NOW)


def point(company: MemoryProvider, voice: str, fallback: str, status: str) -> None:
    company.own_number(NUMBER)
    company.configure_number(NUMBER, voice_url=voice, fallback_url=fallback, status_url=status)


def test_a_number_that_points_here_is_right(company: MemoryProvider) -> None:
    point(company, BASE + "/voice/incoming#rc=2", "https://files.example/sorry.xml", BASE + "/voice/status")
    assert check_numbers(company, BASE + "/", [NUMBER]) == [
        Finding(level=Level.OK, subject=NUMBER, message="Its webhooks point here.")
    ]


def test_a_number_that_points_elsewhere_is_told_what_to_set(company: MemoryProvider) -> None:
    point(company, "https://old.example/voice", "", "")
    findings = check_numbers(company, BASE, [NUMBER])
    assert [finding.level for finding in findings] == [Level.PROBLEM, Level.WARNING, Level.WARNING]
    assert "points to https://old.example/voice; set it to https://desk.example.org/voice/incoming" in told(findings)
    assert "status callback is empty; set it to https://desk.example.org/voice/status" in told(findings)
    assert "no fallback URL" in told(findings)


def test_a_fallback_inside_the_application_is_no_fallback(company: MemoryProvider) -> None:
    point(company, BASE + "/voice/incoming", BASE + "/voice/fallback", BASE + "/voice/status")
    assert "cannot answer while it is down" in told(check_numbers(company, BASE, [NUMBER]))


def test_numbers_that_are_missing_misspelt_or_without_a_flow_are_named(company: MemoryProvider) -> None:
    point(company, BASE + "/voice/incoming", "https://files.example/sorry.xml", BASE + "/voice/status")
    findings = check_numbers(company, BASE, ["+12025550199", "202 555 0123"])
    assert [(finding.subject, finding.level) for finding in findings] == [
        ("+12025550199", Level.PROBLEM),
        ("202 555 0123", Level.PROBLEM),
        (NUMBER, Level.WARNING),
    ]
    assert "No number has a flow" in told(check_numbers(company, BASE, []))


def test_a_phone_company_that_does_not_answer_is_a_finding_and_no_crash(company: MemoryProvider) -> None:
    company.failures = [ProviderError("Wrong token.")]
    assert "problem service numbers: They cannot be listed. Wrong token." in told(
        check_numbers(company, BASE, [NUMBER])
    )


@pytest.mark.parametrize(
    ("skew_s", "level", "says"),
    [
        (0, Level.OK, "agrees"),
        (-4, Level.OK, "agrees"),
        (5, Level.WARNING, "5 s ahead of"),
        (-30, Level.WARNING, "30 s behind"),
        (-3600, Level.PROBLEM, "3600 s behind"),
    ],
)
def test_the_clock_is_compared(company: MemoryProvider, skew_s: int, level: Level, says: str) -> None:
    findings = check_clock(company, NOW + timedelta(seconds=skew_s))
    assert [finding.level for finding in findings] == [level]
    assert says in told(findings)


class Timeless:
    """A company that does not tell the time."""

    def carrier_time(self) -> datetime | None:
        return None


class Unreachable:
    """A company that cannot be asked."""

    def carrier_time(self) -> datetime | None:
        raise ProviderError("Twilio cannot be reached.")


def test_an_unknown_time_is_a_warning() -> None:
    for company in (Timeless(), Unreachable()):
        assert [finding.level for finding in check_clock(company, NOW)] == [Level.WARNING]
