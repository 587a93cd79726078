import { describe, expect, it } from "vitest";
import { paletteGroups } from "../src/canvas/palette_groups";
import { exitsOf, unwired } from "../src/model/exits";
import { find, wordsOf } from "../src/model/search";
import type { Check, NodeType } from "../src/model/types";
import { smallFlow } from "./flows_for_tests";

const title = (type: string) => ({ menu: "Menu 菜单", hang_up: "Hang up 挂断" })[type] ?? type;
const names = (query: string) => find(smallFlow(), query, title).map((hit) => hit.node);

describe("finding nodes", () => {
  it("goes by name, label, type and spoken words, in both languages", () => {
    expect(names("desk")).toEqual(["desk", "ask"]);
    expect(names("MAIN MENU")).toEqual(["ask"]);
    expect(names("挂断")).toEqual(["bye"]);
    expect(names("invoice parcel")).toEqual(["ask"]);
    expect(names("您好")).toEqual(["hello"]);
    expect(names("nowhere to be found")).toEqual([]);
    expect(names("   ")).toEqual([]);
  });

  it("tells the field and the words around", () => {
    const [hit] = find(smallFlow(), "invoice?", title);
    expect(hit).toMatchObject({ node: "ask", field: "prompt.en-US.text", excerpt: "Parcel or invoice?" });
  });

  it("finds words that stand in different places of one node", () => {
    expect(names("main invoice")).toEqual(["ask"]);
  });
});

describe("first words", () => {
  it("are the desk's, else the prompt's, in the chosen language or any", () => {
    const { hello, ask } = smallFlow().nodes;
    expect(wordsOf(hello ?? { type: "" }, undefined, "zh-CN")).toBe("您好。");
    expect(wordsOf(ask ?? { type: "" }, undefined, "zh-CN")).toBe("Parcel or invoice?");
    expect(wordsOf(hello ?? { type: "" }, { "en-US": "From the desk" }, "zh-CN")).toBe("From the desk");
    expect(wordsOf({ type: "branch" }, undefined, "en-US")).toBe("");
  });
});

describe("exits", () => {
  const type = { exits: ["next"] } as NodeType;
  const check = { exits: { ask: [{ name: "parcel", word: "a parcel", required: true }] } } as unknown as Check;

  it("are the desk's, then wires of exits that are no more", () => {
    const ask = { type: "menu", exits: { parcel: "desk", old_choice: "bye" } };
    expect(exitsOf("ask", ask, check, undefined).map((exit) => exit.word)).toEqual(["a parcel", "old choice"]);
  });

  it("are the type's as long as the desk has not answered", () => {
    const exits = exitsOf("m", { type: "message" }, null, type);
    expect(exits).toEqual([{ name: "next", word: "next", required: true }]);
    expect(unwired({ type: "message" }, exits)).toHaveLength(1);
    expect(unwired({ type: "message", exits: { next: "x" } }, exits)).toHaveLength(0);
  });
});

describe("the palette", () => {
  const one = (type: string, group: string, zh: string) =>
    ({ type, group, title: { en: type, zh }, summary: { en: "" } }) as unknown as NodeType;
  const types = {
    types: [one("menu", "ask", "菜单"), one("message", "talk", "播报"), one("fax", "old", "传真")],
    groups: [
      { key: "talk", title: { en: "Say" } },
      { key: "ask", title: { en: "Ask" } },
    ],
    settings: {},
    $defs: {},
    functions: [],
    filters: [],
  };

  it("keeps the desk's order of groups and shows groups it does not know", () => {
    expect(paletteGroups(types, "").map((group) => group.title)).toEqual(["Say", "Ask", "old"]);
  });

  it("is searched in every language", () => {
    expect(paletteGroups(types, "菜单").flatMap((group) => group.types.map((type) => type.type))).toEqual(["menu"]);
    expect(paletteGroups(types, "zzz")).toEqual([]);
  });
});
