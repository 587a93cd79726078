"""Document formats: each step brings plain data from one format to the next, so that old documents stay readable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flows.errors import DocumentError
from flows.problems import Problem

FORMAT = 1
"""The format this code writes."""


def _from_0(data: dict[str, Any]) -> dict[str, Any]:
    """Format 0 had `nodes` as a list with `id`, one `language`, and a single way on as `next` beside the exits."""
    data = dict(data)
    if "language" in data:
        data.setdefault("languages", [data.pop("language")])
    nodes = data.get("nodes")
    if isinstance(nodes, list):
        data["nodes"] = {}
        for place, node in enumerate(nodes):
            if not isinstance(node, dict) or not isinstance(node.get("id"), str):
                problem = Problem(field=f"nodes.{place}", message="The node has no id.", fix="Give it an id.")
                raise DocumentError("This is not a flow document.", [problem])
            name = node["id"]
            node = {key: value for key, value in node.items() if key != "id"}
            if "next" in node:
                node["exits"] = {"next": node.pop("next"), **node.get("exits", {})}
            data["nodes"][name] = node
    return data


STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: _from_0}
"""What leads from a format to the next one."""


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Bring plain data to the present format; the argument is not changed. A missing format means the present one.

    Raises DocumentError for a format of the future or no number.
    """
    number = data.get("format", FORMAT)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        problem = Problem(field="format", message="The format is not a number.", fix=f"Write format: {FORMAT}.")
        raise DocumentError("This is not a flow document.", [problem])
    if number > FORMAT:
        problem = Problem(
            field="format",
            message=f"The document has format {number}; this program reads up to {FORMAT}.",
            fix="Update the program, or export the flow again with the older one.",
        )
        raise DocumentError("The document is newer than this program.", [problem])
    while number < FORMAT:
        data = STEPS[number](data)
        number += 1
        data = {**data, "format": number}
    return data
