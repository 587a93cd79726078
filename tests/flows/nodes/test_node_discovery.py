"""One Python file makes a node type: palette, form, lint, reference, drawing and engine take it from the class."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flows.node_icons import GROUP_ICONS

SUN = "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z M12 2v3"
ROOT = Path(__file__).resolve().parents[3]

WEATHER = '''
"""Tell the weather of a town."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step
from flows.nodes.speaking import speak


class Weather(Node):
    """Tell the weather of a town; sets `weather`."""

    title: ClassVar[Mapping[str, str]] = {"en": "Weather", "zh": "天气"}
    summary: ClassVar[Mapping[str, str]] = {"en": "Tell the weather of a town.", "zh": "播报某地的天气。"}
    order: ClassVar[int] = 15

    type: Literal["weather"] = "weather"
    prompt: Localized = Field(description="What is said.", json_schema_extra=shown("提示语", "内容。", widget="prompt"))
    town: str = Field(min_length=1, description="Which town.", json_schema_extra=shown("城市", "哪个城市。"))

    def spoken(self) -> Mapping[str, Localized]:
        return {"prompt": self.prompt}

    def sets_values(self) -> frozenset[str]:
        return frozenset({"weather"})

    def enter(self, ctx: Context) -> Step:
        return Step(verbs=speak(ctx, self.prompt), values={"weather": self.town}, then=Leave(exit="next"))
'''

SCRIPT = """
import json, sys
import flows.nodes

flows.nodes.__path__.append(sys.argv[1])
flows.nodes.NODE_TYPES = flows.nodes.discover(flows.nodes.__path__, flows.nodes.__name__)

from datetime import UTC, datetime
from flows import drawing, reference
from flows.documents import from_json, to_json
from flows.schema import document_schema
from flows.validation import lint
from ivr import engine
from ivr.machine import compile_flow
from ivr.session import Session
from ivr.turn import Scene
from studio.checking import Surroundings, check
from studio.types import types

data = {"format": 1, "name": "sky", "languages": ["en-US"], "start": "sky", "nodes": {
    "sky": {"type": "weather", "town": "Lisbon", "prompt": {"en-US": "It is sunny."}, "exits": {}},
    "bye": {"type": "hang_up", "prompt": {"en-US": "In {{ weather }}."}}}}
unwired = lint(from_json(data))
data["nodes"]["sky"]["exits"] = {"next": "bye"}
document = from_json(data)
class Shelf:
    def version(self, version): return compiled
    def latest(self, name): raise LookupError(name)
compiled = compile_flow(1, document)
session = Session()
turn = engine.start(compiled, session, Scene(now=datetime(2026, 11, 20, tzinfo=UTC), library=Shelf()))
around = Surroundings(
    flows={}, now=datetime(2026, 11, 20, tzinfo=UTC), values={}, language="en", localize=lambda problem: problem)
half_made = {**data, "nodes": {**data["nodes"], "sky": {"type": "weather", "town": "", "exits": {"next": "bye"}}}}
checked, lacking = check(data, around, node="sky"), check(half_made, around, node="")
sent = json.loads(types()[0])
mine = next(t for t in sent["types"] if t["type"] == "weather")
print(json.dumps({
    "palette": [t["type"] for t in sent["types"]][:3],
    "icon": mine["icon"],
    "checked": [checked["errors"], checked["exits"]["sky"][0]["name"], checked["first_words"]["sky"]["en-US"]],
    "spoken": list(checked["node"]["seconds"]),
    "lacking": sorted(p["field"] for p in lacking["problems"] if p["node"] == "sky"),
    "title": mine["title"],
    "town": mine["schema"]["properties"]["town"]["x-title"],
    "template": mine["template"],
    "schema": "weather" in json.dumps(document_schema()),
    "unwired": [(p.rule, p.node, p.field) for p in unwired if p.rule == "missing_exit"],
    "wired": [p.rule for p in lint(document)],
    "page": "## `weather` Weather 天气" in reference.nodes_page(),
    "drawn": ["Weather" in drawing.draw(document), mine["icon"] in drawing.draw(document)],
    "same": to_json(document) == data,
    "said": [line["text"] for line in turn.said if line["text"]],
}))
"""


TRYING = """
import json, sys
import flows.nodes

# The package looks for its modules in its own path, so every folder stands in it; each is tried alone.
own = list(flows.nodes.__path__)
flows.nodes.__path__.extend(sys.argv[1:])
said = []
for folder in sys.argv[1:]:
    try:
        flows.nodes.discover([*own, folder], "flows.nodes")
        said.append("")
    except flows.nodes.NodeTypeError as error:
        said.append(str(error))
print(json.dumps(said))
"""

BROKEN = (
    (WEATHER.replace('"weather"', '"menu"'), "Two classes are the node type “menu”"),
    (WEATHER.replace('"zh": "天气"', ""), "Weather needs a title in English and Chinese"),
    (WEATHER.replace("order: ClassVar[int] = 15", 'group: ClassVar[str] = "sky"'), "has the group “sky”"),
    (WEATHER.replace("order: ClassVar[int] = 15", 'icon: ClassVar[str] = "<svg onload=x>"'), "has an icon that is no"),
    (WEATHER.replace('Literal["weather"] = "weather"', "str"), 'needs type: Literal["name"] = "name"'),
    (WEATHER.replace("def enter", "def entre"), "does not say what happens: write enter"),
    ("import nothing_of_this_name", "cannot be imported: ModuleNotFoundError"),
    ("x = 1 +", "cannot be imported: SyntaxError"),
    (WEATHER, ""),
)


def run(script: str, *folders: Path) -> object:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, folders)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("line", "icon"), [("", GROUP_ICONS["talk"]), (f'    icon: ClassVar[str] = "{SUN}"\n', SUN)], ids=["group's", "own"]
)
def test_a_node_type_in_one_file_appears_everywhere_and_runs(tmp_path: Path, line: str, icon: str) -> None:
    text = WEATHER.replace("    order: ClassVar", f"{line}    order: ClassVar")
    (tmp_path / "weather.py").write_text(text, encoding="utf-8")
    assert run(SCRIPT, tmp_path) == {
        "palette": ["opening", "weather", "message"],
        "icon": icon,
        "checked": [0, "next", "It is sunny."],
        "spoken": ["prompt.en-US"],
        "lacking": ["prompt", "town"],
        "title": {"en": "Weather", "zh": "天气"},
        "town": {"en": "Town", "zh": "城市"},
        "template": {"type": "weather", "prompt": {}, "town": "name"},
        "schema": True,
        "unwired": [["missing_exit", "sky", "exits.next"]],
        "wired": [],
        "page": True,
        "drawn": [True, True],
        "same": True,
        "said": ["It is sunny.", "In Lisbon."],
    }


def test_a_file_that_makes_no_node_type_is_named_with_what_to_change(tmp_path: Path) -> None:
    folders = []
    for number, (text, _sentence) in enumerate(BROKEN):
        folders.append(tmp_path / str(number))
        folders[-1].mkdir()
        (folders[-1] / f"weather_{number}.py").write_text(text, encoding="utf-8")
    said = run(TRYING, *folders)
    assert isinstance(said, list)
    for number, ((_text, sentence), told) in enumerate(zip(BROKEN, said, strict=True)):
        assert sentence in told
        assert f"flows.nodes.weather_{number}" in told or not sentence
