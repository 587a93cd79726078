"""Names of nodes, values and flows made of what a foreign file calls them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from keyword import iskeyword

from flows.documents import NODE_NAME
from flows.functions import FUNCTIONS
from flows.validation.values import CALL_VALUES

MAX_NODE, MAX_VALUE, MAX_FLOW = 60, 40, 60

_TAKEN = frozenset({"true", "false", "null", "none"})
"""Words of the expressions' grammar beside Python's own, which no value can be called by."""


class Names:
    """Gives each foreign name one name of ours, the same each time and never one twice."""

    def __init__(self) -> None:
        self._nodes: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._taken_nodes: set[str] = set()
        self._taken_values: set[str] = set()
        self._counted: dict[str, int] = {}

    def node(self, foreign: str) -> str:
        """The node's name: the foreign one where it may be kept."""
        if foreign not in self._nodes:
            self._nodes[foreign] = self.new_node(foreign)
        return self._nodes[foreign]

    def call(self, foreign: str, wanted: str) -> None:
        """Let a foreign key have a name made of something else than itself."""
        self._nodes[foreign] = self.new_node(wanted)

    def new_node(self, wanted: str) -> str:
        """A name for a node of our own."""
        name = self._unique(node_name(wanted), self._taken_nodes, MAX_NODE)
        self._taken_nodes.add(name.casefold())
        return name

    def value(self, foreign: str) -> str:
        """The name of a value: lower case, digits and underscores."""
        if foreign not in self._values:
            name = self._unique(value_name(foreign), self._taken_values, MAX_VALUE)
            self._taken_values.add(name)
            self._values[foreign] = name
        return self._values[foreign]

    def _unique(self, wanted: str, taken: set[str], longest: int) -> str:
        """`unique`, without trying the same numbers again for the thousandth widget of one name."""
        key = f"{longest} {wanted.casefold()}"
        name = unique(wanted, taken, longest, first=self._counted.get(key, 2))
        if name != wanted:
            self._counted[key] = int(name.rpartition("_")[2]) + 1
        return name


def node_name(foreign: str) -> str:
    """A name of a node that comes near the foreign one; "node" when nothing of it can be kept."""
    if NODE_NAME.fullmatch(foreign):
        return foreign
    plain = re.sub(r"[^\w-]+", "_", foreign[:400]).strip("_-")
    plain = re.sub(r"^[\d_-]+", "", plain) or (f"node_{plain}" if plain else "node")
    plain = plain[:MAX_NODE].rstrip("_-")
    return plain if NODE_NAME.fullmatch(plain) else "node"


def value_name(foreign: str) -> str:
    """A name of a value that comes near the foreign one."""
    plain = slug(foreign)[:MAX_VALUE].strip("_") or "value"
    plain = plain if plain[0].isalpha() else f"v_{plain}"[:MAX_VALUE]
    reserved = plain in _TAKEN or iskeyword(plain) or plain in FUNCTIONS or plain in CALL_VALUES
    return f"{plain[: MAX_VALUE - 6]}_value" if reserved else plain


def flow_name(*wanted: str) -> str:
    """The key of the flow: of the first text that has letters."""
    for text in wanted:
        plain = re.sub(r"^[\d_]+", "", slug(text))[:MAX_FLOW].strip("_")
        if plain:
            return plain
    return "imported_flow"


def exit_name(foreign: str, taken: Collection[str], fallback: str) -> str:
    """The name of an exit or choice, none of those taken."""
    plain = slug(foreign)[:30].strip("_") or fallback
    plain = plain if plain[0].isalpha() else f"is_{plain}"
    plain = f"{plain}_way" if plain in ("else", "failed", "person", "next") else plain
    return unique(plain, taken, MAX_VALUE)


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and underscores of a text: “Déjà Vu?” gives deja_vu, fooBar foo_bar."""
    plain = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", plain)
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def words_of(name: str) -> str:
    """A name as words for people: connect_call_to_sales gives “connect call to sales”."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[_\W]+", " ", name[:200]))
    return " ".join(spaced.split()).lower()[:60]


def unique(wanted: str, taken: Collection[str], longest: int, *, first: int = 2) -> str:
    """The wanted name, with a number behind it where it is taken. `taken` holds names in lower case (casefolded)."""
    if wanted.casefold() not in taken:
        return wanted
    number = first
    while f"{wanted[: longest - 6]}_{number}".casefold() in taken:
        number += 1
    return f"{wanted[: longest - 6]}_{number}"
