/** Editing the steps of a scenario: what is done with a flow while it is tried. */

import type { FlowDocument, Scenario, Step } from "../model/types";

/** How well the recogniser understood what is said. */
export type Clarity = "sure" | "unsure" | "poor";

/** The keys of a telephone, row by row. */
export const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** A call on which nothing is done yet. */
export function newScenario(to: string): Scenario {
  return { call: to ? { to } : {}, steps: [] };
}

/** The scenario with one more step. */
export function withStep(scenario: Scenario, step: Step): Scenario {
  return { ...scenario, steps: [...scenario.steps, step] };
}

/** The scenario as it was before a step; its expectations of the whole call go with the steps they were made for. */
export function earlier(scenario: Scenario, step: number): Scenario {
  const { expect: _, ...rest } = scenario;
  return { ...rest, steps: scenario.steps.slice(0, Math.max(0, step)) };
}

/** The scenario without what it expects: only what the caller does, ready to be recorded anew. */
export function actionsOnly(scenario: Scenario): Scenario {
  const { expect: _, ...rest } = scenario;
  return { ...rest, steps: scenario.steps.filter(isAction) };
}

/** Whether a step is something the caller does, not something the test looks at. */
export function isAction(step: Step): boolean {
  return !("hear" in step) && !("expect" in step);
}

/** The confidence to report, 0 to 1: in the middle of the flow's own band; null when it was understood surely. */
export function confidenceOf(document: FlowDocument, clarity: Clarity): number | null {
  if (clarity === "sure") return null;
  const { accept, confirm } = bands(document);
  return round(clarity === "unsure" ? (accept + confirm) / 2 : confirm / 2);
}

/** The flow's bands of recogniser confidence; the house's own where it names none. */
export function bands(document: FlowDocument): { accept: number; confirm: number } {
  const defaults = asRecord(document.defaults);
  const own = asRecord(defaults.confidence);
  return {
    accept: typeof own.accept === "number" ? own.accept : 0.75,
    confirm: typeof own.confirm === "number" ? own.confirm : 0.45,
  };
}

/** Saying something, as a step. */
export function saying(text: string, confidence: number | null): Step {
  return confidence === null ? { say: text } : { say: { text, confidence } };
}

/** What was typed on the keypad so far, and what is sent to the flow now, if anything. */
export interface Keyed {
  buffer: string;
  send: string | null;
}

/** A key on the keypad. A question with numbered choices is answered by one key; longer input is sent by #. */
export function keyPressed(buffer: string, key: string, choices: readonly { press: string }[]): Keyed {
  if (key === "#") return { buffer: "", send: buffer || "#" };
  if (!buffer && (key === "*" || choices.some((choice) => /^[1-8]$/.test(choice.press)))) {
    return { buffer: "", send: key };
  }
  return { buffer: buffer + key, send: null };
}

/** The digits that a key of the keyboard stands for, "" for none. */
export function keyOfKeyboard(key: string): string {
  return /^[0-9*#]$/.test(key) ? key : "";
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function asRecord(value: unknown): Record<string, unknown> {
  return value && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

/** A few of many phrases, evenly spread: neighbours tend to mean the same. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, place) => items[Math.floor((place * items.length) / count)] as T);
}
