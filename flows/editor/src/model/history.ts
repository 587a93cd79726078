/** Undo and redo: the documents before and after, without limit. Documents share what they have in common. */

import type { FlowDocument } from "./types";

interface Step {
  readonly label: string;
  readonly document: FlowDocument;
}

/** `past` ends with the newest; `joins` says which edit the next one may join, until `joinsUntil` (milliseconds). */
export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  readonly joins: string;
  readonly joinsUntil: number;
}

/** Edits with the same key join when they follow each other within so many milliseconds. */
export const JOIN_MS = 800;

export const NOTHING_DONE: History = { past: [], future: [], joins: "", joinsUntil: 0 };

/** What is remembered when `before` is about to be changed. */
export function remember(
  history: History,
  before: FlowDocument,
  label: string,
  mergeKey: string,
  atMs: number,
): History {
  const next = { future: [], joins: mergeKey, joinsUntil: atMs + JOIN_MS };
  const joined = mergeKey !== "" && mergeKey === history.joins && atMs <= history.joinsUntil && history.past.length > 0;
  return { ...next, past: joined ? history.past : [...history.past, { label, document: before }] };
}

export interface Travel {
  readonly history: History;
  readonly document: FlowDocument;
  readonly label: string;
}

/** One step back from `now`, or null at the beginning. */
export function back(history: History, now: FlowDocument): Travel | null {
  const step = history.past.at(-1);
  if (!step) return null;
  const future = [...history.future, { label: step.label, document: now }];
  return {
    document: step.document,
    label: step.label,
    history: { ...NOTHING_DONE, past: history.past.slice(0, -1), future },
  };
}

/** One step forward again from `now`, or null when nothing was undone. */
export function forward(history: History, now: FlowDocument): Travel | null {
  const step = history.future.at(-1);
  if (!step) return null;
  const past = [...history.past, { label: step.label, document: now }];
  return {
    document: step.document,
    label: step.label,
    history: { ...NOTHING_DONE, past, future: history.future.slice(0, -1) },
  };
}
