import { describe, expect, it } from "vitest";
import { clipOf, pasteInto, read, written } from "../src/model/clipboard";
import { frozen, smallFlow } from "./flows_for_tests";

const PLACES = { ask: [0, 200], desk: [0, 400] } as const;

describe("copy and paste", () => {
  it("makes names unique and keeps the wires between what was copied", () => {
    const flow = frozen(smallFlow());
    const pasted = pasteInto(flow, clipOf(flow, ["desk", "ask"], [], PLACES), [30, 40]);
    expect(pasted.names).toEqual(["ask_2", "desk_2"]);
    expect(pasted.document.nodes.ask_2?.exits).toEqual({ parcel: "desk_2", invoice: "ask_2" });
    expect(pasted.document.nodes.desk_2?.exits).toEqual({});
    expect(pasted.document.layout).toMatchObject({ ask: [0, 200], ask_2: [30, 240], desk_2: [30, 440] });
    expect(pasted.document.nodes.ask).toBe(flow.nodes.ask);
  });

  it("travels as text into another flow, notes too", () => {
    const clip = read(written(clipOf(smallFlow(), ["hello", "bye"], ["note_1"], {})));
    const other = { name: "other", languages: ["en-US"], start: "", nodes: {} };
    const pasted = pasteInto(frozen(other), clip ?? { nodes: {}, layout: {}, notes: [] }, [0, 0]);
    expect(Object.keys(pasted.document.nodes)).toEqual(["hello", "bye"]);
    expect(pasted.document.start).toBe("hello");
    expect(pasted.document.notes).toEqual([{ id: "note_1", text: "Remember", x: 300, y: 0 }]);
  });

  it("pastes twice without sharing anything", () => {
    const clip = clipOf(smallFlow(), ["ask"], ["note_1"], {});
    const once = pasteInto(smallFlow(), clip, [0, 0]);
    const twice = pasteInto(once.document, clip, [0, 0]);
    expect(twice.names).toEqual(["ask_3"]);
    expect(twice.noteIds).toEqual(["note_3"]);
    expect(twice.document.nodes.ask_3?.choices).not.toBe(once.document.nodes.ask_2?.choices);
  });

  it("reads nothing from a text that is something else", () => {
    const hostile = '{"ringback": "flow-nodes", "nodes": []}';
    const marked = (nodes: string) => `{"ringback": "ringback-flow-nodes", "nodes": ${nodes}}`;
    for (const text of ["", "Hello", "{}", hostile, marked("[]"), marked("{"), marked("null")])
      expect(read(text)).toBeNull();
    expect(
      read(
        marked(
          '{"a": 1, "b": {"type": 2}, "c": {"type": "menu", "exits": {"x": 1}}, "d d": {"type": "menu"}, "__proto__": {"type": "menu"}}',
        ),
      )?.nodes,
    ).toEqual({});
  });
});
