"""A small picture for each node type: paths on a grid of 24 by 24, drawn as lines."""

from __future__ import annotations

from collections.abc import Mapping

from flows.nodes.base import Node

ICONS: Mapping[str, str] = {
    "answer": "M4 5h16v11H11l-4 4v-4H4z M9.6 9a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .6-1 1.3 M12 14.3v.1",
    "branch": "M12 4v5 M12 9 6 15v5 M12 9l6 6v5 M9.5 6.5 12 4l2.5 2.5",
    "business_hours": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M12 7.5V12l3 2",
    "collect": "M4 8V5h16v3 M4 16v3h16v-3 M7 12h.1 M12 12h.1 M17 12h.1",
    "confirm": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M8 12.3l2.8 2.8L16 9.5",
    "hang_up": "M3 14c0-2 0-3 2-4.2 4-2.4 10-2.4 14 0 2 1.2 2 2.2 2 4.2l-4.5 1-1-3c-2-.7-5-.7-7 0l-1 3z",
    "language": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M3.5 12h17 "
    "M12 3.5c3 2.6 3 14.4 0 17 M12 3.5c-3 2.6-3 14.4 0 17",
    "listen": "M9 11a3 3 0 0 0 6 0V6.5a3 3 0 0 0-6 0z M5.5 11.5a6.5 6.5 0 0 0 13 0 M12 18v3",
    "lookup": "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z M15 15l5 5",
    "menu": "M5 6h.1 M9 6h10 M5 12h.1 M9 12h10 M5 18h.1 M9 18h10",
    "message": "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z M15.5 9a4.2 4.2 0 0 1 0 6 M18 6.5a7.8 7.8 0 0 1 0 11",
    "open_ticket": "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4z M14 6.5v2 M14 11v2 M14 15.5v2",
    "opening": "M4 16.5c0-2 0-2.7 1.6-3.7l2.6 2c1.6-1 3.6-3 4.6-4.6l-2-2.6C11.8 4.7 14 5 16 5l2 4c-1.5 5-5 8.5-10 10z "
    "M16.5 14.5l4 4 M20.5 14.8v3.7h-3.7",
    "opt_out": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M6 6l12 12",
    "rate": "m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
    "record": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    "reopen_ticket": "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4z M9.2 10a3.4 3.4 0 1 1-.4 3.6 M9 7.8V10.2h2.4",
    "request_callback": "M20 5v5h-5 M20 10a8 8 0 1 0 .3 4.5 M12 8v4l2.5 1.5",
    "send_sms": "M4 5h16v11H11l-4 4v-4H4z M8.5 10.5h.1 M12 10.5h.1 M15.5 10.5h.1",
    "set_value": "M5 8h14 M5 16h14 M9 8v.1 M15 16v.1 M9 5.8v4.4 M15 13.8v4.4",
    "subflow": "M4 4h7v5H4z M13 15h7v5h-7z M7.5 9v8.5H13",
    "ticket_status": "M4 6h16v4a2 2 0 0 0 0 4v4H4v-4a2 2 0 0 0 0-4z M8.5 12l2.5 2.5 4.5-5",
    "transfer": "M4 8h13l-3-3 M17 8l-3 3 M20 16H7l3-3 M7 16l3 3",
}
"""The pictures that were drawn together, by type."""

GROUP_ICONS: Mapping[str, str] = {
    "talk": "M4 5h16v11H11l-4 4v-4H4z",
    "ask": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z M9.6 9.6a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .6-1 1.3 M12 15.8v.1",
    "decide": "M12 4l8 8-8 8-8-8z",
    "do": "M4 8h16v11H4z M9 8V5h6v3 M4 13h16",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
}
"""By group of the palette: the picture of a type that brings none."""


def icon_of(node_type: type[Node]) -> str:
    """The picture of a type: the class's own `icon`, the one drawn here, else that of its group."""
    kind = str(node_type.model_fields["type"].default)
    return node_type.icon or ICONS.get(kind) or GROUP_ICONS[node_type.group]
