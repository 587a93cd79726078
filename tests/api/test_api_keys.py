"""Keys and scopes: what a program may do, asked of every operation that the specification has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from api.errors import InvalidError
from api.keys import ApiKey, create_key, keys, revoke_key
from api.scopes import Scope

PATH_VALUES = {"case_id": "1", "campaign_id": "1", "attempt_id": "1", "call_id": "1", "number": "100014"} | {
    "consent_id": "1",
    "opt_out_id": "1",
}


def operations(desk):
    """Every operation of the document: method, path with values, the scope it names."""
    for path, methods in desk.get("/openapi.json").get_json()["paths"].items():
        for method, operation in methods.items():
            [security] = operation["security"]
            [scope] = security["ApiKey"]
            yield method.upper(), path.format(**PATH_VALUES), scope


def test_every_operation_of_the_specification_names_a_scope_and_refuses_requests_without_a_key(sqlite_desk):
    found = list(operations(sqlite_desk))
    assert len(found) >= 28
    for method, path, scope in found:
        assert scope in tuple(Scope)
        answer = sqlite_desk.call(method, path, key="")
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_every_operation_refuses_a_key_with_all_scopes_but_its_own_and_lets_in_one_with_its_own(sqlite_desk):
    for scope in Scope:
        others = sqlite_desk.key_for(*(other for other in Scope if other != scope))
        own = sqlite_desk.key_for(scope)
        for method, path, needed in operations(sqlite_desk):
            if needed != scope:
                continue
            refused = sqlite_desk.call(method, path, key=others)
            assert refused.status_code == 403, (method, path)
            assert scope in refused.get_json()["detail"]
            assert sqlite_desk.call(method, path, key=own).status_code not in (401, 403), (method, path)


def test_scopes_are_checked_before_the_body_is_looked_at(sqlite_desk):
    reader = sqlite_desk.key_for("cases:read")
    answer = sqlite_desk.call("POST", "/v1/cases", key=reader, data="{", content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic dXNlcjpwYXNz",
        "Bearer rb__",
        "Bearer rb_abc_def",
        "rb_a_b",
        "Bearer é",
    ],
)
def test_what_is_no_key_opens_nothing(sqlite_desk, header):
    assert sqlite_desk.get("/v1/cases", key="", headers={"Authorization": header}).status_code == 401


def test_a_right_id_with_a_wrong_secret_opens_nothing(sqlite_desk):
    wrong = sqlite_desk.key[:-1] + ("A" if sqlite_desk.key[-1] != "A" else "B")
    assert sqlite_desk.get("/v1/cases", key=wrong).status_code == 401


def test_a_revoked_key_opens_nothing_from_the_next_request_on(desk):
    token = desk.key_for("cases:read")
    assert desk.get("/v1/cases", key=token).status_code == 200
    with desk.db.write() as s:
        row = s.scalar(select(ApiKey).where(ApiKey.public_id == token.split("_")[1]))
        revoke_key(s, row.id, by="user:1", now=desk.clock.now)
    assert desk.get("/v1/cases", key=token).status_code == 401


def test_a_key_ends_by_itself_at_its_end(sqlite_desk):
    token = sqlite_desk.key_for("cases:read", expires_at=sqlite_desk.clock.now + timedelta(days=1))
    assert sqlite_desk.get("/v1/cases", key=token).status_code == 200
    sqlite_desk.clock.forward(days=1)
    assert sqlite_desk.get("/v1/cases", key=token).status_code == 401


def test_the_secret_of_a_key_is_not_in_the_database(sqlite_desk):
    with sqlite_desk.db.read() as s:
        [row] = keys(s)
        stored = " ".join(str(getattr(row, column.key)) for column in ApiKey.__mapper__.column_attrs)
    assert sqlite_desk.key.split("_", 2)[2] not in stored


def test_the_last_use_of_a_key_is_known_to_a_minute(sqlite_desk):
    for _ in range(3):
        sqlite_desk.get("/v1/cases")
    first = sqlite_desk.clock.now
    sqlite_desk.clock.forward(seconds=30)
    sqlite_desk.get("/v1/cases")
    with sqlite_desk.db.read() as s:
        assert keys(s)[0].last_used_at == first
    sqlite_desk.clock.forward(seconds=30)
    sqlite_desk.get("/v1/cases")
    with sqlite_desk.db.read() as s:
        assert keys(s)[0].last_used_at == sqlite_desk.clock.now


@pytest.mark.parametrize(
    ("name", "scopes", "ends_in", "field"),
    [
        ("", ["cases:read"], 1, "name"),
        ("x", [], 1, "scopes"),
        ("x", ["cases:eat"], 1, "scopes"),
        ("x", ["cases:read"], -1, "expires_at"),
    ],
)
def test_a_key_that_cannot_be_says_which_field_is_wrong(sqlite_desk, name, scopes, ends_in, field):
    now = sqlite_desk.clock.now
    with sqlite_desk.db.write() as s, pytest.raises(InvalidError) as refused:
        create_key(s, name, scopes, "user:1", now, expires_at=now + timedelta(days=ends_in))
    assert [error.field for error in refused.value.errors] == [field]


def test_the_api_sets_no_cookie_and_asks_for_none(sqlite_desk):
    for answer in (sqlite_desk.get("/v1/cases"), sqlite_desk.get("/docs"), sqlite_desk.get("/v1/cases", key="")):
        assert "Set-Cookie" not in answer.headers
