"""A creation that is asked for twice happens once, also when both requests come at the same moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from api.idempotency import StoredAnswer, forget
from callbacks.case import Case
from tickets.ticket import Ticket

PATHS = ("/v1/cases", "/v1/cases/bulk", "/v1/campaigns", "/v1/tickets", "/v1/consents", "/v1/opt-outs", "/v1/events")


def count(desk, model):
    with desk.db.read() as s:
        return s.scalar(select(func.count()).select_from(model))


def test_the_same_request_again_gets_the_first_answer_and_has_no_second_effect(desk):
    campaign = desk.campaign()
    body = {"campaign_id": campaign, "number": "13812345678"}
    first = desk.post("/v1/cases", body, headers={"Idempotency-Key": "one"})
    desk.clock.forward(hours=1)
    again = desk.post("/v1/cases", body, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"] == "/api/v1/cases/1"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count(desk, Case) == 1


def test_without_a_key_the_same_request_is_another_one(sqlite_desk):
    body = {"campaign_id": sqlite_desk.campaign(), "number": "13812345678"}
    assert [sqlite_desk.post("/v1/cases", body).status_code for _ in range(2)] == [201, 201]
    assert count(sqlite_desk, Case) == 2


def test_a_key_used_for_another_body_is_refused_and_nothing_happens(desk):
    headers = {"Idempotency-Key": "one"}
    assert desk.post("/v1/tickets", {"text": "It is lost."}, headers=headers).status_code == 201
    refused = desk.post("/v1/tickets", {"text": "It is found."}, headers=headers)
    assert refused.status_code == 422
    assert refused.get_json()["type"] == "/api/problems/idempotency-key-reused"
    assert count(desk, Ticket) == 1


def test_a_key_used_for_another_path_is_refused(sqlite_desk):
    headers = {"Idempotency-Key": "one"}
    assert sqlite_desk.post("/v1/tickets", {"text": "x"}, headers=headers).status_code == 201
    assert sqlite_desk.post("/v1/events", {"kind": "parcel.arrived"}, headers=headers).status_code == 422


def test_two_programs_may_use_the_same_idempotency_key(sqlite_desk):
    headers = {"Idempotency-Key": "one"}
    other = sqlite_desk.key_for("tickets:write")
    assert sqlite_desk.post("/v1/tickets", {"text": "x"}, headers=headers).status_code == 201
    answer = sqlite_desk.post("/v1/tickets", {"text": "y"}, headers=headers, key=other)
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_request_that_failed_may_be_sent_again_with_its_key(desk):
    headers = {"Idempotency-Key": "one"}
    body = {"campaign_id": 1, "number": "13812345678"}
    assert desk.post("/v1/cases", body, headers=headers).status_code == 404
    desk.campaign()
    assert desk.post("/v1/cases", body, headers=headers).status_code == 201


def test_twenty_requests_at_once_with_one_key_have_one_effect_and_one_answer(desk):
    campaign = desk.campaign()
    body = {"campaign_id": campaign, "number": "13812345678"}
    start = threading.Barrier(20)
    answers = []

    def send():
        start.wait()
        answer = desk.post("/v1/cases", body, headers={"Idempotency-Key": "one"})
        answers.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert count(desk, Case) == 1


def test_requests_at_once_with_one_case_key_make_one_case(desk):
    campaign = desk.campaign()
    body = {"campaign_id": campaign, "number": "13812345678", "key": "order-7"}
    start = threading.Barrier(8)
    statuses = []

    def send():
        start.wait()
        statuses.append(desk.post("/v1/cases", body).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [201]
    assert count(desk, Case) == 1


@pytest.mark.parametrize("key", ["", "a" * 201, "Ümlaut", "tab\there"])
def test_an_idempotency_key_that_is_none_is_refused_by_its_header(sqlite_desk, key):
    answer = sqlite_desk.post("/v1/tickets", {"text": "x"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "header.Idempotency-Key"


def test_every_operation_that_creates_says_that_it_takes_an_idempotency_key(sqlite_desk):
    paths = sqlite_desk.get("/openapi.json").get_json()["paths"]
    taking = {
        path
        for path, methods in paths.items()
        if "post" in methods and any(p["name"] == "Idempotency-Key" for p in methods["post"]["parameters"])
    }
    assert taking >= set(PATHS)
    creating = {path for path, m in paths.items() if "post" in m and "201" in m["post"]["responses"]}
    assert creating <= taking


def test_answers_are_forgotten_after_a_week(sqlite_desk):
    sqlite_desk.post("/v1/tickets", {"text": "x"}, headers={"Idempotency-Key": "one"})
    with sqlite_desk.db.write() as s:
        assert forget(s, sqlite_desk.clock.forward(days=7)) == 0
        assert forget(s, sqlite_desk.clock.forward(seconds=1)) == 1
    assert count(sqlite_desk, StoredAnswer) == 0
