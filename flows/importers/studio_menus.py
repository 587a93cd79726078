"""A gather followed by splits on what was heard, seen as one menu: keys, words, and where each leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flows.importers.naming import exit_name, words_of
from flows.importers.studio_file import Condition, Widget
from flows.importers.studio_job import Job

_KEY = re.compile(r"[0-9]{1,2}|\*|#")
_REFERENCE = re.compile(r"\s*\{\{-?\s*widgets\.([^.\s|}]+)\.(\w+)\s*-?\}\}\s*")
_KINDS = frozenset({"equal_to", "matches_any_of", "contains", "starts_with"})
GLOBAL_KEYS = {"9": "says the question again", "*": "goes back"}


@dataclass(kw_only=True)
class Option:
    """What can be chosen, and where it leads."""

    target: str
    key: str = ""
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class MenuPlan:
    """A gather as a menu. `splits` are the widgets that become part of it; `no_match` is where a wrong answer led."""

    options: tuple[Option, ...]
    splits: tuple[str, ...]
    no_match: str


def plan_menu(job: Job, widget: Widget, variables: dict[str, str]) -> MenuPlan | None:
    """The menu that a widget and the splits behind it are, None when they are not plainly one.

    `variables` gives by event what the split may look at: {"keypress": "Digits", "speech": "SpeechResult"}.
    """
    behind = {event: job.file.widgets.get(widget.target(event)) for event in variables}
    keyed = behind.get("keypress")
    if keyed is not None and keyed.type != "split-based-on":
        return None
    splits = {w.name: w for w in behind.values() if w is not None and w.type == "split-based-on"}
    options: list[Option] = []
    for split in splits.values():
        if _others_lead_to(job, split.name, widget.name) or not _read_split(options, split, widget, variables):
            return None
    read = sum(
        sum(len(w.conditions) for w in split.ways) + bool(_REFERENCE.fullmatch(split.text("input")))
        for split in splits.values()
    )
    if not options or _read_elsewhere(job, widget, variables, read):
        return None
    no_match = next((s.target("noMatch") for s in splits.values() if s.target("noMatch")), "")
    _merge_words(options)
    return MenuPlan(options=tuple(options), splits=tuple(splits), no_match=no_match)


def _read_split(options: list[Option], split: Widget, widget: Widget, variables: dict[str, str]) -> bool:
    """Put the conditions of a split among the options. False when one of them is none that a menu can have."""
    for way in split.ways:
        for condition in way.conditions if way.target and way.event == "match" else ():
            variable = _variable(condition.argument, widget.name, variables)
            if not variable or not _add(options, condition, variable, way.target):
                return False
    return True


def give_keys(plan: MenuPlan) -> list[Option]:
    """The options without a key get the next free one from 1 to 8; those that then have none are returned."""
    free = [key for key in "12345678" if key not in {option.key for option in plan.options}]
    left = []
    for option in plan.options:
        if not option.key and free:
            option.key = free.pop(0)
        elif not option.key:
            left.append(option)
    return left


def drop_hidden(plan: MenuPlan, promised: frozenset[str]) -> list[str]:
    """The keys that the prompt does not tell beside another one for the same target; without them here."""
    told = {option.target for option in plan.options if option.key in promised}
    return [o.key for o in plan.options if o.key and o.key not in promised | {"0"} and o.target in told]


def label_of(option: Option, prompt: str, taken: set[str]) -> str:
    """What an option is called: what the prompt says of its key, its first word, or the name of where it leads."""
    told = _told_by(prompt, option.key)
    found = told or (option.words[0] if option.words else words_of(option.target))
    found = found or f"option {option.key}"
    label = found if found.casefold() not in taken else f"{found} {option.key}"
    taken.add(label.casefold())
    return label[:60]


def name_of(option: Option, label: str, taken: set[str]) -> str:
    """The option's name; key 0 always is a person."""
    name = "person" if option.key == "0" else exit_name(label, taken, f"key_{option.key}".replace("*", "star"))
    taken.add(name)
    return name


def _add(options: list[Option], condition: Condition, variable: str, target: str) -> bool:
    """Put a condition among the options. False when it is none that a menu can have."""
    values = condition.value.split(",") if condition.kind == "matches_any_of" else [condition.value]
    values = [value.strip() for value in values if value.strip()]
    if condition.kind not in _KINDS or not values or any("{{" in value or "{%" in value for value in values):
        return False
    if variable == "Digits":
        if condition.kind not in ("equal_to", "matches_any_of") or not all(_KEY.fullmatch(v) for v in values):
            return False
        known = {option.key for option in options}
        options.extend(Option(target=target, key=value) for value in dict.fromkeys(values) if value not in known)
        return True
    said = {word.casefold() for option in options for word in option.words}
    words = [word[:60] for word in dict.fromkeys(values) if word.casefold() not in said]
    mine = next((option for option in options if option.target == target and not option.key), None)
    if mine is None:
        options.append(Option(target=target, words=words))
    else:
        mine.words += words
    return True


def _merge_words(options: list[Option]) -> None:
    """Give the words for a target to the option whose key leads there too."""
    for option in [o for o in options if not o.key]:
        keyed = next((o for o in options if o.key and o.target == option.target), None)
        if keyed is not None:
            keyed.words += option.words
            options.remove(option)


def _variable(argument: str, name: str, variables: dict[str, str]) -> str:
    match = _REFERENCE.fullmatch(argument)
    return match[2] if match and match[1] == name and match[2] in variables.values() else ""


def _others_lead_to(job: Job, name: str, but: str) -> bool:
    return bool(job.file.before.get(name, frozenset()) - {but})


def _read_elsewhere(job: Job, widget: Widget, variables: dict[str, str], read: int) -> bool:
    total = sum(job.references()[widget.name, variable] for variable in set(variables.values()))
    return total > read


def _told_by(prompt: str, key: str) -> str:
    """What the prompt says of its key: “for sales, press 1”, “press 1 for sales”, “销售请按1”."""
    if not key:
        return ""
    sign = re.escape(key) + r"(?!\d)"
    before = rf"\b(?:for|to)\s+([^,.;:!?]{{2,40}}?),?\s+(?:please\s+)?(?:press|dial|hit)\s+{sign}"
    behind = rf"\b(?:press|dial|hit)\s+{sign}[,]?\s+(?:for|to)\s+([^,.;:!?]{{2,40}})"
    english = before if _names_first(prompt) else behind
    for pattern in (english, rf"([^，。、；,.;\s]{{1,20}}?)请?按\s*{sign}"):
        found = re.search(pattern, prompt, re.IGNORECASE)
        if found:
            told = re.split(r"\s+(?:or|and|press|dial|hit)\b", found[1].strip())[0].strip()
            return re.sub(r"^(?:or|and|the|an?)\s+", "", told)
    return ""


def _names_first(prompt: str) -> bool:
    """Whether an English prompt names what a key does before the key: “for sales, press 1”."""
    first = re.search(r"\b(?:press|dial|hit)\s+[0-9*#]", prompt, re.IGNORECASE)
    clause = re.split(r"[.!?;]", prompt[: first.start()])[-1] if first else ""
    return bool(re.search(r"\b(?:for|to)\b", clause, re.IGNORECASE))
