"""The pages' words in the reader's language: flask-babel's functions with their types."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import flask_babel  # type: ignore[import-untyped]


def gettext(text: str, **values: object) -> str:
    """`text` in the language of this request, with its %(names)s filled in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form that fits `num`, which also fills %(num)s."""
    return str(flask_babel.ngettext(one, many, num, **values))


def lazy_gettext(text: str) -> Any:
    """`text` that is put into the reader's language whenever it is shown."""
    return flask_babel.lazy_gettext(text)


def language() -> str:
    """Language of this request, "en" or "zh"."""
    return str(flask_babel.get_locale() or "en").split("_")[0]


def time_zone() -> tzinfo:
    """Time zone of this request."""
    zone: tzinfo = flask_babel.get_timezone()
    return zone
