"""One door for every format."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

from flows.documents import build, from_json, to_json
from flows.errors import DocumentError
from flows.importers.finishing import KnownFlows, checked
from flows.importers.floip import import_floip
from flows.importers.languages import tag_of
from flows.importers.reading import FORM_NAMES, Form, decode, find_form, is_json, read_json
from flows.importers.report import Imported, ImportRefused, Report
from flows.importers.studio import import_studio
from flows.source import read_source


def import_file(
    data: bytes,
    *,
    file_name: str = "",
    form: Form = "auto",
    name: str = "",
    flow: str = "",
    language: str = "",
    known_flows: KnownFlows = None,
    now: datetime | None = None,
) -> Imported:
    """Read a foreign flow, or one of ours.

    Args:
        data: the file, 5 MB at most.
        file_name: its name, from which the flow's key is made when the file names none.
        form: its format; auto looks.
        name: the key the flow shall have, "" for one made of the file's own name for it.
        flow: which flow of a container (its name or UUID), "" for its only or first one.
        language: the flow's language where the file says none, or the one to keep of several; "" for what it says.
        known_flows: the published flows, for the lint; None leaves calls of other flows unchecked.
        now: the present moment, for the lint.

    Raises ImportRefused: a sentence, and problems with line and column or with the widget or block. Nothing is kept.
    """
    if name and not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        raise ImportRefused("“{name}” cannot be a flow's name: small letters, digits and _, a letter first.", name=name)
    if language and not tag_of(language):
        raise ImportRefused("“{language}” is not a language. Write a tag like en-US or zh-CN.", language=language)
    spoken = tag_of(language) if language else ""
    stem = PurePosixPath(file_name.replace("\\", "/")).stem
    text = decode(data)
    if not is_json(text):
        if form not in ("auto", "ringback"):
            raise ImportRefused("This is not JSON, so it is not {form}.", form=FORM_NAMES[form])
        return _import_own(text, name, known_flows, now)
    if form == "ringback":
        return _import_own(text, name, known_flows, now)
    content = read_json(text)
    found = find_form(content)
    if form not in ("auto", found):
        raise ImportRefused("This is {found}, not {form}.", found=FORM_NAMES[found], form=FORM_NAMES[form])
    if found == "ringback":
        return _import_own(text, name, known_flows, now)
    if found == "floip":
        return import_floip(
            content, name=name, flow=flow, language=spoken, file_name=stem, known_flows=known_flows, now=now
        )
    return import_studio(content, name=name, language=spoken, file_name=stem, known_flows=known_flows, now=now)


def _import_own(text: str, name: str, known_flows: KnownFlows, now: datetime | None) -> Imported:
    """Our own YAML or JSON, of any format that we ever wrote."""
    report = Report(format="ringback")
    try:
        source = read_source(text)
        whole = source.data if isinstance(source.data, dict) else {}
        older = whole.get("format")
        document = build(source)
        if name and name != document.name:
            report.change("", "name", "The flow was named {old} and is named {name} now.", old=document.name, name=name)
            document = from_json({**to_json(document), "name": name})
    except DocumentError as error:
        raise ImportRefused("{message}", message=error.message, problems=error.problems) from error
    if isinstance(older, int) and older < document.format:
        report.change(
            "", "format", "The document had format {old} and has format {new} now.", old=older, new=document.format
        )
    report.take("", "document", "All {count} nodes are taken over as they are.", count=len(document.nodes))
    return checked(document, report, known_flows=known_flows, now=now)
