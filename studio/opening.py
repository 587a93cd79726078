"""Opening a flow in the editor, and making a new one."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.documents import FORMAT
from flows.drafts import load_draft
from flows.versions import Draft, Flow, FlowVersion
from ivr.lines import Line
from studio.deps import StudioViewer
from studio.drafts import MAX_LANGUAGES, check_shape, save
from studio.errors import Refused
from studio.sentences import told
from tickets.audit import record

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
RESERVED = frozenset({"types", "flows", "editor", "import"})
"""Words that stand where a flow's name does in the studio's addresses."""

WELCOME: Mapping[str, str] = {"en": "Hello.", "zh": "您好。", "ko": "안녕하세요."}


def opening(s: Session, flow: Flow, *, viewer: StudioViewer, links: Mapping[str, str]) -> dict[str, Any]:
    """`Opening` of the editor's types.ts."""
    draft = load_draft(s, flow.name)
    version = s.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    lines = list(s.scalars(select(Line).where(Line.flow_id == flow.id).order_by(Line.number)))
    return {
        "name": flow.name,
        "document": current_document(flow, draft, version),
        "origin": "published" if draft is None and version is not None else "draft",
        "revision": draft.revision if draft else 0,
        "saved_at": draft.updated_at.isoformat() if draft else None,
        "saved_by": draft.updated_by if draft else "",
        "published": {
            "number": version.number,
            "at": version.published_at.isoformat(),
            "by": version.published_by,
        }
        if version
        else None,
        "may_edit": viewer.may_edit,
        "may_publish": viewer.may_edit,
        "lines": [{"number": line.number, "label": line.label, "runs_draft": line.runs_draft} for line in lines],
        "test_number": next((line.number for line in lines if line.runs_draft), ""),
        "flows": _other_flows(s, flow.name),
        "links": dict(links),
    }


def current_document(flow: Flow, draft: Draft | None, version: FlowVersion | None) -> dict[str, Any]:
    """What one works on: the draft, else what is published, else an empty flow."""
    if draft is not None:
        return dict(draft.document)
    if version is not None:
        return dict(version.document)
    return empty_document(flow.name, flow.title, ("en-US",))


def empty_document(name: str, title: Mapping[str, str], languages: Sequence[str]) -> dict[str, Any]:
    """A flow of one node that says hello, as plain data."""
    hello = {tag: WELCOME.get(tag.partition("-")[0].lower(), WELCOME["en"]) for tag in languages}
    return {
        "format": FORMAT,
        "name": name,
        "title": dict(title),
        "languages": list(languages),
        "start": "welcome",
        "nodes": {"welcome": {"type": "message", "prompt": hello}},
        "layout": {"welcome": [0, 0]},
    }


def create_flow(
    s: Session,
    *,
    name: str,
    title: str,
    languages: Sequence[str],
    source: str = "",
    by: StudioViewer,
    now: datetime,
    language: str = "en",
) -> Flow:
    """Make a flow with a draft: empty, or a copy of the flow `source` (its draft, else what is published).

    `title` is in the reader's `language` ("en" or "zh"). `languages` may be empty for a copy. Raises Refused with a
    sentence for a name that is taken or cannot be one, languages that are none, and a source that does not exist.
    """
    if not NAME.fullmatch(name) or name in RESERVED:
        raise Refused(
            told("A flow's name has small letters, digits and _, begins with a letter and has at most 60 characters.")
        )
    if s.scalar(select(Flow.id).where(Flow.name == name)) is not None:
        raise Refused(told("There already is a flow “{name}”. Take another name.", name=name), status=409)
    tags = list(dict.fromkeys(languages))
    if len(tags) > MAX_LANGUAGES or not all(LANGUAGE.fullmatch(tag) for tag in tags):
        raise Refused(told("Write languages as tags such as zh-CN or en-US, at most {count}.", count=MAX_LANGUAGES))
    titles = {language: title.strip()[:120]} if title.strip() else {}
    if source:
        data = _copy_of(s, source, name, titles, tags)
    elif tags:
        data = empty_document(name, titles, tags)
    else:
        raise Refused(told("Choose at least one language."))
    check_shape(data)
    save(s, name, data, revision=0, by=by, now=now)
    record(s, at=now, user_id=by.id, action="flow.create", subject=name, source=source)
    flow = s.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        raise LookupError(name)
    return flow


def _copy_of(s: Session, source: str, name: str, titles: Mapping[str, str], tags: Sequence[str]) -> dict[str, Any]:
    flow = s.scalar(select(Flow).where(Flow.name == source[:60]))
    if flow is None:
        raise Refused(told("There is no flow “{name}”.", name=source[:60]))
    version = s.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    data = copy.deepcopy(current_document(flow, load_draft(s, flow.name), version))
    return {
        **data,
        "name": name,
        **({"title": {**(data.get("title") or {}), **titles}} if titles else {}),
        **({"languages": list(tags)} if tags else {}),
    }


def _other_flows(s: Session, name: str) -> list[dict[str, Any]]:
    """The published flows that this one may call: how each ends, and what it expects."""
    rows = s.execute(
        select(Flow, FlowVersion).join(FlowVersion, Flow.published_version_id == FlowVersion.id).order_by(Flow.name)
    ).tuples()
    return [
        {
            "name": flow.name,
            "title": dict(flow.title),
            "ends": _ends(version.document),
            "variables": {
                key: {"description": str(value.get("description", ""))}
                for key, value in (version.document.get("variables") or {}).items()
            },
        }
        for flow, version in rows
        if flow.name != name
    ]


def _ends(document: Mapping[str, Any]) -> list[str]:
    nodes = document.get("nodes", {}).values()
    return list(dict.fromkeys(str(node.get("end", "done")) for node in nodes if node.get("type") == "hang_up"))
