/** Where nodes are drawn when nobody placed them, and when somebody asks for order. */

import { Graph, layout as run } from "@dagrejs/dagre";
import { crossings } from "./crossings";
import type { Place, Places } from "./operations";
import type { FlowDocument } from "./types";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Up to so many nodes, wires over several rows take part in the layout. They make it better, and dagre slow: 30 nodes
 * that are all wired crosswise take it a second, 500 a minute and a half. Wires to the next row cost nothing. */
const SMALL = 60;
const LONGEST_WIRE = 3;

/** Above so many nodes one drawing must do, so that a large flow opens at once. */
const LARGE = 150;

const BETWEEN_CARDS = 32;
const BETWEEN_ROWS = 70;

/** Order from top to bottom, beginning at the start node. The same document gives the same places.
 *
 * @param only the nodes to lay out; all when left out. Their upper left corner comes to lie at (0, 0).
 */
export function laidOut(document: FlowDocument, sizeOf: (name: string) => Size, only?: readonly string[]): Places {
  const chosen = only ? new Set(only) : null;
  const names = ordered(document).filter((name) => !chosen || chosen.has(name));
  if (!names.length) return {};
  const rowHeight = Math.max(...names.map((name) => sizeOf(name).height));
  const rowSize = (name: string) => ({ width: sizeOf(name).width, height: rowHeight });
  const wires = shortWires(document, names, names.length > SMALL ? 1 : LONGEST_WIRE);
  const tries = names.length > LARGE ? [false] : [false, true];
  const drawings = tries.map((asWritten) => drawn(names, wires, rowSize, asWritten));
  const costs = drawings.map((places) =>
    crossings(document, places, rowSize, LONGEST_WIRE * (rowHeight + BETWEEN_ROWS)),
  );
  return drawings[(costs[1] ?? Number.POSITIVE_INFINITY) <= (costs[0] ?? 0) ? 1 : 0] ?? {};
}

/** One drawing by dagre. It orders cards so that wires cross seldom, but knows only cards, not the places of exits;
 * `asWritten` keeps the order in which exits stand, which often is as good and reads better. */
function drawn(
  names: readonly string[],
  wires: readonly [string, string][],
  sizeOf: (name: string) => Size,
  asWritten: boolean,
): Places {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: BETWEEN_CARDS, ranksep: BETWEEN_ROWS, ranker: "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of names) graph.setNode(name, { ...sizeOf(name) });
  for (const [name, target] of wires) graph.setEdge(name, target);
  run(graph, { disableOptimalOrderHeuristic: asWritten });
  return atOrigin(
    Object.fromEntries(
      names.map((name) => {
        const { x = 0, y = 0, width = 0, height = 0 } = graph.node(name) as Partial<Size> & { x?: number; y?: number };
        return [name, [x - width / 2, y - height / 2] as const];
      }),
    ),
  );
}

/** A place for every node: the stored one, else the one it had before, else a new one. When none is known the whole
 * flow is laid out; single strangers are put in order below the rest. Places of nodes that are gone are kept, for the
 * day that their deletion is undone. */
export function placesFor(document: FlowDocument, before: Places, sizeOf: (name: string) => Size): Places {
  const places: Record<string, Place> = { ...before };
  const strangers: string[] = [];
  for (const name of Object.keys(document.nodes)) {
    const place = document.layout?.[name] ?? before[name];
    if (place) places[name] = place;
    else strangers.push(name);
  }
  if (!strangers.length) return places;
  if (strangers.length === Object.keys(document.nodes).length) return { ...before, ...laidOut(document, sizeOf) };
  const below = Math.max(...Object.entries(places).map(([name, [, y]]) => y + sizeOf(name).height)) + BETWEEN_ROWS;
  const left = Math.min(...Object.values(places).map(([x]) => x));
  for (const [name, [x, y]] of Object.entries(laidOut(document, sizeOf, strangers)))
    places[name] = [left + x, below + y];
  return places;
}

/** Order for some nodes around the place they have now. */
export function tidied(
  document: FlowDocument,
  names: readonly string[],
  now: Places,
  sizeOf: (name: string) => Size,
): Places {
  const corner = cornerOf(names.flatMap((name) => (now[name] ? [now[name]] : [])));
  const places = laidOut(document, sizeOf, names);
  return Object.fromEntries(
    Object.entries(places).map(([name, [x, y]]) => [name, [x + corner[0], y + corner[1]] as const]),
  );
}

/** Names in the order a call could come to them; what cannot be reached last. */
function ordered(document: FlowDocument): string[] {
  const seen = new Set<string>();
  for (const first of [document.start, ...Object.keys(document.nodes)]) {
    const open = [first];
    while (open.length) {
      const name = open.pop() ?? "";
      if (seen.has(name) || !Object.hasOwn(document.nodes, name)) continue;
      seen.add(name);
      open.push(...Object.values(document.nodes[name]?.exits ?? {}).reverse());
    }
  }
  return [...seen];
}

/** Wires that lead down by so many rows at most, when every node stands as far down as its longest way from the start.
 * Wires that lead back up do not count. */
function shortWires(document: FlowDocument, names: readonly string[], rows: number): [string, string][] {
  const order = new Map(downwards(document, names).map((name, place) => [name, place]));
  const row = new Map<string, number>();
  const wires: [string, string][] = [];
  for (const name of order.keys()) {
    const here = row.get(name) ?? 0;
    for (const target of new Set(Object.values(document.nodes[name]?.exits ?? {}))) {
      if ((order.get(target) ?? -1) <= (order.get(name) ?? 0)) continue;
      row.set(target, Math.max(row.get(target) ?? 0, here + 1));
      wires.push([name, target]);
    }
  }
  return wires.filter(([name, target]) => (row.get(target) ?? 0) - (row.get(name) ?? 0) <= rows);
}

/** Names so that every wire leads to a later one, but for those that lead back (depth first, last visited first). */
function downwards(document: FlowDocument, names: readonly string[]): string[] {
  const inside = new Set(names);
  const seen = new Set<string>();
  const done: string[] = [];
  for (const first of names) {
    const open: { name: string; left: string[] }[] = [];
    const enter = (name: string) => {
      if (!inside.has(name) || seen.has(name)) return;
      seen.add(name);
      open.push({ name, left: Object.values(document.nodes[name]?.exits ?? {}) });
    };
    enter(first);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.left.shift();
      if (next !== undefined) enter(next);
      else done.push(open.pop()?.name ?? "");
    }
  }
  return done.reverse();
}

function cornerOf(places: readonly Place[]): Place {
  if (!places.length) return [0, 0];
  return [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))];
}

function atOrigin(places: Places): Places {
  const [left, top] = cornerOf(Object.values(places));
  return Object.fromEntries(
    Object.entries(places).map(([name, [x, y]]) => [name, [Math.round(x - left), Math.round(y - top)] as const]),
  );
}
