"""Pictures of flows: every node and exit drawn, text inert, keyboard within reach."""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from flows.card_marks import with_ghosts
from flows.documents import FlowDocument, from_json, parse, to_json
from flows.drawing import draw, first_words, mermaid
from flows.layout import CARD_HEIGHT, CARD_WIDTH, lay_out
from flows.node_icons import GROUP_ICONS, ICONS, icon_of
from flows.nodes import NODE_TYPES
from flows.nodes.base import GROUPS
from flows.validation import lint

SVG = "{http://www.w3.org/2000/svg}"

TEXT = """
name: demo
title: {en-US: Demo, zh-CN: 演示}
languages: [en-US, zh-CN]
start: hello
nodes:
  hello:
    type: message
    label: "<b>&\\"quoted\\"</b>"
    prompt: {en-US: "<script>alert(1)</script> \\x01 hello", zh-CN: 您好，欢迎致电铃回快递客户服务热线。}
    exits: {next: ask}
  ask:
    type: confirm
    prompt: {en-US: Again?, zh-CN: 再来一次？}
    exits: {"yes": hello, "no": bye, person: bye, failed: nowhere}
  bye:
    type: hang_up
  island:
    type: hang_up
"""


def flow() -> FlowDocument:
    return parse(TEXT)


def test_the_drawing_is_well_formed_and_shows_every_node_and_line() -> None:
    root = etree.fromstring(draw(flow()).encode())
    assert root.tag == f"{SVG}svg"
    assert [g.get("data-node") for g in root.iter(f"{SVG}g") if g.get("data-node")] == ["hello", "ask", "bye", "island"]
    lines = [(g.get("data-from"), g.get("data-to")) for g in root.iter(f"{SVG}g") if g.get("data-from")]
    assert sorted(lines) == [("ask", "bye"), ("ask", "hello"), ("ask", "nowhere"), ("hello", "ask")]
    assert "no, person" in [text.text for text in root.iter(f"{SVG}text")]


def test_hostile_text_is_shown_and_not_run() -> None:
    svg = draw(flow())
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    assert "\x01" not in svg


def test_nodes_take_the_keyboard_focus_and_say_what_they_are() -> None:
    root = etree.fromstring(draw(flow(), problems=lint(flow())).encode())
    nodes = [g for g in root.iter(f"{SVG}g") if g.get("data-node")]
    assert all(g.get("tabindex") == "0" and g.get("aria-label") and g.find(f"{SVG}title") is not None for g in nodes)
    title = nodes[1].findtext(f"{SVG}title") or ""
    assert "ask (Confirm)" in title
    assert "nowhere" in title


def test_problems_are_marked_and_a_node_can_stand_out() -> None:
    root = etree.fromstring(draw(flow(), problems=lint(flow()), highlight="bye", language="zh").encode())
    marks = {
        g.get("data-node"): g.findtext(f".//{SVG}g[@class='flow-mark']/{SVG}text")
        for g in root.iter(f"{SVG}g")
        if g.get("data-node")
    }
    assert marks["ask"] == "1"
    assert marks["bye"] is None
    here = [g.get("data-node") for g in root.iter(f"{SVG}g") if "flow-node-here" in (g.get("class") or "")]
    assert here == ["bye"]
    assert root.get("aria-label") == "Demo"
    assert "确认" in "".join(root.itertext())


def test_colours_come_from_variables_so_that_a_dark_theme_can_set_them() -> None:
    svg = draw(flow())
    assert "var(--flow-card, #ffffff)" in svg
    assert "<style" not in svg
    assert 'fill="#' not in svg


def test_cards_do_not_overlap_and_lie_within_the_picture() -> None:
    data = to_json(flow())
    data["nodes"] = {
        f"n{i}": {"type": "hang_up", "exits": {"a": f"n{(i * 7 + 3) % 60}", "b": f"n{(i * 3 + 1) % 60}"}}
        for i in range(60)
    }
    layout = lay_out(from_json({**data, "start": "n0"}))
    places = list(layout.places.values())
    assert len(places) == 60
    for i, (x, y) in enumerate(places):
        assert 0 <= x <= layout.width - CARD_WIDTH
        assert 0 <= y <= layout.height - CARD_HEIGHT
        assert all(abs(x - a) >= CARD_WIDTH or abs(y - b) >= CARD_HEIGHT for a, b in places[:i])


def test_a_node_stands_below_those_that_lead_to_it() -> None:
    places = lay_out(flow()).places
    assert places["hello"][1] < places["ask"][1] < places["bye"][1]


def test_a_line_that_passes_rows_has_a_lane_that_no_card_stands_in() -> None:
    names = [f"n{i}" for i in range(6)]
    nodes = {n: {"type": "hang_up", "exits": {"a": m, "b": "n5"}} for n, m in pairwise(names)}
    nodes["n5"] = {"type": "hang_up", "exits": {"again": "n0"}}
    layout = lay_out(from_json({**to_json(flow()), "start": "n0", "nodes": nodes}))
    assert len(layout.bends["n0", "n5"]) == 4
    assert len(layout.bends["n5", "n0"]) == 6
    for bend in layout.bends.values():
        for x, y in bend:
            assert not any(y == top and left < x < left + CARD_WIDTH for left, top in layout.places.values())


def test_so_many_lines_that_lanes_would_fill_the_page_are_drawn_without() -> None:
    nodes = {f"n{i}": {"type": "hang_up", "exits": {"a": f"n{i + 1}", "b": "n299"}} for i in range(299)}
    nodes["n299"] = {"type": "hang_up", "exits": {}}
    layout = lay_out(from_json({**to_json(flow()), "start": "n0", "nodes": nodes}))
    assert not layout.bends
    assert len(layout.places) == 300


def test_lines_down_to_one_card_flow_together() -> None:
    names = [f"n{i}" for i in range(6)]
    nodes = {n: {"type": "hang_up", "exits": {"a": m, "b": "n5"}} for n, m in pairwise(names)}
    nodes["n5"] = {"type": "hang_up", "exits": {}}
    layout = lay_out(from_json({**to_json(flow()), "start": "n0", "nodes": nodes}))
    assert layout.bends["n0", "n5"][1:] == layout.bends["n1", "n5"]


def test_exits_stand_on_the_card_in_the_language_of_the_page() -> None:
    root = etree.fromstring(draw(flow(), language="zh").encode())
    ask = next(g for g in root.iter(f"{SVG}g") if g.get("data-node") == "ask")
    texts = [text.text for text in ask.iter(f"{SVG}text")]
    assert {"是", "否, 人工", "未成功"} <= set(texts)
    hello = next(g for g in root.iter(f"{SVG}g") if g.get("data-node") == "hello")
    assert "下一步" not in "".join(hello.itertext()), "an only exit needs no name"


def test_a_card_is_as_wide_as_its_exits_and_cards_keep_apart() -> None:
    exits = {f"quite_a_long_exit_{i}": "end" for i in range(6)}
    nodes = {"wide": {"type": "hang_up", "exits": {k: f"n{i}" for i, k in enumerate(exits)}}}
    nodes |= {f"n{i}": {"type": "hang_up", "exits": {}} for i in range(6)}
    document = from_json({**to_json(flow()), "start": "wide", "nodes": nodes})
    root = etree.fromstring(draw(document).encode())
    card = next(g for g in root.iter(f"{SVG}g") if g.get("data-node") == "wide")
    frame = next(r for r in card.iter(f"{SVG}rect") if r.get("class") == "flow-card")
    labels = [r for r in card.iter(f"{SVG}rect") if r.get("height") == "18"]
    assert float(frame.get("width", "0")) > 3 * CARD_WIDTH
    spans = [(float(r.get("x", "0")), float(r.get("x", "0")) + float(r.get("width", "0"))) for r in labels]
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_the_way_of_a_call_stands_out_and_the_rest_recedes() -> None:
    root = etree.fromstring(draw(flow(), path=["hello", "ask", "gone", "bye"], highlight="bye").encode())
    cards = {g.get("data-node"): g for g in root.iter(f"{SVG}g") if g.get("data-node")}
    assert [name for name, g in cards.items() if "flow-node-taken" in (g.get("class") or "")] == ["hello", "ask", "bye"]
    assert [name for name, g in cards.items() if g.get("opacity")] == ["island"]
    taken = [g for g in root.iter(f"{SVG}g") if "flow-edge-taken" in (g.get("class") or "")]
    assert {(g.get("data-from"), g.get("data-to")) for g in taken} == {("hello", "ask"), ("ask", "bye")}
    assert not [g for g in etree.fromstring(draw(flow()).encode()).iter() if g.get("opacity") == "0.5"]


def test_every_node_type_has_a_picture_of_its_own() -> None:
    pictures = [icon_of(node_type) for node_type in NODE_TYPES]
    assert len(set(pictures)) == len(NODE_TYPES)
    assert not set(pictures) & set(GROUP_ICONS.values())
    assert set(ICONS) <= {node_type.model_fields["type"].default for node_type in NODE_TYPES}, "no picture is left over"
    assert set(GROUP_ICONS) == set(GROUPS), "a new type of any group has a picture without one of its own"


def test_the_places_of_the_editor_are_kept() -> None:
    data = {**to_json(flow()), "layout": {"hello": [500, 300], "ask": [100, 900], "bye": [100, 100], "island": [0, 0]}}
    places = lay_out(from_json(data)).places
    assert places["hello"][0] - places["island"][0] == 500
    assert places["ask"][1] - places["bye"][1] == 800


def test_the_first_words_are_in_the_language_of_the_page_if_the_flow_speaks_it() -> None:
    document = flow()
    assert first_words(document.nodes["ask"], document, "zh") == "再来一次？"
    assert first_words(document.nodes["ask"], document, "ko") == "Again?"
    assert first_words(document.nodes["bye"], document, "en") == ""


def test_mermaid_has_a_line_per_node_and_exit_and_no_markup_of_ours() -> None:
    chart = mermaid(flow())
    assert chart.startswith("flowchart TD\n")
    assert chart.count(" --> ") == 3
    assert '-- "no, person" -->' in chart
    assert "<b>" not in chart
    assert "#60;b#62;" in chart


def test_what_became_of_nodes_stands_on_their_cards_in_colour_and_in_words() -> None:
    before = flow()
    data = to_json(before)
    del data["nodes"]["island"]
    after = from_json(data)
    whole = with_ghosts(before, after)
    assert list(whole.nodes) == ["hello", "ask", "bye", "island"]
    assert with_ghosts(after, after) is after
    root = etree.fromstring(draw(whole, marks={"island": "removed", "ask": "changed"}, language="zh-CN").encode())
    cards = {card.get("data-node"): card for card in root.iter(f"{SVG}g") if card.get("data-node")}
    assert "flow-node-removed" in cards["island"].get("class", "")
    assert "flow-node-changed" in cards["ask"].get("class", "")
    assert "已删除" in cards["island"].get("aria-label", "")
    assert "已删除" in "".join(str(text) for text in cards["island"].itertext())
    assert "var(--flow-removed, " in etree.tostring(cards["island"]).decode()
    plain = etree.tostring(cards["hello"]).decode()
    assert not any(f"--flow-{mark}" in plain for mark in ("added", "removed", "changed"))
