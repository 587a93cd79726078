/** Nodes that got another name between two documents. */

import type { FlowDocument, NodeData } from "../model/types";
import { asObject } from "./plain";

/** Least likeness of two nodes, 0 to 1, to count as one that was renamed. */
const ALIKE = 0.6;

/** Old name to new name. Each node that is gone is the one most like it among those that came, when alike enough. */
export function findRenames(before: FlowDocument, after: FlowDocument): Map<string, string> {
  const gone = Object.keys(before.nodes).filter((name) => !(name in after.nodes));
  const came = Object.keys(after.nodes).filter((name) => !(name in before.nodes));
  const pairs = gone.flatMap((old) =>
    came.map((name) => ({ old, name, alike: likeness(before.nodes[old], after.nodes[name]) })),
  );
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  for (const { old, name, alike } of pairs.toSorted((a, b) => b.alike - a.alike)) {
    if (alike < ALIKE || renames.has(old) || taken.has(name)) continue;
    renames.set(old, name);
    taken.add(name);
  }
  return renames;
}

/** The part of the fields of both nodes that are equal, 0 to 1; 0 for nodes of another type. */
function likeness(one: NodeData | undefined, other: NodeData | undefined): number {
  if (!one || !other || one.type !== other.type) return 0;
  const [a, b] = [leaves(one), leaves(other)];
  const equal = [...a].filter((leaf) => b.has(leaf)).length;
  return equal / Math.max(1, Math.max(a.size, b.size));
}

function leaves(data: unknown, path = ""): Set<string> {
  if (data !== null && typeof data === "object") {
    const entries = Array.isArray(data)
      ? data.map((item, index) => [index, item] as const)
      : Object.entries(asObject(data));
    return new Set(entries.flatMap(([key, value]) => [...leaves(value, `${path}.${key}`)]));
  }
  return new Set([`${path}=${JSON.stringify(data)}`]);
}
