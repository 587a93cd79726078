import { describe, expect, it } from "vitest";
import { exitMark, legend, nodeMark } from "../src/canvas/overlays";
import { deedOf, type Pressed } from "../src/canvas/shortcuts";
import { byNode, shared } from "../src/model/checks";
import type { Check, Coverage, Heat, Problem } from "../src/model/types";

const COVERAGE: Coverage = {
  nodes: { hello: 2 },
  exits: { "hello next": 2 },
  uncovered_nodes: ["ask"],
  uncovered_exits: [["ask", "parcel"]],
  ratio: 0.999,
};

const HEAT: Heat = {
  version: 4,
  versions: [4],
  from: "2026-11-01T00:00:00Z",
  to: "2026-11-08T00:00:00Z",
  calls: 200,
  nodes: { ask: { entered: 150, hung_up: 12, failed: 0, person: 3, no_match: 0, no_input: 0 } },
  exits: { ask: { parcel: 100 } },
  calls_url: "/calls?node={node}",
};

describe("marks over the drawing", () => {
  it("say of every node and exit whether a test reaches it", () => {
    const overlay = { kind: "coverage" as const, coverage: COVERAGE };
    expect(nodeMark(overlay, "hello")).toMatchObject({ tone: "good", words: "tested 2 times" });
    expect(nodeMark(overlay, "ask")).toMatchObject({ tone: "bad", words: "not tested" });
    expect(exitMark(overlay, "hello", "next")?.tone).toBe("good");
    expect(exitMark(overlay, "ask", "parcel")?.tone).toBe("bad");
    expect(legend(overlay)).toBe("Tests reach 99% of the exits; 1 nodes and 1 exits are not tested.");
  });

  it("tell how many callers came, what became of them, and lead to the calls", () => {
    const overlay = { kind: "heat" as const, heat: HEAT };
    const mark = nodeMark(overlay, "ask");
    expect(mark).toMatchObject({
      words: "150 callers (75%)",
      more: "hung up 12 · person 3",
      strength: 0.75,
      url: "/calls?node=ask",
    });
    expect(nodeMark(overlay, "hello")).toMatchObject({ dim: true, words: "nobody came here", url: "" });
    expect(exitMark(overlay, "ask", "parcel")).toMatchObject({ words: "100", strength: 0.5 });
    expect(exitMark(overlay, "ask", "invoice")).toMatchObject({ words: "", dim: true });
  });

  it("show a call's way, and where it is", () => {
    const overlay = {
      kind: "path" as const,
      nodes: ["hello", "ask"],
      exits: [["hello", "next"]] as [string, string][],
      here: "ask",
    };
    expect(nodeMark(overlay, "ask")?.tone).toBe("here");
    expect(nodeMark(overlay, "hello")?.tone).toBe("good");
    expect(nodeMark(overlay, "bye")?.dim).toBe(true);
    expect(exitMark(overlay, "hello", "next")?.tone).toBe("good");
    expect(exitMark(overlay, "ask", "parcel")?.dim).toBe(true);
  });

  it("are gone without an overlay", () => {
    expect(nodeMark({ kind: "none" }, "ask")).toBeNull();
    expect(exitMark({ kind: "none" }, "ask", "parcel")).toBeNull();
    expect(legend({ kind: "none" })).toBe("");
  });
});

describe("keys", () => {
  const key = (name: string, more: Partial<Pressed> = {}): Pressed => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });

  it("leave text fields alone, but for saving and going through the problems", () => {
    for (const pressed of [key("n"), key("Delete"), key("/"), key("z", { ctrlKey: true })])
      expect(deedOf(pressed, "text")).toBeNull();
    expect(deedOf(key("s", { ctrlKey: true }), "text")).toBe("save");
    expect(deedOf(key("F8"), "text")).toBe("problem");
    expect(deedOf(key("n"), "drawing", false)).toBeNull();
    expect(deedOf(key("?"), "other", false)).toBeNull();
    expect(deedOf(key("s", { ctrlKey: true }), "text", false)).toBe("save");
    expect(deedOf(key("Delete"), "drawing", false)).toBe("delete");
  });

  it("delete and move only in the drawing, not while a button has the keyboard", () => {
    expect(deedOf(key("Delete"), "other")).toBeNull();
    expect(deedOf(key("Enter"), "other")).toBeNull();
    expect(deedOf(key("Delete"), "drawing")).toBe("delete");
    expect(deedOf(key("ArrowUp", { shiftKey: true }), "drawing")).toBe("move_up");
    expect(deedOf(key("ArrowUp", { altKey: true }), "drawing")).toBe("go_up");
  });

  it("mean the same on a Mac, and with Shift where a layout needs it", () => {
    expect(deedOf(key("Z", { metaKey: true, shiftKey: true }), "drawing")).toBe("redo");
    expect(deedOf(key("?", { shiftKey: true }), "drawing")).toBe("help");
    expect(deedOf(key("q"), "drawing")).toBeNull();
  });
});

describe("one check after another", () => {
  const problem = (node: string, message: string): Problem => ({
    rule: "r",
    level: "error",
    node,
    field: "",
    message,
    fix: "",
  });
  const check = (word: string) =>
    ({
      exits: { a: [{ name: "x", word: "x", required: true }], b: [{ name: "y", word, required: true }] },
      first_words: {},
      problems: [],
    }) as unknown as Check;

  it("keeps what did not change the same object, so that only what changed is drawn anew", () => {
    const old = check("y");
    const next = shared(old, check("why"));
    expect(next.exits.a).toBe(old.exits.a);
    expect(next.exits.b).not.toBe(old.exits.b);
    const before = byNode([problem("a", "one"), problem("b", "two")], {});
    const after = byNode([problem("a", "one"), problem("b", "three"), problem("", "whole")], before);
    expect(after.a).toBe(before.a);
    expect(after.b).not.toBe(before.b);
    expect(after[""]).toHaveLength(1);
  });
});
