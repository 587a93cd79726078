"""A line into a carrier somewhere else, over its control interface."""

import base64
from types import TracebackType
from typing import Any

import aiohttp

from simulator.actions import CallSpec
from simulator.errors import CarrierUnreachableError, PhoneStateError, SimulatorError
from simulator.phones import Event

POLL_S = 25.0


class RemoteLine:
    """Use as an async context manager. Raises CarrierUnreachableError with the address when nobody is there."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "RemoteLine":
        self._session = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """One request to the carrier; its JSON answer. Errors are the carrier's own sentences."""
        if self._session is None:
            raise SimulatorError("The line is not open; use it in an `async with` block.")
        try:
            async with self._session.request(method, self.base_url + path, **options) as response:
                answer = await response.json(content_type=None) if response.status != 204 else {}
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CarrierUnreachableError(
                f"No carrier answers at {self.base_url}. Start one with `python -m simulator carrier`, "
                "or name another with --carrier URL."
            ) from error
        except ValueError as error:
            raise SimulatorError(f"{self.base_url} answers, but it is no simulated carrier.") from error
        if status >= 400:
            sentence = str((answer or {}).get("error", f"The carrier answered {status}."))
            raise PhoneStateError(sentence) if status == 409 else SimulatorError(sentence)
        return answer if isinstance(answer, dict) else {}

    async def dial(self, call: CallSpec) -> "RemotePhone":
        if call.to is None:
            raise SimulatorError("Say which number to call.")
        wish = {name: value for name, value in call.model_dump(by_alias=True).items() if value is not None}
        made = await self.ask("POST", "/phones", json=wish)
        return RemotePhone(self, made["id"], made["call_sid"])

    async def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("GET", "/messages"))["messages"]
        return found


class RemotePhone:
    """A phone at a remote carrier."""

    def __init__(self, line: RemoteLine, phone_id: str, call_sid: str) -> None:
        self._line = line
        self._id = phone_id
        self._call_sid = call_sid

    @property
    def id(self) -> str:
        return self._id

    @property
    def call_sid(self) -> str:
        return self._call_sid

    async def events_after(self, seq: int, wait_s: float) -> list[Event]:
        """Events with a greater number, after at most `wait_s` seconds of real time."""
        while True:
            part_s = min(wait_s, POLL_S)
            answer = await self._line.ask("GET", f"/phones/{self._id}/events", params={"after": seq, "wait": part_s})
            wait_s -= part_s
            events: list[Event] = answer["events"]
            if events or wait_s <= 0 or answer["over"]:
                return events

    async def press(self, digits: str) -> None:
        await self._post("press", json={"digits": digits})

    async def say(self, text: str, confidence: float | None = 0.9, wav: bytes | None = None) -> None:
        sound = {"wav": base64.b64encode(wav).decode()} if wav is not None else {}
        await self._post("say", json={"text": text, "confidence": confidence, **sound})

    async def speak(self, wav: bytes, text: str = "", confidence: float | None = 0.9) -> None:
        said = {"text": text, "confidence": "" if confidence is None else str(confidence)} if text else {}
        await self._post("record", data=wav, params=said, headers={"Content-Type": "audio/wav"})

    async def hang_up(self) -> None:
        await self._post("hangup")

    async def pause(self, seconds: float) -> None:
        await self._post("silence", json={"seconds": seconds})

    async def wait_until(self, t: float) -> None:
        await self._post("silence", json={"until_t": t})

    async def let_go(self) -> None:
        await self._line.ask("DELETE", f"/phones/{self._id}")

    async def _post(self, act: str, **options: Any) -> None:
        await self._line.ask("POST", f"/phones/{self._id}/{act}", **options)
