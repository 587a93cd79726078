"""Telling a stream's statusCallback what becomes of it."""

from simulator.calls import Call
from simulator.carrier import Carrier
from simulator.dates import iso8601
from simulator.streams.order import StreamOrder


def tell_status(
    carrier: Carrier, call: Call, order: StreamOrder, stream_sid: str, event: str, error: str | None = None
) -> None:
    """`event` is stream-started, stream-stopped or stream-error. Source: Stream, "statusCallback"."""
    if order.status_url is None:
        return
    params = {
        "AccountSid": call.account_sid,
        "CallSid": call.sid,
        "StreamSid": stream_sid,
        "StreamName": order.name or stream_sid,
        "StreamEvent": event,
        "Timestamp": iso8601(carrier.clock.now()),
    }
    if error is not None:
        params["StreamError"] = error
    carrier.reports.tell("stream", order.status_url, params, call, method=order.status_method, event=event)
