"""Webhooks that come twice, together, late and shuffled leave the database as if each had come once."""

from __future__ import annotations

import random
import re
import threading
from pathlib import Path

import pytest
import requests

from simulator.request_log import SentRequest
from simulator.signature import sign
from tests.conftest import fresh_database
from tests.end_to_end.dumps import Dump, differences, empty, plain_dump, raw_dump
from tests.end_to_end.rehearsal import AUTH_TOKEN, Stage, furnish, rehearse, url_of

SCENARIO = Path(__file__).parent / "scenarios" / "open" / "a_long_call.yaml"
OURS = ("voice", "wait", "status", "recording", "message")
TOKEN = re.compile(r"/(?:calls|recordings)/([A-Za-z0-9_-]{22})(?=[/?]|$)")


def play(stage: Stage) -> str:
    """The long call from its beginning to the last job; the CallSid."""
    result = stage.net.play(SCENARIO, stage).require()
    stage.rest()
    return result.call_sid


@pytest.fixture(scope="module")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dump:
    """The call when every webhook comes once, in order."""
    folder = tmp_path_factory.mktemp("once")
    with fresh_database(request, "sqlite", folder) as database, rehearse(url_of(database), folder) as stage:
        play(stage)
        return plain_dump(stage.db)


TROUBLES = {
    "each webhook twice at once": [("webhook_duplicate", {"together": True})],
    "each webhook again": [("webhook_duplicate", {"together": False})],
    "each callback twice": [("callback_duplicate", {})],
    "callbacks in the wrong order": [("callback_shuffle", {})],
    "late callbacks": [("callback_late", {"seconds": 40.0})],
    "all of it": [("webhook_duplicate", {"together": True}), ("callback_duplicate", {}), ("callback_shuffle", {})],
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_call_over_a_troubled_line_is_stored_as_over_a_good_one(stage: Stage, once: Dump, trouble: str):
    for kind, settings in TROUBLES[trouble]:
        stage.net.fault(kind, **settings)
    sid = play(stage)
    assert differences(once, plain_dump(stage.db)) == []
    stage.require_valid(sid)


def webhooks(stage: Stage) -> list[SentRequest]:
    """What the application was asked, but for the sounds it was asked for."""
    return [sent for sent in stage.net.requests if sent.kind in OURS and sent.url.startswith(stage.web.url)]


def deliver(sent: SentRequest, *, token: tuple[str, str] = ("", ""), named: bool = True) -> requests.Response:
    """Send a recorded webhook again; `token` is replaced by another, `named` keeps the idempotency token."""
    url = sent.url.replace(*token) if token[0] else sent.url
    headers = {name: value for name, value in sent.headers.items() if named or name != "I-Twilio-Idempotency-Token"}
    headers["X-Twilio-Signature"] = sign(AUTH_TOKEN, url, sent.params)
    return requests.request(sent.method, url, data=list(sent.params), headers=headers, timeout=30)


@pytest.mark.parametrize("named", [True, False], ids=["with idempotency token", "without"])
def test_every_webhook_of_a_finished_call_sent_again_in_any_order_changes_nothing(stage: Stage, named: bool):
    play(stage)
    before = raw_dump(stage.db)
    again = webhooks(stage) * 2
    random.Random(3).shuffle(again)
    for sent in again:
        answer = deliver(sent, named=named)
        assert answer.status_code == sent.status
        assert answer.text == sent.response
    stage.rest()
    assert differences(before, raw_dump(stage.db)) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_recorded_call_delivered_twice_and_shuffled_into_an_empty_database_is_the_same_call(stage: Stage, seed: int):
    """Turns stand in the order in which a caller takes them; everything else comes late, twice and in any order."""
    play(stage)
    recorded, before = webhooks(stage), plain_dump(stage.db)
    stage.net.requests.clear()
    empty(stage.db)
    furnish(stage.db, stage.net.now())
    old = next(match[1] for sent in recorded if (match := TOKEN.search(sent.url)))
    new = ""
    for sent in shuffled(recorded, random.Random(seed)):
        answer = deliver(sent, token=(old, new) if new else ("", ""))
        assert answer.status_code == sent.status, sent.url
        if not new:
            new = TOKEN.search(answer.text)[1]  # type: ignore[index]
        stage.rest()
    assert differences(before, plain_dump(stage.db)) == []


def shuffled(recorded: list[SentRequest], chance: random.Random) -> list[SentRequest]:
    """Each request twice: turns in order with their repeats anywhere later, callbacks anywhere after they were due."""
    order: list[tuple[float, SentRequest]] = []
    end = float(len(recorded))
    for place, sent in enumerate(recorded):
        first = float(place) if sent.kind in ("voice", "wait") else chance.uniform(place, end)
        order += [(first, sent), (chance.uniform(first, end), sent)]
    return [sent for _, sent in sorted(order, key=lambda pair: pair[0])]


def test_the_same_webhook_from_many_connections_at_once_is_one_turn(stage: Stage):
    play(stage)
    incoming = next(sent for sent in webhooks(stage) if sent.url.endswith("/voice/incoming"))
    empty(stage.db)
    furnish(stage.db, stage.net.now())
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(deliver(incoming).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    dump = raw_dump(stage.db)
    assert (len(dump["calls"]), len(dump["turns"]), len(dump["people"])) == (1, 1, 1)
