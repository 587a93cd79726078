"""A flow's drawing in a page, alone or with the way that a call took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from console import conversation, naming, translate
from flows.card_marks import Mark
from flows.documents import FlowDocument
from flows.drawing import draw
from flows.problems import Problem
from ivr.calls import Call


def picture(
    document: FlowDocument,
    *,
    problems: Iterable[Problem] = (),
    highlight: str = "",
    path: Sequence[str] = (),
    marks: Mapping[str, Mark] | None = None,
) -> Markup:
    """The drawing as markup, in the reader's language."""
    language = translate.language()
    svg = draw(document, problems=problems, highlight=highlight, path=path, language=language, marks=marks)
    # The drawing escapes every text of the document itself; tests hold it to that with hostile names.
    return Markup(svg)  # noqa: S704


def of_call(
    s: Session, call: Call, exchanges: Iterable[conversation.Exchange], *, is_live: bool
) -> tuple[Markup, list[str]] | None:
    """The drawing with the call's way and, while it goes on, where it is; and the names of the way's nodes.

    None when the call never met a flow, or its version cannot be read any more.
    """
    document = naming.names_of(s, [call])[call.id].document
    if document is None:
        return None
    path = conversation.path_of(exchanges)
    return picture(document, path=path, highlight=call.node if is_live else ""), path
