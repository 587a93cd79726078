/** A replay as figures and as turns side by side. */

import type { Replay, ReplayedCall } from "../model/types";

type Turn = ReplayedCall["before"]["turns"][number];

/** One exchange of both sides; a side that has ended by then is null. */
export interface Pair {
  before: Turn | null;
  after: Turn | null;
  /** Where the two part; true for one pair only. */
  parts: boolean;
  /** True from there on. */
  differs: boolean;
}

/** How many calls differ that are only counted: the desk tells the first ones in full. */
export function untold(replay: Replay & { more?: number }): number {
  return replay.more ?? 0;
}

/** In what the draft's side differs, in the desk's sentence; "" when it gave none. */
export function sentenceOfCall(call: ReplayedCall): string {
  const after: ReplayedCall["after"] & { sentence?: string } = call.after;
  return after.sentence ?? "";
}

/** Turns beside each other. */
export function pairsOf(call: ReplayedCall): Pair[] {
  const { before, after, parts_at: at } = call;
  const count = Math.max(before.turns.length, after.turns.length);
  return Array.from({ length: count }, (_, index) => ({
    before: before.turns[index] ?? null,
    after: after.turns[index] ?? null,
    parts: index === at,
    differs: index >= at,
  }));
}

/** The pairs worth reading: one before the parting, all after; `left` says how many came before. */
export function excerpt(pairs: readonly Pair[]): { left: number; pairs: Pair[] } {
  const at = pairs.findIndex((pair) => pair.parts);
  const left = Math.max(0, at - 1);
  return { left, pairs: pairs.slice(left) };
}

/** The parts of the bar: calls that end the same, differ, and were not replayed. */
export function partsOf(replay: Replay): { same: number; different: number; skipped: number } {
  const skipped = replay.skipped.reduce((sum, { count }) => sum + count, 0);
  return { same: replay.same, different: replay.different.length + untold(replay), skipped };
}

/** Differing calls grouped by where they went and now go, the largest group first. */
export function groupsOf(replay: Replay): { from: string; to: string; calls: ReplayedCall[] }[] {
  const groups = new Map<string, { from: string; to: string; calls: ReplayedCall[] }>();
  for (const call of replay.different) {
    const key = `${endOf(call.before)}\n${endOf(call.after)}`;
    const group = groups.get(key) ?? { from: endOf(call.before), to: endOf(call.after), calls: [] };
    group.calls.push(call);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.calls.length - a.calls.length);
}

/** Where a side ended: its last node, "" when it entered none. */
export function endOf(side: ReplayedCall["before"]): string {
  return side.node || side.path.at(-1) || "";
}
