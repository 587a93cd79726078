"""Two versions of a flow side by side, drawn and in words, and the way back to an older one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console import drawings, translate
from console.deps import deps, now
from console.flows import Refusal, find, flow_page
from console.guard import needs, viewer
from console.translate import gettext as _
from flows.card_marks import Mark, with_ghosts
from flows.diff import Diff, FieldChange, WordPart, diff
from flows.documents import FlowDocument
from flows.exits import exit_word
from flows.versions import Draft
from studio.errors import Refused
from studio.publishing import LONGEST_NOTE
from studio.versions import DRAFT, VersionEntry, document_at, roll_back, versions_of
from tickets.users import Role

blueprint = Blueprint("flow_versions", __name__)

LONGEST_VALUE = 400
"""Characters shown of a value that is no text."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of one field as it is shown: a sentence for an exit, both texts in one, or before and after."""

    field: str
    sentence: str = ""
    parts: tuple[WordPart, ...] = ()
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class NodeChanges:
    """What became of one node."""

    name: str
    label: str
    kind: str
    mark: Mark
    changes: tuple[Change, ...] = ()


@blueprint.get("/flows/<name>/compare")
@needs(Role.OPS)
def compare(name: str) -> ResponseReturnValue:
    """Two versions, or a version and the draft; by default what is in force and what would come next."""
    with deps().db.read() as s:
        flow = find(s, name)
        versions, draft = versions_of(s, flow.name), s.get(Draft, flow.id)
        before, after = _wanted(versions, has_draft=draft is not None)
        shown: dict[str, Any] = {"difference": None, "problem": ""}
        if before and after:
            try:
                shown |= _shown(document_at(s, flow.name, before), document_at(s, flow.name, after))
            except Refused as refused:
                shown["problem"] = refused.sentence
        page = render_template(
            "flow_compare.html",
            flow=flow,
            versions=versions,
            draft=draft,
            before=before,
            after=after,
            may_edit=viewer().may(Role.ADMIN),
            **shown,
        )
    return (page, 404) if shown["problem"] else page


def _wanted(versions: Sequence[VersionEntry], *, has_draft: bool) -> tuple[str, str]:
    """Which two, from the address; else the draft with what is in force, else the two newest."""
    known = [*([DRAFT] if has_draft else []), *(str(entry.number) for entry in versions)]
    after = request.args.get("after", "") or (known[0] if known else "")
    in_force = next((str(entry.number) for entry in versions if entry.in_force), "")
    older = [which for which in known if which != after]
    before = request.args.get("before", "") or (in_force if in_force != after else "") or (older[0] if older else "")
    return before[:10], after[:10]


def _shown(before: FlowDocument, after: FlowDocument) -> dict[str, Any]:
    found = diff(before, after)
    whole = with_ghosts(before, after)
    marks: dict[str, Mark] = dict.fromkeys(found.changed, "changed")
    for name in found.added:
        marks[name] = "added"
    for name in found.removed:
        marks[name] = "removed"
    return {
        "difference": found,
        "drawing": drawings.picture(whole, marks=marks),
        "nodes": list(_nodes(found, whole, before, after, marks)),
        "settings": [_change(change, None, before, after) for change in found.settings],
    }


def _nodes(
    found: Diff, whole: FlowDocument, before: FlowDocument, after: FlowDocument, marks: dict[str, Mark]
) -> Iterator[NodeChanges]:
    """Every node that differs, in the order of the newer document."""
    language = translate.language()
    for name, mark in ((name, marks[name]) for name in whole.nodes if name in marks):
        node = whole.nodes[name]
        yield NodeChanges(
            name=name,
            label=node.label,
            kind=type(node).title.get(language) or type(node).title.get("en") or node.type,
            mark=mark,
            changes=tuple(_change(change, name, before, after) for change in found.changed.get(name, ())),
        )


def _change(change: FieldChange, node: str | None, before: FlowDocument, after: FlowDocument) -> Change:
    if node is not None and change.field.startswith("exits."):
        return Change(field=change.field, sentence=_exit_sentence(change, node, before, after))
    if change.parts and any(part.kind == "same" and part.text.strip() for part in change.parts):
        return Change(field=change.field, parts=change.parts)
    return Change(field=change.field, before=_text(change.before), after=_text(change.after))


def _exit_sentence(change: FieldChange, name: str, before: FlowDocument, after: FlowDocument) -> str:
    """Where an exit leads now, in words."""
    exit_name = change.field.removeprefix("exits.")
    node, document = (after.nodes[name], after) if change.after else (before.nodes[name], before)
    word = exit_word(node, exit_name, translate.language(), document)
    if not change.before:
        return _("Exit “%(exit)s” now leads to %(after)s.", exit=word, after=_called(change.after, after))
    if not change.after:
        was = _called(change.before, before)
        return _("Exit “%(exit)s” leads nowhere any more; it led to %(before)s.", exit=word, before=was)
    return _(
        "Exit “%(exit)s” now leads to %(after)s instead of %(before)s.",
        exit=word,
        after=_called(change.after, after),
        before=_called(change.before, before),
    )


def _called(name: Any, document: FlowDocument) -> str:
    node = document.nodes.get(str(name))
    return f"{node.label} ({name})" if node is not None and node.label else str(name)


def _text(value: Any) -> str:
    """A value for people; "" for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]


@blueprint.post("/flows/<name>/roll-back")
@needs(Role.ADMIN)
def go_back(name: str) -> ResponseReturnValue:
    """Put an older version in force again."""
    number = request.form.get("number", 0, type=int)
    note = request.form.get("note", "")[:LONGEST_NOTE].strip()
    reason = request.form.get("override_reason", "")[:LONGEST_NOTE].strip()
    by = viewer()
    try:
        with deps().db.write() as s:
            roll_back(
                s,
                name[:60],
                number,
                by=by.name or by.email,
                user_id=by.id,
                note=note,
                override_reason=reason,
                now=now(),
            )
    except Refused as refused:
        blockers = tuple(refused.more.get("blockers", ()))
        refusal = Refusal(sentence=refused.sentence, blockers=blockers, number=number, note=note)
        with deps().db.read() as s:
            return flow_page(s, name, refusal), refused.status
    flash(_("Version %(number)s is in force again. Calls in progress end on theirs.", number=number), "done")
    return redirect(url_for("console.flows.page", name=name) + "#versions", code=303)
