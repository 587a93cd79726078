"""The trial notices what it is there to notice, and a short one runs through."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from callbacks.attempt import Attempt, AttemptState
from callbacks.case import Case, CaseState, CloseReason
from config import Config
from house import House
from simulator.people import Mixture, People
from soak.desk import Desk
from soak.havoc import Havoc
from soak.house import Houseful
from soak.plan import PEOPLE, QUICK, SERVICE_NUMBER, Plan, number_of
from soak.processes import Member, wait_ready
from soak.verdict import judge, orphans, page
from storage.database import Database

ROOT = Path(__file__).resolve().parents[2]
SMALL = Plan(cases=3, tries=1)
BEGIN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def line(event: str, at_s: float, sid: str, number: int, **more: object) -> str:
    at = (BEGIN + timedelta(seconds=at_s)).isoformat()
    row = {"event": event, "at": at, "sid": sid, "to": number_of(number), "from": SERVICE_NUMBER}
    return json.dumps(row | {"direction": "outbound-api"} | more) + "\n"


def call(sid: str, number: int, at_s: float) -> str:
    end = line("end", at_s + 2, sid, number, status="busy")
    return line("create", at_s, sid, number) + line("ring", at_s + 0.2, sid, number) + end


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with three people, each of whom was called once."""
    url = sqlite_db.url.render_as_string(hide_password=False)
    monkeypatch.setattr("soak.desk.migrate.upgrade", lambda _db: None)
    house = House(Config.from_environment(Houseful(SMALL, tmp_path, url).environment()))
    found = Desk(house)
    found.prepare(SMALL)
    with house.db.write() as session:
        closed = {"state": CaseState.CLOSED, "reason": CloseReason.TRIES_USED}
        session.execute(update(Case).values(**closed))
        for n, case in enumerate(session.scalars(select(Case).order_by(Case.id))):
            session.add(ended(case, n))
    yield found
    house.close()


def ended(case: Case, n: int) -> Attempt:
    return Attempt(
        case_id=case.id,
        campaign_id=case.campaign_id,
        n=1,
        purpose=case.purpose,
        number=case.number,
        state=AttemptState.ENDED,
        claimed_at=BEGIN,
        slot_at=BEGIN,
        sid=f"CA{n}",
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    path.write_text("".join(call(f"CA{n}", n, 10 * n) for n in range(3)))
    return path


def test_a_clean_run_has_no_fault(desk: Desk, ledger: Path):
    verdict = judge(ledger, desk, SMALL)
    assert verdict.faults == ()
    assert orphans(ledger, desk) == 0
    shown = "\n".join(page(verdict, kills={"dialer": 7}, unknown_calls=0))
    assert "Killed (kill -9): 7 processes (dialer 7)." in shown
    assert "Double calls 0, lost cases 0, attempts left open 0." in shown


def test_a_second_call_to_a_number_is_told_from_the_carriers_book(desk: Desk, ledger: Path):
    with ledger.open("a") as book:
        book.write(call("CA9", 1, 40))
    verdict = judge(ledger, desk, SMALL)
    assert [re.sub(r":.*", "", fault) for fault in verdict.faults] == [
        "1 calls to a number too soon after its end",
        "1 numbers rang more often than their tries allow.",
    ]
    assert orphans(ledger, desk) == 1


def test_an_attempt_that_is_not_over_is_told(desk: Desk, ledger: Path):
    with desk.house.db.write() as session:
        session.execute(update(Attempt).where(Attempt.sid == "CA1").values(state=AttemptState.UNKNOWN))
    (fault,) = judge(ledger, desk, SMALL).faults
    assert fault.startswith("1 attempts were left open: attempt ")


def test_a_case_that_nobody_calls_is_lost(desk: Desk, ledger: Path):
    with desk.house.db.write() as session:
        case = session.scalars(select(Case).where(Case.number == number_of(2))).one()
        case.state, case.reason, case.due_at = CaseState.OPEN, "", datetime.now(UTC) - timedelta(minutes=5)
    (fault,) = judge(ledger, desk, SMALL).faults
    assert fault.startswith("1 cases are due and not called")


def test_a_case_closed_as_called_whose_phone_never_rang_is_lost(desk: Desk, ledger: Path):
    ledger.write_text("".join(ledger.read_text().splitlines(keepends=True)[:6]))
    (fault,) = judge(ledger, desk, SMALL).faults
    assert fault.startswith("1 cases were closed as called, but the carrier never saw")


def test_everybody_on_the_list_behaves_somehow_and_the_same_each_time():
    import yaml

    people = People()
    for row in yaml.safe_load(PEOPLE.read_text()):
        people.set(row.pop("number"), row.pop("behaviour", None), **row)
    (rule,) = people.rules().values()
    assert isinstance(rule, Mixture)
    names = {rule.part(number_of(n)).name for n in range(500)}
    assert names == {part.name for part in rule.parts}


class Sleeper(Member):
    """A process that does nothing."""

    def __init__(self, name: str, folder: Path) -> None:
        code = "import time; print('awake', flush=True); time.sleep(600)"
        super().__init__(name, (sys.executable, "-c", code), {}, folder / f"{name}.log", ready_words="awake")


class Sleepers:
    """A house of sleepers."""

    def __init__(self, folder: Path) -> None:
        self.plan = replace(QUICK, kill_every_s=0.05)
        self.carrier, self.web = Sleeper("carrier", folder), Sleeper("web", folder)
        self.dialers, self.workers = [Sleeper("dialer-1", folder)], [Sleeper("worker-1", folder)]
        self.everybody = [self.carrier, self.web, *self.dialers, *self.workers]
        self.told = 0

    def make_trouble(self) -> None:
        self.told += 1

    def end_trouble(self) -> None:
        self.told += 1


def test_processes_are_killed_and_all_of_them_are_back_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("soak.havoc.LULL_S", 0.1)
    house = Sleepers(tmp_path)
    havoc = Havoc(house=house, chance=random.Random(3))  # type: ignore[arg-type]
    try:
        for member in house.everybody:
            member.start()
        for member in house.everybody:
            wait_ready(member)
        havoc.rage(4, lambda _left: None)
        havoc.end()
        assert all(member.alive for member in house.everybody)
    finally:
        for member in house.everybody:
            member.stop(5)
    assert sum(havoc.kills.values()) >= 3
    assert sum(member.kills for member in house.everybody) == sum(havoc.kills.values())
    assert not any(member.alive for member in house.everybody)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_short_soak_doubles_and_loses_nothing():
    arguments = ["--minutes", "0.3", "--cases", "40", "--kill-every", "3", "--quick", "--seed", "5"]
    command = [sys.executable, "-m", "soak", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=580, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Double calls 0, lost cases 0, attempts left open 0." in run.stdout
    assert re.search(r"Killed \(kill -9\): [1-9]", run.stdout), run.stdout
