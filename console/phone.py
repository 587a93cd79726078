"""The browser phone: a telephone of the simulated carrier, held by the page."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from console import conversation, naming, words
from console.carrier import Carrier, CarrierRefusedError, CarrierUnreachableError
from console.deps import deps
from console.errors import ConsoleError
from console.translate import gettext as _
from flows.versions import Flow
from ivr.calls import Call
from ivr.lines import Line
from tickets.ticket import Ticket

blueprint = Blueprint("phone", __name__)
HELD = "phones"
"""Key of the session under which the phones held by this login are kept, {id: CallSid}."""
MOST_HELD = 4
LONGEST_WAIT_S = 8.0
LARGEST_SOUND = 20 * 1024 * 1024
ANY_CALLER = "+12025550143"
CALLERS = {"86": "+8613800138000", "82": "+821012345678", "44": "+442079460958", "49": "+4930901820"}
"""A number to call from by the country code of the number called, so that a flow meets a caller of its country."""

DEEDS = frozenset({"press", "say", "silence", "hangup"})


@blueprint.get("/phone")
def page() -> str:
    """The page."""
    with deps().db.read() as s:
        rows = s.execute(select(Line, Flow).outerjoin(Flow, Line.flow_id == Flow.id).order_by(Line.id)).all()
        called = request.args.get("number", "") or (rows[0][0].number if rows else "")
        return render_template(
            "phone.html",
            rows=rows,
            chosen=called,
            caller_number=request.args.get("from", "") or plausible_caller(called),
            callers={line.number: plausible_caller(line.number) for line, _flow in rows},
            is_there=deps().simulator_url is not None,
        )


def plausible_caller(called: str) -> str:
    """A caller's number of the same country as the number called."""
    return next((caller for code, caller in CALLERS.items() if called.startswith(f"+{code}")), ANY_CALLER)


def _carrier() -> Carrier:
    url = deps().simulator_url
    if url is None:
        raise CarrierUnreachableError(_("No simulated carrier is set up here."))
    return Carrier(url, deps().simulator_token)


def _held(phone_id: str) -> str:
    """CallSid of a phone held by this login. Others' phones do not exist."""
    held = session.get(HELD, {})
    if phone_id not in held:
        abort(404)
    return str(held[phone_id])


@blueprint.errorhandler(ConsoleError)
def explain(error: ConsoleError) -> ResponseReturnValue:
    """Errors of the carrier as a sentence for the page."""
    if isinstance(error, CarrierRefusedError):
        return jsonify(error=str(error)), 409 if error.status < 500 else 502
    return jsonify(error=_("The simulated carrier does not answer.")), 502


@blueprint.post("/phone/calls")
def dial() -> ResponseReturnValue:
    """Call one of the lines."""
    values = request.get_json(silent=True) or {}
    to, from_ = str(values.get("to", "")), re.sub(r"[\s()-]", "", str(values.get("from", "")))
    if not re.fullmatch(r"\+[1-9][0-9]{4,14}|anonymous", from_):
        return jsonify(error=_("Give a caller number with + and the country code.")), 400
    with deps().db.read() as s:
        if s.scalar(select(Line.id).where(Line.number == to)) is None:
            return jsonify(error=_("Choose one of the numbers.")), 400
    found = _carrier().dial(from_=from_, to=to)
    held = dict(list(session.get(HELD, {}).items())[-(MOST_HELD - 1) :])
    session[HELD] = held | {str(found["id"]): str(found.get("call_sid", ""))}
    return jsonify(id=found["id"])


@blueprint.get("/phone/calls/<phone_id>/events")
def events(phone_id: str) -> ResponseReturnValue:
    """What the phone heard since the event numbered `after`; a long poll."""
    _held(phone_id)
    after = max(0, request.args.get("after", default=0, type=int))
    wait_s = min(max(request.args.get("wait", default=0.0, type=float), 0.0), LONGEST_WAIT_S)
    found = _carrier().events(phone_id, after=after, wait_s=wait_s)
    found["events"] = [_shown(e) for e in found.get("events", [])]
    return jsonify(found)


def _shown(event: dict[str, Any]) -> dict[str, Any]:
    # Documents and requests are the carrier's business; admins read them on the call's page.
    shown = {k: v for k, v in event.items() if k not in ("document", "params")}
    if event.get("kind") == "play" and event.get("url"):
        shown["text"] = deps().prompt_text(PurePosixPath(urlsplit(str(event["url"])).path).stem)
    return shown


@blueprint.post("/phone/calls/<phone_id>/<deed>")
def act(phone_id: str, deed: str) -> ResponseReturnValue:
    """Press, say, stay silent, hang up."""
    _held(phone_id)
    if deed not in DEEDS:
        abort(404)
    values = request.get_json(silent=True) or {}
    kept = {k: str(values[k])[:2000] for k in ("digits", "text") if k in values}
    return jsonify(_carrier().do(phone_id, deed, kept))


@blueprint.post("/phone/calls/<phone_id>/audio")
def audio(phone_id: str) -> ResponseReturnValue:
    """Where this phone's live sound is: a websocket of the carrier, opened by the page itself."""
    _held(phone_id)
    return jsonify(url=_carrier().audio(phone_id))


@blueprint.post("/phone/calls/<phone_id>/sound")
def speak(phone_id: str) -> ResponseReturnValue:
    """A WAV file for the recording that runs."""
    _held(phone_id)
    wav = request.get_data(cache=False)
    if len(wav) > LARGEST_SOUND:
        abort(413)
    if not wav.startswith(b"RIFF") or wav[8:12] != b"WAVE":
        return jsonify(error=_("This is not a WAV file.")), 400
    return jsonify(_carrier().speak(phone_id, wav))


@blueprint.get("/phone/calls/<phone_id>/play")
def play(phone_id: str) -> ResponseReturnValue:
    """What a played sound sounds like, fetched by the carrier as it would fetch it for a caller."""
    _held(phone_id)
    url = request.args.get("url", "")
    if not url.startswith(("http://", "https://")) or len(url) > 2000:
        abort(404)
    sound, kind, text = _carrier().sound(phone_id, url)
    if not kind.startswith("audio/"):
        abort(404)
    return Response(sound, mimetype=kind, headers={"X-Prompt-Text": text, "X-Content-Type-Options": "nosniff"})


@blueprint.get("/phone/calls/<phone_id>/path")
def path(phone_id: str) -> ResponseReturnValue:
    """Where the call is in its flow, as our own database has it."""
    sid = _held(phone_id)
    with deps().db.read() as s:
        call = s.scalar(select(Call).where(Call.sid == sid)) if sid else None
        if call is None:
            return jsonify(nodes=[], node="", flow="", ticket=None, call=None, heard=None)
        exchanges = conversation.exchanges_of(s, [call])[call.id]
        nodes = conversation.path_of(exchanges)
        names = naming.names_of(s, [call])[call.id]
        ticket = s.get(Ticket, call.ticket_id) if call.ticket_id else None
        return jsonify(
            nodes=[{"key": name, "label": names.label(name) or name} for name in nodes],
            node=call.node,
            flow=naming.flow_title(call.flow_name),
            call=call.id,
            heard=_heard_last(exchanges),
            ticket={"number": ticket.number, "subject": ticket.subject} if ticket else None,
        )


def _heard_last(exchanges: list[conversation.Exchange]) -> dict[str, str] | None:
    """The last words that our own recogniser heard; a caller by microphone sees what became of them."""
    found = next((e for e in reversed(exchanges) if e.heard_kind == "speech" and e.how), None)
    return {"text": found.heard, "confidence": words.percent(found.confidence)} if found else None
