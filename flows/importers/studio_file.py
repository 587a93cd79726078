"""A Twilio Studio flow definition as it stands in the file: widgets and their transitions, checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flows.importers.reading import MAX_NODES, studio_definition
from flows.importers.report import ImportRefused, shown
from flows.problems import Problem

MAX_NAME = 2_000
MAX_PROBLEMS = 20


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of a transition: `kind` such as equal_to, what is compared (Liquid) and with what."""

    kind: str
    argument: str
    value: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """One transition. `target` is "" where it leads nowhere."""

    event: str
    target: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Widget:
    """One state of the definition."""

    name: str
    type: str
    ways: tuple[Way, ...]
    properties: Mapping[str, Any]

    def target(self, *events: str) -> str:
        """Where the first wired of these events leads, "" when none does."""
        wired = {way.event: way.target for way in reversed(self.ways) if way.target}
        return next((wired[event] for event in events if event in wired), "")

    def text(self, key: str) -> str:
        """A property as text, "" when it is missing."""
        value = self.properties.get(key)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (str, int, float)) else ""

    def number(self, key: str) -> int | None:
        """A property as a whole number, None when it is none."""
        text = self.text(key).strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the editor drew it."""
        offset = self.properties.get("offset")
        found = (offset.get("x"), offset.get("y")) if isinstance(offset, dict) else (None, None)
        x, y = (v if isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) < 1e7 else None for v in found)
        return None if x is None or y is None else (float(x), float(y))


@dataclass(frozen=True, kw_only=True)
class StudioFile:
    """The whole definition. `start` is the trigger's name."""

    widgets: Mapping[str, Widget]
    start: str
    description: str
    title: str

    @property
    def trigger(self) -> Widget:
        """The widget the flow begins at."""
        return self.widgets[self.start]

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """The widgets that lead to each one."""
        found: dict[str, set[str]] = {}
        for widget in self.widgets.values():
            for way in widget.ways:
                found.setdefault(way.target, set()).add(widget.name)
        return {target: frozenset(names) for target, names in found.items()}

    def reach(self, name: str) -> frozenset[str]:
        """The widgets within reach of one, itself included."""
        seen, waiting = {name} - {""}, [name]
        while waiting:
            widget = self.widgets.get(waiting.pop())
            for way in widget.ways if widget else ():
                if way.target and way.target not in seen:
                    seen.add(way.target)
                    waiting.append(way.target)
        return frozenset(seen)


def read_file(data: Any) -> StudioFile:
    """The definition. Raises ImportRefused naming every place that is wrong."""
    whole = data if isinstance(data, dict) else {}
    definition = studio_definition(whole)
    states = definition.get("states")
    if not isinstance(states, list):
        raise ImportRefused("This is not a Twilio Studio flow: it has no list of states.")
    if len(states) > MAX_NODES:
        raise ImportRefused("The flow has {count} widgets; the limit is {limit}.", count=len(states), limit=MAX_NODES)
    problems: list[Problem] = []
    widgets: dict[str, Widget] = {}
    for place, state in enumerate(states):
        widget = _widget(place, state, problems)
        if widget is not None and widget.name in widgets:
            problems.append(_problem(widget.name, "Two widgets have this name.", "Rename one of them in Studio."))
        elif widget is not None:
            widgets[widget.name] = widget
    problems += _lost(widgets)
    start = definition.get("initial_state")
    problems += _start(start, widgets)
    if problems:
        raise ImportRefused(
            "The Studio flow cannot be imported: {first}", first=_first(problems), problems=problems[:MAX_PROBLEMS]
        )
    texts = (whole.get("friendly_name"), definition.get("description"))
    title, description = (str(text) if isinstance(text, str) else "" for text in texts)
    return StudioFile(widgets=widgets, start=str(start), title=title or description, description=description)


def _widget(place: int, state: Any, problems: list[Problem]) -> Widget | None:
    where = f"states.{place}"
    name = state.get("name") if isinstance(state, dict) else None
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        what = "has no name" if not isinstance(name, str) or not name.strip() else "has a name that is too long"
        problems.append(_problem("", f"Widget {place + 1} {what}.", "Name every widget.", where))
        return None
    kind = state.get("type")
    if not isinstance(kind, str) or not kind:
        problems.append(_problem(name, "The widget has no type.", "Export the flow from Studio again."))
        return None
    properties = state.get("properties")
    transitions = state.get("transitions", [])
    if not isinstance(transitions, list) or not all(isinstance(t, dict) for t in transitions):
        problems.append(_problem(name, "transitions is not a list of objects.", "Export the flow from Studio again."))
        return None
    return Widget(
        name=name,
        type=kind,
        ways=tuple(_way(transition) for transition in transitions),
        properties=properties if isinstance(properties, dict) else {},
    )


def _way(transition: dict[str, Any]) -> Way:
    target = transition.get("next")
    found = transition.get("conditions")
    return Way(
        event=str(transition.get("event", ""))[:80],
        target=target if isinstance(target, str) else "",
        conditions=tuple(_condition(c) for c in found if isinstance(c, dict)) if isinstance(found, list) else (),
    )


def _condition(data: dict[str, Any]) -> Condition:
    arguments = data.get("arguments")
    argument = arguments[0] if isinstance(arguments, list) and arguments else ""
    value = data.get("value")
    return Condition(
        kind=str(data.get("type", "")),
        argument=str(argument),
        value="" if value is None else str(value),
        name=str(data.get("friendly_name", "")),
    )


def _lost(widgets: Mapping[str, Widget]) -> Iterator[Problem]:
    """Transitions to widgets that are not in the file."""
    for widget in widgets.values():
        for way in widget.ways:
            if way.target and way.target not in widgets:
                yield _problem(
                    widget.name,
                    f"Its transition {shown(way.event)} leads to “{shown(way.target)}”, which is not in the file.",
                    "Export the whole flow from Studio again.",
                    "transitions",
                )


def _start(start: Any, widgets: Mapping[str, Widget]) -> Iterator[Problem]:
    triggers = [widget.name for widget in widgets.values() if widget.type == "trigger"]
    if not triggers:
        yield _problem("", "The flow has no trigger, so no call would begin it.", "Export the whole flow.", "states")
    elif not isinstance(start, str) or start not in widgets:
        message = f"initial_state is “{shown(str(start))}”, which is not a widget."
        yield _problem("", message, f"It should be “{shown(triggers[0])}”.", "initial_state")
    elif widgets[start].type != "trigger":
        yield _problem(start, "The flow does not begin at a trigger.", f"Set initial_state to “{shown(triggers[0])}”.")


def _first(problems: list[Problem]) -> str:
    problem = problems[0]
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return (f"widget “{shown(problem.node)}”: " if problem.node else "") + problem.message + more


def _problem(node: str, message: str, fix: str, field: str = "") -> Problem:
    return Problem(rule="import", node=shown(node), field=field, message=message, fix=fix)
