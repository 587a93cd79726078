"""The measurements measure: calls run to their end, a lost row is noticed, a whole small run writes its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from app import create_app
from bench import endurance, engine_time, house, inside, report, whole
from bench.calls import COMPLAINT, DEMO_CALLS, SHORT_CALL, Exchange, Ledger, place_call, report_end
from bench.figures import percentile
from bench.report import Results
from bench.server import Cores
from bench.speed import Plan
from config import Config
from flows.documents import from_json
from flows.problems import Level
from flows.validation.lint import lint
from ivr.calls import Call
from ivr.turns import TurnRow
from tests.conftest import KINDS

TINY = whole.Size(
    plan=Plan(repetitions=1, seconds=0.1, paced_s=0.3, at_once=(1, 4)),
    calls=6,
    memory_calls=20,
    tickets=30,
    page_times=1,
    engine_calls=8,
    speak=False,
)


def finish(call) -> None:
    """Run a call that never waits."""
    with pytest.raises(StopIteration):
        call.send(None)


@pytest.fixture
def desk(tmp_path: Path):
    found = house.settings(tmp_path, port=18_000)
    environ = house.environment(found, f"sqlite:///{tmp_path / 'bench.db'}")
    house.prepare(environ, speak=False)
    app = create_app(Config.from_environment(environ))
    with house.opened(environ) as opened:
        yield inside.InsidePeer(app.wsgi_app, found.web_url, found.auth_token), opened.db


def test_every_scripted_caller_is_led_to_the_goodbye(desk):
    peer, _db = desk
    exchange = Exchange()
    for script in (*DEMO_CALLS, COMPLAINT):
        ledger = Ledger(keep_documents=True)
        finish(place_call(peer, ledger, exchange.caller(), script))
        (documents,) = ledger.documents.values()
        assert not ledger.bad
        assert "<Hangup" in documents[-1], script
        assert all("<Play>" in document for document in documents)


def test_a_short_call_ends_in_the_menu(desk):
    peer, _db = desk
    ledger = Ledger(keep_documents=True)
    finish(place_call(peer, ledger, Exchange().caller(), SHORT_CALL))
    assert ledger.turns == 2
    assert "<Hangup" not in str(ledger.documents)


def test_a_lost_turn_and_a_missing_ticket_are_noticed(desk):
    peer, db = desk
    exchange, ledger = Exchange(), Ledger(keep_documents=True)
    with db.read() as session:
        last = session.scalar(select(func.max(Call.id))) or 0
    for _ in range(3):
        caller = exchange.caller()
        finish(place_call(peer, ledger, caller, COMPLAINT))
        finish(report_end(peer, ledger, caller))
    with db.write() as session:
        before = endurance.count_rows(session, ledger, calls=3, after_call=last)
        session.execute(delete(TurnRow).where(TurnRow.number == 4))
        after = endurance.count_rows(session, ledger, calls=3, after_call=last)
    assert [c for c in before if c.expected != c.found] == []
    assert {c.what for c in after if c.expected != c.found} >= {"turns", "events TicketOpened"}


def test_the_large_flow_has_five_hundred_nodes_and_no_fault():
    document = from_json(engine_time.large_flow(500))
    assert len(document.nodes) == 500
    assert [p for p in lint(document, known_flows={}, now=datetime.now(UTC)) if p.level is Level.ERROR] == []


def test_a_percentile_is_one_of_the_values():
    assert percentile([], 0.5) == 0.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(100)], 0.95) == 95.0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_small_run_loses_nothing_and_writes_its_page(kind: str, tmp_path: Path):
    results = Results(measured_at="now", machine="a machine", load_before="0.0", quick=True)
    results.engine, results.compiled = engine_time.engine_time(TINY.engine_calls), engine_time.compile_time()
    results.databases.append(whole.measure(kind, tmp_path, Cores.of_this_process(), TINY))
    report.write(results, tmp_path / "out")
    (measured,) = results.databases
    assert measured.end_to_end is not None
    assert measured.end_to_end.nothing_lost, measured.end_to_end
    assert {row.at_once for row in measured.rows} == {1, 4}
    assert all(row.per_second > 0 and not row.bad for row in measured.rows)
    assert [time.turns > 0 for time in measured.server_times] == [True, True]
    page = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "| c our turn | 4 |" in page
    assert "nothing lost" in page
    assert json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["databases"][0]["rows"]
