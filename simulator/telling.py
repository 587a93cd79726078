"""A phone's events as words."""

from simulator.phones import Event


def audible(event: Event) -> str:
    """What an event sounds like, as text."""
    return " ".join(str(event.get("text") or event.get("url") or event.get("digits") or "").split())


def describe(event: Event) -> str | None:
    """One line about an event as the phone's holder would tell it; None for the machinery."""
    kind, at = event["kind"], f"{event['t']:7.1f}s "
    if kind in ("say", "greeting", "voice"):
        return f"{at}heard    {audible(event)}"
    table: dict[str, str | None] = {
        "play": "heard    ♪ " + audible(event),
        "pressed": f"pressed  {event.get('digits')}",
        "said": f"said     {event.get('text')}",
        "spoke": f"spoke    {event.get('duration_s')} s of sound",
        "beep": "beep",
        "gather": f"asked    for {' or '.join(event.get('input', []))}",
        "gather_end": f"answered ({event.get('reason')})",
        "record_end": f"recorded {event.get('duration_s')} s ({event.get('reason')})",
        "dial": f"dialling {', '.join(event.get('targets', []))}",
        "bridged": f"talking  with {event.get('with')}",
        "hold": f"waiting  in {event.get('queue')}",
        "notification": f"carrier  {event.get('code')} {event.get('message')}",
        "ignored": f"ignored  {event.get('reason')}",
        "stream": f"stream   {event.get('state')} {event.get('why')}".rstrip(),
        "quiet": "your turn" if event.get("asked") else None,
        "latency": f"reply    after {event.get('ms')} ms",
        "answered": "answered",
        "ringing": "ringing",
        "hangup": f"hung up  by {event.get('by')} ({event.get('reason')}), {event.get('status')}",
    }
    line = table.get(kind)
    return None if line is None else at + line
