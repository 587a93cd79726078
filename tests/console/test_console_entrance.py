"""Who gets in, for how long, and what a page never lets happen."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from console.deps import Deps
from tests.console.conftest import PASSWORD, csrf_of, make_app, sign_in
from tickets.audit import AuditRow
from tickets.ticket import Ticket
from tickets.users import User

OUTSIDE = (
    "https://evil.example/",
    "//evil.example/x",
    "/\\evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "http:evil.example",
)


def test_a_wrong_password_is_refused_with_a_sentence(empty_app: Flask) -> None:
    client = empty_app.test_client()
    form = {"email": "agent@example.org", "password": "wrong", "csrf_token": csrf_of(client, "/login")}
    answer = client.post("/login", data=form)
    assert answer.status_code == 401
    assert "E-mail or password is wrong." in answer.get_data(as_text=True)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_login_never_leads_to_another_site(empty_app: Flask, target: str) -> None:
    client = empty_app.test_client()
    form = {"email": "agent@example.org", "password": PASSWORD, "csrf_token": csrf_of(client, "/login"), "next": target}
    assert client.post("/login", data=form).location == "/"


def test_a_login_leads_back_to_the_page_that_was_asked_for(empty_app: Flask) -> None:
    client = empty_app.test_client()
    first = client.get("/tickets?view=mine", headers={"Accept": "text/html"})
    page = client.get(first.location).get_data(as_text=True)
    target = page.split('name="next" value="')[1].split('"')[0]
    form = {"email": "agent@example.org", "password": PASSWORD, "csrf_token": csrf_of(client, "/login"), "next": target}
    assert urlsplit(client.post("/login", data=form).location).path == "/tickets"


def test_guessing_at_one_account_is_slowed_down_and_does_not_lock_others_out(empty_app: Flask) -> None:
    client = empty_app.test_client()
    token = csrf_of(client, "/login")

    def attempt(email: str, password: str) -> int:
        form = {"email": email, "password": password, "csrf_token": token}
        return client.post("/login", data=form).status_code

    guesses = [attempt("agent@example.org", f"guess {n}") for n in range(7)]
    assert guesses == [401] * 5 + [429] * 2
    assert attempt("AGENT@example.org ", PASSWORD) == 429
    assert attempt("ops@example.org", PASSWORD) == 302


def test_one_address_cannot_try_many_accounts(empty_app: Flask) -> None:
    client = empty_app.test_client()
    token = csrf_of(client, "/login")
    codes = [
        client.post("/login", data={"email": f"u{n}@example.org", "password": "x", "csrf_token": token}).status_code
        for n in range(22)
    ]
    assert codes == [401] * 20 + [429] * 2


def test_a_change_without_the_forgery_token_is_refused(app: Flask, values: Deps) -> None:
    client = sign_in(app.test_client())
    with values.db.read() as s:
        number = s.scalar(select(Ticket.number))
    for path in (f"/tickets/{number}/notes", f"/tickets/{number}/status", "/language", "/logout", "/phone/calls"):
        assert client.post(path, data={"text": "x", "step": "close"}).status_code == 400, path
    token = csrf_of(client)
    changed = client.post(
        f"/tickets/{number}/status", data={"step": "close"}, headers={"X-CSRFToken": token, "HX-Request": "true"}
    )
    assert changed.status_code == 200


@pytest.mark.parametrize("path", ["/logout", "/language", "/tickets/1/notes", "/users/1", "/settings/password"])
def test_nothing_is_changed_by_following_a_link(app: Flask, path: str) -> None:
    assert sign_in(app.test_client(), "admin").get(path).status_code in (404, 405)


def test_the_session_is_a_new_one_after_login(empty_app: Flask) -> None:
    client = empty_app.test_client()
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_cookies_are_kept_from_scripts_and_from_other_sites(values: Deps) -> None:
    app = make_app(replace(values, public_base_url="https://desk.example.org"))
    answer = app.test_client().get("/login", base_url="https://desk.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    assert "SameSite=Lax" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_desk_without_tls_promises_no_tls(empty_app: Flask) -> None:
    assert "Strict-Transport-Security" not in empty_app.test_client().get("/login").headers


def test_a_new_password_ends_every_other_session(empty_app: Flask) -> None:
    here, elsewhere = sign_in(empty_app.test_client()), sign_in(empty_app.test_client())
    form = {"old": PASSWORD, "new": "something else 7", "again": "something else 7", "csrf_token": csrf_of(here)}
    assert here.post("/settings/password", data=form).status_code == 303
    assert here.get("/settings").status_code == 200
    assert elsewhere.get("/settings").status_code == 302


def test_a_password_is_not_changed_without_the_present_one(empty_app: Flask) -> None:
    client = sign_in(empty_app.test_client())
    form = {"old": "wrong", "new": "something else 7", "again": "something else 7", "csrf_token": csrf_of(client)}
    client.post("/settings/password", data=form)
    assert "The present password is wrong." in client.get("/settings").get_data(as_text=True)
    sign_in(empty_app.test_client())


def test_a_deactivated_user_is_out_at_once(app: Flask, values: Deps) -> None:
    agent, admin = sign_in(app.test_client()), sign_in(app.test_client(), "admin")
    with values.db.read() as s:
        agent_id = s.scalar(select(User.id).where(User.email == "agent@example.org"))
    admin.post(f"/users/{agent_id}", data={"deed": "deactivate", "csrf_token": csrf_of(admin)})
    assert agent.get("/").status_code == 302
    with values.db.read() as s:
        assert s.scalar(select(AuditRow.action).where(AuditRow.action == "user.deactivate"))


def test_administrators_cannot_lock_themselves_out(app: Flask, values: Deps) -> None:
    admin = sign_in(app.test_client(), "admin")
    with values.db.read() as s:
        admin_id = s.scalar(select(User.id).where(User.email == "admin@example.org"))
    admin.post(f"/users/{admin_id}", data={"deed": "deactivate", "csrf_token": csrf_of(admin)})
    admin.post(f"/users/{admin_id}", data={"deed": "role", "role": "agent", "csrf_token": csrf_of(admin)})
    assert admin.get("/users").status_code == 200


def test_a_new_user_can_sign_in_with_the_password_that_was_shown(empty_app: Flask) -> None:
    admin = sign_in(empty_app.test_client(), "admin")
    form = {"name": "Mei", "email": "Mei@Example.org", "role": "agent", "group": "", "csrf_token": csrf_of(admin)}
    page = admin.post("/users", data=form).get_data(as_text=True)
    password = page.split("shown only here:")[1].split("<code>")[1].split("</code>")[0]
    client = empty_app.test_client()
    form = {"email": "mei@example.org", "password": password, "csrf_token": csrf_of(client, "/login")}
    assert client.post("/login", data=form).status_code == 302


def test_agents_cannot_add_users(app: Flask, values: Deps) -> None:
    client = sign_in(app.test_client())
    form = {"name": "Mei", "email": "mei@example.org", "role": "admin", "csrf_token": csrf_of(client)}
    assert client.post("/users", data=form).status_code == 403
    with values.db.read() as s:
        assert s.scalar(select(User.id).where(User.email == "mei@example.org")) is None


def test_a_fragment_asked_for_by_a_stranger_leads_the_page_to_the_login(app: Flask) -> None:
    answer = app.test_client().get("/tickets/rows", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login"
