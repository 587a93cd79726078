"""The floors: the least that a webhook costs (bare), and the least that any stored IVR must do (stored).

`gunicorn 'bench.floors:create_app()'` serves them with the deployment's settings, on a database of their own.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, Response, request
from sqlalchemy import Connection, Integer, String, Table, bindparam, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from transitions import Machine
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from storage.database import Database
from storage.types import Json, UtcDateTime

STATES = [f"node_{n}" for n in range(14)]


class FloorBase(DeclarativeBase):
    """Tables of the floor only."""


class FloorSession(FloorBase):
    """One session row."""

    __tablename__ = "floor_sessions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sid: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(60))
    turn: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FloorEvent(FloorBase):
    """One event row."""

    __tablename__ = "floor_events"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[int] = mapped_column(Integer, index=True)
    turn: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]] = mapped_column(Json)


SESSIONS = cast(Table, FloorSession.__table__)
LOAD = select(SESSIONS).where(SESSIONS.c.sid == bindparam("sid")).with_for_update()
BEGIN = insert(SESSIONS).returning(SESSIONS)
SAVE = update(SESSIONS).where(SESSIONS.c.id == bindparam("id_"))
ADD = insert(cast(Table, FloorEvent.__table__))


def create_app() -> Flask:
    """Build the app with the floors; its tables are made on the first start."""
    app = Flask(__name__)
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    base_url = os.environ["PUBLIC_BASE_URL"]
    db = Database(os.environ["DATABASE_URL"])
    FloorBase.metadata.create_all(db.engine)
    machine = Machine(
        model=None,
        states=STATES,
        initial=STATES[0],
        auto_transitions=False,
        transitions=[
            {"trigger": "next", "source": s, "dest": STATES[(i + 1) % len(STATES)]} for i, s in enumerate(STATES)
        ],
    )

    def signed() -> bool:
        url = base_url + request.environ.get("RAW_URI", request.path)
        return bool(validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")))

    @app.post("/floor/bare")
    def bare() -> Response:
        if not signed():
            return Response(status=403)
        return Response(FIXED, content_type="text/xml")

    @app.post("/floor/stored")
    def stored() -> Response:
        if not signed():
            return Response(status=403)
        with db.write() as session:
            document = _stored_turn(session, machine, request.form["CallSid"])
        return Response(document, content_type="text/xml")

    @app.post("/floor/stored_without_orm")
    def stored_without_orm() -> Response:
        if not signed():
            return Response(status=403)
        with db.write() as session:
            document = _turn_without_orm(session.connection(), machine, request.form["CallSid"])
        return Response(document, content_type="text/xml")

    @app.get("/health")
    def health() -> Response:
        return Response("ok")

    return app


def _stored_turn(session: Session, machine: Machine, sid: str) -> str:
    now = datetime.now(UTC)
    query = select(FloorSession).where(FloorSession.sid == sid).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        row = FloorSession(sid=sid, state=STATES[0], turn=0, updated_at=now)
        session.add(row)
        session.flush()
    machine.events["next"].trigger(row)
    row.turn += 1
    row.updated_at = now
    session.add(FloorEvent(session_id=row.id, turn=row.turn, data={"digits": "1"}))
    return _document(row.turn)


@dataclass
class _Session:
    state: str


def _turn_without_orm(connection: Connection, machine: Machine, sid: str) -> str:
    now = datetime.now(UTC)
    row = connection.execute(LOAD, {"sid": sid}).first()
    if row is None:
        row = connection.execute(BEGIN, {"sid": sid, "state": STATES[0], "turn": 0, "updated_at": now}).one()
    moved = _Session(state=row.state)
    machine.events["next"].trigger(moved)
    turn: int = row.turn + 1
    connection.execute(SAVE, {"id_": row.id, "state": moved.state, "turn": turn, "updated_at": now})
    connection.execute(ADD, {"session_id": row.id, "turn": turn, "data": {"digits": "1"}})
    return _document(turn)


def _document(turn: int) -> str:
    response = VoiceResponse()
    gather = Gather(input="dtmf speech", action=f"https://example.com/turns/{turn}", num_digits=1, timeout=5)
    gather.say("For deliveries, press 1. For collections, press 2.", language="en-US")
    response.append(gather)
    response.redirect("https://example.com/turns/0")
    return str(response)


FIXED = _document(0)
