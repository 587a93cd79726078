"""business_hours. Times are Shanghai's, UTC+8."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flows.documents import DocumentError
from tests.flows.nodes.conversation import Conversation

NODE = """
type: business_hours
zone: Asia/Shanghai
hours: {every_day: ["08:00-21:00"]}
holidays: {country: CN}
exceptions:
  - {date: 2026-10-03, hours: ["10:00-12:00"]}
  - {date: 2026-11-23}
exits: {open: end, closed: end, holiday: end}
"""


def at(text, zone="Asia/Shanghai"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "exit_name"),
    [
        ("2026-11-21T08:00:00", "open"),
        ("2026-11-21T07:59:59", "closed"),
        ("2026-11-21T20:59:59", "open"),
        ("2026-11-21T21:00:00", "closed"),
        ("2026-10-01T12:00:00", "holiday"),
        ("2026-10-01T23:00:00", "holiday"),
        ("2026-10-03T11:00:00", "open"),
        ("2026-10-03T13:00:00", "closed"),
        ("2026-11-23T12:00:00", "closed"),
    ],
)
def test_the_clock_of_the_zone_decides(now, exit_name):
    assert Conversation(NODE, now=at(now)).exit == exit_name


def test_an_unwired_holiday_is_closed():
    text = NODE.replace(", holiday: end", "")
    assert Conversation(text, now=at("2026-10-01T12:00:00")).exit == "closed"


@pytest.mark.parametrize(
    ("now", "exit_name"),
    [
        ("2026-11-20T23:00:00", "open"),
        ("2026-11-21T05:59:00", "open"),
        ("2026-11-21T06:00:00", "closed"),
        ("2026-11-21T12:30:00", "closed"),
        ("2026-11-23T12:30:00", "open"),
        ("2026-11-22T12:30:00", "closed"),
    ],
)
def test_periods_may_run_over_midnight_and_weekdays_come_before_every_day(now, exit_name):
    hours = 'hours: {fri: ["22:00-06:00"], weekdays: ["12:00-13:00"], every_day: []}'
    text = NODE.replace('hours: {every_day: ["08:00-21:00"]}', hours).replace("  - {date: 2026-11-23}\n", "")
    assert Conversation(text, now=at(now)).exit == exit_name


def test_parts_of_a_country_have_their_own_holidays():
    bavaria = NODE.replace("Asia/Shanghai", "Europe/Berlin").replace("{country: CN}", "{country: DE, subdivision: BY}")
    berlin = bavaria.replace("BY", "BE")
    epiphany = at("2026-01-06T12:00:00", "Europe/Berlin")
    assert Conversation(bavaria, now=epiphany).exit == "holiday"
    assert Conversation(berlin, now=epiphany).exit == "open"


def test_a_change_of_the_clocks_moves_no_opening_hour():
    text = NODE.replace("Asia/Shanghai", "Europe/Berlin").replace("holidays: {country: CN}\n", "")
    for day in ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"):
        assert Conversation(text, now=at(f"{day}T08:00:00", "Europe/Berlin")).exit == "open"
        assert Conversation(text, now=at(f"{day}T07:59:00", "Europe/Berlin")).exit == "closed"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Asia/Shanghai", "Asia/Nowhere", "no time zone"),
        ("country: CN", "country: XX", "No holidays are known"),
        ("08:00-21:00", "8-21", "written like 08:00-21:00"),
    ],
)
def test_impossible_settings_are_refused(old, new, words):
    with pytest.raises(DocumentError, match=words):
        Conversation(NODE.replace(old, new))
