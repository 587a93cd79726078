import { describe, expect, it } from "vitest";
import { neighbour } from "../src/canvas/neighbours";
import { openingView } from "../src/canvas/opening_view";
import { cardOf, columnsOf, shorten } from "../src/model/geometry";
import { laidOut, placesFor, tidied } from "../src/model/layout";
import type { FlowDocument } from "../src/model/types";
import { frozen, smallFlow } from "./flows_for_tests";

const SIZE = { width: 224, height: 110 };
const size = () => SIZE;

function ladder(count: number): FlowDocument {
  const nodes = Object.fromEntries(
    Array.from({ length: count }, (_one, at) => [
      `n${at}`,
      { type: "menu", exits: { next: `n${at + 1}`, skip: `n${(at * 7 + 3) % count}`, back: `n${Math.floor(at / 2)}` } },
    ]),
  );
  return { name: "ladder", languages: ["en-US"], start: "n0", nodes };
}

function overlaps(places: Readonly<Record<string, readonly [number, number]>>): string[] {
  const all = Object.entries(places);
  return all.flatMap(([one, [x, y]], at) =>
    all
      .slice(at + 1)
      .flatMap(([other, [left, top]]) =>
        Math.abs(x - left) < SIZE.width && Math.abs(y - top) < SIZE.height ? [`${one} ${other}`] : [],
      ),
  );
}

describe("the automatic layout", () => {
  it("is the same every time and lays no card over another", () => {
    const places = laidOut(frozen(ladder(60)), size);
    expect(laidOut(ladder(60), size)).toEqual(places);
    expect(Object.keys(places)).toHaveLength(60);
    expect(overlaps(places)).toEqual([]);
  });

  it("puts what follows below, beginning with the start", () => {
    const places = laidOut(smallFlow(), size);
    const y = (name: string) => places[name]?.[1] ?? 0;
    expect(y("hello")).toBe(0);
    expect(y("ask")).toBeGreaterThan(y("hello"));
    expect(y("desk")).toBeGreaterThan(y("ask"));
  });

  it("leaves placed nodes alone and puts strangers below", () => {
    const places = placesFor(frozen(smallFlow()), {}, size);
    expect(places).toMatchObject({ hello: [0, 0], ask: [0, 200], desk: [0, 400] });
    expect(places.bye?.[1]).toBeGreaterThan(400 + SIZE.height);
  });

  it("keeps the places it found while the flow is worked on", () => {
    const { layout: _layout, ...flow } = smallFlow();
    const first = placesFor(flow, {}, size);
    const changed = { ...flow, nodes: { ...flow.nodes, hello: { type: "message", exits: { next: "bye" } } } };
    expect(placesFor(changed, first, size)).toEqual(first);
  });

  it("tidies a part around where it lies", () => {
    const places = tidied(smallFlow(), ["ask", "desk"], { ask: [500, 300], desk: [400, 900] }, size);
    expect(Object.keys(places).sort()).toEqual(["ask", "desk"]);
    expect(Math.min(...Object.values(places).map(([x]) => x))).toBe(400);
    expect(Math.min(...Object.values(places).map(([, y]) => y))).toBe(300);
  });

  it("copes with wires to nodes that are missing, to itself, and with no nodes", () => {
    const flow = {
      ...smallFlow(),
      start: "gone",
      nodes: { a: { type: "menu", exits: { x: "a", y: "gone" } } },
      layout: {},
    };
    expect(laidOut(flow, size)).toEqual({ a: [0, 0] });
    expect(laidOut({ ...flow, nodes: {} }, size)).toEqual({});
  });
});

describe("a card", () => {
  const exit = (word: string) => ({ name: word, word, required: true });

  it("is wide enough for its exits, which do not overlap", () => {
    const card = cardOf(["parcel tracking", "查询快递进度", "a complaint", "person", "no_match"].map(exit));
    card.ports.forEach((port, at) => {
      const next = card.ports[at + 1];
      expect(port.x).toBeGreaterThanOrEqual(0);
      expect(port.x + port.width).toBeLessThanOrEqual(next ? next.x : card.width);
    });
  });

  it("is lower without exits", () => {
    expect(cardOf([]).height).toBeLessThan(cardOf([exit("next")]).height);
  });

  it("counts Chinese characters twice when it cuts a word", () => {
    expect(columnsOf("人工a")).toBe(5);
    expect(shorten("查询快递进度", 8)).toBe("查询快…");
    expect(shorten("short", 8)).toBe("short");
  });
});

describe("what is seen", () => {
  it("is the whole flow when it can be read, else its start", () => {
    const names = ["a", "b"];
    const near = openingView({ a: [0, 0], b: [0, 200] }, size, names, "b", { width: 800, height: 600 });
    expect(near.zoom).toBe(1);
    const far = openingView({ a: [0, 0], b: [9000, 4000] }, size, names, "b", { width: 800, height: 600 });
    expect(far.zoom).toBeGreaterThanOrEqual(0.6);
    expect(4000 * far.zoom + far.y).toBeCloseTo(40);
  });

  it("moves to the nearest card in a direction", () => {
    const places = { a: [0, 0], b: [300, 10], c: [0, 200], d: [280, 400] } as const;
    const names = Object.keys(places);
    expect(neighbour(places, names, "a", "right")).toBe("b");
    expect(neighbour(places, names, "a", "down")).toBe("c");
    expect(neighbour(places, names, "a", "up")).toBe("");
    expect(neighbour(places, names, "d", "left")).toBe("c");
  });
});
