"""The door through which the phone company talks to us: every URL, who may call it, and what happens when all breaks.

Nothing is parsed, let alone stored, before the request's signature is checked over the raw target as it was sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Request, Response, abort, jsonify, request, send_file, send_from_directory

from ivr import conversation, machines
from ivr.begin import begin_call
from ivr.deps import Deps
from ivr.errors import NoServiceError, UnknownCallError, place_of
from ivr.fallback import fallback_document, thanks_document, voicemail_document
from ivr.health import health
from ivr.notices import (
    answered_by_notice,
    message_notice,
    prepared_status_notice,
    recording_notice,
    status_notice,
)
from ivr.orphans import ask_to_adopt
from ivr.second_party import wait_document, whisper_document
from ivr.sentences import say
from ivr.streams.returning import document_after_stream
from ivr.texts import take_text
from ivr.urls import is_tag
from ivr.whole_calls import whole_call_notice
from telephony.calls import CallEvent, Direction
from telephony.provider import HttpRequest, ProviderError
from telephony.verbs import Hangup

log = logging.getLogger(__name__)

_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")

View = Callable[..., Any]


def create_blueprint(deps: Deps) -> Blueprint:
    """Every URL of a call, of its notices, of house prompts, and /health."""
    voice = Blueprint("voice", __name__)
    _conversation_urls(voice, deps)
    _notice_urls(voice, deps)
    _file_urls(voice, deps)
    return voice


def http_request(sent: Request) -> HttpRequest:
    """The request as it came in: the target as the server read it, before any decoding."""
    body = sent.get_data()
    target = sent.environ.get("RAW_URI") or sent.environ.get("REQUEST_URI") or sent.full_path.rstrip("?")
    if target.startswith(("http://", "https://")):
        parts = urlsplit(target)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
    return HttpRequest(
        method=sent.method,
        target=target,
        headers=_headers(sent),
        form=sent.form.to_dict(flat=False) if sent.method == "POST" else {},
        body=body,
    )


def _headers(sent: Request) -> dict[str, str]:
    """Every header by its name in lower case, from the environment in which the server left it."""
    found = {
        name[5:].replace("_", "-").lower(): value for name, value in sent.environ.items() if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if name in sent.environ:
            found[name.replace("_", "-").lower()] = sent.environ[name]
    return found


def _signed(deps: Deps, view: View) -> View:
    """Let only requests through that the provider signed; others get 403 and leave no trace but a log line."""

    def checked(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = deps.max_body_bytes
        sent = http_request(request)
        if not deps.provider.verify(sent):
            log.warning("refused a request to %s: it is not signed by %s", request.path, deps.provider.name)
            abort(403)
        try:
            with deps.gate:
                return view(sent, *args, **kwargs)
        except ProviderError as error:
            log.warning("refused a request to %s: %s", request.path, error)
            abort(400)

    return checked


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")


def _conversation_urls(voice: Blueprint, deps: Deps) -> None:
    views: tuple[tuple[str, str, View], ...] = (
        ("incoming", "/voice/incoming", begin_call),
        ("turns", "/voice/calls/<token>/turns/<int:number>", _turn),
        ("after_stream", "/voice/calls/<token>/streams/<int:stream>/over", _after_stream),
        ("whisper", "/voice/calls/<token>/whisper/<int:turn>", _whisper),
        ("wait", "/voice/calls/<token>/wait/<int:turn>", _wait),
        ("voicemail", "/voice/calls/<token>/voicemail", _voicemail),
        ("fallback", "/voice/fallback", _fallback),
    )
    for name, path, view in views:
        voice.add_url_rule(path, name, _signed(deps, _spoken(deps, view)), methods=["GET", "POST"])


def _spoken(deps: Deps, view: View) -> View:
    """A view whose answer the caller hears: whatever breaks, it is a document and not an error page."""

    def spoken(sent: HttpRequest, **where: Any) -> Response:
        event = deps.provider.parse_call(sent)
        try:
            return _xml(view(deps, event=event, **where))
        except NoServiceError:
            return _xml(deps.provider.render([say("unknown_number", deps.language), Hangup()]))
        except Exception as error:
            log.error("call %s: %s", event.call_sid, place_of(error))  # noqa: TRY400 - the text may quote the caller.
            return _xml(_saved(deps, event, error, **where))

    return spoken


def _turn(deps: Deps, *, event: CallEvent, token: str, number: int) -> str:
    return conversation.take_turn(deps, token, number, event)


def _after_stream(deps: Deps, *, event: CallEvent, token: str, stream: int) -> str:
    return document_after_stream(deps, token, stream, event)


def _whisper(deps: Deps, *, event: CallEvent, token: str, turn: int) -> str:
    return whisper_document(deps, token, turn, event)


def _wait(deps: Deps, *, event: CallEvent, token: str, turn: int) -> str:
    return wait_document(deps, token, turn, event)


def _voicemail(deps: Deps, *, event: CallEvent, token: str) -> str:
    return machines.voicemail_document(deps, token, event)


def _fallback(deps: Deps, *, event: CallEvent) -> str:
    if request.args.get("done"):
        return thanks_document(deps.provider, _language(deps))
    return fallback_document(deps, event)


def _saved(deps: Deps, event: CallEvent, error: Exception, **where: Any) -> str:
    """A way on for the caller after something broke: the flow's own, in a new transaction; else a voicemail."""
    if event.direction is Direction.OUTBOUND and ("number" not in where or isinstance(error, UnknownCallError)):
        # Whoever we called is not asked for a message because of a fault of ours.
        return deps.provider.render([Hangup()])
    if "number" in where and not isinstance(error, UnknownCallError):
        try:
            sentence = f"The turn broke with {type(error).__name__}."
            return conversation.last_resort(deps, where["token"], where["number"], event, sentence)
        except Exception as worse:
            log.error("call %s: the last resort broke too: %s", event.call_sid, place_of(worse))  # noqa: TRY400
    if "turn" in where:
        # An agent's whisper or a queue's hold music: nobody is to be asked for a voicemail there.
        return deps.provider.render([Hangup()])
    return voicemail_document(deps.provider, deps.public_base_url, _language(deps))


def _language(deps: Deps) -> str:
    """The language of the call as our own URL carries it, else the house's."""
    tag = request.args.get("lang", "")
    return tag if is_tag(tag) else deps.language


def _notice_urls(voice: Blueprint, deps: Deps) -> None:
    def status(sent: HttpRequest) -> Response:
        status_notice(deps, deps.provider.parse_call(sent))
        return Response(status=204)

    def recordings(sent: HttpRequest, token: str) -> Response:
        event = deps.provider.parse_recording(sent)
        if not recording_notice(deps, token, event) and event.status == "completed":
            ask_to_adopt(deps, event)
        return Response(status=204)

    def call_status(sent: HttpRequest, token: str) -> Response:
        prepared_status_notice(deps, token, deps.provider.parse_call(sent))
        return Response(status=204)

    def recorded(sent: HttpRequest, token: str) -> Response:
        whole_call_notice(deps, token, deps.provider.parse_recording(sent))
        return Response(status=204)

    def answered_by(sent: HttpRequest, token: str) -> Response:
        answered_by_notice(deps, token, deps.provider.parse_call(sent))
        return Response(status=204)

    def texts(sent: HttpRequest) -> Response:
        take_text(deps, deps.provider.parse_message(sent))
        return Response(status=204)

    def messages(sent: HttpRequest) -> Response:
        message_notice(deps, deps.provider.parse_message(sent))
        return Response(status=204)

    for path, view in (
        ("/voice/status", status),
        ("/voice/calls/<token>/status", call_status),
        ("/voice/calls/<token>/recorded", recorded),
        ("/voice/calls/<token>/answered-by", answered_by),
        ("/voice/messages/incoming", texts),
        ("/voice/recordings/<token>", recordings),
        ("/voice/messages/status", messages),
    ):
        voice.add_url_rule(path, view.__name__, _signed(deps, view), methods=["GET", "POST"])


def _file_urls(voice: Blueprint, deps: Deps) -> None:
    @voice.get("/voice/prompts/<key>.wav")
    def prompt(key: str) -> Response:
        found = deps.prompt_file(key) if _KEY.fullmatch(key) else None
        if found is None or not found.path.is_file():
            abort(404)
        answer = send_file(found.path, mimetype="audio/wav", conditional=True, max_age=86_400)
        answer.headers["X-Prompt-Text"] = quote(found.text)
        return answer

    @voice.get("/voice/audio/<path:name>")
    def audio(name: str) -> Response:
        if deps.audio_dir is None:
            abort(404)
        return send_from_directory(deps.audio_dir, name, max_age=86_400)

    @voice.get("/health")
    def healthy() -> tuple[Response, int]:
        report = health(deps)
        return jsonify(report), 200 if report["ok"] else 503
