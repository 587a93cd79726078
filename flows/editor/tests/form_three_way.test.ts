import { describe, expect, it } from "vitest";
import { put } from "../src/form/plain";
import { allDecided, settle, threeWay } from "../src/form/three_way";
import type { FlowDocument } from "../src/model/types";

const BASE: FlowDocument = {
  format: 1,
  name: "desk",
  title: { en: "Desk" },
  languages: ["en-US"],
  start: "greet",
  defaults: { person: "operator", timeout_s: 5 },
  nodes: {
    greet: { type: "message", prompt: { "en-US": "Good day to you." }, exits: { next: "menu" } },
    menu: {
      type: "menu",
      prompt: { "en-US": "How can I help?" },
      choices: [
        { key: "1", name: "track", label: { "en-US": "tracking" } },
        { key: "2", name: "complain", label: { "en-US": "a complaint" } },
      ],
      exits: { track: "end", complain: "end" },
    },
    operator: { type: "transfer", numbers: ["+15550100"], queue: "desk", exits: {} },
    end: { type: "hang_up", outcome: "goodbye" },
  },
  layout: { greet: [0, 0], menu: [0, 200] },
  notes: [{ id: "a", text: "Ask legal", x: 1, y: 2 }],
};

const set = (path: (string | number)[], value: unknown, document = BASE) => put(document, path, value);
const prompt = ["nodes", "greet", "prompt", "en-US"];

describe("three documents side by side", () => {
  it("takes over what only one side changed, without asking", () => {
    const mine = set(prompt, "Hello.");
    const theirs = set(["nodes", "menu", "exits", "track"], "menu");
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toEqual([]);
    expect(found.mine.map(({ node, field }) => `${node} ${field}`)).toEqual(["greet prompt.en-US"]);
    expect(found.theirs.map(({ node, field }) => `${node} ${field}`)).toEqual(["menu exits.track"]);
    expect(settle(found, {}).nodes.greet?.prompt).toEqual({ "en-US": "Hello." });
    expect(settle(found, {}).nodes.menu?.exits).toEqual({ track: "menu", complain: "end" });
  });

  it("asks where both changed one field, and puts the chosen side there", () => {
    const found = threeWay(BASE, set(prompt, "Hello."), set(prompt, "Welcome."));
    expect(found.clashes).toMatchObject([
      { node: "greet", field: "prompt.en-US", before: "Good day to you.", mine: "Hello.", theirs: "Welcome." },
    ]);
    const id = found.clashes[0]?.id ?? "";
    expect(allDecided(found, {})).toBe(false);
    expect(settle(found, { [id]: "mine" }).nodes.greet?.prompt).toEqual({ "en-US": "Hello." });
    expect(settle(found, { [id]: "theirs" }).nodes.greet?.prompt).toEqual({ "en-US": "Welcome." });
  });

  it("sees nothing to decide where both made the same change", () => {
    const found = threeWay(BASE, set(prompt, "Hello."), set(prompt, "Hello."));
    expect(found).toMatchObject({ clashes: [], mine: [], theirs: [] });
    expect(found.merged.nodes.greet?.prompt).toEqual({ "en-US": "Hello." });
  });

  it("asks when one side deleted the node that the other changed", () => {
    const mine = set(["nodes", "end"], undefined);
    const theirs = set(["nodes", "end", "outcome"], "done");
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toMatchObject([{ node: "end", field: "", mine: undefined }]);
    const id = found.clashes[0]?.id ?? "";
    expect(settle(found, { [id]: "mine" }).nodes.end).toBeUndefined();
    expect(settle(found, { [id]: "theirs" }).nodes.end?.outcome).toBe("done");
  });

  it("lets a deletion stand when the other side left the node alone", () => {
    const found = threeWay(BASE, BASE, set(["nodes", "end"], undefined));
    expect(found.clashes).toEqual([]);
    expect(settle(found, {}).nodes.end).toBeUndefined();
    expect(found.theirs).toMatchObject([{ node: "end", field: "" }]);
  });

  it("follows a rename of theirs with the changes of mine", () => {
    const { operator, ...rest } = BASE.nodes;
    const renamed = {
      ...BASE,
      nodes: { ...rest, front_desk: operator },
      defaults: { person: "front_desk", timeout_s: 5 },
    };
    const mine = set(["nodes", "operator", "queue"], "night");
    const found = threeWay(BASE, mine, renamed as FlowDocument);
    expect(found.clashes).toEqual([]);
    const merged = settle(found, {});
    expect(Object.keys(merged.nodes)).not.toContain("operator");
    expect(merged.nodes.front_desk?.queue).toBe("night");
    expect(merged.defaults).toEqual({ person: "front_desk", timeout_s: 5 });
  });

  it("follows a rename of mine into what they wired anew", () => {
    const { end, ...rest } = BASE.nodes;
    const nodes = { ...rest, menu: put(rest.menu, ["exits"], { track: "finish", complain: "finish" }), finish: end };
    const theirs = set(["nodes", "greet", "exits", "next"], "end");
    const merged = settle(threeWay(BASE, { ...BASE, nodes } as FlowDocument, theirs), {});
    expect(merged.nodes.greet?.exits).toEqual({ next: "finish" });
    expect(merged.nodes.end).toBeUndefined();
  });

  it("asks which name stays when both renamed one node", () => {
    const rename = (name: string) => {
      const { operator, ...rest } = BASE.nodes;
      return { ...BASE, nodes: { ...rest, [name]: operator }, defaults: { person: name } } as FlowDocument;
    };
    const found = threeWay(BASE, rename("front"), rename("reception"));
    expect(found.clashes).toMatchObject([{ renaming: true, mine: "front", theirs: "reception" }]);
    const merged = settle(found, { [found.clashes[0]?.id ?? ""]: "theirs" });
    expect(merged.nodes.reception?.queue).toBe("desk");
    expect(merged.nodes.front).toBeUndefined();
    expect(merged.defaults).toEqual({ person: "reception" });
  });

  it("asks about the whole node when both added one of the same name", () => {
    const mine = set(["nodes", "extra"], { type: "message", prompt: { "en-US": "Mine" } });
    const theirs = set(["nodes", "extra"], { type: "message", prompt: { "en-US": "Theirs" } });
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toMatchObject([{ node: "extra", field: "" }]);
  });

  it("merges the items of a list by their names, whatever came and went", () => {
    const mine = set(["nodes", "menu", "choices", 0, "label", "en-US"], "parcels");
    const theirs = set(
      ["nodes", "menu", "choices"],
      [...((BASE.nodes.menu?.choices ?? []) as unknown[]), { key: "3", name: "other", label: { "en-US": "other" } }],
    );
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toEqual([]);
    const choices = settle(found, {}).nodes.menu?.choices as { name: string; label: Record<string, string> }[];
    expect(choices.map(({ name }) => name)).toEqual(["track", "complain", "other"]);
    expect(choices[0]?.label["en-US"]).toBe("parcels");
  });

  it("asks about an item that one deleted and the other changed, and both answers hold", () => {
    const mine = set(["nodes", "menu", "choices", 0], undefined);
    const theirs = set(["nodes", "menu", "choices", 0, "key"], "7");
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toHaveLength(1);
    const id = found.clashes[0]?.id ?? "";
    const names = (side: "mine" | "theirs") =>
      ((settle(found, { [id]: side }).nodes.menu?.choices ?? []) as { name: string }[]).map(({ name }) => name);
    expect(names("mine")).toEqual(["complain"]);
    expect(names("theirs").toSorted()).toEqual(["complain", "track"]);
  });

  it("asks about two orders of one list", () => {
    const three = set(["nodes", "menu", "choices", 2], { key: "3", name: "other", label: {} });
    const choices = three.nodes.menu?.choices as unknown[];
    const mine = set(["nodes", "menu", "choices"], [choices[2], choices[0], choices[1]]);
    const theirs = set(["nodes", "menu", "choices"], [choices[1], choices[0], choices[2]]);
    expect(threeWay(three, mine, theirs).clashes).toMatchObject([{ node: "menu", field: "choices" }]);
  });

  it("keeps my places on the canvas and adds theirs", () => {
    const mine = set(["layout", "greet"], [9, 9]);
    const theirs = put(set(["layout", "greet"], [5, 5]), ["layout", "end"], [1, 1]);
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toEqual([]);
    expect(found.merged.layout).toEqual({ greet: [9, 9], menu: [0, 200], end: [1, 1] });
  });

  it("merges settings field by field and notes by their id", () => {
    const mine = set(["defaults", "timeout_s"], 8);
    const theirs = put(set(["defaults", "person"], "menu"), ["notes", 1], { id: "b", text: "New", x: 0, y: 0 });
    const found = threeWay(BASE, mine, theirs);
    expect(found.clashes).toEqual([]);
    expect(found.merged.defaults).toEqual({ person: "menu", timeout_s: 8 });
    expect(found.merged.notes).toHaveLength(2);
  });

  it("changes none of the three documents", () => {
    const before = JSON.stringify(BASE);
    settle(threeWay(BASE, set(prompt, "A"), set(prompt, "B")), {});
    expect(JSON.stringify(BASE)).toBe(before);
  });
});
