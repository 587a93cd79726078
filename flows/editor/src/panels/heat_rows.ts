/** The numbers of a heat map as a sorted table with bars. */

import type { Heat, NodeHeat } from "../model/types";

/** What a table can be sorted by. */
export const MEASURES = ["hung_up", "failed", "person", "no_match", "no_input", "entered"] as const;
export type Measure = (typeof MEASURES)[number];

export interface HeatRow {
  node: string;
  heat: NodeHeat;
  /** Callers counted by the measure. */
  count: number;
  /** Part of those who entered the node, 0 to 1. */
  share: number;
  /** Length of the bar, 0 to 1 of the longest. */
  length: number;
}

/** Rows in order, the most first; nodes that nobody entered are left out. */
export function heatRows(heat: Heat, measure: Measure): HeatRow[] {
  const entered = Object.entries(heat.nodes).filter(([, node]) => node.entered > 0 || node[measure] > 0);
  const most = Math.max(1, ...entered.map(([, node]) => node[measure]));
  return entered
    .map(([name, node]) => ({
      node: name,
      heat: node,
      count: node[measure],
      share: node.entered ? Math.min(1, node[measure] / node.entered) : 0,
      length: node[measure] / most,
    }))
    .sort((a, b) => b.count - a.count || b.share - a.share || b.heat.entered - a.heat.entered);
}

/** Address of the calls that passed a node, or to which the measured thing happened there. */
export function callsUrl(heat: Heat, node: string, measure: Measure = "entered"): string {
  const url = heat.calls_url.replaceAll("{node}", encodeURIComponent(node));
  return measure === "entered" ? url : `${url}&what=${measure}`;
}

/** A part as whole per cent; a small part that is there is never shown as none. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1%";
  return `${Math.round(share * 100)}%`;
}

/** How the exits of a node were taken, the most first. */
export function exitRows(heat: Heat, node: string): { exit: string; count: number; share: number }[] {
  const exits = Object.entries(heat.exits[node] ?? {});
  const most = Math.max(1, ...exits.map(([, count]) => count));
  return exits.map(([exit, count]) => ({ exit, count, share: count / most })).sort((a, b) => b.count - a.count);
}
