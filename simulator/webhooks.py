"""How the carrier asks the app: signed, within time limits, tried again where Twilio would."""

import asyncio
import time
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from yarl import URL

from simulator.clock import Clock
from simulator.faults import FaultKind, Faults
from simulator.overrides import Overrides, split_overrides
from simulator.request_log import RequestLog, SentRequest
from simulator.signature import sign
from simulator.webhook import Answer, Webhook, WebhookFailedError
from simulator.webhook_failures import as_failure

READ_LIMIT = 1 << 20
REDIRECT_LIMIT = 5
# So many requests at a time: the others wait without their 15 seconds running, as on a carrier with many machines.
CONCURRENCY = 64


class Webhooks:
    """The carrier's HTTP client."""

    def __init__(self, auth_token: str, clock: Clock, faults: Faults, log: RequestLog) -> None:
        self._auth_token = auth_token
        self._clock = clock
        self._faults = faults
        self._log = log
        self._gate = asyncio.Semaphore(CONCURRENCY)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
            )
        return self._session

    async def send(self, webhook: Webhook) -> Answer:
        """Deliver one event, with the tries and limits that the address's fragment asks for.

        Raises:
            WebhookFailedError: no answer in time, no connection, or a status of 400 and more.
        """
        twin = None
        if webhook.kind in ("voice", "wait"):
            twin = self._faults.take(FaultKind.WEBHOOK_DUPLICATE, webhook.call, url=webhook.url)
        if twin is None:
            return await self._send_once(webhook)
        if not twin.together:
            answer = await self._send_once(webhook)
            await asyncio.gather(self._send_once(webhook), return_exceptions=True)
            return answer
        first, _ = await asyncio.gather(self._send_once(webhook), self._send_once(webhook), return_exceptions=True)
        if isinstance(first, BaseException):
            raise first
        return first

    async def _send_once(self, webhook: Webhook) -> Answer:
        address, overrides = split_overrides(webhook.url)
        with self._clock.busy():
            async with self._gate:
                return await self._tries(webhook, address, overrides)

    async def _tries(self, webhook: Webhook, address: str, overrides: Overrides) -> Answer:
        begun = time.monotonic()
        for attempt in range(overrides.retries + 1):
            try:
                return await self._follow(webhook, address, overrides, attempt, begun)
            except WebhookFailedError as failure:
                spent = time.monotonic() - begun
                last = attempt == overrides.retries or spent >= overrides.total_timeout_s
                if last or not overrides.retries_after(failure.cause):
                    raise
        raise AssertionError("the last try either returns or raises")

    async def _follow(self, webhook: Webhook, address: str, overrides: Overrides, attempt: int, begun: float) -> Answer:
        """One try, through HTTP redirects: like a browser, the next request is a GET without a body."""
        method, params = webhook.method, webhook.params
        for _ in range(REDIRECT_LIMIT + 1):
            budget_s = max(0.05, overrides.total_timeout_s - (time.monotonic() - begun))
            answer, location = await self._once(webhook, method, address, params, overrides, attempt, budget_s)
            if location is None:
                return answer
            address, method, params = urljoin(address, location), "GET", ()
        raise WebhookFailedError(11215, "5xx", f"More than {REDIRECT_LIMIT} redirects.")

    async def _once(
        self,
        webhook: Webhook,
        method: str,
        address: str,
        params: tuple[tuple[str, str], ...],
        overrides: Overrides,
        attempt: int,
        budget_s: float,
    ) -> tuple[Answer, str | None]:
        extra = self._faults.take(FaultKind.EXTRA_PARAMETERS, webhook.call, url=address)
        if extra is not None:
            params = (*params, *extra.params.items())
        if method == "GET" and params:
            address += ("&" if urlsplit(address).query else "?") + urlencode(params)
            params = ()
        headers = self._headers(webhook, method, address, params)
        number, begun = self._log.next_number(), time.monotonic()
        answer: Answer | None = None
        location: str | None = None
        failure: WebhookFailedError | None = None
        try:
            self._pretend_trouble(webhook, address)
            answer, location = await self._exchange(webhook, method, address, params, headers, overrides, budget_s)
        except WebhookFailedError as error:
            answer, failure = error.answer, error
        self._log.add(
            SentRequest(
                number=number,
                kind=webhook.kind,
                call_sid=webhook.call.sid if webhook.call else None,
                method=method,
                url=address,
                params=params,
                headers=headers,
                attempt=attempt,
                at=self._clock.now().isoformat(timespec="milliseconds"),
                ms=round((time.monotonic() - begun) * 1000, 2),
                status=answer.status if answer else None,
                response=answer.body.decode("utf-8", "replace") if answer else "",
                error=str(failure) if failure else None,
            )
        )
        if failure is not None or answer is None:
            raise failure or WebhookFailedError(11200, "rt", "The app did not answer.")
        return answer, location

    def _headers(
        self, webhook: Webhook, method: str, address: str, params: tuple[tuple[str, str], ...]
    ) -> dict[str, str]:
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "X-Twilio-Signature": sign(self._auth_token, address, params),
            "I-Twilio-Idempotency-Token": webhook.token,
        }
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        if webhook.call is not None and webhook.call.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in webhook.call.cookies.items())
        return headers

    def _pretend_trouble(self, webhook: Webhook, address: str) -> None:
        if webhook.kind not in ("voice", "wait"):
            return
        if self._faults.take(FaultKind.WEBHOOK_LOST, webhook.call, url=address) is not None:
            raise WebhookFailedError(11205, "ct", "The app could not be reached (pretended).")
        fault = self._faults.take(FaultKind.WEBHOOK_STATUS, webhook.call, url=address)
        if fault is not None:
            cause = "4xx" if fault.status < 500 else "5xx"
            raise WebhookFailedError(11200, cause, f"The app answered {fault.status} (pretended).")

    async def _exchange(
        self,
        webhook: Webhook,
        method: str,
        address: str,
        params: tuple[tuple[str, str], ...],
        headers: dict[str, str],
        overrides: Overrides,
        budget_s: float,
    ) -> tuple[Answer, str | None]:
        begun = time.monotonic()
        limits = aiohttp.ClientTimeout(
            total=min(budget_s, overrides.read_timeout_s + overrides.connect_timeout_s),
            sock_connect=overrides.connect_timeout_s,
            sock_read=overrides.read_timeout_s,
        )
        try:
            async with self.session.request(
                method,
                URL(address, encoded=True),
                data=urlencode(params).encode() if method == "POST" else None,
                headers=headers,
                timeout=limits,
                allow_redirects=False,
            ) as response:
                body = await response.content.read(READ_LIMIT)
                answer = Answer(
                    url=address,
                    status=response.status,
                    content_type=response.headers.get("Content-Type", ""),
                    body=body,
                    headers="\n".join(f"{name}: {value}" for name, value in response.headers.items()),
                    ms=round((time.monotonic() - begun) * 1000, 2),
                )
                location = response.headers.get("Location") if response.status in (301, 302, 303, 307, 308) else None
                if webhook.call is not None:
                    webhook.call.cookies.update({name: cookie.value for name, cookie in response.cookies.items()})
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise as_failure(error) from error
        await self._pretend_slowness(webhook, address, overrides)
        if answer.status >= 400:
            cause = "4xx" if answer.status < 500 else "5xx"
            raise WebhookFailedError(11200, cause, f"The app answered {answer.status}.", answer)
        return answer, location

    async def _pretend_slowness(self, webhook: Webhook, address: str, overrides: Overrides) -> None:
        """The app has done its work, and the answer takes call time; past the limit nobody hears it any more."""
        fault = self._faults.take(FaultKind.WEBHOOK_SLOW, webhook.call, url=address)
        if fault is None:
            return
        limit_s = min(overrides.read_timeout_s, overrides.total_timeout_s)
        self._clock.release()
        try:
            await self._clock.sleep(min(fault.seconds, limit_s))
        finally:
            self._clock.hold()
        if fault.seconds >= limit_s:
            raise WebhookFailedError(11200, "rt", f"The app did not answer within {limit_s:g} s (pretended).")
