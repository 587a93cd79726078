"""A scenario as plain data for the browser, and as YAML that the simulator plays, too."""

from __future__ import annotations

from typing import Any

import yaml

from ivr.rehearsal.scenario import Scenario
from ivr.rehearsal.steps import Expect, HangUp, Hear, Interrupt, Press, Say, Silence, Speak, Step, Wait


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as JSON: one-key steps, defaults left out. `parse_scenario` gives the same scenario back."""
    setting = scenario.setting.model_dump(exclude_defaults=True)
    expect = None if scenario.expect is None else expect_data(scenario.expect)
    lookups = {
        n: [s.model_dump(exclude_defaults=True) | {"outcome": s.outcome} for s in rows]
        for n, rows in scenario.lookups.items()
    }
    data = {
        "name": scenario.name,
        "description": scenario.description,
        "call": scenario.call.model_dump(exclude_defaults=True, by_alias=True),
        "setting": setting,
        "lookups": lookups,
        "steps": [step_data(step) for step in scenario.steps],
        "expect": expect,
    }
    return {key: value for key, value in data.items() if value or key in ("call", "steps")}


def step_data(step: Step) -> dict[str, Any]:
    """One step, as {"press": "1"}."""
    match step.action:
        case Hear(words=words, within_s=within_s):
            plain = list(words) if len(words) > 1 else words[0]
            return {"hear": plain if within_s == 120 else {"words": list(words), "within_s": within_s}}
        case Press(digits=digits, early=early):
            return {"press": {"digits": digits, "early": True} if early else digits}
        case Say(text=text, confidence=confidence, early=early):
            usual = confidence == 0.9 and not early
            return {
                "say": text if usual else {"text": text, "confidence": confidence, **({"early": True} if early else {})}
            }
        case Silence(seconds=seconds):
            return {"silence": True if seconds is None else seconds}
        case Speak(file=file):
            data = action_data(step.action)
            return {"speak": file if set(data) == {"file"} else data}
        case Interrupt(after_s=after_s, action=action):
            kind = type(action).__name__.lower()
            return {"interrupt": {"after": f"{after_s:g}s", **step_data(Step(kind=kind, action=action))}}
        case Wait(seconds=seconds):
            return {"wait": f"{seconds:g}s"}
        case HangUp():
            return {"hang_up": True}
        case Expect() as expect:
            return {"expect": expect_data(expect)}


def action_data(action: Speak) -> dict[str, Any]:
    """A spoken sound as JSON, what is not as usual."""
    return action.model_dump(mode="json", exclude_defaults=True)


def expect_data(expect: Expect) -> dict[str, Any]:
    """Expectations as JSON, those that were written."""
    return expect.model_dump(mode="json", exclude_unset=True, exclude_none=True)


def dump_scenario(scenario: Scenario) -> str:
    """The scenario as YAML, for people and for the simulator; `parse_scenario` gives the same scenario back."""
    data = scenario_data(scenario)
    data["steps"] = [_bare(row) for row in data["steps"]]
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _bare(row: dict[str, Any]) -> Any:
    """Steps that take no value stand as words."""
    if row == {"silence": True}:
        return "silence"
    return "hang up" if row == {"hang_up": True} else row


class _Dumper(yaml.SafeDumper):
    """Puts words that older readers take for something else, and digits, into quotes; small things on one line."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never write anchors."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    quoted = text[:1] in "+*#0123456789" or text.lower() in ("yes", "no", "on", "off", "y", "n")
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


_Dumper.add_representer(str, _text)
