"""A planned menu as a node."""

from __future__ import annotations

from typing import Any

from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job
from flows.importers.studio_menus import GLOBAL_KEYS, MenuPlan, Option, drop_hidden, give_keys, label_of, name_of
from flows.importers.studio_unanswered import tell_settings, timing, unanswered
from flows.validation.menus import MAX_CHOICES
from flows.validation.promised_keys import promised_keys

BOTS = frozenset({"send-to-auto-pilot", "send-to-autopilot"})


def menu(job: Job, widget: Widget, plan: MenuPlan, prompt: dict[str, str]) -> None:
    """Put a menu on the board."""
    language, text = next(iter(prompt.items()))
    for option in give_keys(plan):
        job.board.report.refuse(widget.name, "choice", "No key is left for “{words}”.", words=", ".join(option.words))
    promised = promised_keys(text, language)
    hidden = drop_hidden(plan, promised or frozenset())
    options = [option for option in plan.options if option.key and option.key not in hidden]
    if hidden:
        job.board.report.change(
            widget.name,
            "key",
            "Key {keys} did the same as another and is told nowhere; it is left out.",
            keys=", ".join(hidden),
        )
    choices, exits = _choices(options, text, language)
    failed, reprompt = unanswered(job, widget, ("timeout", "failure"), plan.no_match)
    keys = {option.key for option in options}
    told = promised is None or keys <= promised | {"0", "9", "*"}
    is_bot = widget.type in BOTS
    job.board.put(
        widget.name,
        "menu",
        prompt=prompt,
        choices=choices,
        say_options=False if told else None,
        reprompt=reprompt,
        exits={**exits, "failed": failed},
        **({} if is_bot else timing(widget)),
    )
    _report_menu(job, widget, plan, keys, promised or frozenset(), told or is_bot)


def _choices(options: list[Option], text: str, language: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The choices with their exits. No words stand for two of them, as saying these would choose neither."""
    said: set[str] = set()
    names: set[str] = set()
    labels = [label_of(option, text, said) for option in options]
    choices: list[dict[str, Any]] = []
    exits: dict[str, str] = {}
    for option, label in zip(options, labels, strict=True):
        name = name_of(option, label, names)
        words = [word for word in option.words if word.casefold() not in said]
        said.update(word.casefold() for word in words)
        choice = {"key": option.key, "name": name, "label": {language: label}}
        choices.append(choice | ({"words": {language: words}} if words else {}))
        exits[name] = option.target
    return choices, exits


def _report_menu(
    job: Job, widget: Widget, plan: MenuPlan, keys: set[str], promised: frozenset[str], told: bool
) -> None:
    report = job.board.report
    report.take(
        widget.name,
        widget.type,
        "Is a menu together with {splits}, choices: {count}; each can be said as well as keyed.",
        count=len(keys),
        splits=", ".join(plan.splits),
    )
    spoken = widget.target("speech")
    if spoken and spoken not in plan.splits:
        report.refuse(
            widget.name,
            "speech",
            "Studio went to {there} when words were said; here words choose a choice.",
            there=spoken,
        )
    if not told:
        report.change(widget.name, "prompt", "Its prompt does not tell every key, so the options are said after it.")
    for key in sorted(keys & GLOBAL_KEYS.keys()):
        meaning = GLOBAL_KEYS[key]
        report.change(
            widget.name, "key", "Key {key} is a choice here; elsewhere it {meaning}.", key=key, meaning=meaning
        )
    lost = sorted(promised - keys - {"0", "9", "*"})
    if lost:
        report.refuse(
            widget.name, "prompt", "Its prompt tells key {keys}, which the flow takes nowhere.", keys=", ".join(lost)
        )
    if len(keys - {"0", "9", "*"}) > MAX_CHOICES:
        report.change(
            widget.name,
            "choices",
            "It has {count} choices; split it, callers remember {most}.",
            count=len(keys),
            most=MAX_CHOICES,
        )
    tell_settings(job, widget)
