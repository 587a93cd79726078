/** A rehearsal laid out as a conversation: who said what, in order, and which step a line belongs to. */

import type { Exchange, Rehearsal, Scenario, Step } from "../model/types";
import { isAction } from "./steps";

/** What the caller did, or what a test looks at. Texts are as they were typed; words for people come from the panel. */
export type Deed =
  | { kind: "press"; text: string }
  | { kind: "say"; text: string; confidence: number | null }
  | { kind: "silence"; text: "" }
  | { kind: "hang_up"; text: "" }
  | { kind: "wait"; text: string }
  | { kind: "hear"; text: string }
  | { kind: "expect"; text: string }
  | { kind: "other"; text: string };

/** One line of the conversation. `step` is an index into the scenario's steps, -1 for the start of the call. */
export type Row =
  | { kind: "said"; step: number; text: string; language: string }
  | { kind: "did"; step: number; deed: Deed }
  | { kind: "check"; step: number; deed: Deed; failed: boolean }
  | { kind: "deed"; step: number; how: string }
  | { kind: "note"; step: number; text: string }
  | { kind: "failure"; step: number; text: string }
  | { kind: "end"; step: number; text: string };

/** The deed of a step. Scenarios that were written by hand may have steps of the simulator's that nobody does here. */
export function deedOf(step: Step): Deed {
  if (typeof step !== "object") return { kind: "other", text: String(step) };
  if ("press" in step) return { kind: "press", text: digits(step.press) };
  if ("say" in step) {
    if (typeof step.say === "string") return { kind: "say", text: step.say, confidence: null };
    return { kind: "say", text: step.say.text, confidence: step.say.confidence };
  }
  if ("silence" in step) return { kind: "silence", text: "" };
  if ("hang_up" in step) return { kind: "hang_up", text: "" };
  if ("wait" in step) return { kind: "wait", text: String(step.wait) };
  if ("hear" in step) return { kind: "hear", text: heardWords(step.hear) };
  if ("expect" in step) return { kind: "expect", text: expectation(step.expect as Record<string, unknown>) };
  return { kind: "other", text: expectation(step) };
}

/** Keys are digits, or an object of the simulator's with `digits`. */
function digits(press: unknown): string {
  if (press && typeof press === "object" && "digits" in press) return String(press.digits);
  return String(press);
}

function heardWords(hear: unknown): string {
  if (Array.isArray(hear)) return hear.map(String).join(" … ");
  if (hear && typeof hear === "object" && "words" in hear) return heardWords(hear.words);
  return String(hear);
}

/** An expectation on one line: "node: menu, tickets: 1". */
export function expectation(expect: Record<string, unknown>): string {
  return Object.entries(expect)
    .map(([key, value]) => `${key}: ${plain(value)}`)
    .join(", ");
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(" → ");
  if (value && typeof value === "object") return expectation(value as Record<string, unknown>);
  return String(value);
}

/** The whole conversation in order. Steps that were not reached are still listed, so that they can be taken back. */
export function rowsOf(scenario: Scenario, rehearsal: Rehearsal | null): Row[] {
  const exchanges = rehearsal?.exchanges ?? [];
  const failures = rehearsal?.failures ?? [];
  const rows: Row[] = [];
  const happened = (step: number) => {
    for (const exchange of exchanges) if (exchange.step === step) rows.push(...spoken(exchange));
    for (const failure of failures) {
      if (step >= 0 && failure.step === step) rows.push({ kind: "failure", step, text: failure.message });
    }
  };
  happened(-1);
  scenario.steps.forEach((step, index) => {
    const deed = deedOf(step);
    const failed = failures.some((failure) => failure.step === index);
    rows.push(isAction(step) ? { kind: "did", step: index, deed } : { kind: "check", step: index, deed, failed });
    happened(index);
  });
  const last = scenario.steps.length;
  const atTheEnd = failures.filter((failure) => failure.step < 0 || failure.step >= last);
  if (scenario.expect) {
    const deed: Deed = { kind: "expect", text: expectation(scenario.expect as Record<string, unknown>) };
    rows.push({ kind: "check", step: last, deed, failed: atTheEnd.length > 0 });
  }
  if (rehearsal?.ended) rows.push({ kind: "end", step: last - 1, text: rehearsal.outcome });
  // What is expected at the end has no step of its own: -1, or one behind the last.
  for (const failure of atTheEnd) rows.push({ kind: "failure", step: last, text: failure.message });
  return rows;
}

function spoken(exchange: Exchange): Row[] {
  const said = exchange.said.map<Row>((line) =>
    line.text.trim()
      ? { kind: "said", step: exchange.step, text: line.text, language: line.language || exchange.language }
      : { kind: "deed", step: exchange.step, how: line.kind },
  );
  // What the house did comes first: the flow speaks of it afterwards.
  return [...exchange.notes.map<Row>((text) => ({ kind: "note", step: exchange.step, text })), ...said];
}

/** Where the call is: its last exchange, or null before the first. */
export function present(rehearsal: Rehearsal | null): Exchange | null {
  return rehearsal?.exchanges.at(-1) ?? null;
}

/** What the canvas lights up: nodes and exits of this flow that the call passed, and where it is now. */
export function pathOf(rehearsal: Rehearsal | null): { nodes: string[]; exits: [string, string][]; here: string } {
  const nodes: string[] = [];
  const exits = new Map<string, [string, string]>();
  let latest = "";
  for (const exchange of rehearsal?.exchanges ?? []) {
    for (const passed of exchange.path) {
      if (passed.flow) continue;
      latest = passed.node;
      if (!nodes.includes(passed.node)) nodes.push(passed.node);
      if (passed.exit) exits.set(`${passed.node} ${passed.exit}`, [passed.node, passed.exit]);
    }
  }
  const last = present(rehearsal);
  const here = last && !last.flow && !last.ended ? last.node : latest;
  return { nodes, exits: [...exits.values()], here };
}

/** What is said after a step, in order: what to play when the conversation goes on. */
export function saidSince(rehearsal: Rehearsal | null, step: number): { text: string; language: string }[] {
  return (rehearsal?.exchanges ?? [])
    .filter((exchange) => exchange.step >= step)
    .flatMap((exchange) => exchange.said.map((l) => ({ text: l.text, language: l.language || exchange.language })))
    .filter((line) => line.text.trim() !== "");
}
