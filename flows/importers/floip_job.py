"""What the converters of FLOIP blocks share: the flow, the board, texts of resources, values and exits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.errors import ExpressionError
from flows.expressions import evaluate
from flows.importers.board import Board
from flows.importers.floip_expressions import FloipExpressionError, Path, to_expression, to_template
from flows.importers.floip_model import Block, Exit, FloipFlow
from flows.importers.languages import tag_of
from flows.importers.literals import no_holes
from flows.importers.naming import exit_name
from flows.importers.placeholders import placeholder

HEARD, MODE = "heard", "mode"
"""Names under which an exit's or choice's test is tried out while the file is read."""

_WRONG = ("error", "invalid", "timeout", "no response", "default")


@dataclass(kw_only=True)
class FloipJob:
    """One import. `tags` gives our language tag by the id that resources use."""

    flow: FloipFlow
    board: Board
    tags: Mapping[str, str]
    chosen: dict[str, dict[str, str]] = field(default_factory=dict)
    """By value: the names of its choices in the file, and ours."""

    def value(self, block: Block) -> str:
        """The name of the value that a block's answer is kept under."""
        return self.board.names.value(block.name)

    def texts(self, block: Block, key: str, uuid: Any) -> dict[str, str]:
        """What a resource says in each language of the flow, for a telephone; what it lacks is reported."""
        found = {tag: self._text(block, key, tag, uuid) for tag in self.board.languages}
        missing = [tag for tag, text in found.items() if not text.strip()]
        for tag in missing:
            self.refuse(block, "Its {key} has no text in {language}; write what is said.", key=key, language=tag)
            found[tag] = placeholder(tag)
        return found

    def expression(self, block: Block, source: str) -> str:
        """A FLOIP expression as ours; "" and a line in the report when it has no counterpart."""
        for foreign, ours in ((f, o) for names in self.chosen.values() for f, o in names.items() if f != o):
            source = source.replace(f"'{foreign}'", f"'{ours}'").replace(f'"{foreign}"', f'"{ours}"')
        try:
            return to_expression(source, lambda path: self.resolve(path, block))
        except FloipExpressionError:
            self.board.report.refuse(
                block.name, "expression", "The expression “{source}” has no counterpart.", source=source
            )
            return ""

    def resolve(self, path: Path, block: Block, *, trying: bool = False) -> str:
        """Where a FLOIP variable is in our calls."""
        match path:
            case ("block", *_):
                return HEARD if trying else self.value(block)
            case ("flow", "mode"):
                return MODE if trying else '"IVR"'
            case ("flow", "language"):
                return "language"
            case ("contact", "name"):
                return "caller.name"
            case ("contact", "phone" | "urn" | "tel" | "number" | "msisdn", *_):
                return "caller.number"
            case ("contact", name, *_):
                value = self.board.names.value(f"contact {name}")
                return self.board.expect(value, f"The contact's property {name[:60]}, given by who starts the flow.")
            case ("date", "today") | ("today",):
                return "today()"
            case ("flow" | "results", name, *_):
                return self.board.names.value(name)
        if len(path) <= 2 and any(known.name == path[0] for known in self.flow.blocks.values()):
            return self.board.names.value(path[0])
        raise FloipExpressionError(".".join(path))

    def holds(self, block: Block, test: str, heard: str, *, mode: str = "IVR", language: str = "") -> bool:
        """Whether a test holds for an answer; False for tests about anything else."""
        try:
            source = to_expression(test, lambda path: self.resolve(path, block, trying=True))
            return bool(evaluate(source, {HEARD: heard, MODE: mode, "language": language}))
        except (FloipExpressionError, ExpressionError):
            return False

    def ways(self, block: Block, key: str = "") -> tuple[str, str]:
        """Where an answered block leads, by a branch when its exits have tests, and where an unanswered one does.

        `key` is what the branch is known by; a node of its own behind the block without one.
        """
        default = next((e.target for e in block.exits if e.is_default), "")
        wrong = next((e.target for e in block.exits if _is_wrong(e) and e.target), default)
        tested = [e for e in block.exits if e.test and not e.is_default]
        always = next((e for e in tested if e.test.lower() in ("true", "@true", "@(true)")), None)
        before = tested[: tested.index(always)] if always else tested
        last = always.target if always else default
        if not before:
            plain = next((e.target for e in block.exits if not e.is_default and not _is_wrong(e)), "")
            return last or plain, wrong
        if not any(e.target for e in before) and not last:
            return "", wrong
        return self._branch(block, key or f"{block.uuid} exits", before, last), wrong

    def refuse(self, block: Block, english: str, /, **values: object) -> None:
        """Say that something of the block could not be taken over, in the report and in a note at its place."""
        self.board.report.refuse(block.name, block.type, english, **values)
        self.board.note(block.uuid, f"{block.name[:80]} ({block.type[:60]}): {english.format(**values)}")

    def pass_by(self, block: Block) -> None:
        """Lead the call past the block: by its default exit, else by its first one that leads anywhere."""
        default = next((e.target for e in block.exits if e.is_default and e.target), "")
        self.board.pass_by(block.uuid, default or next((e.target for e in block.exits if e.target), ""))

    def _branch(self, block: Block, key: str, tested: list[Exit], last: str) -> str:
        conditions: list[dict[str, str]] = []
        exits = {"else": last}
        for way in tested:
            name = exit_name(way.name, {c["exit"] for c in conditions}, "match")
            conditions.append({"when": self.expression(block, way.test) or "false", "exit": name})
            exits[name] = way.target
        if key != block.uuid:
            self.board.call(key, f"{block.name} exits")
        self.board.put(key, "branch", conditions=conditions, exits=exits)
        if block.place and key != block.uuid:
            self.board.places[key] = (block.place[0], block.place[1] + 130)
        return key

    def _text(self, block: Block, key: str, tag: str, uuid: Any) -> str:
        values = [
            value
            for value in self.flow.resources.get(str(uuid), ())
            if self.tags.get(str(value.get("language_id"))) == tag or tag_of(str(value.get("language_id"))) == tag
        ]
        written = [
            v for v in values if str(v.get("content_type")).upper() == "TEXT" and isinstance(v.get("value"), str)
        ]
        spoken = [v for v in written if _is_for_voice(v)]
        sounds = [v for v in values if str(v.get("content_type")).upper() == "AUDIO" and v.get("value")]
        for sound in sounds[:1]:
            self.refuse(
                block, "Its {key} has the sound {sound}, which is not in the file.", key=key, sound=sound["value"]
            )
        if written and not spoken:
            self.board.report.change(
                block.name, key, "Its text was written to be read ({language}); it is said here.", language=tag
            )
        found = (spoken or written)[:1]

        def trouble(source: str) -> None:
            self.board.report.refuse(block.name, key, "The expression “{source}” has no counterpart.", source=source)

        return to_template(found[0]["value"], lambda path: self.resolve(path, block), trouble) if found else ""


def put(job: FloipJob, block: Block, node_type: str, **fields: Any) -> None:
    """A node for the block, with its label."""
    label = block.label.strip()
    job.board.put(
        block.uuid,
        node_type,
        label=no_holes(label)[:80] if label != block.name and label.isprintable() else None,
        **fields,
    )


def _is_for_voice(value: Mapping[str, Any]) -> bool:
    modes = value.get("modes")
    return not isinstance(modes, list) or not modes or any(str(mode).upper() == "IVR" for mode in modes)


def _is_wrong(way: Exit) -> bool:
    return way.is_default or (not way.test and way.name.strip().casefold() in _WRONG)
