"""Split widgets as branches and business hours."""

from __future__ import annotations

import re

from flows.importers.literals import number_literal, quoted
from flows.importers.naming import exit_name
from flows.importers.studio_file import Condition, Way, Widget
from flows.importers.studio_job import Job

_CLOCK_TIME = re.compile(r"\s*([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\s*")
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)\b.*")
_TIMES = ("is_before_time", "is_after_time")
_DATES = ("is_before_date", "is_after_date")
NEVER = "false"


def split(job: Job, widget: Widget) -> None:
    """Put the split on the board."""
    matches = [way for way in widget.ways if way.event == "match"]
    otherwise = widget.target("noMatch")
    if not matches:
        job.board.pass_by(widget.name, otherwise)
        job.board.report.change(widget.name, widget.type, "It has no conditions, so every call goes its one way.")
        return
    hours = _hours(matches[0]) if len(matches) == 1 else None
    if hours is not None:
        exits = {"open": matches[0].target, "closed": otherwise}
        job.board.put(widget.name, "business_hours", zone="UTC", hours={"every_day": hours}, exits=exits)
        job.board.report.take(
            widget.name, widget.type, "Is a node for business hours: {hours}.", hours=", ".join(hours)
        )
        _tell_zone(job, widget)
        return
    conditions: list[dict[str, str]] = []
    exits = {"else": otherwise}
    for way in matches:
        if len(way.conditions) > 1:
            job.board.report.change(
                widget.name, "match", "Its conditions for {to} must all hold.", to=way.target or "nowhere"
            )
        name = exit_name(_title(way), {c["exit"] for c in conditions}, "match")
        conditions.append({"when": _when(job, widget, way), "exit": name})
        exits[name] = way.target
    job.board.put(widget.name, "branch", conditions=conditions, exits=exits)
    job.board.report.take(widget.name, widget.type, "Is a branch with {count} conditions.", count=len(conditions))


def _title(way: Way) -> str:
    condition = way.conditions[0] if way.conditions else None
    if condition is None:
        return "match"
    kind = condition.kind.removeprefix("is_").removesuffix("_to").removesuffix("_of").replace("matches_any", "any")
    return f"{kind} {condition.value}" if "{{" not in condition.value else kind


def _when(job: Job, widget: Widget, way: Way) -> str:
    found = [_condition(job, widget, condition) for condition in way.conditions] or [NEVER]
    return " and ".join(f"({c})" for c in found) if len(found) > 1 else found[0]


def _condition(job: Job, widget: Widget, condition: Condition) -> str:
    """The condition as our expression; what has no counterpart never holds, and is reported."""
    source = condition.argument or widget.text("input")
    value = job.expression(widget, "condition", source)
    built = "" if value == "null" else _built(job, widget, condition, value, source)
    if not built:
        job.board.report.refuse(
            widget.name,
            "condition",
            "The condition “{kind} {value}” has no counterpart; it never holds here.",
            kind=condition.kind,
            value=condition.value,
        )
        return NEVER
    return built


def _built(job: Job, widget: Widget, condition: Condition, value: str, source: str) -> str:
    kind, text = condition.kind, condition.value.strip()
    other = _other(job, widget, text)
    listed = ", ".join(quoted(part.strip().lower()) for part in text.split(",") if part.strip())
    match kind:
        case "equal_to" | "not_equal_to":
            return f"{_lower(value, text)} {'==' if kind == 'equal_to' else '!='} {other}"
        case "matches_any_of" | "does_not_match_any_of" if listed:
            return f"lower(text({value})) {'in' if kind == 'matches_any_of' else 'not in'} [{listed}]"
        case "is_blank" | "is_not_blank":
            return f"{'not ' if kind == 'is_blank' else ''}exists({value})"
        case "contains" | "does_not_contain":
            return f"{'not ' if kind != 'contains' else ''}contains({value}, {_plain(job, widget, text)})"
        case "starts_with" | "does_not_start_with":
            return f"{'not ' if kind != 'starts_with' else ''}starts_with({value}, {_plain(job, widget, text)})"
        case "less_than" | "greater_than":
            number = number_literal(text) or f"number({_plain(job, widget, text)})"
            return f"number({value}) {'<' if kind == 'less_than' else '>'} {number}"
        case "regex":
            return _regex(value, text)
    return _moment(job, widget, kind, value, source, text)


def _regex(value: str, pattern: str) -> str:
    """The few patterns that say something our expressions can: alternatives, and so many digits."""
    plain = pattern.removeprefix("^").removesuffix("$").removeprefix("(?i)").strip()
    digits = re.fullmatch(r"(?:\\d|\[0-9\])(?:\{(\d{1,2})(?:,(\d{0,2}))?\}|([+*]))?", plain)
    if digits and pattern.startswith("^") and pattern.endswith("$"):
        low = int(digits[1]) if digits[1] else 0 if digits[3] == "*" else 1
        high = int(digits[2]) if digits[2] else (int(digits[1]) if digits[1] and digits[2] is None else None)
        high = 1 if not digits[1] and not digits[3] else high
        most = f" and len(text({value})) <= {high}" if high is not None else ""
        return f"digits({value}) == text({value}) and len(text({value})) >= {low}{most}"
    words = re.fullmatch(r"\(?(?:\?:)?([\w #*]+(?:\|[\w #*]+)*)\)?", plain)
    if words and pattern.startswith("^") and pattern.endswith("$"):
        listed = ", ".join(quoted(word.lower()) for word in words[1].split("|"))
        return f"lower(text({value})) in [{listed}]"
    return ""


def _moment(job: Job, widget: Widget, kind: str, value: str, source: str, text: str) -> str:
    """Comparisons with a time or date: of the clock where the text is the present, of a value else."""
    sign = "<" if kind in ("is_before_time", "is_before_date") else ">"
    date = _DATE.fullmatch(text)
    if kind in _DATES and date:
        _tell_zone(job, widget)
        return f"{'today()' if _is_now(source) else f'text({value})'} {sign} {quoted(date[1])}"
    time = _CLOCK_TIME.fullmatch(text)
    if kind in _TIMES and time and _is_now(source) and time[2] == "00":
        _tell_zone(job, widget)
        return f"hour() {'<' if sign == '<' else '>='} {int(time[1])}"
    if kind in _TIMES and time and not _is_now(source):
        return f"text({value}) {sign} {quoted(f'{int(time[1]):02}:{time[2]}')}"
    return ""


def _hours(way: Way) -> list[str] | None:
    """The period of a way that only asks whether it is after and before a time of day, None for any other."""
    found: dict[str, str] = {}
    for condition in way.conditions:
        time = _CLOCK_TIME.fullmatch(condition.value)
        if condition.kind not in _TIMES or time is None or not _is_now(condition.argument):
            return None
        found[condition.kind] = f"{int(time[1]):02}:{time[2]}"
    if not found:
        return None
    begin, end = found.get("is_after_time", "00:00"), found.get("is_before_time", "24:00")
    return [f"{begin}-{end}"] if begin != end else None


def _is_now(source: str) -> bool:
    return bool(re.search(r"[\"'](?:now|today)[\"']|flow\.(?:now|current_(?:time|date))", source))


def _tell_zone(job: Job, widget: Widget) -> None:
    job.board.report.change(widget.name, "time", "Times and dates are those of UTC; set the zone of your office.")


def _lower(value: str, text: str) -> str:
    return f"text({value})" if text.lower() == text.upper() else f"lower(text({value}))"


def _other(job: Job, widget: Widget, text: str) -> str:
    if "{{" in text or "{%" in text:
        return f"lower(text({job.expression(widget, 'condition', text)}))"
    return quoted(text.lower())


def _plain(job: Job, widget: Widget, text: str) -> str:
    return job.expression(widget, "condition", text) if "{{" in text or "{%" in text else quoted(text)
