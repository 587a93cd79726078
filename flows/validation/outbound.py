"""Rules about calls we make: who calls is said first, and from everywhere the person can end such calls."""

from __future__ import annotations

from collections.abc import Iterator

from flows.node_reading import suggest
from flows.outbound import MEANINGS, OPENING, OUTCOME_VALUE, Meaning, Outbound
from flows.validation.inspection import Inspection
from flows.validation.rule import Finding, Rule

SILENT = frozenset({"branch", "set_value", "business_hours"})
"""Node types that say nothing; only they may come before the opening."""

SPEAKS_TO_MACHINES = SILENT | {"message", "hang_up"}
"""Node types that a machine can be spoken to with: nothing is asked."""

NUMBER_DIGITS = 6
"""So many digits in a text are a telephone number."""


def opening_not_first(flow: Inspection) -> Iterator[Finding]:
    """Something is said or asked before the opening, or there is none; or an opening in a flow that makes no calls."""
    if flow.document.outbound is None:
        for name, node in flow.nodes.items():
            if node.type == OPENING:
                yield Finding(
                    node=name,
                    message="The flow makes no calls, so nobody knows who calls and which key ends such calls.",
                    fix="Add an outbound section with organisation, purpose and goals.",
                )
        return
    loud = frozenset(name for name, node in flow.nodes.items() if node.type not in SILENT)
    if flow.document.start not in flow.nodes:
        return
    for name in sorted(flow.reach([flow.document.start], but=loud) & loud):
        if flow.nodes[name].type != OPENING:
            yield Finding(
                node=name,
                message="The callee hears this before who calls and why.",
                fix="Begin with an opening node; only branches and values may come before it.",
            )


def organisation_unnamed(flow: Inspection) -> Iterator[Finding]:
    """A language in which nobody says who calls."""
    outbound = flow.document.outbound
    if outbound is None:
        return
    for language in flow.document.languages:
        if not outbound.organisation.get(language, "").strip():
            yield Finding(
                field=f"outbound.organisation.{language}",
                message=f"In {language} the call does not say who calls.",
                fix="Name the organisation in this language.",
            )


def opt_out_key_taken(flow: Inspection) -> Iterator[Finding]:
    """A choice on the key that ends calls for good."""
    outbound = flow.document.outbound
    if outbound is None:
        return
    places = [
        (name, f"choices.{place}.key", choice.key)
        for name, choices in flow.choices.items()
        for place, choice in enumerate(choices)
    ]
    places += [
        (name, "wrong_person_key", str(getattr(node, "wrong_person_key", "")))
        for name, node in flow.nodes.items()
        if node.type == OPENING
    ]
    for name, field, key in places:
        if key == outbound.opt_out_key:
            yield Finding(
                node=name,
                field=field,
                message=f"Key {key} ends our calls for good at every question of this flow.",
                fix="Take another key here, or set outbound.opt_out_key.",
            )


def voicemail_unfit(flow: Inspection) -> Iterator[Finding]:
    """The voicemail node does not exist, asks something, does not hang up as voicemail, or names no number."""
    outbound = flow.document.outbound
    if outbound is None or not outbound.voicemail:
        return
    if outbound.voicemail not in flow.nodes:
        yield Finding(
            field="outbound.voicemail",
            message=f"outbound.voicemail is “{outbound.voicemail[:60]}”, which is not a node.",
            fix=suggest(outbound.voicemail, tuple(flow.nodes)),
        )
        return
    chain = flow.reach([outbound.voicemail])
    for name in sorted(chain):
        node = flow.nodes[name]
        if node.type not in SPEAKS_TO_MACHINES:
            yield Finding(
                node=name, message="A machine is asked something here.", fix="Only say something to a machine."
            )
        elif node.type == "hang_up" and MEANINGS.get(getattr(node, "outcome", "")) is not Meaning.MACHINE:
            yield Finding(
                node=name,
                field="outcome",
                message="The message to a machine does not end as one.",
                fix="Give it the outcome voicemail.",
            )
    yield from _without_number(flow, outbound, chain)


def _without_number(flow: Inspection, outbound: Outbound, chain: frozenset[str]) -> Iterator[Finding]:
    for language in flow.document.languages:
        said = [p.spoken.text for p in flow.prompts if p.node in chain and p.language == language]
        if not any("| phone" in text or sum(c.isdigit() for c in text) >= NUMBER_DIGITS for text in said):
            yield Finding(
                node=outbound.voicemail,
                field=f"prompt.{language}",
                message="The message names no number to call back.",
                fix="Say {{ service_number | phone }} in it.",
            )


def wrong_person_goes_on(flow: Inspection) -> Iterator[Finding]:
    """Whoever says "wrong number" is led to where no call ends as wrong_person, so the number is called again."""
    for name, node in flow.nodes.items():
        target = node.exits.get("wrong_person", "") if node.type == OPENING else ""
        if target not in flow.nodes or flow.document.outbound is None:
            continue
        outcomes = {getattr(flow.nodes[n], "outcome", "") for n in flow.reach([target])}
        if Meaning.WRONG_PERSON.value not in outcomes:
            yield Finding(
                node=name,
                field="exits.wrong_person",
                message="From here no call ends with the outcome wrong_person, so the number is called again.",
                fix="Lead it to a hang_up with the outcome wrong_person.",
            )


def goal_unreachable(flow: Inspection) -> Iterator[Finding]:
    """Goals are missing, or name outcomes that no call of the flow has."""
    outbound = flow.document.outbound
    if outbound is None:
        return
    if not outbound.goals:
        yield Finding(
            field="outbound.goals",
            message="No outcome of the flow is its goal, so nobody's call ever reaches it.",
            fix="Name the outcomes of the hang_up nodes that reach the goal.",
        )
    outcomes = {str(getattr(node, "outcome", "")) for node in flow.nodes.values()}
    noted = (source for _, path, source in flow.expressions if path == f"values.{OUTCOME_VALUE}")
    known = tuple(sorted((outcomes | {source.strip("\"' ") for source in noted}) - {""}))
    for place, goal in enumerate(outbound.goals):
        if goal not in known:
            yield Finding(
                field=f"outbound.goals.{place}",
                message=f"No node ends a call with the outcome {goal[:40]}.",
                fix=suggest(goal, known),
            )


RULES = (
    Rule(
        name="opening_not_first",
        title={"en": "A call of ours does not begin with who calls", "zh": "外呼没有先说明来电方"},
        check=opening_not_first,
    ),
    Rule(
        name="organisation_unnamed",
        title={"en": "Who calls is not named in a language", "zh": "某种语言没有来电方名称"},
        check=organisation_unnamed,
    ),
    Rule(
        name="opt_out_key_taken",
        title={"en": "A choice takes the key that ends our calls", "zh": "选项占用了退订按键"},
        check=opt_out_key_taken,
    ),
    Rule(
        name="voicemail_unfit",
        title={"en": "The message for machines cannot be left", "zh": "语音信箱留言不可用"},
        check=voicemail_unfit,
    ),
    Rule(
        name="wrong_person_goes_on",
        title={"en": "Wrong number does not end the calls", "zh": "打错电话后仍会继续拨打"},
        check=wrong_person_goes_on,
    ),
    Rule(
        name="goal_unreachable",
        title={"en": "The goal of the call is not an outcome of the flow", "zh": "外呼目标不是流程的任何结果"},
        check=goal_unreachable,
    ),
)
