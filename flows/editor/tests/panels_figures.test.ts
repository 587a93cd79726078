import { describe, expect, it } from "vitest";
import type { Coverage, Heat, Replay, ReplayedCall, SavedTest, TestRun } from "../src/model/types";
import { callsUrl, exitRows, heatRows, percent } from "../src/panels/heat_rows";
import { phoneUrl } from "../src/panels/names";
import { excerpt, groupsOf, pairsOf, partsOf } from "../src/panels/replay_summary";
import { exitsTried, freeName, merged, ordered, standing, tally, untriedByNode } from "../src/panels/test_summary";
import { compareUrl, newestFirst, taken } from "../src/panels/versions";

const COVERAGE: Coverage = {
  nodes: { menu: 2 },
  exits: { "menu one": 2, "menu two": 0 },
  uncovered_nodes: ["bye"],
  uncovered_exits: [
    ["bye", "next"],
    ["menu", "two"],
    ["gone", "next"],
  ],
  ratio: 0.33,
};

function saved(id: number, name: string): SavedTest {
  const scenario = { call: {}, steps: [] };
  return { id, name, origin: "written", yaml: "", scenario, updated_at: "", updated_by: "" };
}

function ran(...results: [number, boolean][]): TestRun {
  const made = results.map(([id, passed]) => ({ id, name: `${id}`, passed, failures: [], ms: 1 }));
  return { results: made, coverage: COVERAGE, ms: 3 };
}

describe("saved tests", () => {
  const tests = [saved(1, "A"), saved(2, "B"), saved(3, "C")];

  it("stand as they went last, failed ones first", () => {
    const run = ran([1, true], [3, false]);
    expect(ordered(tests, run).map((test) => test.id)).toEqual([3, 1, 2]);
    expect(standing(run, 2)).toBe("unknown");
    expect(tally(tests, run)).toEqual({ passed: 1, failed: 1 });
  });

  it("do not count after they were deleted", () => {
    expect(tally(tests.slice(0, 1), ran([1, true], [3, false]))).toEqual({ passed: 1, failed: 0 });
  });

  it("that run alone change only their own result, and no coverage", () => {
    const later: TestRun = { ...ran([3, true]), coverage: { ...COVERAGE, ratio: 0 } };
    const both = merged(ran([1, true], [3, false]), later, false);
    expect(both.results.map((result) => [result.id, result.passed])).toEqual([
      [1, true],
      [3, true],
    ]);
    expect(both.coverage.ratio).toBe(0.33);
    expect(merged(ran([1, true]), later, true)).toBe(later);
  });

  it("get a name that is free", () => {
    expect(freeName("A", tests)).toBe("A 2");
    expect(freeName("D", tests)).toBe("D");
  });

  it("cover exits; those never taken are listed by node in the flow's order", () => {
    const nodes = { menu: { type: "menu" }, bye: { type: "hang_up" } };
    expect(exitsTried(COVERAGE)).toEqual({ tried: 1, all: 4 });
    expect(untriedByNode(COVERAGE, { name: "f", languages: [], start: "menu", nodes })).toEqual([
      { node: "menu", exits: ["two"] },
      { node: "bye", exits: ["next"] },
    ]);
  });
});

function replayed(id: number, from: string, to: string, at: number): ReplayedCall {
  const turn = (node: string) => ({ heard: "", said: node, node });
  const side = (node: string, count: number) => ({
    outcome: "completed",
    node,
    path: [node],
    turns: Array.from({ length: count }, () => turn(node)),
  });
  return { id, started_at: "", caller: "", url: "", parts_at: at, before: side(from, 4), after: side(to, 3) };
}

describe("a replay", () => {
  const replay: Replay = {
    version: 2,
    calls: 12,
    same: 8,
    different: [replayed(1, "menu", "bye", 2), replayed(2, "menu", "desk", 0), replayed(3, "menu", "desk", 1)],
    skipped: [{ reason: "no input kept", count: 1 }],
    ms: 5,
  };

  it("lays turns side by side and marks the first that differs", () => {
    const pairs = pairsOf(replayed(1, "menu", "bye", 2));
    expect(pairs.map((pair) => pair.parts)).toEqual([false, false, true, false]);
    expect(pairs.map((pair) => pair.differs)).toEqual([false, false, true, true]);
    expect(pairs[3]?.after).toBeNull();
  });

  it("shows one exchange before the parting and counts the others", () => {
    expect(excerpt(pairsOf(replayed(1, "menu", "bye", 2)))).toMatchObject({ left: 1, pairs: { length: 3 } });
    expect(excerpt(pairsOf(replayed(1, "menu", "bye", 0))).left).toBe(0);
  });

  it("groups calls by where they went and now go, the largest group first", () => {
    expect(groupsOf(replay).map(({ from, to, calls }) => [from, to, calls.length])).toEqual([
      ["menu", "desk", 2],
      ["menu", "bye", 1],
    ]);
    expect(partsOf(replay)).toEqual({ same: 8, different: 3, skipped: 1 });
    expect(partsOf(Object.assign({ more: 40 }, replay)).different).toBe(43);
  });
});

describe("a heat map", () => {
  const none = { entered: 0, hung_up: 0, failed: 0, person: 0, no_match: 0, no_input: 0 };
  const heat: Heat = {
    version: 3,
    versions: [3],
    from: "",
    to: "",
    calls: 100,
    nodes: {
      menu: { ...none, entered: 100, hung_up: 5 },
      ask: { ...none, entered: 10, hung_up: 5 },
      bye: { ...none, entered: 40 },
      never: none,
    },
    exits: { menu: { one: 30, two: 60 } },
    calls_url: "/calls?flow=line&node={node}",
  };

  it("is sorted by callers, and by their share where these are equal", () => {
    const rows = heatRows(heat, "hung_up");
    expect(rows.map((row) => row.node)).toEqual(["ask", "menu", "bye"]);
    expect(rows[0]).toMatchObject({ count: 5, share: 0.5, length: 1 });
  });

  it("never shows a few callers as none", () => {
    expect(percent(0.001)).toBe("<1%");
    expect(percent(0)).toBe("0%");
    expect(percent(0.057)).toBe("6%");
  });

  it("leads to the calls of a node whatever its name", () => {
    expect(callsUrl(heat, "开始 1")).toBe(`/calls?flow=line&node=${encodeURIComponent("开始 1")}`);
  });

  it("tells how a node was left", () => {
    expect(exitRows(heat, "menu")).toEqual([
      { exit: "two", count: 60, share: 1 },
      { exit: "one", count: 30, share: 0.5 },
    ]);
    expect(exitRows(heat, "bye")).toEqual([]);
  });
});

it("the phone page is asked for the number that runs the draft", () => {
  expect(phoneUrl("/phone?number=%2B861", "+862")).toBe("/phone?number=%2B862");
  expect(phoneUrl("/phone", "+862")).toBe("/phone?number=%2B862");
});

describe("versions", () => {
  it("come newest first and are compared by address", () => {
    const made = (number: number) => ({ number, at: "", by: "", note: "", override_reason: "", in_force: false });
    expect(newestFirst([made(1), made(3), made(2)]).map((version) => version.number)).toEqual([3, 2, 1]);
    expect(compareUrl("/flows/line", 2, "draft")).toBe("/flows/line/compare?before=2&after=draft");
  });

  it("loaded into a draft leave the flow its name", () => {
    const theirs = { name: "other", languages: ["en"], start: "a", nodes: {} };
    expect(taken({ ...theirs, name: "line" }, theirs).name).toBe("line");
  });
});
