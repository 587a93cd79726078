"""The carrier's own book, which outlives it, and what it counts."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from carrier_app import ACCOUNT, NUMBER, TOKEN, SimulatedHost
from twilio.rest import Client

from simulator import SimulatedNetwork
from simulator.cli import main
from simulator.ledger_counts import count, read

ROOT = Path(__file__).resolve().parents[2]
PERSON = "+8613900000009"
BEGIN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def line(event: str, at_s: float, sid: str = "CA1", to: str = PERSON, **more: object) -> dict[str, object]:
    at = (BEGIN + timedelta(seconds=at_s)).isoformat()
    return {"event": event, "at": at, "sid": sid, "to": to, "from": NUMBER, "direction": "outbound-api", **more}


def test_every_step_of_a_call_is_booked(app, net, client):
    net.add_number(NUMBER)
    client.calls.create(to=PERSON, from_=NUMBER, url=app.page("/hello", "<Say>Hello</Say>"))
    net.settle()
    rows = list(read(net.carrier.ledger.path))
    assert [row["event"] for row in rows] == ["started", "create", "ring", "answer", "end"]
    assert (net.ledger.creates, net.ledger.rings, net.ledger.answers, net.ledger.doubles) == (1, 1, 1, 0)
    assert net.ledger.by_status == {"completed": 1}


def test_an_unreachable_number_is_a_create_without_a_ring(net, client):
    net.add_number(NUMBER)
    net.people.set(PERSON, "unreachable")
    client.calls.create(to=PERSON, from_=NUMBER, twiml="<Response/>")
    net.settle()
    assert (net.ledger.creates, net.ledger.rings, net.ledger.by_status) == (1, 0, {"failed": 1})


def test_a_refused_create_is_not_booked_and_a_lost_answer_is(net):
    impatient = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(net.base_url))
    net.add_number(NUMBER)
    net.people.set(PERSON, "busy")
    for kind in ("rest_status", "rest_accept_then_timeout"):
        net.fault(kind, times=1, method=None)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the client makes of a refusal or of no answer.
            impatient.calls.create(to=PERSON, from_=NUMBER, twiml="<Response/>")
    net.settle()
    assert net.ledger.creates == 1


def test_a_number_called_while_it_is_live_is_a_double_also_after_an_answer_that_got_lost():
    rows = [line("create", 0), line("ring", 0.2), line("create", 5, "CA2"), line("end", 6, status="busy")]
    counts = count(rows)
    assert [(d.sid, d.earlier_sid, d.gap_s) for d in counts.at_once] == [("CA2", "CA1", None)]
    assert (counts.doubles, counts.still_live, counts.most_live) == (1, 1, 2)


def test_a_number_called_again_within_the_asked_time_is_a_double():
    rows = [line("create", 0), line("end", 5, status="busy"), line("create", 35, "CA2")]
    assert count(rows).doubles == 0
    assert count(rows, too_soon_s=31).doubles == 1
    assert count(rows, too_soon_s=30).doubles == 0


def test_a_number_that_rang_more_often_than_asked_is_named():
    rows = []
    for n in range(3):
        rows += [line("create", n, f"CA{n}"), line("ring", n, f"CA{n}"), line("end", n + 0.5, f"CA{n}", status="busy")]
    assert count(rows, tries=3).over_tries == []
    assert count(rows, tries=2).over_tries == [PERSON]
    assert count(rows).per_number == {3: 1}


def test_the_pace_is_that_of_any_sliding_second_and_of_each_window():
    times = [0.0, 0.4, 0.6, 1.3, 1.5, 1.59, 25.0]
    counts = count([line("create", t, f"CA{n}", f"+861390000{n:04d}") for n, t in enumerate(times)])
    assert counts.most_in_a_second == 4
    assert counts.windows == [6, 0, 1]


def test_calls_that_come_in_are_told_apart(net, app):
    net.add_number(NUMBER, voice_url=app.page("/voice", "<Say>Hello</Say>"))
    net.call(to=NUMBER).wait_for_end()
    assert (net.ledger.creates, net.ledger.incoming) == (0, 1)


def test_queued_calls_are_listed_by_number_and_time(tmp_path):
    with SimulatedNetwork(ACCOUNT, TOKEN, clock="real", calls_per_second=0.02, data_dir=tmp_path / "net") as slow:
        slow.add_number(NUMBER)
        host = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(slow.base_url))
        for n in range(3):
            host.calls.create(to=f"+861390000000{n}", from_=NUMBER, twiml="<Response/>")
        (found,) = host.calls.list(to="+8613900000002", start_time_after=datetime.now(UTC) - timedelta(minutes=1))
        assert (found.status, found.to, int(found.queue_time) > 50_000) == ("queued", "+8613900000002", True)
        assert host.calls.list(to="+8613900000002", start_time_after=datetime.now(UTC) + timedelta(minutes=1)) == []
        assert host.calls.list(to="+8613900000002", from_="+8613900000001") == []


@pytest.fixture
def carrier(tmp_path):
    """Starts a carrier process on the same data folder each time."""
    running: list[subprocess.Popen[str]] = []

    def start() -> tuple[subprocess.Popen[str], str]:
        account = ["--account-sid", ACCOUNT, "--auth-token", TOKEN]
        people = tmp_path / "people.yaml"
        people.write_text('- number: "+*"\n  answer_after_s: 0.1\n')
        numbers = tmp_path / "numbers.yaml"
        numbers.write_text(f'- phone_number: "{NUMBER}"\n')
        files = ["--people", str(people), "--numbers", str(numbers), "--data-dir", str(tmp_path / "data")]
        command = [sys.executable, "-m", "simulator", "carrier", "--port", "0", *account, *files]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(process)
        address = re.search(r"http://\S+:\d+", process.stdout.readline())
        assert address
        return process, address[0]

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_carrier_keeps_its_book_and_lists_its_calls_as_ended(carrier, tmp_path, capsys):
    first, address = carrier()
    client = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(address))
    talking = client.calls.create(to=PERSON, from_=NUMBER, twiml="<Response><Pause length='600'/></Response>").sid
    ringing = client.calls.create(to="+8613900000010", from_=NUMBER, twiml="<Response/>", timeout=600).sid
    deadline = time.monotonic() + 20
    while client.calls(talking).fetch().status != "in-progress" and time.monotonic() < deadline:
        time.sleep(0.02)
    requests.post(f"{address}/people", json={"number": "+8613900000011", "behaviour": "no-answer"}, timeout=5)
    unanswered = client.calls.create(to="+8613900000011", from_=NUMBER, twiml="<Response/>").sid
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    _, address = carrier()
    client = Client(ACCOUNT, TOKEN, http_client=SimulatedHost(address))
    assert client.calls(talking).fetch().status == "completed"
    assert client.calls(ringing).fetch().status in ("failed", "completed")
    (listed,) = client.calls.list(to="+8613900000011", start_time_after=datetime.now(UTC) - timedelta(minutes=5))
    assert (listed.sid, listed.status) == (unanswered, "failed")
    assert main(["ledger", str(tmp_path / "data")]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"carriers started +2\n", shown)
    assert re.search(r"still live +0\n", shown)
    assert re.search(r"cut off by a carrier's end +[23]\n", shown)


def test_the_command_ends_with_one_when_somebody_was_called_twice_at_once(tmp_path, capsys):
    path = tmp_path / "ledger.jsonl"
    rows = [line("create", 0), line("create", 1, "CA2")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"event": "cre')
    assert main(["ledger", str(path), "--json"]) == 1
    counted = json.loads(capsys.readouterr().out)
    assert (counted["doubles"], counted["creates"], counted["torn_lines"]) == (1, 2, 1)
    assert main(["ledger", str(tmp_path / "nowhere")]) == 2


def test_a_fault_may_strike_by_chance_only(net):
    net.people.set("+*", "busy")
    net.add_number(NUMBER)
    net.fault("rest_status", share=0.3, status=429, method="POST")
    answers = [
        requests.post(
            f"{net.base_url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
            auth=(ACCOUNT, TOKEN),
            data={"To": f"+86139000{n:05d}", "From": NUMBER, "Twiml": "<Response/>"},
            timeout=5,
        ).status_code
        for n in range(60)
    ]
    assert 5 < answers.count(429) < 35
    assert answers.count(201) == 60 - answers.count(429)
