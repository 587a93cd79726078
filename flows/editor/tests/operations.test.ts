import { describe, expect, it } from "vitest";
import { addNote, changeNote, removeNotes } from "../src/model/notes";
import * as operations from "../src/model/operations";
import { fromDotted, getIn, setIn } from "../src/model/paths";
import { frozen, smallFlow } from "./flows_for_tests";

describe("renaming a node", () => {
  const renamed = operations.renameNode(frozen(smallFlow()), "ask", "main");

  it("rewires every exit that led to it, its own too", () => {
    expect(renamed.nodes.hello?.exits).toEqual({ next: "main" });
    expect(renamed.nodes.main?.exits).toEqual({ parcel: "desk", invoice: "main", failed: "bye" });
  });

  it("keeps its place in the order and in the drawing", () => {
    expect(Object.keys(renamed.nodes)).toEqual(["hello", "main", "desk", "bye"]);
    expect(renamed.layout).toEqual({ hello: [0, 0], main: [0, 200], desk: [0, 400] });
  });

  it("follows it into the settings and the start", () => {
    const flow = frozen({ ...smallFlow(), outbound: { voicemail: "desk" } });
    const other = operations.renameNode(operations.renameNode(flow, "desk", "team"), "hello", "welcome");
    expect(other.defaults).toEqual({ person: "team", failure: "bye", timeout_s: 5 });
    expect(other.outbound).toEqual({ voicemail: "team" });
    expect(other.start).toBe("welcome");
  });

  it("leaves nodes that do not name it as they are", () => {
    const flow = smallFlow();
    expect(operations.renameNode(flow, "ask", "main").nodes.desk).toBe(flow.nodes.desk);
  });

  it("refuses names that are taken, too long or do not begin with a letter", () => {
    const flow = smallFlow();
    expect(operations.nameProblem(flow, "ask", "desk")).toContain("already");
    for (const name of ["", "1st", "a b", "x".repeat(61), "<b>"])
      expect(operations.nameProblem(flow, "ask", name)).toContain("letter");
    for (const name of ["ask", "main", "主菜单", "constructor"])
      expect(operations.nameProblem(flow, "ask", name)).toBe("");
  });
});

describe("removing nodes", () => {
  it("takes their wires, places, settings and the start with them", () => {
    const left = operations.removeNodes(frozen(smallFlow()), ["desk", "hello", "nobody"]);
    expect(Object.keys(left.nodes)).toEqual(["ask", "bye"]);
    expect(left.nodes.ask?.exits).toEqual({ invoice: "ask", failed: "bye" });
    expect(left.layout).toEqual({ ask: [0, 200] });
    expect(left.defaults).toEqual({ failure: "bye", timeout_s: 5 });
    expect(left.start).toBe("");
  });

  it("of no node changes nothing", () => {
    const flow = smallFlow();
    expect(operations.removeNodes(flow, ["nobody"])).toBe(flow);
  });
});

describe("adding and wiring", () => {
  it("gives a new node the next free name of its type", () => {
    expect(operations.newName("menu", ["ask"])).toBe("menu_1");
    expect(operations.newName("menu", ["menu_1", "menu_2"])).toBe("menu_3");
  });

  it("makes the first node the start, and only the first", () => {
    const empty = frozen({ name: "new", languages: ["en-US"], start: "", nodes: {} });
    const one = operations.addNode(empty, "message_1", { type: "message" }, [10.4, 20.6]);
    expect(one.start).toBe("message_1");
    expect(one.layout).toEqual({ message_1: [10, 21] });
    expect(operations.addNode(one, "message_2", { type: "message" }).start).toBe("message_1");
  });

  it("does not share the template with the node", () => {
    const template = { type: "menu", choices: [{ name: "yes" }] };
    const flow = operations.addNode(smallFlow(), "menu_1", template);
    expect(flow.nodes.menu_1?.choices).not.toBe(template.choices);
  });

  it("connects, connects elsewhere and disconnects an exit", () => {
    const flow = frozen(smallFlow());
    const wired = operations.connect(flow, "hello", "next", "bye");
    expect(wired.nodes.hello?.exits).toEqual({ next: "bye" });
    expect(operations.connect(wired, "hello", "next", "").nodes.hello?.exits).toEqual({});
    expect(operations.connect(flow, "hello", "next", "ask")).toBe(flow);
  });

  it("moves a node up and down in the order, not beyond its ends", () => {
    const flow = frozen(smallFlow());
    expect(Object.keys(operations.shiftNode(flow, "ask", -1).nodes)).toEqual(["ask", "hello", "desk", "bye"]);
    expect(operations.shiftNode(flow, "hello", -1)).toBe(flow);
  });

  it("does not touch the document when a node stays where it is", () => {
    const flow = frozen(smallFlow());
    expect(operations.moveNodes(flow, { hello: [0.2, -0.3] })).toBe(flow);
    expect(operations.moveNodes(flow, { hello: [5, 0] }).layout?.hello).toEqual([5, 0]);
  });
});

describe("one place in plain data", () => {
  it("is set, made on the way, and removed", () => {
    const data = frozen({ choices: [{ name: "a" }, { name: "b" }] });
    expect(setIn(data, ["choices", 1, "label", "zh-CN"], "乙")).toEqual({
      choices: [{ name: "a" }, { name: "b", label: { "zh-CN": "乙" } }],
    });
    expect(setIn(data, ["choices", 0], undefined)).toEqual({ choices: [{ name: "b" }] });
    expect(setIn(data, ["choices"], undefined)).toEqual({});
  });

  it("leaves the whole as it is when nothing changes", () => {
    const data = frozen({ prompt: { "en-US": "Hello" }, choices: [1, 2] });
    expect(setIn(data, ["prompt", "en-US"], "Hello")).toBe(data);
    expect(setIn(data, ["choices", 1], 2)).toBe(data);
    expect(setIn(data, ["missing"], undefined)).toBe(data);
  });

  it("is read by the dotted path that problems give", () => {
    const data = { choices: [{ label: { "zh-CN": "甲" } }] };
    expect(getIn(data, fromDotted("choices.0.label.zh-CN"))).toBe("甲");
    expect(getIn(data, fromDotted("choices.4.label"))).toBeUndefined();
  });
});

describe("notes", () => {
  it("are added with a free id, changed and removed", () => {
    const made = addNote(frozen(smallFlow()), 10.6, 20);
    expect(made.id).toBe("note_2");
    const changed = changeNote(made.document, "note_2", { text: "New", x: 50 });
    expect(changed.notes?.[1]).toMatchObject({ text: "New", x: 50, y: 20 });
    expect(changeNote(changed, "note_2", { text: "New" })).toBe(changed);
    expect(removeNotes(changed, ["note_1"]).notes?.map((note) => note.id)).toEqual(["note_2"]);
  });
});
