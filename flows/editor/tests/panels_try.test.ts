import { describe, expect, it } from "vitest";
import type { Exchange, FlowDocument, Rehearsal, Scenario } from "../src/model/types";
import { pathOf, rowsOf, saidSince } from "../src/panels/conversation";
import {
  exampleBody,
  readJson,
  transferAt,
  withAnswer,
  withCall,
  withSample,
  withSetting,
  withTransfer,
  withValue,
} from "../src/panels/settings";
import {
  actionsOnly,
  confidenceOf,
  earlier,
  keyPressed,
  newScenario,
  saying,
  spread,
  withStep,
} from "../src/panels/steps";

const FLOW: FlowDocument = {
  name: "line",
  languages: ["en-US"],
  start: "menu",
  variables: { region: { description: "Where", default: "north" } },
  nodes: {
    menu: { type: "menu" },
    look: { type: "lookup", take: { status: "parcel.status", place: "parcel.steps[0].place", all: "." } },
  },
};

function exchange(parts: Partial<Exchange>): Exchange {
  const nothing = { heard: { kind: "start" }, said: [], path: [], node: "", flow: "", language: "en-US", values: {} };
  const silent = { notes: [], waits_for: "", choices: [], hints: [], ended: false, outcome: "" };
  return { step: -1, ...nothing, ...silent, ...parts };
}

function rehearsal(exchanges: Exchange[], parts: Partial<Rehearsal> = {}): Rehearsal {
  return { exchanges, tickets: [], messages: [], failures: [], ended: false, outcome: "", ms: 1, ...parts };
}

const say = (text: string) => [{ kind: "say", text, language: "en-US" }];

describe("steps of a scenario", () => {
  it("are added at the end and leave the earlier scenario alone", () => {
    const first = newScenario("+86215555");
    const second = withStep(first, { press: "1" });
    expect(first.steps).toEqual([]);
    expect(second).toEqual({ call: { to: "+86215555" }, steps: [{ press: "1" }] });
  });

  it("are taken back to before one, together with what was expected at the end", () => {
    const scenario: Scenario = {
      call: {},
      steps: [{ press: "1" }, { say: "yes" }, { hang_up: true }],
      expect: { tickets: 1 },
    };
    expect(earlier(scenario, 1)).toEqual({ call: {}, steps: [{ press: "1" }] });
    expect(earlier(scenario, -1).steps).toEqual([]);
  });

  it("lose their expectations before they are recorded anew", () => {
    const scenario: Scenario = {
      call: {},
      lookups: { look: [{ outcome: "ok" }] },
      steps: [{ hear: "welcome" }, { press: "1" }, { expect: { node: "menu" } }, { silence: true }],
      expect: { tickets: 0 },
    };
    expect(actionsOnly(scenario)).toEqual({
      call: {},
      lookups: { look: [{ outcome: "ok" }] },
      steps: [{ press: "1" }, { silence: true }],
    });
  });
});

describe("what is said", () => {
  it("has no confidence when it is surely understood", () => {
    expect(saying("complain", confidenceOf(FLOW, "sure"))).toEqual({ say: "complain" });
  });

  it("lies in the flow's own bands when it is not", () => {
    const strict = { ...FLOW, defaults: { confidence: { accept: 0.9, confirm: 0.7 } } };
    expect(confidenceOf(strict, "unsure")).toBe(0.8);
    expect(confidenceOf(strict, "poor")).toBe(0.35);
    expect(confidenceOf(FLOW, "unsure")).toBe(0.6);
  });
});

it("a few of many phrases are spread over them", () => {
  expect(spread(["a", "b", "c", "d", "e", "f", "g", "h"], 4)).toEqual(["a", "c", "e", "g"]);
  expect(spread(["a"], 4)).toEqual(["a"]);
});

describe("the keypad", () => {
  const menu = [{ press: "1" }, { press: "0" }];
  const number = [{ press: "0" }, { press: "9" }, { press: "*" }];

  it("answers a menu by one key, also by one that the menu does not have", () => {
    expect(keyPressed("", "1", menu)).toEqual({ buffer: "", send: "1" });
    expect(keyPressed("", "7", menu)).toEqual({ buffer: "", send: "7" });
  });

  it("collects a number until the hash key, leading zeros included", () => {
    expect(keyPressed("", "0", number)).toEqual({ buffer: "0", send: null });
    expect(keyPressed("0", "1", number)).toEqual({ buffer: "01", send: null });
    expect(keyPressed("01", "#", number)).toEqual({ buffer: "", send: "01" });
  });

  it("sends the star at once, for it goes back, but keeps one inside a number", () => {
    expect(keyPressed("", "*", number).send).toBe("*");
    expect(keyPressed("12", "*", number)).toEqual({ buffer: "12*", send: null });
  });

  it("sends a lone hash as it is", () => {
    expect(keyPressed("", "#", [])).toEqual({ buffer: "", send: "#" });
  });
});

describe("the conversation", () => {
  const scenario: Scenario = { call: {}, steps: [{ hear: ["welcome", "press 1"] }, { press: "1" }, { hang_up: true }] };

  it("has the flow's lines where they were said, and the end with its outcome", () => {
    const played = rehearsal(
      [
        exchange({ said: say("Welcome.") }),
        exchange({
          step: 1,
          said: [...say("Bye."), { kind: "record", text: "", language: "" }],
          notes: ["A ticket is opened."],
        }),
      ],
      { ended: true, outcome: "completed" },
    );
    expect(rowsOf(scenario, played).map((row) => row.kind)).toEqual([
      "said",
      "check",
      "did",
      "note",
      "said",
      "deed",
      "did",
      "end",
    ]);
  });

  it("marks the expectation that failed and says why", () => {
    const played = rehearsal([exchange({})], { failures: [{ step: 0, message: "Step 1 (hear): not heard." }] });
    const rows = rowsOf(scenario, played);
    expect(rows[0]).toMatchObject({ kind: "check", failed: true, deed: { text: "welcome … press 1" } });
    expect(rows[1]).toMatchObject({ kind: "failure", step: 0 });
  });

  it("tells what failed at the end after everything else", () => {
    const played = rehearsal([exchange({ said: say("Hi.") })], {
      failures: [{ step: -1, message: "At the end: no ticket." }],
    });
    expect(rowsOf(scenario, played).at(-1)).toEqual({ kind: "failure", step: 3, text: "At the end: no ticket." });
  });

  it("shows steps that were not reached, so that they can be taken back", () => {
    expect(rowsOf(scenario, null).filter((row) => row.kind === "did")).toHaveLength(2);
  });

  it("lights up this flow's nodes only, each once, and where the call stands", () => {
    const played = rehearsal([
      exchange({ path: [{ flow: "", node: "menu", exit: "" }], node: "menu" }),
      exchange({
        step: 0,
        node: "ask",
        flow: "inner",
        path: [
          { flow: "", node: "menu", exit: "one" },
          { flow: "", node: "sub", exit: "" },
          { flow: "inner", node: "ask", exit: "" },
        ],
      }),
    ]);
    expect(pathOf(played)).toEqual({ nodes: ["menu", "sub"], exits: [["menu", "one"]], here: "sub" });
  });

  it("leaves the light where the call ended, even if it had been there before", () => {
    const at = (node: string) => ({ flow: "", node, exit: "x" });
    const played = rehearsal([exchange({ path: [at("menu"), at("look"), at("menu")], node: "menu", ended: true })]);
    expect(pathOf(played)).toMatchObject({ nodes: ["menu", "look"], here: "menu" });
  });

  it("plays what is new and has words", () => {
    const played = rehearsal([
      exchange({ said: say("Welcome.") }),
      exchange({ step: 0, said: [...say("Next."), { kind: "ask", text: " ", language: "" }] }),
    ]);
    expect(saidSince(played, 0)).toEqual([{ text: "Next.", language: "en-US" }]);
  });
});

describe("the settings of a call", () => {
  const plain = newScenario("");

  it("leave out what is as usual", () => {
    expect(withSetting(withSetting(plain, "vip", true), "vip", false)).toEqual(plain);
    expect(withCall(withCall(plain, "from", "+49"), "from", "")).toEqual(plain);
  });

  it("take values as what they look like, and a number with leading zeros as text", () => {
    const values = withValue(withValue(withValue(plain, "count", "3"), "code", "0012"), "open", "false").setting
      ?.values;
    expect(values).toEqual({ count: 3, code: "0012", open: false });
    expect(withValue(withValue(plain, "count", "3"), "count", "")).toEqual(plain);
  });

  it("answer a lookup until the answer is taken away", () => {
    const answered = withAnswer(plain, "look", { outcome: "not_found" });
    expect(answered.lookups).toEqual({ look: [{ outcome: "not_found" }] });
    expect(withAnswer(answered, "look", null)).toEqual(plain);
  });

  it("say how a transfer ends, which nobody answers otherwise", () => {
    const busy = withTransfer(plain, "desk", "busy");
    expect(busy.setting).toEqual({ transfers: { desk: ["busy"] } });
    expect([transferAt(busy, "desk"), transferAt(busy, "other")]).toEqual(["busy", "no_answer"]);
    expect(withTransfer(busy, "desk", "no_answer")).toEqual(plain);
  });

  it("propose a body with the places that the node takes values from", () => {
    expect(exampleBody(FLOW, "look")).toEqual({ parcel: { status: "", steps: { place: "" } } });
  });

  it("tell why a text is no JSON", () => {
    expect(readJson('{"a": 1}')).toEqual({ value: { a: 1 }, error: "" });
    expect(readJson("{a: 1}").error).not.toBe("");
  });

  it("replace a sample of the same node and name", () => {
    const one = { node: "look", name: "found", outcome: "ok", body: 1 };
    const other = { ...one, node: "other" };
    expect(withSample([one, other], { ...one, body: 2 })).toEqual([other, { ...one, body: 2 }]);
  });
});
