"""Processes that die in the middle of a call, and come back: nothing is lost, and the caller hears a way on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import select
from twilio.rest import Client

from audio.pcm import Pcm
from audio.wav import wav_bytes
from commands.fallback import fallback_xml
from config import Config
from demo.settings import SERVICE_NUMBER, UTILITY_NUMBER
from house import House
from ivr.begin import find_service, store_call
from ivr.calls import Call
from ivr.orphans import adopt_orphan_recordings, poll_missing_finals
from ivr.recordings import Recording, RecordingStatus
from ivr.turns import TurnRow
from simulator.facade import SimulatedNetwork
from simulator.handset import Handset
from storage.database import Database
from telephony.calls import CallStatus, Direction
from tests.conftest import fresh_database
from tests.end_to_end.dumps import differences, plain_dump
from tests.end_to_end.processes import WebProcess, free_port
from tests.end_to_end.rehearsal import (
    ACCOUNT,
    AUTH_TOKEN,
    at_work,
    configure,
    connect,
    furnish,
    make_worker,
    rows,
    scripted,
    url_of,
)
from tests.end_to_end.test_delivered_twice import deliver
from tests.twiml_schema import assert_valid_twiml
from tickets.people import person_for_number
from tickets.ticket import Ticket
from work.jobs import Job, JobState

PERSON = "+8613900050001"
CALLER = "+8613900050002"
WITHIN_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A network, a web process, and the house to look into what the process stored."""

    net: SimulatedNetwork
    web: WebProcess
    house: House
    config: Config

    @property
    def db(self) -> Database:
        """The database that the web process works on."""
        return self.house.db

    @property
    def client(self) -> Client:
        """The official client, pointed at the simulated network."""
        return client_of(self.net)


def client_of(net: SimulatedNetwork) -> Client:
    """The official client: nothing is changed but the address it talks to."""
    client = Client(ACCOUNT, AUTH_TOKEN)
    client.api.base_url = net.base_url
    return client


@pytest.fixture
def deploy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Database], Deployment]]:
    """Deploys on a database; the carrier keeps the fallback document on a shelf of its own."""
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    with ExitStack() as stack:

        def deployed(database: Database, folder: Path = tmp_path) -> Deployment:
            folder.mkdir(exist_ok=True)
            shelf = folder / "fallback.xml"
            shelf.write_text("<Response/>")
            net = stack.enter_context(SimulatedNetwork(ACCOUNT, AUTH_TOKEN, bins={"fallback": shelf}))
            url = f"http://127.0.0.1:{free_port()}"
            config = configure(net, url_of(database), folder, url, web_threads=4)
            house = House(config)
            stack.callback(house.close)
            furnish(house.db, house.now())
            shelf.write_text(fallback_xml(house))
            connect(net, url)
            web = stack.enter_context(WebProcess(config, folder / "web.log"))
            return Deployment(net=net, web=web, house=house, config=config)

        yield deployed


def prepared_call(house: House) -> str:
    """A stored call to PERSON that waits for its first turn; the path at which the flow begins."""
    with house.db.write() as session:
        service = find_service(house.calls, session, SERVICE_NUMBER, house.now())
        row = store_call(
            session,
            sid=None,
            direction=Direction.OUTBOUND,
            from_number=SERVICE_NUMBER,
            to_number=PERSON,
            status=CallStatus.QUEUED,
            person=person_for_number(session, PERSON, now=house.now()),
            line_id=service.line_id,
            flow=service.flow,
            now=house.now(),
        )
        return f"/voice/calls/{row.token}/turns/0"


def complain(at: Deployment, disturb: Callable[[], None]) -> Handset:
    """Called by the desk through the official client, PERSON complains; `disturb` happens between the webhooks."""
    at.net.people.set(PERSON, "attended")
    at.client.calls.create(
        to=PERSON,
        from_=SERVICE_NUMBER,
        url=at.web.url + prepared_call(at.house),
        status_callback=f"{at.web.url}/voice/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    phone = at.net.next_ring(PERSON)
    phone.answer()
    phone.hear("For English, press 2")
    phone.press("2")
    phone.hear("How can I help")
    wait_for_callbacks(at, 3)
    disturb()
    phone.say("a complaint")
    phone.hear("After the tone")
    phone.record_wav(wav_bytes(tone(4.0)))
    disturb()
    phone.hear("Your ticket number is", "anything else")
    phone.say("no")
    phone.hear("How was this call")
    disturb()
    phone.press("4")
    assert phone.wait_for_end()["by"] == "app"
    at.net.settle()
    work_off(at)
    return phone


def wait_for_callbacks(at: Deployment, count: int) -> None:
    """Wait until so many status callbacks were answered: nobody sends them again to a process that was away."""
    deadline = time.monotonic() + WITHIN_S
    while len(at.net.requests.of_kind("status")) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def tone(seconds: float) -> Pcm:
    """A sound that no silence detector takes for silence."""
    at = np.arange(int(seconds * 8000))
    return Pcm(samples=(8000 * np.sin(at / 6)).astype("int16"), rate_hz=8000)


def work_off(at: Deployment) -> None:
    """Do what the calls left to do."""
    make_worker(at.house, scripted).run_pending()


def test_killing_the_web_process_between_any_two_webhooks_loses_nothing(
    db: Database, deploy: Callable[..., Deployment], request: pytest.FixtureRequest, tmp_path: Path
):
    quiet = deploy(db, tmp_path / "quiet")
    complain(quiet, disturb=lambda: None)
    (tmp_path / "other").mkdir()
    with fresh_database(request, "sqlite" if db.is_sqlite else "postgresql", tmp_path / "other") as other:
        shaken = deploy(other, tmp_path / "shaken")

        def kill_and_start() -> None:
            shaken.web.kill()
            shaken.web.start()

        phone = complain(shaken, disturb=kill_and_start)
        assert phone.notifications == []
        for document in phone.documents:
            assert_valid_twiml(document)
        assert differences(plain_dump(quiet.db), plain_dump(shaken.db)) == []
        (call,) = rows(shaken.db, Call)
        assert (call.status, call.outcome, call.direction) == ("completed", "completed", "outbound")
        (recording,) = rows(shaken.db, Recording)
        assert (recording.status, recording.ticket_id) == (RecordingStatus.TRANSCRIBED, call.ticket_id)
        assert [turn.number for turn in rows(shaken.db, TurnRow)] == list(range(1, call.turn + 1))


def test_a_web_process_that_dies_during_a_webhook_is_replaced_and_the_caller_hears_a_way_on(
    request: pytest.FixtureRequest, deploy: Callable[..., Deployment], tmp_path: Path
):
    with fresh_database(request, "postgresql", tmp_path) as database:
        at = deploy(database)
        connect(at.net, at.web.url)
        phone = at.net.call(to=UTILITY_NUMBER, from_=CALLER)
        phone.hear("How can I help")
        phone.press("2")
        phone.hear("customer number")
        with psycopg.connect(url_of(database).replace("+psycopg", "")) as holder:
            holder.execute("SELECT id FROM calls FOR UPDATE")
            phone.press("12345674")
            phone.let_go()
            wait_until_blocked(database)
            kill_workers(at.web)
        phone.hear("something went wrong on our side", "Let me try another way", "Please hold")
        phone.press("1")
        phone.hear("When shall we call you")
        phone.press("1")
        phone.hear("Shall we call you on")
        phone.press("1")
        phone.hear("as soon as we can")
        end = phone.wait_for_end()
        assert (end["by"], end["status"]) == ("app", "completed")
        at.net.settle()
        work_off(at)
        (ticket,) = rows(at.db, Ticket)
        (call,) = rows(at.db, Call)
        assert call.ticket_id == ticket.id
        assert "provider could not get our answer" in call.error


def wait_until_blocked(database: Database) -> None:
    """Wait until a process waits for the row that the test holds."""
    deadline = time.monotonic() + WITHIN_S
    query = (
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database()"
    )
    while True:
        with database.engine.connect() as connection:
            if connection.exec_driver_sql(query).scalar():
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_workers(web: WebProcess) -> None:
    """kill -9 for the processes that answer; gunicorn's master starts others."""
    for pid in web.children:
        os.kill(pid, signal.SIGKILL)


def test_an_answer_that_never_reached_the_carrier_is_given_again_by_the_fallback(
    sqlite_db: Database, deploy: Callable[..., Deployment]
):
    at = deploy(sqlite_db)
    connect(at.net, at.web.url, fallback_url=f"{at.web.url}/voice/fallback")
    at.net.fault("webhook_slow", url_contains="/turns/1", seconds=20.0, times=1)
    phone = at.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("For English, press 2")
    phone.press("2")
    phone.hear("press keys or simply speak", "How can I help")
    phone.hangup()
    at.net.settle()
    assert not any("went wrong" in heard for heard in phone.transcript)
    (call,) = rows(at.db, Call)
    assert (call.error, call.outcome) == ("", "abandoned")


def test_while_everything_is_down_the_carrier_takes_a_voicemail_that_becomes_a_ticket(
    db: Database, deploy: Callable[..., Deployment]
):
    at = deploy(db)
    connect(at.net, at.web.url, fallback_url=f"{at.net.base_url}/bins/fallback.xml")
    at.web.kill()
    phone = at.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("系统暂时出现故障", "our system has a fault")
    phone.record_wav(wav_bytes(tone(5.0)))
    phone.wait(8)
    phone.hangup()
    at.net.settle()
    for document in phone.documents:
        assert_valid_twiml(document, may_lack_action=True)
    assert rows(at.db, Call) == []
    at.web.start()
    assert adopt_orphan_recordings(at.house.calls) == 1
    assert adopt_orphan_recordings(at.house.calls) == 0
    work_off(at)
    (ticket,), (recording,), (call,) = rows(at.db, Ticket), rows(at.db, Recording), rows(at.db, Call)
    assert (recording.ticket_id, recording.status) == (ticket.id, RecordingStatus.TRANSCRIBED)
    assert (ticket.caller_number, ticket.source, ticket.call_sid) == (CALLER, "phone", phone.call_sid)
    assert (call.outcome, call.from_number, call.to_number) == ("voicemail", CALLER, SERVICE_NUMBER)


def test_a_call_that_began_before_everything_went_down_keeps_its_voicemail_and_its_end(
    sqlite_db: Database, deploy: Callable[..., Deployment]
):
    at = deploy(sqlite_db)
    connect(at.net, at.web.url, fallback_url=f"{at.net.base_url}/bins/fallback.xml")
    phone = at.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("For English, press 2")
    at.web.kill()
    phone.press("2")
    phone.hear("our system has a fault")
    phone.record_wav(wav_bytes(tone(5.0)))
    phone.wait(8)
    phone.hangup()
    at.net.settle()
    at.web.start()
    (call,) = rows(at.db, Call)
    assert call.status == "in-progress"
    assert poll_missing_finals(at.house.calls, quiet_for=timedelta(0)) == 1
    assert adopt_orphan_recordings(at.house.calls) == 1
    work_off(at)
    (call,), (ticket,), (recording,) = rows(at.db, Call), rows(at.db, Ticket), rows(at.db, Recording)
    assert call.status == "completed"
    assert (call.ticket_id, recording.ticket_id) == (ticket.id, ticket.id)


def test_two_web_processes_that_get_the_same_webhook_at_once_answer_alike_and_store_it_once(
    request: pytest.FixtureRequest, deploy: Callable[..., Deployment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    calls = 6
    with fresh_database(request, "postgresql", tmp_path) as database:
        at = deploy(database)
        assert len(at.web.children) == 2
        at.net.fault("webhook_duplicate", together=True)
        for number in range(calls):
            phone = at.net.call(to=SERVICE_NUMBER, from_=f"+86139000511{number:02d}")
            phone.hear("For English, press 2")
            phone.press("2")
            phone.hear("How can I help")
            phone.hangup()
        at.net.settle()
        sent = at.net.requests.of_kind("voice")
        by_turn: dict[tuple[str | None, str], set[str]] = {}
        for one in sent:
            by_turn.setdefault((one.call_sid, one.url), set()).add(one.response)
        assert len(sent) == 2 * len(by_turn) == 2 * 2 * calls
        assert all(len(answers) == 1 for answers in by_turn.values())
        incoming = next(one for one in sent if one.url.endswith("/voice/incoming"))
        answers: list[str] = []
        threads = [threading.Thread(target=lambda: answers.append(deliver(incoming).text)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(answers) == {incoming.response}
        with at.db.read() as session:
            turns = session.execute(select(TurnRow.call_id, TurnRow.number)).all()
        assert len(rows(at.db, Call)) == calls
        # First document, main menu, and the hang-up.
        assert len(turns) == len(set(turns)) == 3 * calls


def test_what_a_call_asked_for_while_no_worker_lived_is_done_when_one_comes(
    sqlite_db: Database, deploy: Callable[..., Deployment]
):
    at = deploy(sqlite_db)
    phone = at.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("For English, press 2")
    phone.press("2")
    phone.hear("How can I help")
    phone.say("a complaint")
    phone.hear("After the tone")
    phone.record_wav(wav_bytes(tone(4.0)))
    phone.hear("anything else")
    phone.hangup()
    at.net.settle()
    assert {job.kind for job in rows(at.db, Job, Job.state == JobState.WAITING)} >= {"fetch_recording"}
    deadline = time.monotonic() + WITHIN_S
    with at_work(make_worker(at.house, scripted)):
        while rows(at.db, Recording)[0].status != RecordingStatus.TRANSCRIBED:
            assert time.monotonic() < deadline
            time.sleep(0.05)
