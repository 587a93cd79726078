"""Enqueue: wait, with something to hear, until somebody takes the call."""

from xml.etree.ElementTree import Element

from simulator.bridging import converse
from simulator.calls import Source
from simulator.legs import BridgeOver, Dequeued, HungUp, News, Redirected
from simulator.queues import CallQueue, Member
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer
from simulator.twiml.verbs.endings import LeftQueue

WAIT_VERBS = frozenset({"Say", "Play", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
NAME_LIMIT = 64
# Between two rounds of waiting music at least this much time passes, or an empty wait document would spin.
ROUND_S = 1.0


async def enqueue(run: Execution, verb: Element) -> Step | None:
    """Put the caller into the queue that the verb names; what becomes of that goes to the action as QueueResult."""
    name = (verb.text or "").strip()[:NAME_LIMIT] or verb.get("workflowSid", "")
    queue = run.carrier.queues.named(name, run.carrier.clock.now(), integer(verb, "maxQueueSize", 0) or None)
    if len(queue.members) >= queue.max_size:
        return _over(run, verb, queue, "queue-full", 0)
    member = Member(leg=run.leg, since=run.carrier.clock.now())
    queue.members.append(member)
    run.leg.phone.emit("hold", queue=name, position=queue.position(run.leg))
    try:
        await _wait(run, verb, queue)
    except LeftQueue:
        return _over(run, verb, queue, "leave", _leave(run, queue))
    except Dequeued as signal:
        return await _dequeued(run, verb, queue, signal)
    except HungUp as signal:
        await _hung_up(run, verb, queue, signal)
        raise
    except Redirected:
        waited_s = _leave(run, queue)
        run.leg.phone.emit("hold_end", result="redirected", waited_s=waited_s)
        raise
    return None


async def _wait(run: Execution, verb: Element, queue: CallQueue) -> None:
    """Entertain the caller for ever; only a signal ends this."""
    wait_url = verb.get("waitUrl")
    if not wait_url:
        while True:
            item = await run.leg.wait()
            if item is not None:
                run.leg.drop(item)
    source = Source(url=run.resolve(wait_url), method=verb.get("waitUrlMethod", "POST").upper())

    def where() -> dict[str, str]:
        now = run.carrier.clock.now()
        member = queue.member(run.leg.call.sid)
        return {
            "QueueSid": queue.sid,
            "QueuePosition": str(queue.position(run.leg)),
            "QueueTime": str(int((now - member.since).total_seconds()) if member else 0),
            "AvgQueueTime": str(queue.average_wait_s(now)),
            "CurrentQueueSize": str(len(queue.members)),
        }

    while True:
        begun_s = run.carrier.clock.elapsed_s()
        await Execution(run.carrier, run.leg, kind="wait", verbs=WAIT_VERBS, extra=where, root=False).run(source)
        await run.leg.pass_time(max(0.0, begun_s + ROUND_S - run.carrier.clock.elapsed_s()))


async def _dequeued(run: Execution, verb: Element, queue: CallQueue, signal: Dequeued) -> Step | None:
    waited_s = _leave(run, queue) or run.carrier.queues.reserved_wait_s(run.leg)
    if signal.peer is None:
        _over(run, verb, queue, "redirected", waited_s, tell_only=True)
        return Step(source=signal.source or Source(twiml="<Response/>"))
    run.leg.phone.emit("hold_end", result="bridged", waited_s=waited_s)
    ended = News(what="ended", about=run.leg)
    try:
        if signal.whisper is not None:
            await Execution(run.carrier, run.leg, root=False).run(signal.whisper)
        signal.peer.push(News(what="ready", about=run.leg))
        await converse(run.leg, signal.peer)
    except BridgeOver:
        return _over(run, verb, queue, "bridged", waited_s, quiet=True)
    except HungUp as end:
        signal.peer.push(ended)
        if verb.get("action"):
            run.carrier.finish(run.leg, end)
            await run.tell(verb, _params(queue, "hangup", waited_s))
        raise
    except Redirected:
        signal.peer.push(ended)
        raise
    return None


async def _hung_up(run: Execution, verb: Element, queue: CallQueue, signal: HungUp) -> None:
    waited_s = _leave(run, queue)
    run.leg.phone.emit("hold_end", result="hangup", waited_s=waited_s)
    if verb.get("action"):
        run.carrier.finish(run.leg, signal)
        await run.tell(verb, _params(queue, "hangup", waited_s))


def _leave(run: Execution, queue: CallQueue) -> int:
    return queue.leave(run.leg, run.carrier.clock.now())


def _over(
    run: Execution,
    verb: Element,
    queue: CallQueue,
    result: str,
    waited_s: int,
    *,
    tell_only: bool = False,
    quiet: bool = False,
) -> Step | None:
    """The waiting is over: on to the action, or only tell it (`tell_only`), or to the next verb when there is none."""
    if not quiet:
        run.leg.phone.emit("hold_end", result=result, waited_s=waited_s)
    if not verb.get("action"):
        return None
    params = _params(queue, result, waited_s)
    if tell_only:
        run.carrier.spawn(run.tell(verb, params))
        return None
    return run.step(verb, params)


def _params(queue: CallQueue, result: str, waited_s: int) -> dict[str, str]:
    return {"QueueResult": result, "QueueSid": queue.sid, "QueueTime": str(waited_s)}
