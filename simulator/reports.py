"""Callbacks that tell of something and want no TwiML: call status, recordings, messages, machine detection."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from simulator.calls import Call, CallStatus
from simulator.clock import Clock
from simulator.dates import rfc2822
from simulator.faults import FaultKind, Faults
from simulator.notifications import NotificationLog
from simulator.request_parameters import call_parameters
from simulator.webhook import Webhook, WebhookFailedError, make_webhook
from simulator.webhooks import Webhooks

Spawn = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


class Reports:
    """Sends callbacks in order, one after the other for each call, unless a fault wants them otherwise.

    Twilio promises no order at all; ours is in order when nothing is asked for, so that a test can ask for disorder.
    """

    def __init__(
        self, webhooks: Webhooks, clock: Clock, faults: Faults, notifications: NotificationLog, spawn: Spawn
    ) -> None:
        self._webhooks = webhooks
        self._clock = clock
        self._faults = faults
        self._notifications = notifications
        self._spawn = spawn
        self._kept: dict[str, list[Webhook]] = {}

    def status(self, call: Call, event: str, *, status: CallStatus | None = None) -> None:
        """Tell the subscriber of `event` (initiated, ringing, answered, completed), numbered from 0."""
        subscription = call.subscription
        if subscription is None or event not in subscription.events:
            return
        params = call_parameters(call, status) | {
            "Timestamp": rfc2822(self._clock.now()) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
        }
        call.sequence += 1
        if event == "completed":
            params |= {
                "CallDuration": str(call.duration_s),
                "Duration": str(-(-call.duration_s // 60)),
                "SipResponseCode": str(call.sip_code),
            }
        self.tell("status", subscription.url, params, call, method=subscription.method, event=event)

    def tell(
        self, kind: str, url: str, params: dict[str, str], call: Call | None = None, *, method: str = "POST", event: str
    ) -> None:
        """Queue one callback behind the earlier ones of the same call."""
        webhook = make_webhook(kind, url, params, call, method=method, event=event)
        if self._faults.take(FaultKind.CALLBACK_DROP, call, url=url, event=event) is not None:
            return
        late = self._faults.take(FaultKind.CALLBACK_LATE, call, url=url, event=event)
        if late is not None or call is None:
            self._spawn(self._deliver(webhook, delay_s=late.seconds if late else 0.0))
            return
        if self._faults.take(FaultKind.CALLBACK_SHUFFLE, call, url=url, event=event) is not None:
            self._keep_for_later(call, webhook, last=event == "completed" and kind == "status")
            return
        call.report_chain = self._spawn(self._deliver(webhook, after=call.report_chain))

    def _keep_for_later(self, call: Call, webhook: Webhook, *, last: bool) -> None:
        """Hold a call's callbacks back until its last one, then send them the wrong way round."""
        kept = self._kept.setdefault(call.sid, [])
        kept.append(webhook)
        if last:
            del self._kept[call.sid]
            for held in reversed(kept):
                call.report_chain = self._spawn(self._deliver(held, after=call.report_chain))

    async def _deliver(
        self, webhook: Webhook, *, after: "asyncio.Task[None] | None" = None, delay_s: float = 0.0
    ) -> None:
        if after is not None:
            await asyncio.wait({after})
        if delay_s:
            await self._clock.sleep(delay_s)
        await self._send(webhook)
        if self._faults.take(FaultKind.CALLBACK_DUPLICATE, webhook.call, url=webhook.url, event=webhook.event):
            await self._send(webhook)

    async def _send(self, webhook: Webhook) -> None:
        try:
            await self._webhooks.send(webhook)
        except WebhookFailedError as failure:
            self._notifications.add(
                15003,
                str(failure),
                self._clock.now(),
                call_sid=webhook.call.sid if webhook.call else None,
                request_url=webhook.url,
                request_method=webhook.method,
            )
