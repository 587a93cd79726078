"""No simulated dial ever breaks a rule, and no case is ever stuck.

The oracle below shares nothing with the gate but the meaning of the words: it reads clocks, holidays and the number
straight from the libraries and knows the laws by heart.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import phonenumbers
from gate_facts import facts
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import timezone

from callbacks.campaign import CampaignState
from callbacks.case import CaseState, CloseReason
from callbacks.consents import ConsentKind
from callbacks.gate.caps import Cap, PastCall
from callbacks.gate.facts import CampaignFacts, DialFacts, Permission, Record
from callbacks.gate.may_dial import may_dial
from callbacks.gate.organization import GatePolicy
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, CallingHours

NUMBERS = ("+8613812345678", "+869912345678", "+12125550123", "+13055550123", "+442071838750", "+447400123456")
NUMBERS += ("+79161234567", "+61412345678", "+5511987654321", "+33123456789", "+19005550123", "+861380013")
HOURS_BY_LAW = {"cn": (8, 21), "us": (8, 21), "us-fl": (8, 20), "uk": (8, 21), "eu": (9, 20), "default": (9, 20)}
STRENGTH = {"": 0, "implied": 1, "express": 2, "written": 3}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class World:
    """What happens to one number in a simulated week."""

    number: str
    purpose: Purpose
    hours: CallingHours
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    not_before: datetime | None
    not_after: datetime | None
    wish_at: datetime | None
    consent: Permission | None
    caps: tuple[Cap, ...]
    begin: datetime
    paused: tuple[datetime, datetime]
    opted_out_at: datetime | None
    closed: frozenset[date]
    calls: list[datetime] = field(default_factory=list)

    def paused_at(self, now: datetime) -> bool:
        return self.paused[0] <= now < self.paused[1]

    def facts(self, now: datetime) -> DialFacts:
        opted_out = self.opted_out_at is not None and now >= self.opted_out_at
        return facts(
            self.number,
            purpose=self.purpose,
            hours=self.hours,
            zone=self.zone,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            not_before=self.not_before,
            not_after=self.not_after,
            wish_at=self.wish_at,
            campaign=CampaignState.PAUSED if self.paused_at(now) else CampaignState.RUNNING,
            policy=GatePolicy(caps=self.caps, closed_dates=self.closed),
            reference="P1",
            state=CaseState.OPEN,
            record=Record(
                opt_outs=("all",) if opted_out else (),
                permissions=() if self.consent is None else (self.consent,),
                calls=tuple(PastCall(at=at, purpose=self.purpose, case_id=1, reference="P1") for at in self.calls),
            ),
        )


def law_of(number: str) -> str:
    region = zones_and_region(number)[1]
    if region == "US":
        return "us-fl" if number[2:5] == "305" else "us"
    return {"CN": "cn", "GB": "uk", "FR": "eu"}.get(region, "default")


@cache
def public_holidays(region: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(region, years=[year])


@cache
def zones_and_region(number: str) -> tuple[tuple[str, ...], str, bool]:
    """The zones and the country of a number, and whether it may be called at all."""
    parsed = phonenumbers.parse(number)
    kind = phonenumbers.number_type(parsed)
    valid = phonenumbers.is_valid_number(parsed) and kind != phonenumbers.PhoneNumberType.PREMIUM_RATE
    return timezone.time_zones_for_number(parsed), phonenumbers.region_code_for_number(parsed) or "", valid


def consent_lacks(world: World, now: datetime) -> bool:
    held = 0
    given = world.consent
    if given is not None and given.given_at <= now and (given.until is None or now < given.until):
        held = STRENGTH[given.kind]
    law, marketing = law_of(world.number), world.purpose == Purpose.MARKETING
    needed = {"cn": 2, "uk": 2, "eu": 2}.get(law, 3) if marketing else {"us": 2, "us-fl": 2}.get(law, 0)
    return held < needed


def broken_rules(world: World, now: datetime) -> set[str]:
    """The oracle: every rule that a dial at `now` would break."""
    zones, region, valid = zones_and_region(world.number)
    if not valid:
        return {"number"}
    broken = broken_dates(world, now) | broken_consent(world, now) | broken_caps(world, now)
    for zone in (world.zone,) if world.zone else zones:
        broken |= broken_clock(world, now, zone, region)
    return broken


def broken_dates(world: World, now: datetime) -> set[str]:
    before = {"starts": world.starts_at, "not before": world.not_before, "wish": world.wish_at}
    beyond = {"ends": world.ends_at, "not after": world.not_after, "opted out": world.opted_out_at}
    broken = {name for name, moment in before.items() if moment and now < moment}
    broken |= {name for name, moment in beyond.items() if moment and now >= moment}
    return broken | ({"paused"} if world.paused_at(now) else set())


def broken_consent(world: World, now: datetime) -> set[str]:
    if not consent_lacks(world, now):
        return set()
    if not (law_of(world.number).startswith("us") and world.purpose == Purpose.DELIVERY):
        return {"consent"}
    return {"one call per package"} if world.calls else set()


def broken_clock(world: World, now: datetime, zone: str, region: str) -> set[str]:
    broken = set()
    law, marketing = law_of(world.number), world.purpose == Purpose.MARKETING
    local = now.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if not any(a <= minute < b for a, b in world.hours.week[DAYS[local.weekday()]]):
        broken.add("hours")
    if local.date() in world.closed:
        broken.add("closed")
    lawful_holidays = law == "default" or (law in ("uk", "eu") and marketing)
    if local.date() in public_holidays(region, local.year) and (world.hours.skip_holidays or lawful_holidays):
        broken.add("holiday")
    lawful = now.astimezone(ZoneInfo("Asia/Shanghai")) if law == "cn" else local
    if not HOURS_BY_LAW[law][0] <= lawful.hour < HOURS_BY_LAW[law][1]:
        broken.add("law hours")
    if law == "eu" and marketing and local.weekday() == 6:
        broken.add("law hours")
    return broken


def broken_caps(world: World, now: datetime) -> set[str]:
    law = law_of(world.number)
    caps = [(cap.calls, cap.minutes * MINUTE) for cap in world.caps]
    if law == "cn":
        caps += [(3, 5 * MINUTE), (5, DAY)]
    if law in ("uk", "eu", "default") or (law == "us-fl" and world.purpose == Purpose.MARKETING):
        caps += [(3, DAY)]
    return {"cap" for most, span in caps if sum(now - at < span for at in world.calls) >= most}


QUARTER_DAYS = st.integers(0, 96).map(lambda n: n * 15)


@st.composite
def weeks(draw: st.DrawFn) -> CallingHours:
    week = {}
    for day in DAYS:
        edges = sorted(draw(st.sets(QUARTER_DAYS, min_size=0, max_size=4)))
        week[day] = tuple(zip(edges[::2], edges[1::2], strict=False))
    if not any(week.values()):
        week = dict.fromkeys(DAYS, ((540, 1200),))
    return CallingHours(week=week, skip_holidays=draw(st.booleans()))


def around(begin: datetime) -> st.SearchStrategy[datetime | None]:
    return st.one_of(st.none(), st.integers(-3 * 1440, 10 * 1440).map(lambda n: begin + n * MINUTE))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    begin = draw(
        st.sampled_from(
            (
                datetime(2026, 3, 7, tzinfo=UTC),
                datetime(2026, 3, 28, tzinfo=UTC),
                datetime(2026, 9, 29, tzinfo=UTC),
                datetime(2026, 10, 24, tzinfo=UTC),
                datetime(2026, 10, 31, tzinfo=UTC),
                datetime(2026, 11, 25, tzinfo=UTC),
                datetime(2026, 12, 23, tzinfo=UTC),
            )
        )
    ) + MINUTE * draw(st.integers(0, 2880))
    pause = begin + MINUTE * draw(st.integers(-60, 4000))
    consent = draw(st.one_of(st.none(), st.sampled_from(list(ConsentKind))))
    return World(
        number=draw(st.sampled_from(NUMBERS)),
        purpose=draw(st.sampled_from(list(Purpose))),
        hours=draw(weeks()),
        zone=draw(st.sampled_from(("", "", "", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"))),
        starts_at=draw(around(begin)),
        ends_at=draw(around(begin)),
        not_before=draw(around(begin)),
        not_after=draw(around(begin)),
        wish_at=draw(around(begin)),
        consent=None if consent is None else Permission(kind=consent, given_at=begin - DAY, until=draw(around(begin))),
        caps=tuple(
            Cap(calls=draw(st.integers(1, 3)), minutes=draw(st.sampled_from((60, 1440, 7 * 1440, 30 * 1440))))
            for _ in range(draw(st.integers(0, 2)))
        ),
        begin=begin,
        paused=(pause, pause + MINUTE * draw(st.integers(0, 30))),
        opted_out_at=draw(around(begin)),
        closed=frozenset(draw(st.sets(st.integers(0, 6).map(lambda n: (begin + n * DAY).date()), max_size=2))),
    )


@settings(deadline=None, max_examples=80)
@given(world=worlds(), gaps=st.lists(st.integers(1, 900), min_size=4, max_size=4))
def test_no_simulated_dial_ever_breaks_a_rule_and_no_case_is_stuck(world: World, gaps: list[int]) -> None:
    """First try and retries of a case that nobody answers, through pauses, opt-outs and every kind of night."""
    now, final, asked = world.begin, None, 0
    wait = iter(gaps)
    while len(world.calls) < len(gaps):
        asked += 1
        assert asked < 250, "the case is asked again and again and nothing comes of it"
        known = world.facts(now)
        decision = may_dial(known, now)
        assert may_dial(world.facts(now), now) == decision, "a decision is the same when asked again"
        if decision.allowed:
            assert broken_rules(world, now) == set()
            world.calls.append(now)
            now += MINUTE * next(wait)
            continue
        assert broken_rules(world, now), f"denied by {decision.rule}, but no rule is broken"
        if decision.final is not None:
            final = decision.final
            break
        assert decision.next_at is not None
        assert decision.next_at > now
        now = decision.next_at
    if final == CloseReason.EXPIRED:
        assert world.not_after is not None or world.ends_at is not None


@settings(deadline=None, max_examples=80)
@given(world=worlds(), calls=st.lists(st.integers(0, 5000), max_size=5))
def test_the_next_moment_is_allowed_and_the_first_that_is(world: World, calls: list[int]) -> None:
    """When time alone lifts a denial, the named moment is allowed, and a walk finds none before it."""
    world.paused = (world.begin - 2 * MINUTE, world.begin - MINUTE)
    world.opted_out_at = None
    world.calls = [world.begin - MINUTE * ago for ago in calls]
    known = world.facts(world.begin)
    decision = may_dial(known, world.begin)
    if decision.next_at is None:
        return
    after = may_dial(known, decision.next_at)
    assert after.allowed or after.final is not None
    if after.allowed:
        step = max((decision.next_at - world.begin) / 60, MINUTE)
        walk = (world.begin + n * step for n in range(60))
        assert all(broken_rules(world, moment) for moment in walk if moment < decision.next_at)


@settings(deadline=None, max_examples=40)
@given(world=worlds())
def test_expired_and_never_allowed_are_said_only_when_no_moment_is_left(world: World) -> None:
    world.paused = (world.begin - 2 * MINUTE, world.begin - MINUTE)
    world.opted_out_at, world.consent = None, None
    decision = may_dial(world.facts(world.begin), world.begin)
    if decision.final is None or decision.rule in ("consent", "number_valid"):
        return
    moments = (world.begin + n * 30 * MINUTE for n in range(11 * 48))
    assert all(broken_rules(world, moment) for moment in moments)


def test_a_pause_without_end_asks_again_and_again_without_dialling() -> None:
    now = datetime(2026, 11, 18, 4, tzinfo=UTC)
    known = facts(campaign=CampaignState.PAUSED)
    for _ in range(50):
        decision = may_dial(known, now)
        assert decision.rule == "campaign_running"
        assert decision.next_at is not None
        now = decision.next_at
    running = replace(known, ground=replace(known.ground, campaign=CampaignFacts(state=CampaignState.RUNNING)))
    assert may_dial(running, now).allowed
