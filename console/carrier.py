"""The simulated carrier's phones, over its control API; no other address is ever reached from here."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import requests

from console.errors import ConsoleError

CONNECT_S = 3.05
ANSWER_S = 15.0


class CarrierUnreachableError(ConsoleError):
    """The simulated carrier does not answer."""


class CarrierRefusedError(ConsoleError):
    """The simulated carrier would not do it; the message is its own sentence."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Carrier:
    """A client of one carrier."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self._base = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def dial(self, *, from_: str, to: str) -> dict[str, Any]:
        """Pick up a phone and dial; gives {"id", "call_sid"}."""
        found: dict[str, Any] = self._json("POST", "/phones", json={"from": from_, "to": to})
        return found

    def events(self, phone_id: str, *, after: int, wait_s: float) -> dict[str, Any]:
        """What happened since the event numbered `after`; waits up to `wait_s` seconds for something."""
        params = {"after": str(after), "wait": f"{wait_s:g}"}
        found = self._json("GET", self._of(phone_id, "events"), params=params, timeout=(CONNECT_S, wait_s + ANSWER_S))
        return found if isinstance(found, dict) else {"events": found}

    def do(self, phone_id: str, deed: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
        """Press, say, stay silent, or hang up."""
        done: dict[str, Any] = self._json("POST", self._of(phone_id, deed), json=values or {})
        return done

    def speak(self, phone_id: str, wav: bytes) -> dict[str, Any]:
        """Speak a WAV file into the recording that runs."""
        headers = {"Content-Type": "audio/wav"}
        done: dict[str, Any] = self._json("POST", self._of(phone_id, "record"), data=wav, headers=headers)
        return done

    def sound(self, phone_id: str, url: str) -> tuple[bytes, str, str]:
        """What a Play sounds like: (bytes, content type, percent-encoded text or "")."""
        response = self._send("GET", self._of(phone_id, "play"), params={"url": url})
        kind = response.headers.get("Content-Type", "audio/wav").partition(";")[0]
        return response.content, kind, response.headers.get("X-Prompt-Text", "")

    def audio(self, phone_id: str) -> str:
        """The websocket address of the phone's live sound, for one use within a minute."""
        path = self._json("POST", self._of(phone_id, "audio"), json={}).get("path")
        if not isinstance(path, str) or not path.startswith("/"):
            raise CarrierUnreachableError("The simulated carrier named no place for live sound.")
        return socket_origin(self._base) + urlsplit(self._base).path + path

    def _of(self, phone_id: str, deed: str) -> str:
        return f"/phones/{quote(phone_id, safe='')}/{deed}"

    def _json(self, method: str, path: str, **options: Any) -> Any:
        response = self._send(method, path, **options)
        try:
            return response.json() if response.content else {}
        except ValueError as error:
            raise CarrierUnreachableError("The simulated carrier answered with something that is not JSON.") from error

    def _send(
        self, method: str, path: str, timeout: tuple[float, float] = (CONNECT_S, ANSWER_S), **options: Any
    ) -> requests.Response:
        headers = self._headers | options.pop("headers", {})
        try:
            response = requests.request(
                method, self._base + path, headers=headers, allow_redirects=False, timeout=timeout, **options
            )
        except requests.RequestException as error:
            raise CarrierUnreachableError("The simulated carrier does not answer.") from error
        if response.status_code >= 400:
            raise CarrierRefusedError(_sentence(response), response.status_code)
        return response


def socket_origin(base_url: str) -> str:
    """Where a carrier's websockets are, as a content security policy names it: "ws://127.0.0.1:8081"."""
    parts = urlsplit(base_url)
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc.rpartition('@')[2]}"


def _sentence(response: requests.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        body = {}
    found = body.get("message") or body.get("error") if isinstance(body, dict) else ""
    return str(found or f"The simulated carrier refused ({response.status_code}).")[:300]
