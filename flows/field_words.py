"""Words for the forms of the flow editor: what a field is called, what it is for, and how it is edited.

A field's English help is its description, and its English title comes from its name, so a class only says what cannot
be worked out. The keywords end up in the JSON Schema as `x-title`, `x-help`, `x-widget`, `x-advanced`, `x-when` and
`x-enum-titles`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Widget = Literal[
    "prompt", "words", "expression", "template", "node", "flow", "value", "values", "hours", "zone", "language", "json"
]
"""How a field is edited when its plain JSON type does not say enough; `Widget` of the editor's types.ts."""

UNITS: Mapping[str, tuple[str, str]] = {"_s": ("seconds", "秒"), "_days": ("days", "天")}
"""Endings of field names that carry a unit, in English and Chinese."""


def shown(
    zh: str,
    zh_help: str,
    *,
    en: str = "",
    widget: Widget | None = None,
    inner: Widget | None = None,
    advanced: bool = False,
    when: Mapping[str, Sequence[str]] | None = None,
    options: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """What `Field(json_schema_extra=…)` gets.

    Args:
        zh: Chinese title, without its unit.
        zh_help: Chinese of the description.
        en: English title where the field's name does not make a good one.
        widget: how the field is edited.
        inner: how each item of a list or each value of a mapping is edited.
        advanced: True for what most flows never change; forms fold it away.
        when: other fields and their values with which this one has a meaning; forms hide it otherwise.
        options: English and Chinese title of each value of an enum.
    """
    words: dict[str, Any] = {"x-title": {"en": en, "zh": zh}, "x-help": {"zh": zh_help}}
    if widget:
        words["x-widget"] = widget
    if inner:
        words["x-inner-widget"] = inner
    if advanced:
        words["x-advanced"] = True
    if when:
        words["x-when"] = {field: list(values) for field, values in when.items()}
    if options:
        words["x-enum-titles"] = {value: {"en": texts[0], "zh": texts[1]} for value, texts in options.items()}
    return words


def english_title(name: str) -> str:
    """The title a field's name makes: "Timeout (seconds)" for `timeout_s`, "Max errors per node"."""
    ending = next((end for end in UNITS if name.endswith(end)), "")
    words = name.removesuffix(ending).replace("_", " ")
    return words[:1].upper() + words[1:] + (f" ({UNITS[ending][0]})" if ending else "")


def with_words(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a schema with their titles and help complete in English and Chinese."""
    return {name: _complete(name, schema) for name, schema in properties.items()}


def _complete(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Unchanged where a class has said nothing: a field without words is shown by its name."""
    given, helped = schema.get("x-title") or {}, schema.get("x-help") or {}
    unit = next((f"（{UNITS[end][1]}）" for end in UNITS if name.endswith(end)), "")
    title = given.get("en") or english_title(name)
    chinese = given.get("zh", "")
    complete = {
        **{key: value for key, value in schema.items() if key != "x-inner-widget"},
        "title": title,
        "x-title": {"en": title, "zh": f"{chinese}{unit}" if chinese else title},
        "x-help": {"en": schema.get("description", ""), "zh": helped.get("zh") or schema.get("description", "")},
    }
    if inner := schema.get("x-inner-widget"):
        part = "items" if "items" in complete else "additionalProperties"
        if isinstance(complete.get(part), Mapping):
            complete[part] = {**complete[part], "x-widget": inner}
    return complete
